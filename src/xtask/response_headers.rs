//! What a web server has to say with the site's files: the same for our own server and for every host.

use crate::content_security_policy::Policy;

/// The page that sign-ins come back to. A Cross-Origin-Opener-Policy, or frame options that refuse the app itself, would cut it
/// off from the app that waits for it.
pub(crate) const REDIRECT_PAGE: &str = "redirect.html";

/// Names with their values.
pub(crate) type Headers = [(&'static str, String); 4];

/// Headers by file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ResponseHeaders {
    /// Of every file but [`REDIRECT_PAGE`]. Scripts have them too: a worker obeys the policy its own script came with,
    /// not the page's.
    pub(crate) of_files: Headers,
    /// Of [`REDIRECT_PAGE`].
    pub(crate) of_the_redirect_page: Headers,
}

impl ResponseHeaders {
    /// Those of a site whose app has this policy.
    pub(crate) fn new(policy: &Policy) -> ResponseHeaders {
        ResponseHeaders {
            // No file has its version in its name: a browser that did not ask would mix two versions.
            of_files: headers(policy, "no-cache"),
            of_the_redirect_page: headers(&Policy::of_the_redirect_page(), "no-store"),
        }
    }

    /// The content security policy among headers.
    pub(crate) fn policy([(_, policy), ..]: &Headers) -> &str {
        policy
    }
}

fn headers(policy: &Policy, cache: &str) -> Headers {
    [
        ("Content-Security-Policy", policy.in_header()),
        ("Referrer-Policy", "no-referrer".into()),
        ("X-Content-Type-Options", "nosniff".into()),
        ("Cache-Control", cache.into()),
    ]
}
