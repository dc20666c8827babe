//! What the page's own policy lets it talk to, so that a refusal by the browser can be told before it looks like a
//! broken connection.

use web_sys::window;

/// Whether the page may talk to `origin` (`https://host[:port]`). Where the page names no policy, it may.
#[must_use]
pub fn admits(origin: &str) -> bool {
    policy().is_none_or(|policy| policy_admits(&policy, origin))
}

/// What the page says in its `<meta>`.
fn policy() -> Option<String> {
    let meta = window()?.document()?.query_selector("meta[http-equiv='Content-Security-Policy']").ok()??;
    meta.get_attribute("content")
}

fn policy_admits(policy: &str, origin: &str) -> bool {
    let mut directives = policy.split(';').map(str::trim);
    match directives.find_map(|directive| directive.strip_prefix("connect-src ")) {
        Some(sources) => sources.split_ascii_whitespace().any(|source| fits(source, origin)),
        None => true,
    }
}

/// Whether a source such as `https://*.dynamics.com` or `http://localhost:*` stands for the origin.
fn fits(source: &str, origin: &str) -> bool {
    let Some((scheme, authority)) = origin.split_once("://") else { return false };
    let Some(source) = source.strip_prefix(scheme).and_then(|rest| rest.strip_prefix("://")) else {
        return false;
    };
    let ((wanted, wanted_port), (host, port)) = (split(source), split(authority));
    let same_port = wanted_port == port || wanted_port == Some("*");
    let same_host = match wanted.strip_prefix('*') {
        Some(suffix) => host.len() > suffix.len() && host.ends_with(suffix),
        None => wanted == host,
    };
    same_host && same_port
}

fn split(authority: &str) -> (&str, Option<&str>) {
    authority.rsplit_once(':').map_or((authority, None), |(host, port)| (host, Some(port)))
}

#[cfg(test)]
mod tests {
    use super::policy_admits;

    const POLICY: &str = "default-src 'none'; connect-src 'self' https://*.dynamics.com https://crm.contoso.example \
                          http://localhost:* http://127.0.0.1:9401; img-src data:";

    #[test]
    fn an_environment_is_admitted_as_browsers_do() {
        let cases = [
            ("https://contoso.crm4.dynamics.com", true),
            ("https://dynamics.com", false),
            ("https://contoso.dynamics.com.evil.example", false),
            ("http://contoso.crm4.dynamics.com", false),
            ("https://crm.contoso.example", true),
            ("https://crm.contoso.example:444", false),
            ("http://localhost", true),
            ("http://localhost:9401", true),
            ("http://127.0.0.1:9401", true),
            ("http://127.0.0.1:9402", false),
        ];
        for (origin, admitted) in cases {
            assert_eq!(policy_admits(POLICY, origin), admitted, "{origin}");
        }
    }

    #[test]
    fn a_page_that_does_not_say_what_it_may_talk_to_may_talk_to_all() {
        assert!(policy_admits("img-src 'self'", "https://contoso.crm.dynamics.com"));
    }
}
