//! What waits until a person has signed in again.

pub(crate) const KEPT: &str = "Nothing is lost: what is done stays done, and the run goes on where it was.";
pub(crate) const SIGN_IN_AGAIN: &str = "Sign in again";
pub(crate) const TRY_AGAIN: &str = "Try again";
pub(crate) const CANCEL: &str = "Cancel";
pub(crate) const GIVE_UP: &str = "Give up";
pub(crate) const GIVE_UP_TEXT: &str =
    "Giving up ends what waits; what was written until then is in the report, with what was not.";
pub(crate) const LIFTING: &str = "Go on in Microsoft’s window. When it is done, the run goes on by itself.";
pub(crate) const TAB: &str = "Waits for you";
pub(crate) const LISTING: &str = "The list of environments waits for you";

/// Who has to sign in again.
pub(crate) fn account(person: &str) -> String {
    format!("Account: {person}.")
}

/// Which requests wait.
pub(crate) fn title(writing: bool, environment: &str) -> String {
    if writing {
        format!("Writing to {environment} waits for you")
    } else {
        format!("Reading from {environment} waits for you")
    }
}
