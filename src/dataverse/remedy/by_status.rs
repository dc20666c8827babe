//! What a status means where the code says no more.

use super::RetryClass::{self, AfterSignIn, AfterWait, Lost, Never};
use super::{LATER, PRIVILEGE};

const SIGN_IN: &str = "Sign in again, or paste a new token, then start again.";

pub(super) type ByStatus = (&'static [u16], RetryClass, &'static str);

/// Statuses that share an advice.
pub(super) const BY_STATUS: &[ByStatus] = &[
    (&[401], AfterSignIn, SIGN_IN),
    (&[403], Never, PRIVILEGE),
    (
        &[404],
        Never,
        "Check that the table, the column and the row are in this environment, then start again.",
    ),
    (&[412], Never, "The row is there, or was changed, since the plan was made: make the plan again."),
    (
        &[413],
        Never,
        "The row is larger than the service takes in one request: shorten its texts or its file, then start again.",
    ),
    (&[429], AfterWait, LATER),
    (&[502, 503, 504], Lost, LATER),
    (
        &[500, 501],
        Never,
        "The service failed by itself: start again; if that does not help, give Microsoft's support the request id.",
    ),
];
