//! A run as it goes on.

use super::{count, duration, number};
use crate::state::Pausing;
use migration::{Pass, WaitReason};

pub(crate) const STOP: &str = "Stop";
pub(crate) const PAUSE: &str = "Pause";
pub(crate) const GO_ON: &str = "Go on";
pub(crate) const STOPPING: &str = "Stopping at the next safe point …";
pub(crate) const ELAPSED: &str = "Elapsed";
pub(crate) const STARTING: &str = "Starting …";
pub(crate) const PER_TABLE: &str = "Per table";
pub(crate) const FINISHED: &str = "done";

/// How far a pause is.
pub(crate) fn pausing(pausing: Pausing) -> &'static str {
    match pausing {
        Pausing::Wished => "Pausing: what is under way comes to its end …",
        Pausing::Stands => "Paused. Nothing is sent until you go on.",
    }
}

/// The pass's name.
pub(crate) fn pass(pass: Pass) -> &'static str {
    match pass {
        Pass::ReadRows => "Read rows",
        Pass::ReadLinks => "Read many-to-many links",
        Pass::WritePackage => "Write the package",
        Pass::Compare => "Compare with the target",
        Pass::Write => "Create and update rows",
        Pass::DeferredLookups => "Set lookups that had to wait",
        Pass::Notes => "Write notes and attachments",
        Pass::Files => "Write files",
        Pass::State => "Set states",
        Pass::Remove => "Remove rows and links",
        Pass::Links => "Make many-to-many links",
        Pass::Verify => "Read back and verify",
    }
}

/// How far: `120 of 924`.
pub(crate) fn of(done: u64, total: u64) -> String {
    format!("{} of {}", number(done), number(total))
}

/// Failures so far.
pub(crate) fn failed(n: u64) -> String {
    format!("{} failed", number(n))
}

/// A guess at the rest of the pass.
pub(crate) fn left(seconds: u64) -> String {
    format!("about {} left", duration(seconds))
}

/// What holds the run up.
pub(crate) fn waiting(reason: WaitReason, seconds: u64) -> String {
    let seconds = count(seconds, "second", "seconds");
    match reason {
        WaitReason::Asked => format!("Dataverse asked to wait {seconds}. The run goes on by itself."),
        WaitReason::Sparing => {
            format!(
                "Dataverse allows so much work in five minutes: {seconds} until there is more. The run goes on by itself."
            )
        }
        WaitReason::NoAnswer => {
            format!(
                "Dataverse does not answer. It is asked again in {seconds}, and the run goes on by itself."
            )
        }
    }
}

/// What a screen reader hears, a few times a pass.
pub(crate) fn spoken(pass_under_way: Pass, percent: u64) -> String {
    format!("{}: {percent} percent", pass(pass_under_way))
}
