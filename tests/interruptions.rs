//! Whatever stops an import: every record has its fate, nothing undone is called done, and a second import
//! finishes the rest.

#![cfg(test)]

use dataverse_emulator::{Fault, Rule, Throttle, Weather};
use migration::{Fate, ImportReport, ProblemKind};
use scenarios::emulated_target::Stubs;
use scenarios::interrupted::{cut_after, cut_before, signed_out_after};
use scenarios::job::Job;
use scenarios::packages::package_bytes;

/// 89 records in 12 tables, five links, lookups among them: small enough to be cut at every request.
const PACKAGE: &str = "fabrikam";

fn job() -> Option<Job> {
    package_bytes(PACKAGE).map(|zip| Job::new(&zip, Stubs::Present).unwrap())
}

/// The report accounts for everything and claims nothing that is not so.
fn honest(job: &Job, report: &ImportReport, case: &str) {
    assert_eq!(report.counts().total() as usize, job.loaded.records(), "{case}");
    assert_eq!(job.false_claims(report), [], "{case}");
    let unexplained = report.tables.iter().flat_map(|t| &t.records).filter_map(|r| match &r.fate {
        Fate::Failed(problem) | Fate::Unconfirmed(problem) => Some(problem),
        _ => None,
    });
    assert!(unexplained.into_iter().all(|p| !p.what.is_empty() && !p.remedy.is_empty()), "{case}");
}

/// A second import of the same file finishes the rest; a third would write nothing.
fn finishes(job: &mut Job, case: &str) {
    let report = job.import().unwrap_or_else(|p| panic!("{case}: {p}")).report;
    assert_eq!(report.stopped, None, "{case}");
    let counts = report.counts();
    assert_eq!(
        (counts.failed, counts.skipped, counts.total() as usize),
        (0, 0, job.loaded.records()),
        "{case}"
    );
    honest(job, &report, case);
    let (_, third) = job.plan().unwrap();
    assert_eq!(third.counts().writes(), 0, "{case}");
    assert!(third.links.iter().all(|l| l.create.is_empty()), "{case}");
}

/// Cuts the import at its n-th request, for every n there is; at least `expected` of them.
fn cut_everywhere(weather: fn(u64) -> Weather, kind: ProblemKind, expected: u64) {
    for n in 0.. {
        let Some(mut job) = job() else { return };
        let case = format!("{kind:?} at request {n}");
        let (tables, plan) = job.plan().unwrap();
        job.way().set_weather(weather(n));
        let report = job.engines.import(&job.loaded, &tables, &plan);
        job.way().set_weather(Weather::calm());
        honest(&job, &report, &case);
        let Some(stopped) = &report.stopped else {
            assert!(n >= expected, "only {n} requests were cut");
            assert_eq!(report.counts().failed, 0, "{case}");
            return;
        };
        assert_eq!(stopped.kind, kind, "{case}");
        assert!(!stopped.remedy.is_empty(), "{case}");
        finishes(&mut job, &case);
    }
}

#[test]
fn a_lost_network_at_any_request_leaves_an_honest_report_and_a_second_import_finishes() {
    cut_everywhere(cut_before, ProblemKind::Network, 3);
}

#[test]
fn a_write_whose_answer_was_lost_is_found_by_the_second_import_and_not_made_twice() {
    cut_everywhere(cut_after, ProblemKind::Network, 3);
}

#[test]
fn a_token_that_expires_at_any_request_ends_the_run_with_what_to_do() {
    cut_everywhere(signed_out_after, ProblemKind::SignIn, 3);
}

#[test]
fn a_run_that_is_stopped_by_its_user_can_be_finished_later() {
    for questions in 0.. {
        let Some(mut job) = job() else { return };
        let case = format!("stopped at question {questions}");
        let (tables, plan) = job.plan().unwrap();
        job.engines.stop_after(Some(questions));
        let report = job.engines.import(&job.loaded, &tables, &plan);
        job.engines.stop_after(None);
        honest(&job, &report, &case);
        assert!(questions > 0 || report.counts().writes() == 0, "a run that may not begin writes nothing");
        let Some(stopped) = &report.stopped else {
            assert!(questions > 3, "only {questions} questions were asked");
            assert_eq!(report.counts().failed, 0, "{case}");
            return;
        };
        assert!(stopped.remedy.starts_with("Go on with this run"), "{case}: {stopped}");
        finishes(&mut job, &case);
    }
}

#[test]
fn a_throttled_request_waits_as_asked_and_the_import_goes_on() {
    for n in 0.. {
        let Some(mut job) = job() else { return };
        let throttled = Rule::only(n + 1, Fault::Throttled(Throttle::Requests));
        job.way().set_weather(Weather::calm().rule(throttled));
        let imported = job.import().unwrap_or_else(|p| panic!("throttled at request {n}: {p}"));
        assert_eq!(
            imported.report.counts().created as usize,
            job.loaded.records(),
            "throttled at request {n}"
        );
        assert_eq!(job.false_claims(&imported.report), [], "throttled at request {n}");
        let asked = job.way().asked_to_wait();
        assert_eq!(job.engines.waited(), asked, "throttled at request {n}");
        if asked.is_zero() {
            assert!(n > 5, "only {n} requests were throttled");
            return;
        }
    }
}
