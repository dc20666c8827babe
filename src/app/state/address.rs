//! Which token belongs to which environment.

/// The origin an address leads to, as the engine will name it when it asks for a token:
/// `https://contoso.crm.dynamics.com`, `http://localhost:9401`. `None` where it is no address.
///
/// Only compares: whether the address is allowed is the engine's to say.
pub(crate) fn origin_of(typed: &str) -> Option<String> {
    let typed = typed.trim();
    let (scheme, rest) = match typed.split_once("://") {
        Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
        None => (if is_local(typed) { "http" } else { "https" }.to_owned(), typed),
    };
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let authority = rest[..end].to_ascii_lowercase();
    let usual = if scheme == "https" { ":443" } else { ":80" };
    let authority = authority.strip_suffix(usual).unwrap_or(&authority);
    (!authority.is_empty() && !authority.contains('@')).then(|| format!("{scheme}://{authority}"))
}

/// Whether an address leads to this computer, where any text is taken as a token.
pub(crate) fn is_local(typed: &str) -> bool {
    let typed = typed.trim().to_ascii_lowercase();
    let rest = typed.split_once("://").map_or(typed.as_str(), |(_, rest)| rest);
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    ["localhost", "127.0.0.1", "[::1]"].iter().any(|local| {
        rest[..end].strip_prefix(local).is_some_and(|port| port.is_empty() || port.starts_with(':'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_leads_to_one_origin() {
        let cases = [
            ("https://Contoso.crm.dynamics.com/main.aspx?appid=1", Some("https://contoso.crm.dynamics.com")),
            ("contoso.crm4.dynamics.com", Some("https://contoso.crm4.dynamics.com")),
            (" https://contoso.crm.dynamics.com:443/ ", Some("https://contoso.crm.dynamics.com")),
            ("localhost:9401", Some("http://localhost:9401")),
            ("http://127.0.0.1:9401/api/data", Some("http://127.0.0.1:9401")),
            ("https://user@contoso.crm.dynamics.com", None),
            ("", None),
        ];
        for (typed, origin) in cases {
            assert_eq!(origin_of(typed).as_deref(), origin, "{typed}");
        }
    }

    #[test]
    fn only_this_computer_is_local() {
        let local = ["localhost", "http://localhost:9401", "127.0.0.1/x", "http://[::1]:9401"];
        let elsewhere = ["localhost.contoso.com", "https://contoso.crm.dynamics.com", "127.0.0.11", ""];
        assert!(local.iter().all(|typed| is_local(typed)));
        assert!(!elsewhere.iter().any(|typed| is_local(typed)));
    }
}
