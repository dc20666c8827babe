//! The way to an environment on the web: `fetch`, with the access token added on the way.

use crate::protocol::{Event, Token};
use crate::tokens::Tokens;
use dataverse::{Transport, TransportError};
use gloo_net::http::{Method, RequestBuilder};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, header};
use std::rc::Rc;
use web_sys::{RequestCache, RequestCredentials, RequestRedirect};

/// Sends requests to one origin and to no other: a token never leaves for another host.
#[derive(Clone)]
pub struct FetchTransport {
    origin: String,
    tokens: Tokens,
    post: Rc<dyn Fn(Event)>,
}

impl FetchTransport {
    /// For the environment at `origin` (`https://host[:port]`). Tokens are asked through `post`.
    #[must_use]
    pub fn new(origin: &str, tokens: Tokens, post: Rc<dyn Fn(Event)>) -> FetchTransport {
        FetchTransport { origin: origin.to_owned(), tokens, post }
    }

    fn network(&self) -> TransportError {
        TransportError::Network { host: host(&self.origin).to_owned() }
    }

    async fn token(&self) -> Result<Token, TransportError> {
        let token = self.tokens.ask(&self.origin, |question| (self.post)(question)).await;
        token.ok_or_else(|| TransportError::NoToken { host: host(&self.origin).to_owned() })
    }
}

impl Transport for FetchTransport {
    async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        if !is_of(&self.origin, request.uri()) {
            return Err(TransportError::NoToken {
                host: request.uri().host().unwrap_or_default().to_owned(),
            });
        }
        let token = self.token().await?;
        let answer = prepare(request, &token).ok_or_else(|| self.network())?.send().await;
        receive(answer.map_err(|_| self.network())?).await.ok_or_else(|| self.network())
    }
}

fn host(origin: &str) -> &str {
    origin.split_once("://").map_or(origin, |(_, host)| host)
}

/// Whether `uri` lies at `origin`.
fn is_of(origin: &str, uri: &http::Uri) -> bool {
    match (uri.scheme_str(), uri.authority()) {
        (Some(scheme), Some(authority)) => format!("{scheme}://{authority}").eq_ignore_ascii_case(origin),
        _ => false,
    }
}

/// `None` when the browser refuses to form the request (a method or header it does not allow).
fn prepare(request: Request<Vec<u8>>, token: &Token) -> Option<gloo_net::http::Request> {
    let (head, body) = request.into_parts();
    let method = Method::from_bytes(head.method.as_str().as_bytes()).ok()?;
    let mut builder = RequestBuilder::new(&head.uri.to_string())
        .method(method)
        .credentials(RequestCredentials::Omit)
        .cache(RequestCache::NoStore)
        // A redirect would carry the token elsewhere; the Web API has none.
        .redirect(RequestRedirect::Error)
        .header(header::AUTHORIZATION.as_str(), &format!("Bearer {}", token.0));
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

    #[test]
    fn only_the_origin_itself_gets_a_token() {
        let origin = "https://contoso.crm.dynamics.com";
        let cases = [
            ("https://contoso.crm.dynamics.com/api/data/v9.2/WhoAmI()", true),
            ("https://CONTOSO.crm.dynamics.com/api", true),
            ("http://contoso.crm.dynamics.com/api", false),
            ("https://contoso.crm.dynamics.com:444/api", false),
            ("https://contoso.crm.dynamics.com.evil.example/api", false),
            ("https://contoso.crm.dynamics.com@evil.example/api", false),
            ("/api/data", false),
        ];
        for (uri, expected) in cases {
            assert_eq!(is_of(origin, &uri.parse().unwrap()), expected, "{uri}");
        }
    }
}
