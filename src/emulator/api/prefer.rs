//! The `Prefer` header.

use http::HeaderMap;

/// What the client would like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Prefer {
    /// `return=representation`
    pub(crate) representation: bool,
    /// `odata.maxpagesize`
    pub(crate) page_size: Option<usize>,
    /// `odata.include-annotations`: names, or ends in `*`.
    pub(crate) annotations: Vec<String>,
    /// `odata.track-changes`
    pub(crate) track_changes: bool,
    /// `odata.continue-on-error`
    pub(crate) continue_on_error: bool,
}

impl Prefer {
    pub(crate) fn parse(headers: &HeaderMap) -> Prefer {
        let mut prefer = Prefer::default();
        for value in headers.get_all("prefer") {
            for preference in split(value.to_str().unwrap_or_default()) {
                prefer.take(&preference);
            }
        }
        prefer
    }

    fn take(&mut self, preference: &str) {
        let (name, value) =
            preference.split_once('=').map_or((preference, ""), |(n, v)| (n.trim(), v.trim()));
        let value = value.trim_matches('"');
        match name.trim() {
            "return" => self.representation = value == "representation",
            "odata.maxpagesize" => self.page_size = value.parse().ok().filter(|size| *size > 0),
            "odata.include-annotations" => {
                self.annotations = value.split(',').map(|name| name.trim().to_owned()).collect();
            }
            "odata.track-changes" => self.track_changes = value != "false",
            "odata.continue-on-error" => self.continue_on_error = value != "false",
            _ => {}
        }
    }

    /// Whether an annotation of that name is wanted.
    pub(crate) fn wants(&self, annotation: &str) -> bool {
        self.annotations.iter().any(|wanted| match wanted.strip_suffix('*') {
            Some(start) => annotation.starts_with(start),
            None => wanted == annotation,
        })
    }

    /// `Preference-Applied`, where anything was.
    pub(crate) fn applied(&self) -> Option<String> {
        let mut applied = Vec::new();
        if self.track_changes {
            applied.push("odata.track-changes".to_owned());
        }
        if let Some(size) = self.page_size {
            applied.push(format!("odata.maxpagesize={size}"));
        }
        if !self.annotations.is_empty() {
            applied.push(format!("odata.include-annotations=\"{}\"", self.annotations.join(",")));
        }
        (!applied.is_empty()).then(|| applied.join(", "))
    }
}

/// Splits at commas outside of quotes.
fn split(text: &str) -> Vec<String> {
    let (mut parts, mut current, mut quoted) = (Vec::new(), String::new(), false);
    for character in text.chars() {
        match character {
            '"' => {
                quoted = !quoted;
                current.push(character);
            }
            ',' if !quoted => parts.push(std::mem::take(&mut current).trim().to_owned()),
            _ => current.push(character),
        }
    }
    parts.push(current.trim().to_owned());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_preferences_share_one_header() {
        let mut headers = HeaderMap::new();
        let value = "odata.include-annotations=\"*\",odata.maxpagesize=2, return=representation";
        headers.insert("prefer", value.parse().unwrap());
        let prefer = Prefer::parse(&headers);
        assert!(prefer.wants("OData.Community.Display.V1.FormattedValue") && prefer.representation);
        assert_eq!(prefer.page_size, Some(2));
    }

    #[test]
    fn only_named_annotations_are_wanted() {
        let mut headers = HeaderMap::new();
        let value = "odata.include-annotations=\"Microsoft.Dynamics.CRM.*,OData.Community.Display.V1.FormattedValue\"";
        headers.insert("prefer", value.parse().unwrap());
        let prefer = Prefer::parse(&headers);
        assert!(prefer.wants("Microsoft.Dynamics.CRM.lookuplogicalname"));
        assert!(!prefer.wants("Microsoft.PowerApps.CDS.ErrorDetails"));
    }
}
