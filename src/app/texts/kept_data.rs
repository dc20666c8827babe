//! What this browser keeps, and how to be rid of it.

use super::count;
use super::kept_runs::runs;
use browser::protocol::Deleted;

pub(crate) const TITLE: &str = "What this browser keeps";
pub(crate) const LEAD: &str = "Portage has no server. What it needs again later stays in this browser, on this computer, \
    unencrypted like everything a browser stores for a page. Nobody else sees it, except who uses your user account here.";
pub(crate) const KEPT: &str = "Kept here";
pub(crate) const RUNS: &str = "Runs";
pub(crate) const RUNS_TEXT: &str = "The package, the plan, and what was written and stood there before. Deleted when you \
    close the run, and after 30 days.";
pub(crate) const NO_RUNS: &str = "None";
pub(crate) const NO_STORAGE: &str = "This browser keeps no files for this page";
pub(crate) const RECENT: &str = "Environments used last";
pub(crate) const RECENT_TEXT: &str = "Names and addresses, nothing of who used them.";
pub(crate) const REGISTRATION: &str = "App registrations you entered";
pub(crate) const REGISTRATION_TEXT: &str = "Ids only. There are no secrets in them.";
pub(crate) const DEMO: &str = "The demo environments";
pub(crate) const DEMO_TEXT: &str = "Their sample rows, with what you changed.";
pub(crate) const NEVER: &str = "Never kept";
pub(crate) const NEVER_TEXT: &str = "Access tokens and passwords. Tokens are in this tab’s memory and gone when it is \
    closed.";
pub(crate) const DELETE: &str = "Delete all local data";
pub(crate) const DELETE_QUESTION: &str = "Delete all of it? Runs can then neither go on nor be taken back. Your \
    environments stay as they are.";
pub(crate) const DELETE_QUESTION_OFF: &str = "Delete all of it? One of the runs left something switched off in its \
    environment: then nobody switches it on again. Connect to that environment first, and it is put back by itself.";
pub(crate) const DELETE_YES: &str = "Delete everything";
pub(crate) const DELETE_NO: &str = "Keep it";
pub(crate) const BUSY: &str = "While something is under way nothing can be deleted.";
pub(crate) const DELETED: &str = "All local data is deleted";
pub(crate) const NOT_ALL: &str = "Some of it is in use in another tab";
pub(crate) const NOT_ALL_TEXT: &str = "Close the other tabs of this app, then delete again.";
pub(crate) const RELOAD_TEXT: &str =
    "Reload the page to begin anew: what this tab holds in memory goes then, too.";
pub(crate) const SHORT: &str = "Data";

/// What was deleted.
pub(crate) fn deleted(deleted: Deleted, entries: u64) -> String {
    format!(
        "{}, {} and {} were deleted.",
        runs(deleted.runs),
        count(deleted.files, "other file", "other files"),
        count(entries, "setting", "settings")
    )
}

/// How many environments are remembered.
pub(crate) fn recent(n: usize) -> String {
    count(n as u64, "environment", "environments")
}
