//! A request as the service reads it.

use crate::api::origin;
use http::header::{CONTENT_TYPE, COOKIE, ORIGIN};
use http::{HeaderMap, Method, Request};
use uuid::Uuid;

/// A request, taken apart.
pub(super) struct Call<'a> {
    pub(super) method: &'a Method,
    /// `https://login.microsoftonline.com`: the service answers under whatever name it is asked.
    pub(super) origin: String,
    pub(super) path: &'a str,
    pub(super) query: Parameters,
    /// Of the body.
    pub(super) form: Parameters,
    pub(super) body: &'a [u8],
    headers: &'a HeaderMap,
    /// Seconds since 1970.
    pub(super) now: i64,
}

/// Names and values of a query or a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Parameters(Vec<(String, String)>);

impl<'a> Call<'a> {
    pub(super) fn read(request: &'a Request<Vec<u8>>, now: i64) -> Call<'a> {
        let (uri, headers) = (request.uri(), request.headers());
        let kind = text(headers, CONTENT_TYPE.as_str()).unwrap_or_default();
        let is_form = kind.starts_with("application/x-www-form-urlencoded");
        Call {
            method: request.method(),
            origin: origin(uri, headers),
            path: uri.path(),
            query: Parameters::read(uri.query().unwrap_or_default().as_bytes()),
            form: if is_form { Parameters::read(request.body()) } else { Parameters::default() },
            body: request.body(),
            headers,
            now,
        }
    }

    /// The tenant in the path, and what follows it.
    pub(super) fn target(&self) -> (&'a str, &'a str) {
        let path = self.path.trim_start_matches('/');
        path.split_once('/').unwrap_or((path, ""))
    }

    pub(super) fn header(&self, name: &str) -> Option<&'a str> {
        text(self.headers, name)
    }

    /// Where the page that sent it comes from; nothing where a program did.
    pub(super) fn page_origin(&self) -> Option<&'a str> {
        self.header(ORIGIN.as_str())
    }

    /// The name that the request calls the service by.
    pub(super) fn host(&self) -> &str {
        self.origin.split_once("://").map_or(self.origin.as_str(), |(_, host)| host)
    }

    pub(super) fn cookie(&self, name: &str) -> Option<&'a str> {
        let pairs = self.header(COOKIE.as_str())?.split(';').filter_map(|pair| pair.trim().split_once('='));
        pairs.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// The client's own number of the request, which errors repeat.
    pub(super) fn correlation_id(&self) -> Option<Uuid> {
        let name = "client-request-id";
        let told = self.query.get(name).or(self.form.get(name)).or(self.header(name))?;
        Uuid::try_parse(told).ok()
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

impl Parameters {
    pub(super) fn read(encoded: &[u8]) -> Parameters {
        Parameters(form_urlencoded::parse(encoded).into_owned().collect())
    }

    /// The first of that name; an empty one says nothing.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(key, value)| *key == name && !value.is_empty()).map(|(_, value)| value)
    }

    /// As a query again.
    pub(super) fn encoded(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(self.iter()).finish()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}
