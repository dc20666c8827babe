//! The way to an environment on the web: `fetch`, with the page's credential added on the way.

use crate::credentials::{Credentials, Wanted};
use crate::protocol::{Asker, Credential, Event};
use dataverse::{Transport, TransportError, admit};
use gloo_net::http::{Method, RequestBuilder};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, header};
use std::rc::Rc;
use web_sys::{RequestCache, RequestCredentials, RequestRedirect};

/// Sends requests to one origin and to no other: what says who asks never leaves for another host.
#[derive(Clone)]
pub struct FetchTransport {
    origin: String,
    asker: Asker,
    credentials: Credentials,
    post: Rc<dyn Fn(Event)>,
}

impl FetchTransport {
    /// For `asker`'s requests to `origin` (`https://host[:port]`). Credentials are asked through `post`.
    #[must_use]
    pub fn new(
        origin: &str,
        asker: Asker,
        credentials: Credentials,
        post: Rc<dyn Fn(Event)>,
    ) -> FetchTransport {
        FetchTransport { origin: origin.to_owned(), asker, credentials, post }
    }

    fn network(&self) -> TransportError {
        TransportError::Network { host: host(&self.origin).to_owned() }
    }

    async fn credential(&self, renew: bool) -> Result<Credential, TransportError> {
        let wanted = Wanted { asker: self.asker, origin: &self.origin, renew };
        let credential = self.credentials.ask(wanted, |question| (self.post)(question)).await;
        credential.ok_or_else(|| TransportError::NoToken { host: host(&self.origin).to_owned() })
    }
}

impl Transport for FetchTransport {
    async fn authorize(&self, request: Request<Vec<u8>>) -> Result<Request<Vec<u8>>, TransportError> {
        admit(&self.origin, request.uri())?;
        let credential = self.credential(false).await?;
        sealed(request, &credential).ok_or_else(|| self.network())
    }

    async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        // What asked for a credential was checked; what did not must not be sent with the browser's own either.
        admit(&self.origin, request.uri())?;
        let answer = prepare(request).ok_or_else(|| self.network())?.send().await;
        receive(answer.map_err(|_| self.network())?).await.ok_or_else(|| self.network())
    }

    /// The page is asked for a new one here, and hands out that one from then on.
    async fn renew_token(&self) -> Result<(), TransportError> {
        self.credential(true).await.map(drop)
    }
}

fn host(origin: &str) -> &str {
    origin.split_once("://").map_or(origin, |(_, host)| host)
}

/// The browser's session goes with the request.
#[derive(Clone, Copy)]
struct WithSession;

/// The request with its credential; `None` where a token holds what no header can.
fn sealed(mut request: Request<Vec<u8>>, credential: &Credential) -> Option<Request<Vec<u8>>> {
    match credential {
        Credential::Bearer(token) => {
            let mut value = HeaderValue::try_from(format!("Bearer {}", token.0)).ok()?;
            // Never in a `Debug` output.
            value.set_sensitive(true);
            request.headers_mut().insert(header::AUTHORIZATION, value);
        }
        Credential::Session => {
            request.extensions_mut().insert(WithSession);
        }
    }
    Some(request)
}

/// `None` when the browser refuses to form the request (a method or header it does not allow).
fn prepare(request: Request<Vec<u8>>) -> Option<gloo_net::http::Request> {
    let (head, body) = request.into_parts();
    let method = Method::from_bytes(head.method.as_str().as_bytes()).ok()?;
    // The browser itself keeps a session's cookies to the origin that they are of.
    let session = head.extensions.get::<WithSession>().is_some();
    let cookies = if session { RequestCredentials::SameOrigin } else { RequestCredentials::Omit };
    let mut builder = RequestBuilder::new(&head.uri.to_string())
        .method(method)
        .credentials(cookies)
        .cache(RequestCache::NoStore)
        // A redirect would carry the token elsewhere; the Web API has none.
        .redirect(RequestRedirect::Error);
    for (name, value) in &head.headers {
        builder = builder.header(name.as_str(), value.to_str().ok()?);
    }
    if body.is_empty() {
        builder.build().ok()
    } else {
        builder.body(js_sys::Uint8Array::from(body.as_slice())).ok()
    }
}

/// `None` when the connection broke within the body.
async fn receive(answer: gloo_net::http::Response) -> Option<Response<Vec<u8>>> {
    let mut response = Response::builder().status(answer.status());
    if let Some(headers) = response.headers_mut() {
        copy_headers(&answer, headers);
    }
    response.body(answer.binary().await.ok()?).ok()
}

fn copy_headers(answer: &gloo_net::http::Response, headers: &mut HeaderMap) {
    for (name, value) in answer.headers().entries() {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.append(name, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{End, Token};
    use futures::executor::block_on;
    use std::cell::Cell;

    const ORIGIN: &str = "https://contoso.crm.dynamics.com";
    const WHO_AM_I: &str = "https://contoso.crm.dynamics.com/api/data/v9.2/WhoAmI()";

    fn get(uri: &str) -> Request<Vec<u8>> {
        Request::get(uri).body(Vec::new()).unwrap()
    }

    /// Whether a credential was asked for, and what became of the request.
    fn authorized(uri: &str) -> (bool, Result<Request<Vec<u8>>, TransportError>) {
        let (credentials, asked) = (Credentials::default(), Rc::new(Cell::new(false)));
        let (page, noted) = (credentials.clone(), asked.clone());
        let answer = move |event| {
            if let Event::CredentialWanted { ask, .. } = event {
                noted.set(true);
                page.answer(ask, Some(Credential::Bearer(Token("secret".into()))));
            }
        };
        let asker = Asker::End(End::Target);
        let transport = FetchTransport::new(ORIGIN, asker, credentials, Rc::new(answer));
        let outcome = block_on(transport.authorize(get(uri)));
        (asked.get(), outcome)
    }

    #[test]
    fn a_request_to_the_environment_carries_its_token_and_does_not_show_it() {
        let (asked, request) = authorized(WHO_AM_I);
        let request = request.unwrap();
        assert!(asked);
        assert_eq!(request.headers()[header::AUTHORIZATION], "Bearer secret");
        assert!(!format!("{request:?}").contains("secret"));
    }

    #[test]
    fn for_any_other_origin_no_token_is_even_asked_for() {
        for uri in [
            "http://contoso.crm.dynamics.com/api",
            "https://contoso.crm.dynamics.com:444/api",
            "https://contoso.crm.dynamics.com.evil.example/api",
            "https://contoso.crm.dynamics.com@evil.example/api",
            "/api/data",
        ] {
            let (asked, request) = authorized(uri);
            assert!(!asked, "{uri}");
            assert!(matches!(request, Err(TransportError::ForeignOrigin { .. })), "{uri}");
        }
    }

    #[test]
    fn the_origin_is_compared_as_browsers_do() {
        for uri in ["https://CONTOSO.crm.dynamics.com/api", "https://contoso.crm.dynamics.com:443/api"] {
            let (asked, request) = authorized(uri);
            assert!(asked && request.is_ok(), "{uri}");
        }
    }

    #[test]
    fn a_session_goes_without_a_token() {
        let request = sealed(get(WHO_AM_I), &Credential::Session).unwrap();
        assert!(request.headers().is_empty());
        assert!(request.extensions().get::<WithSession>().is_some());
    }

    #[test]
    fn a_token_that_no_header_can_hold_is_not_sent() {
        assert!(sealed(get(WHO_AM_I), &Credential::Bearer(Token("a\nb".into()))).is_none());
    }
}
