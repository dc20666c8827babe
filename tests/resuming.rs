//! A run that ended anywhere is gone on with: nothing is made twice, nothing is lost, and the report is that of one
//! whole run.

#![cfg(test)]

use dataverse_emulator::Weather;
use migration::{EnvironmentTables, ImportReport, JournalStore, Plan, Problem, ProblemKind};
use scenarios::emulated_target::Stubs;
use scenarios::interrupted::{cut_after, cut_before, signed_out_after};
use scenarios::job::Job;
use scenarios::packages::package_bytes;

/// 89 records in 12 tables, five links, lookups among them: small enough to be ended everywhere.
const PACKAGE: &str = "fabrikam";

/// Takes so many entries, and then no more: to the run it is as if its tab closed there.
struct Closes {
    left: usize,
    kept: Vec<u8>,
}

impl JournalStore for Closes {
    fn append(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        if self.left == 0 {
            // The last entry broke off.
            self.kept.extend_from_slice(&bytes[..bytes.len() / 2]);
            return Err(Problem {
                kind: ProblemKind::Internal,
                place: Default::default(),
                what: "The tab closed.".into(),
                remedy: "Open it again.".into(),
            });
        }
        self.left -= 1;
        self.kept.extend_from_slice(bytes);
        Ok(())
    }
}

fn job() -> Option<(Job, EnvironmentTables, Plan)> {
    let mut job = package_bytes(PACKAGE).map(|zip| Job::new(&zip, Stubs::Present).unwrap())?;
    let (tables, plan) = job.plan().unwrap();
    Some((job, tables, plan))
}

/// The report of one whole run, and an environment that is as it says.
fn is_whole(job: &mut Job, report: &ImportReport, case: &str) {
    assert_eq!(report.stopped, None, "{case}");
    let counts = report.counts();
    assert_eq!((counts.created as usize, counts.total() as usize), (job.loaded.records(), 89), "{case}");
    let links: u64 = report.links.iter().map(|links| links.created).sum();
    assert_eq!(links, 5, "{case}");
    assert_eq!(job.false_claims(report), [], "{case}");
    let (_, next) = job.plan().unwrap();
    assert_eq!((next.counts().unchanged, next.counts().writes()), (89, 0), "{case}");
}

/// Ends a run at every place where `ends` can end it, and goes on with it.
fn ended_everywhere(ends: impl Fn(&mut Job, usize) -> Option<Closes>, expected: usize) {
    for place in 0.. {
        let Some((mut job, tables, plan)) = job() else { return };
        let case = format!("ended at {place}");
        let mut store =
            ends(&mut job, place).unwrap_or_else(|| Closes { left: usize::MAX, kept: Vec::new() });
        let first = job.engines.import_after(&job.loaded, &tables, &plan, &[], &mut store).unwrap();
        job.way().set_weather(Weather::calm());
        assert_eq!(first.counts().total(), 89, "{case}");
        assert_eq!(job.false_claims(&first), [], "{case}");
        let earlier = std::mem::take(&mut store.kept);
        let mut store = earlier.clone();
        let report = job.engines.import_after(&job.loaded, &tables, &plan, &earlier, &mut store).unwrap();
        is_whole(&mut job, &report, &case);
        if first.stopped.is_none() {
            assert!(place > expected, "only {place} places");
            return;
        }
    }
}

#[test]
fn a_tab_that_closed_between_any_two_entries_is_gone_on_with() {
    ended_everywhere(|_, left| Some(Closes { left, kept: Vec::new() }), 6);
}

#[test]
fn a_network_that_went_at_any_request_is_gone_on_with() {
    let lost = |weather: fn(u64) -> Weather| {
        move |job: &mut Job, request: usize| {
            job.way().set_weather(weather(request as u64));
            None
        }
    };
    ended_everywhere(lost(cut_before), 4);
    ended_everywhere(lost(cut_after), 4);
    ended_everywhere(lost(signed_out_after), 4);
}

#[test]
fn a_run_that_dies_again_while_it_is_gone_on_with_is_finished_by_the_third() {
    for place in 0.. {
        let Some((mut job, tables, plan)) = job() else { return };
        let mut kept = Vec::new();
        let mut stopped = 0;
        for left in [3, place] {
            let mut store = Closes { left, kept: kept.clone() };
            let report = job.engines.import_after(&job.loaded, &tables, &plan, &kept, &mut store);
            stopped += usize::from(report.map_or(true, |report| report.stopped.is_some()));
            kept = store.kept;
        }
        let mut store = kept.clone();
        let report = job.engines.import_after(&job.loaded, &tables, &plan, &kept, &mut store).unwrap();
        is_whole(&mut job, &report, &format!("died after 3 and {place} entries"));
        if stopped < 2 {
            assert!(place > 3, "only {place} places");
            return;
        }
    }
}

#[test]
fn a_finished_run_that_is_opened_again_writes_nothing_and_reports_the_same() {
    let Some((mut job, tables, plan)) = job() else { return };
    let mut kept = Vec::new();
    let first = job.engines.import_after(&job.loaded, &tables, &plan, &[], &mut kept).unwrap();
    let whole = kept.clone();
    let again = job.engines.import_after(&job.loaded, &tables, &plan, &whole, &mut kept).unwrap();
    assert_eq!(first, again);
    let added = String::from_utf8(kept[whole.len()..].to_vec()).unwrap();
    assert!(!added.contains("Intents"), "{added}");
}

#[test]
fn a_store_that_keeps_nothing_lets_nothing_be_sent() {
    let Some((mut job, tables, plan)) = job() else { return };
    let mut store = Closes { left: 0, kept: Vec::new() };
    let report = job.engines.import_after(&job.loaded, &tables, &plan, &[], &mut store).unwrap();
    assert_eq!(report.stopped.as_ref().map(|p| p.what.as_str()), Some("The tab closed."));
    assert_eq!((report.counts().failed, report.counts().total()), (89, 89));
    let (_, next) = job.plan().unwrap();
    assert_eq!(next.counts().created, 89, "nothing arrived");
}
