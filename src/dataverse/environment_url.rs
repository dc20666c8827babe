//! An environment's address, as typed by a person and as requests need it.

use crate::{Error, TransportError};
use http::Uri;

/// The origin of an environment: `https://contoso.crm.dynamics.com`, or `http://localhost:9401`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EnvironmentUrl {
    origin: String,
}

/// Pages where people often look for the address; none of them is an environment.
const NOT_ENVIRONMENTS: [&str; 6] = [
    "make.powerapps.com",
    "apps.powerapps.com",
    "make.powerpages.microsoft.com",
    "admin.powerplatform.microsoft.com",
    "login.microsoftonline.com",
    "portal.azure.com",
];

impl EnvironmentUrl {
    /// Reads what was typed. The scheme may be left out; user name, path, query and fragment are not used.
    ///
    /// # Errors
    /// [`Error::Address`] where it is no URL, not `https` (`http` is for this computer only: a token would
    /// travel readable), or the address of a page about environments instead of an environment.
    pub fn parse(typed: &str) -> Result<EnvironmentUrl, Error> {
        let refuse =
            |reason: &str| Error::Address { url: typed.trim().to_owned(), reason: reason.to_owned() };
        let (scheme, authority) = split(typed.trim()).map_err(refuse)?;
        let host = authority.host().trim_matches(['[', ']']).to_ascii_lowercase();
        let local = is_local(&host);
        let scheme = scheme.unwrap_or(if local { "http" } else { "https" }.to_owned());
        match scheme.as_str() {
            "https" => {}
            "http" if local => {}
            "http" => return Err(refuse("http is for this computer only; use https")),
            _ => return Err(refuse("it must begin with https://")),
        }
        if NOT_ENVIRONMENTS.contains(&host.as_str()) {
            return Err(refuse(
                "this page tells about environments; the environment itself has its own address",
            ));
        }
        if !local && !host.contains('.') {
            return Err(refuse("it should look like https://contoso.crm.dynamics.com"));
        }
        Ok(EnvironmentUrl { origin: origin(&scheme, &authority) })
    }

    /// The origin of a service that is no environment and gets tokens of its own.
    ///
    /// # Errors
    /// [`Error::Address`] where it is no URL, or not `https`.
    pub(crate) fn of_service(origin: &str) -> Result<EnvironmentUrl, Error> {
        EnvironmentUrl::parse(origin)
    }

    /// Scheme, host and, where it is not the usual one, port; no slash at the end.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Whether it is this computer, where a pasted token is not checked.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.origin.starts_with("http://")
    }

    /// The absolute address of `path`, which stands below `/api/data/v9.2/`.
    pub(crate) fn resource(&self, path: &str) -> String {
        format!("{}{API}{path}", self.origin)
    }

    /// Lets through what leads to this origin: a token goes nowhere else.
    ///
    /// # Errors
    /// [`TransportError::ForeignOrigin`].
    pub(crate) fn admit(&self, uri: &Uri) -> Result<(), TransportError> {
        let found = uri.scheme_str().zip(uri.authority()).filter(|(_, a)| !a.as_str().contains('@'));
        match found.map(|(scheme, authority)| origin(scheme, authority)) {
            Some(found) if found == self.origin => Ok(()),
            _ => Err(TransportError::ForeignOrigin { host: uri.host().unwrap_or("nowhere").to_owned() }),
        }
    }

    /// The path below `/api/data/v9.2/` of an absolute link, if it leads to this environment.
    pub(crate) fn own_path<'l>(&self, link: &'l str) -> Option<&'l str> {
        link.strip_prefix(&self.origin)?.strip_prefix(API)
    }
}

/// Where the Web API stands in every environment.
pub(crate) const API: &str = "/api/data/v9.2/";

impl std::fmt::Display for EnvironmentUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.origin)
    }
}

/// The scheme in lower case, if one was typed, and the authority.
fn split(typed: &str) -> Result<(Option<String>, http::uri::Authority), &'static str> {
    if typed.is_empty() {
        return Err("nothing was typed");
    }
    let (scheme, rest) = match typed.split_once("://") {
        Some((scheme, rest)) => (Some(scheme.to_ascii_lowercase()), rest),
        None => (None, typed),
    };
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let uri: Uri = format!("https://{}/", &rest[..end]).parse().map_err(|_| "it is not a web address")?;
    let authority = uri.into_parts().authority.ok_or("it is not a web address")?;
    if authority.as_str().contains('@') || authority.host().is_empty() {
        return Err("it is not a web address");
    }
    Ok((scheme, authority))
}

