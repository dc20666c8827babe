//! An environment's address, as typed by a person and as requests need it.

mod host;

use crate::{Cloud, Error, TransportError};
use host::without_api;
use http::Uri;

/// The origin of an environment: `https://contoso.crm.dynamics.com`, or `http://localhost:9401`.
///
/// An environment answers at two hosts, with and without `.api`. It has one address here, the one without, whichever
/// was typed: two addresses are equal exactly where the environments are the same, and tokens are asked for the address
/// that requests go to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EnvironmentUrl {
    origin: String,
}

impl EnvironmentUrl {
    /// Reads what was typed: an address in one of Microsoft's clouds, or on this computer.
    ///
    /// # Errors
    /// As [`EnvironmentUrl::parse_with`].
    pub fn parse(typed: &str) -> Result<EnvironmentUrl, Error> {
        EnvironmentUrl::parse_with::<&str>(typed, &[])
    }

    /// Reads what was typed. The scheme may be left out; user name, path, query and fragment are not used.
    ///
    /// `extra_hosts` are those that whoever hosts the app lets it talk to besides: `crm.contoso.example`, or
    /// `*.contoso.example` for all below it.
    ///
    /// # Errors
    /// [`Error::Address`] where it is no URL, not `https` (`http` is for this computer only: a token would
    /// travel readable), or not the address of an environment.
    pub fn parse_with<H: AsRef<str>>(typed: &str, extra_hosts: &[H]) -> Result<EnvironmentUrl, Error> {
        let url = EnvironmentUrl::of_service(typed)?;
        if url.is_local() {
            return Ok(url);
        }
        if !extra_hosts.iter().any(|extra| host::is_among(url.host(), extra.as_ref())) {
            host::check(url.host()).map_err(|reason| refused(typed, reason))?;
        }
        if url.has_port() {
            return Err(refused(typed, "outside this computer environments have no port of their own"));
        }
        Ok(EnvironmentUrl { origin: without_api(&url.origin) })
    }

    /// An address that leads nowhere, for an environment that is not on the web. The domain is reserved for that (RFC
    /// 6761).
    #[must_use]
    pub fn nowhere() -> EnvironmentUrl {
        EnvironmentUrl { origin: "https://demo.invalid".to_owned() }
    }

    /// Any `https` origin, or one on this computer: that of a service which need not be an environment.
    ///
    /// # Errors
    /// [`Error::Address`] where it is no URL, or not `https`.
    pub(crate) fn of_service(typed: &str) -> Result<EnvironmentUrl, Error> {
        let (scheme, authority) = split(typed.trim()).map_err(|reason| refused(typed, reason))?;
        let local = is_local(authority.host());
        let scheme = scheme.unwrap_or(if local { "http" } else { "https" }.to_owned());
        match scheme.as_str() {
            "https" => {}
            "http" if local => {}
            "http" => return Err(refused(typed, "http is for this computer only; use https")),
            _ => return Err(refused(typed, "it must begin with https://")),
        }
        Ok(EnvironmentUrl { origin: origin(&scheme, &authority) })
    }

    /// Scheme, host and, where it is not the usual one, port; no slash at the end.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The host, without a port.
    #[must_use]
    pub fn host(&self) -> &str {
        let (host, _) = split_port(self.authority());
        host
    }

    /// Whether it is this computer, where a pasted token is not checked.
    #[must_use]
    pub fn is_local(&self) -> bool {
        is_local(self.host())
    }

    /// The cloud it is in; `None` for this computer and for hosts that are no environments of Microsoft's.
    #[must_use]
    pub fn cloud(&self) -> Option<Cloud> {
        Cloud::of_host(self.host())
    }

    /// Whether a token for `audience` is for this environment. The service writes the origin that the token was asked
    /// for, with or without a slash at its end, and either of the environment's two hosts will do: tokens for the one
    /// without `.api` are seen in use at the other.
    #[must_use]
    pub fn is_audience(&self, audience: &str) -> bool {
        let origin = audience.strip_suffix('/').unwrap_or(audience);
        without_api(&origin.to_ascii_lowercase()) == self.origin
    }

    fn authority(&self) -> &str {
        self.origin.split_once("://").map_or("", |(_, authority)| authority)
    }

    fn has_port(&self) -> bool {
        split_port(self.authority()).1.is_some()
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
        admit(&self.origin, uri)
    }

    /// The path below `/api/data/v9.2/` of an absolute link, if it leads to this environment.
    pub(crate) fn own_path<'l>(&self, link: &'l str) -> Option<&'l str> {
        link.strip_prefix(&self.origin)?.strip_prefix(API)
    }
}

/// Lets through what leads to `to`, an origin as [`EnvironmentUrl::origin`] writes it: what is issued for one origin goes
/// to no other.
///
/// # Errors
/// [`TransportError::ForeignOrigin`].
pub fn admit(to: &str, uri: &Uri) -> Result<(), TransportError> {
    let found = uri.scheme_str().zip(uri.authority()).filter(|(_, a)| !a.as_str().contains('@'));
    match found.map(|(scheme, authority)| origin(scheme, authority)) {
        Some(found) if found == to => Ok(()),
        _ => Err(TransportError::ForeignOrigin { host: uri.host().unwrap_or("nowhere").to_owned() }),
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

fn refused(typed: &str, reason: &str) -> Error {
    Error::Address { url: typed.trim().to_owned(), reason: reason.to_owned() }
}

fn is_local(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']);
    host.eq_ignore_ascii_case("localhost") || matches!(host, "127.0.0.1" | "::1")
}

/// Host and port. The colons within `[::1]` are the host's.
fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    }
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
mod tests;
