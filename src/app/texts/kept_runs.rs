//! Runs that this browser keeps.

use super::{bytes, count, number, records, run};
use browser::protocol::{Ended, HowFar, Keeping, ListedRun, NotStored, Person, RunHead};

pub(crate) const TITLE: &str = "Runs kept in this browser";
pub(crate) const LEAD: &str = "What a run writes down stays here until you delete it, for 30 days at most. So it can go \
    on after a closed tab or a lost connection, and be taken back.";
pub(crate) const GO_ON: &str = "Go on";
pub(crate) const OPEN_AGAIN: &str = "Open the report";
pub(crate) const CLOSE: &str = "Close and delete";
pub(crate) const CLOSE_YES: &str = "Delete it";
pub(crate) const CLOSE_NO: &str = "Keep it";
pub(crate) const CLOSE_FINISHED: &str =
    "Delete what is kept of this run? Then it can no longer be taken back. The environment stays as it is.";
pub(crate) const CLOSE_OPEN: &str = "Delete what is kept of this run? It can then neither go on nor be taken back. What \
    is written stays written.";
pub(crate) const CLOSE_OFF: &str = "Delete what is kept of this run? Only from it this app knows what it switched off: \
    then nobody switches that on again. Connect to its environment first, and it is put back by itself.";
pub(crate) const CLOSE_BROKEN: &str = "Delete what is left of it?";
pub(crate) const BROKEN_OFF: &str = "A run that did not begin";
pub(crate) const BROKEN_OFF_TEXT: &str =
    "Keeping it broke off before anything was written to an environment. Nothing is lost by deleting it.";
pub(crate) const RUNNING: &str = "It is going on in this tab or in another one of this browser.";
pub(crate) const OPENING: &str = "Opening the run …";
pub(crate) const REFUSED: &str = "That cannot be done with this run";
pub(crate) const NOT_NOW: &str = "Not now";
pub(crate) const ANOTHER_TITLE: &str = "Somebody else began this run";
pub(crate) const ANOTHER_GO_ON: &str = "Go on as this user";
pub(crate) const PUT_BACK: &str = "What an earlier run had left switched off is on again";
pub(crate) const NOT_PUT_BACK: &str = "An earlier run left something switched off in this environment";
pub(crate) const RESUME_OFF: &str = "This run cannot be resumed if the tab is closed";
pub(crate) const KEPT: &str = "If the tab is closed or something fails, nothing is lost: the run is kept in this \
    browser, and goes on from the home page.";
pub(crate) const NOT_KEPT: &str = "The run is only in this tab’s memory: if the tab is closed or reloaded, it cannot go \
    on. What is written stays written, and a new plan finds it.";
pub(crate) const GO_ON_TEXT: &str =
    "This run is kept in this browser. Going on writes only what is still missing.";

/// A run in one line.
pub(crate) fn name(head: &RunHead) -> String {
    format!("{} into {}", head.package, head.environment)
}

/// When, by whom and how much.
pub(crate) fn facts(head: &RunHead, started: &str) -> String {
    format!("Begun {started} by {} · {} · {}", person(&head.user), records(head.records), bytes(head.bytes))
}

/// How far it came.
pub(crate) fn standing(listed: &ListedRun, head: &RunHead) -> String {
    if listed.running {
        return RUNNING.to_owned();
    }
    match (head.ended, head.far) {
        (Some(Ended::Whole), _) => "It came to its end.".to_owned(),
        (Some(Ended::Early), Some(far)) => format!("It was stopped. {}", self::far(far)),
        (None, Some(far)) => format!("It was cut off. {}", self::far(far)),
        (Some(Ended::Early), None) => "It was stopped before anything was written.".to_owned(),
        (None, None) => "It was cut off before anything was written.".to_owned(),
    }
}

/// What it left switched off, if anything.
pub(crate) fn left_off(listed: &ListedRun, head: &RunHead) -> Option<String> {
    let things = listed.left_off.join(", ");
    (!things.is_empty()).then(|| {
        format!(
            "Still switched off in {}: {things}. Connect to it, and this is put back. Until then the run is kept, \
             however long that takes.",
            head.environment
        )
    })
}

fn far(HowFar { pass, done, total }: HowFar) -> String {
    format!("Last pass: {}, {} of {}.", run::pass(pass).to_lowercase(), number(done), number(total))
}

/// What somebody is called.
pub(crate) fn person(person: &Person) -> String {
    person.name.clone().or_else(|| person.login.clone()).unwrap_or_else(|| person.id.to_string())
}

/// What has to be done before a run can go on.
pub(crate) fn wanted(head: &RunHead) -> String {
    format!("Connect to {} to go on with the import of {}", head.environment, head.package)
}

/// The same once that is done.
pub(crate) fn wanted_ready(head: &RunHead) -> String {
    format!("The import of {} can go on", head.package)
}

/// Why going on is asked about.
pub(crate) fn another_user(began: &Person, now: &Person) -> String {
    format!(
        "{} began it, and you are signed in as {}. New rows will belong to you, and where you have fewer rights, \
         records may be refused that went through before.",
        person(began),
        person(now)
    )
}

/// Why a run cannot go on after its tab.
pub(crate) fn resume_off(keeping: Keeping) -> Option<String> {
    let Keeping::InMemory { why, most } = keeping else { return None };
    let why = match why {
        NotStored::NoStorage => {
            "This browser stores nothing for this page, as in a private window.".to_owned()
        }
        NotStored::NoRoom { needed, free } => {
            format!("The run may need {}, and this browser has room for {}.", bytes(needed), bytes(free))
        }
    };
    Some(format!(
        "{why} The run works in this tab’s memory, for packages up to {}. Keep the tab open until it is over; you can \
         pause it. Undo is offered in this tab only, and what the run switches off stays off if the tab is closed before \
         its end.",
        bytes(most)
    ))
}

/// How many runs.
pub(crate) fn runs(n: u64) -> String {
    count(n, "run", "runs")
}