fn is_local(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "::1")
}

/// A browser leaves the usual port out of an origin; links in answers must compare equal.
fn origin(scheme: &str, authority: &http::uri::Authority) -> String {
    let host = authority.host().to_ascii_lowercase();
    let usual = if scheme == "https" { 443 } else { 80 };
    match authority.port_u16() {
        Some(port) if port != usual => format!("{scheme}://{host}:{port}"),
        _ => format!("{scheme}://{host}"),
    }
}

#[cfg(test)]
mod tests {
    use super::EnvironmentUrl;

    #[test]
    fn what_people_type_becomes_an_origin() {
        let cases = [
            ("https://contoso.crm.dynamics.com", "https://contoso.crm.dynamics.com"),
            ("contoso.crm4.dynamics.com", "https://contoso.crm4.dynamics.com"),
            ("  HTTPS://Contoso.CRM.dynamics.com/ ", "https://contoso.crm.dynamics.com"),
            ("https://contoso.crm.dynamics.com/api/data/v9.2/", "https://contoso.crm.dynamics.com"),
            ("https://contoso.crm.dynamics.com/main.aspx?appid=1#x", "https://contoso.crm.dynamics.com"),
            ("https://contoso.crm.dynamics.com:443", "https://contoso.crm.dynamics.com"),
            ("https://crm.contoso.example:5555/org", "https://crm.contoso.example:5555"),
            ("http://localhost:9401", "http://localhost:9401"),
            ("localhost:9401/", "http://localhost:9401"),
            ("http://127.0.0.1:80/", "http://127.0.0.1"),
            ("http://[::1]:9402", "http://[::1]:9402"),
            ("https://localhost:8443", "https://localhost:8443"),
        ];
        for (typed, origin) in cases {
            assert_eq!(
                EnvironmentUrl::parse(typed).map(|u| u.origin().to_owned()),
                Ok(origin.to_owned()),
                "{typed}"
            );
        }
    }

    #[test]
    fn what_is_no_environment_is_refused_with_its_reason() {
        let cases = [
            ("", "nothing was typed"),
            ("http://contoso.crm.dynamics.com", "https"),
            ("http://localhost.evil.example", "https"),
            ("ftp://contoso.crm.dynamics.com", "https://"),
            ("contoso", "https://contoso.crm.dynamics.com"),
            ("https://make.powerapps.com/environments/x", "its own address"),
            ("not an address", "not a web address"),
            ("https://", "not a web address"),
            ("https://user:secret@contoso.crm.dynamics.com", "not a web address"),
            ("http://localhost@evil.example", "not a web address"),
            ("https://[::1", "not a web address"),
        ];
        for (typed, reason) in cases {
            let error = EnvironmentUrl::parse(typed).expect_err(typed).to_string();
            assert!(error.contains(reason), "{typed}: {error}");
        }
    }

    #[test]
    fn a_request_to_any_other_origin_is_not_let_through() {
        let url = EnvironmentUrl::parse("contoso.crm.dynamics.com").unwrap();
        let cases = [
            ("https://contoso.crm.dynamics.com/api/data/v9.2/WhoAmI()", true),
            ("https://CONTOSO.crm.dynamics.com:443/api", true),
            ("http://contoso.crm.dynamics.com/api", false),
            ("https://contoso.crm.dynamics.com:444/api", false),
            ("https://contoso.crm.dynamics.com.evil.example/api", false),
            ("https://contoso.crm.dynamics.com@evil.example/api", false),
            ("/api/data", false),
        ];
        for (uri, expected) in cases {
            assert_eq!(url.admit(&uri.parse().unwrap()).is_ok(), expected, "{uri}");
        }
    }

    #[test]
    fn only_links_into_the_same_environment_have_a_path() {
        let url = EnvironmentUrl::parse("contoso.crm.dynamics.com").unwrap();
        assert_eq!(
            url.own_path("https://contoso.crm.dynamics.com/api/data/v9.2/accounts?$top=1"),
            Some("accounts?$top=1")
        );
        assert_eq!(
            url.own_path("https://contoso.crm.dynamics.com.evil.example/api/data/v9.2/accounts"),
            None
        );
        assert_eq!(url.own_path("http://contoso.crm.dynamics.com/api/data/v9.2/accounts"), None);
    }
}
