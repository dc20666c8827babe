//! The content security policy: one list for the page, for the headers of every host, and for our own server.

/// One directive a line. A test of the scenarios holds its hosts equal to the clouds' that the app knows.
const OF_THE_APP: &str = include_str!("content_security_policy.txt");

/// Where sign-ins come back to. It runs no WebAssembly and sends nothing. The app may frame it: the library can renew
/// tokens in a hidden frame, though the app does not let it try.
const OF_THE_REDIRECT_PAGE: &str = "default-src 'none'
script-src 'self'
style-src 'self'
base-uri 'none'
form-action 'none'
frame-ancestors 'self'";

/// This computer, where the emulator's environments are. Any port, with TLS or without.
pub(crate) const THIS_COMPUTER: [&str; 2] = ["http://localhost:*", "http://127.0.0.1:*"];

/// What a page may load, and where it may send to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Policy {
    /// `default-src 'none'`
    directives: Vec<String>,
}

impl Policy {
    /// The app's, which may also send to `more`.
    pub(crate) fn of_the_app(more: &[String]) -> Policy {
        let mut policy = Policy::read(OF_THE_APP);
        for directive in policy.directives.iter_mut().filter(|d| d.starts_with("connect-src ")) {
            more.iter().for_each(|source| *directive += &format!(" {source}"));
        }
        policy
    }

    /// The redirect page's.
    pub(crate) fn of_the_redirect_page() -> Policy {
        Policy::read(OF_THE_REDIRECT_PAGE)
    }

    fn read(lines: &str) -> Policy {
        Policy { directives: lines.lines().map(str::to_owned).collect() }
    }

    /// As a header says it.
    pub(crate) fn in_header(&self) -> String {
        self.directives.join("; ")
    }

    /// As a page says it of itself: who may frame it counts in a header only.
    pub(crate) fn in_page(&self) -> String {
        let counts = |directive: &&String| !directive.starts_with("frame-ancestors ");
        self.directives.iter().filter(counts).cloned().collect::<Vec<_>>().join("; ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_runs_that_stands_inside_a_page_or_was_made_of_text() {
        for policy in [Policy::of_the_app(&[]), Policy::of_the_redirect_page()] {
            let policy = policy.in_header();
            assert!(policy.starts_with("default-src 'none'; script-src 'self'"), "{policy}");
            assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
        }
    }

    #[test]
    fn more_hosts_may_be_asked_and_nothing_else() {
        let (usual, wider) =
            (Policy::of_the_app(&[]), Policy::of_the_app(&["https://crm.contoso.example".into()]));
        let changed: Vec<_> =
            usual.directives.iter().zip(&wider.directives).filter(|(a, b)| a != b).collect();
        let [(before, after)] = changed[..] else { panic!("{changed:?}") };
        assert_eq!(*after, format!("{before} https://crm.contoso.example"));
        assert!(after.starts_with("connect-src 'self' "));
    }

    #[test]
    fn the_page_leaves_out_what_counts_in_a_header_only() {
        let policy = Policy::of_the_app(&[]);
        assert_eq!(policy.in_header(), policy.in_page() + "; frame-ancestors 'none'");
    }

    #[test]
    fn only_the_app_itself_may_frame_the_redirect_page() {
        let policy = Policy::of_the_redirect_page().in_header();
        assert!(policy.ends_with("; frame-ancestors 'self'") && !policy.contains("wasm"), "{policy}");
    }

    #[test]
    fn this_computer_is_left_out() {
        let policy = Policy::of_the_app(&[]).in_header();
        assert!(!policy.contains("localhost") && !policy.contains("127.0.0.1") && !policy.contains("http:"));
    }
}
