//! One request, not yet addressed to an environment.

use http::Method;

/// One request of a batch, or one to be sent alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) method: Method,
    /// Below `/api/data/v9.2/`, query included and percent-encoded.
    pub(crate) path: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Option<Vec<u8>>,
}

impl Part {
    pub(crate) fn new(method: Method, path: &str, body: Option<Vec<u8>>) -> Part {
        Part { method, path: path.to_owned(), headers: Vec::new(), body }
    }

    pub(crate) fn get(path: &str) -> Part {
        Part::new(Method::GET, path, None)
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Part {
        self.headers.push((name, value.into()));
        self
    }

    /// Method and path without the query, which may hold values: what errors and logs may show.
    pub(crate) fn label(&self) -> String {
        let path = self.path.split('?').next().unwrap_or_default();
        format!("{} {path}", self.method)
    }
}

#[cfg(test)]
mod tests {
    use super::Part;

    #[test]
    fn a_label_shows_no_values() {
        assert_eq!(Part::get("accounts?$filter=name eq 'Secret'").label(), "GET accounts");
    }
}
