//! Why a sign-in did not succeed, in a maker's words: what happened, why, and what to do next.
//!
//! Microsoft's numbers may change their meaning, so they choose words only; what the app does hangs on the reason.

mod reasons;
#[cfg(test)]
pub(super) mod tests;

use browser::sign_in::{AuthError, Cloud, Denied, Reason};
use reasons::of_reason;

/// What is said about one failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Words {
    /// What happened, in a line.
    pub(crate) title: String,
    /// Why.
    pub(crate) what: String,
    /// The next step.
    pub(crate) next: String,
    /// What stands beside the words.
    pub(crate) help: Help,
}

/// What helps with the next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Help {
    /// Opening the window once more.
    Again,
    /// Opening it once more, or leaving this page for Microsoft's.
    OnThisPage,
    /// A request to an administrator, who has to do this. Beside it, once more: the approval may have come.
    Ask(&'static str),
    /// The same where signing in once more leads to the same.
    OnlyAsk(&'static str),
    /// The address that has to be registered.
    Address,
    /// Nothing: the step is somewhere else on this page, or outside of it.
    Nothing,
}

fn say(help: Help, title: &str, what: &str, next: &str) -> Words {
    Words { title: title.into(), what: what.into(), next: next.into(), help }
}

/// What is said about a denial.
pub(crate) fn denied(denied: &Denied, cloud: Cloud) -> Words {
    match denied {
        Denied::SignIn(error) => words(error, cloud),
        Denied::TokenEnded => say(
            Help::Nothing,
            "The pasted token has ended, or is no longer accepted",
            "A token is valid for about an hour, and cannot be renewed here.",
            "Get a new token for the same environment and paste it.",
        ),
        Denied::SessionEnded => say(
            Help::Nothing,
            "Your session with the environment has ended",
            "This page lies in the environment and uses your session there.",
            "Open the environment in another tab, sign in there, and come back.",
        ),
    }
}

/// The same while something waits for it: leaving the page would end what waits.
pub(crate) fn beside_a_run(words: Words) -> Words {
    match words.help {
        Help::OnThisPage => Words { next: ALLOW_POP_UPS.into(), help: Help::Again, ..words },
        _ => words,
    }
}

const ALLOW_POP_UPS: &str = "Allow pop-ups for this page, at the end of the address bar, and sign in again.";

/// What is said about a failed sign-in: by its number where that says more, else by its reason.
pub(crate) fn words(error: &AuthError, cloud: Cloud) -> Words {
    let by_number = error.aadsts.and_then(special);
    let by_code = || left_open(&error.code).filter(|_| error.aadsts.is_none());
    by_number.or_else(by_code).unwrap_or_else(|| of_reason(error.reason(), cloud))
}

/// What is said about a number that Microsoft's window shows.
pub(crate) fn of_number(shown: u32, cloud: Cloud) -> Words {
    special(shown).unwrap_or_else(|| of_reason(Reason::of_number(shown), cloud))
}

/// What administrators are asked for.
const APPROVE: &str = "Please approve the app Portage for our organization.";
const ASSIGN: &str = "Please assign me to the app Portage, or switch off “Assignment required” for it.";
const LIFT: &str = "A rule of our organization blocks my sign-in to the app Portage. Please look into it.";

/// Much is told in Microsoft’s window only.
const SHOWN_THERE: &str = "Try again. If the window shows an error, type its number under “What does Microsoft’s window say?” while it is open.";

/// Numbers of which more can be said than their reason tells.
fn special(number: u32) -> Option<Words> {
    Some(match number {
        65005 | 650_057 => say(
            Help::Nothing,
            "The app registration lacks the permission for Dataverse",
            "It does not list “Dynamics CRM, user_impersonation”.",
            "Add that delegated permission to the app registration, then sign in again.",
        ),
        650_052 | 650_056 => say(
            Help::Ask(APPROVE),
            "That organization is not ready for Dataverse, or for the app",
            "It has no Dataverse subscription, or an administrator has not approved what the app asks for.",
            "Check that the account belongs to the organization that has the environment. If it does, send the request below.",
        ),
        50105 => say(
            Help::OnlyAsk(ASSIGN),
            "The app is for chosen people only",
            "Your organization has set “Assignment required” for Portage, and you are not assigned to it.",
            "Send the request below to an administrator.",
        ),
        _ => return None,
    })
}

/// Microsoft's window may have shown an error that never came back: it looks like this.
fn left_open(code: &str) -> Option<Words> {
    matches!(code, "timed_out" | "redirect_bridge_timeout").then(|| {
        say(
            Help::Again,
            "Nothing came back from Microsoft’s window",
            "It was closed, it showed an error, or its answer was lost on the way.",
            SHOWN_THERE,
        )
    })
}
