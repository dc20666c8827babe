//! A host that an organization allows besides the clouds' own.

use serde::{Deserialize, Serialize};

/// A host's name, all below a name (`*.crm.contoso.example`), or this computer, if need be with a port.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "String")]
pub(crate) struct Host(String);

impl Host {
    /// As a source of a content security policy.
    pub(crate) fn source(&self) -> String {
        match split_port(&self.0) {
            (name, Some(port)) => format!("http://{name}:{port}"),
            (name, None) if is_this_computer(name) => format!("http://{name}:*"),
            (name, None) => format!("https://{name}"),
        }
    }
}

impl TryFrom<String> for Host {
    type Error = String;

    fn try_from(text: String) -> Result<Host, String> {
        let (name, port) = split_port(&text);
        let checked = match port {
            _ if text.contains('/') => Err("write the host alone, without https:// and without a path"),
            Some(port) if is_this_computer(name) => check_port(port),
            Some(_) => Err("only localhost takes a port; everything else is asked at the usual one"),
            None if is_this_computer(name) => Ok(()),
            None => check_name(name.strip_prefix("*.").unwrap_or(name)),
        };
        let expected = "expected a host such as crm.contoso.example, *.crm.contoso.example or localhost";
        checked.map_err(|why| format!("{text:?} is no host: {why}; {expected}"))?;
        Ok(Host(text))
    }
}

fn split_port(text: &str) -> (&str, Option<&str>) {
    text.split_once(':').map_or((text, None), |(name, port)| (name, Some(port)))
}

fn is_this_computer(name: &str) -> bool {
    matches!(name, "localhost" | "127.0.0.1")
}

fn check_port(port: &str) -> Result<(), &'static str> {
    let is_number = port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok();
    let known = port == "*" || is_number;
    known.then_some(()).ok_or("the port is no number up to 65535")
}

fn check_name(name: &str) -> Result<(), &'static str> {
    let labels: Vec<&str> = name.split('.').collect();
    let is_part = |c: char| c == '-' || c.is_ascii_lowercase() || c.is_ascii_digit();
    if labels.iter().any(|label| label.is_empty() || !label.chars().all(is_part)) {
        return Err(
            "names are of small letters, digits, hyphens and dots, and * stands at the beginning only",
        );
    }
    if labels.len() < 2 {
        return Err("it takes at least two names with a dot between them");
    }
    // A browser's policy takes none but 127.0.0.1.
    if labels.last().is_some_and(|last| last.chars().all(|c| c.is_ascii_digit())) {
        return Err("an IP address is not taken");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_becomes_the_source_that_its_requests_need() {
        let cases = [
            ("crm.contoso.example", "https://crm.contoso.example"),
            ("*.crm.contoso.example", "https://*.crm.contoso.example"),
            ("localhost", "http://localhost:*"),
            ("localhost:*", "http://localhost:*"),
            ("localhost:9401", "http://localhost:9401"),
            ("127.0.0.1", "http://127.0.0.1:*"),
        ];
        for (text, source) in cases {
            assert_eq!(Host::try_from(text.to_owned()).unwrap().source(), source);
        }
    }

    #[test]
    fn what_is_no_host_is_refused_with_the_reason() {
        let cases = [
            ("https://crm.contoso.example", "without https://"),
            ("crm.contoso.example/api", "without a path"),
            ("crm.contoso.example:8443", "only localhost"),
            ("localhost:99999", "no number"),
            ("localhost:", "no number"),
            ("localhost:+80", "no number"),
            ("Crm.contoso.example", "small letters"),
            ("crm.*.example", "at the beginning only"),
            ("*contoso.example", "at the beginning only"),
            ("contoso.example; script-src *", "small letters"),
            ("", "small letters"),
            ("*", "at the beginning only"),
            ("*.example", "at least two"),
            ("intranet", "at least two"),
            ("10.0.0.5", "IP address"),
        ];
        for (text, why) in cases {
            let refusal = Host::try_from(text.to_owned()).unwrap_err();
            assert!(refusal.contains(why), "{refusal}");
        }
    }
}
