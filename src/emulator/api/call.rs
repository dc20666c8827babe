//! One request, read.

use super::url::segments;
use super::{Options, Prefer, Segment};
use crate::error::Refusal;
use crate::rows::Expectation;
use http::{HeaderMap, Method};

/// A request with its address taken apart.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) method: Method,
    /// `https://host/api/data/v9.2/`
    pub(crate) base: String,
    /// The URL as it came, absolute.
    pub(crate) url: String,
    pub(crate) segments: Vec<Segment>,
    pub(crate) options: Options,
    pub(crate) prefer: Prefer,
    pub(crate) expectation: Expectation,
    /// `If-None-Match: W/"…"`
    pub(crate) known_version: Option<String>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Call {
    /// `target` is a path with its query, or an absolute URL.
    pub(crate) fn parse(
        method: Method,
        target: &str,
        origin: &str,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Call, Refusal> {
        let path_and_query = below_origin(target);
        let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
        let (version, rest) = service_path(path).ok_or_else(|| {
            Refusal::new(
                404,
                "",
                format!("No HTTP resource was found that matches the request URI '{origin}{path}'."),
            )
        })?;
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let if_none_match = header("if-none-match");
        Ok(Call {
            method,
            base: format!("{origin}/api/data/{version}/"),
            url: format!("{origin}{path_and_query}"),
            segments: segments(rest)?,
            options: Options::parse(query),
            prefer: Prefer::parse(headers),
            expectation: expectation(header("if-match"), if_none_match.as_deref()),
            known_version: if_none_match.filter(|value| value.starts_with("W/")),
            headers: headers.clone(),
            body: body.to_vec(),
        })
    }

    /// The value of a header, where it is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// `POST $batch`
    pub(crate) fn is_batch(&self) -> bool {
        matches!(self.segments.as_slice(), [only] if only.name == "$batch" && self.method == Method::POST)
    }

    /// `https://host`
    pub(crate) fn origin(&self) -> &str {
        self.base.split("/api/data/").next().unwrap_or_default()
    }

    /// `https://host/api/data/v9.2/$metadata#…`
    pub(crate) fn context(&self, of: &str) -> String {
        format!("{}$metadata#{of}", self.base)
    }
}

/// The path of an absolute URL, or the path itself.
fn below_origin(target: &str) -> &str {
    let Some((_, rest)) = target.split_once("://") else { return target };
    rest.find('/').map_or("/", |slash| &rest[slash..])
}

/// `v9.2` and what follows it.
pub(crate) fn service_path(path: &str) -> Option<(&str, &str)> {
    let rest = path.strip_prefix("/api/data/")?;
    let (version, rest) = rest.split_once('/').unwrap_or((rest, ""));
    ["v8.0", "v8.1", "v8.2", "v9.0", "v9.1", "v9.2"].contains(&version).then_some((version, rest))
}

fn expectation(if_match: Option<String>, if_none_match: Option<&str>) -> Expectation {
    match (if_match.as_deref(), if_none_match) {
        (Some("*"), _) => Expectation::Exists,
        (Some(version), _) => Expectation::Version(version.to_owned()),
        (None, Some("*")) => Expectation::Missing,
        (None, _) => Expectation::Any,
    }
}
