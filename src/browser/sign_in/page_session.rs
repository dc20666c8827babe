//! The session of an environment that this page itself came from, as a web resource: its cookies, no token.

use super::token_source::{Denied, TokenSource};
use crate::protocol::Credential;
use dataverse::Cloud;
use futures::future::{FutureExt, LocalBoxFuture, ready};
use msal_wasm_bindings::AuthError;

/// Where environments keep their web resources; a version number may stand before it.
const WEB_RESOURCES: &str = "/webresources/";

/// The environment that this page lies in.
pub struct PageSession;

impl PageSession {
    /// The origin of the environment that a page at this address lies in; `None` for pages anywhere else.
    #[must_use]
    pub fn origin_of_page(origin: &str, path: &str) -> Option<String> {
        let host = origin.strip_prefix("https://")?;
        let inside = Cloud::of_host(host).is_some() && path.to_ascii_lowercase().contains(WEB_RESOURCES);
        inside.then(|| origin.to_owned())
    }

    /// The same for the page that this runs in.
    #[must_use]
    pub fn origin() -> Option<String> {
        let location = web_sys::window()?.location();
        PageSession::origin_of_page(&location.origin().ok()?, &location.pathname().ok()?)
    }
}

impl TokenSource for PageSession {
    fn credential(&self, renew: bool) -> LocalBoxFuture<'static, Result<Credential, Denied>> {
        let answer = if renew { Err(Denied::SessionEnded) } else { Ok(Credential::Session) };
        ready(answer).boxed_local()
    }

    fn ask_person(&self, _: &Denied) -> Option<LocalBoxFuture<'static, Result<(), AuthError>>> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::executor::block_on;

    #[test]
    fn only_a_page_inside_an_environment_has_its_session() {
        let cases = [
            ("https://contoso.crm.dynamics.com", "/WebResources/pt_/portage.html", true),
            ("https://contoso.crm4.dynamics.com", "/%7b123%7d/webresources/pt_/portage.html", true),
            ("https://contoso.crm.dynamics.com", "/main.aspx", false),
            ("https://portage.example", "/WebResources/pt_/portage.html", false),
            ("http://localhost:8080", "/WebResources/x.html", false),
        ];
        for (origin, path, inside) in cases {
            let expected = inside.then(|| origin.to_owned());
            assert_eq!(PageSession::origin_of_page(origin, path), expected, "{origin}{path}");
        }
    }

    #[test]
    fn a_session_that_was_refused_is_over() {
        assert_eq!(block_on(PageSession.credential(false)), Ok(Credential::Session));
        assert_eq!(block_on(PageSession.credential(true)), Err(Denied::SessionEnded));
    }
}
