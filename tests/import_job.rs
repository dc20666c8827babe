//! The import as its user sees it: check, plan, run, report.

#![cfg(test)]

use dataverse_emulator::{Environment, Records};
use migration::{Action, Event, Fate, Pass, ProblemKind};
use scenarios::emulated_target::Stubs;
use scenarios::interrupted::{cut_before, signed_out_after};
use scenarios::job::Job;
use scenarios::packages::package_bytes;
use std::collections::BTreeMap;

fn job(name: &str) -> Option<Job> {
    package_bytes(name).map(|zip| Job::new(&zip, Stubs::Present).unwrap())
}

#[test]
fn the_plan_says_what_the_run_then_does() {
    for name in ["fabrikam", "permit-absolute-dates", "education-required"] {
        let Some(mut job) = job(name) else { continue };
        let imported = job.import().unwrap();
        assert_eq!(imported.plan.counts(), imported.report.counts(), "{name}");
        let planned: u64 = imported.plan.links.iter().map(|l| l.create.len() as u64).sum();
        assert_eq!(imported.report.links.iter().map(|l| l.created).sum::<u64>(), planned, "{name}");
    }
}

#[test]
fn nothing_is_written_before_the_run() {
    let Some(mut job) = job("fabrikam") else { return };
    let (_, plan) = job.plan().unwrap();
    assert_eq!(plan.counts().created, 89);
    let environment = job.way().environment();
    let held = job.package.data.tables.iter().flat_map(|t| t.records.iter().map(move |r| (&t.name, r.id)));
    assert!(held.into_iter().all(|(table, id)| environment.row(table, id).is_none()));
}

#[test]
fn a_second_import_plans_no_write_and_sends_none() {
    let Some(mut job) = job("fabrikam") else { return };
    job.import().unwrap();
    let second = job.import().unwrap();
    assert_eq!(second.plan.counts().unchanged, 89);
    assert_eq!(second.report.counts().unchanged, 89);
    assert_eq!(
        second
            .report
            .links
            .iter()
            .map(|l| (l.created, l.unchanged))
            .fold((0, 0), |a, l| (a.0 + l.0, a.1 + l.1)),
        (0, 5)
    );
}

#[test]
fn only_the_changed_columns_of_a_record_are_planned_and_written() {
    let Some(mut job) = job("fabrikam") else { return };
    job.import().unwrap();
    let table = job.loaded.tables.iter_mut().find(|t| t.records.iter().any(|r| r.fields.len() > 3)).unwrap();
    let name = table.name.clone();
    let text = |f: &&mut cmt::Field| matches!(&f.value, cmt::Value::Text(_)) && !f.column.ends_with("id");
    let record = &mut table.records[0];
    let (id, field) = (record.id, record.fields.iter_mut().find(text).unwrap());
    field.value = cmt::Value::Text("Changed".into());
    let column = field.column.clone();
    let imported = job.import().unwrap();
    let planned = imported.plan.tables.iter().find(|t| t.table == name).unwrap();
    let Action::Update(changes) = &planned.records.iter().find(|r| r.id == id).unwrap().action else {
        panic!("no update")
    };
    assert_eq!(changes.len(), 1);
    assert_eq!((&changes[0].column, changes[0].after.as_deref()), (&column, Some("Changed")));
    assert_eq!(imported.report.counts().updated, 1);
    assert_eq!(imported.report.counts().unchanged, 88);
    let environment = job.way().environment();
    assert_eq!(environment.row(&name, id).unwrap().cell(&column).unwrap().as_text(), Some("Changed"));
}

#[test]
fn a_missing_table_says_to_import_the_solution_first_and_the_rest_is_imported() {
    let (Some(zip), Some(other)) = (package_bytes("fabrikam"), package_bytes("permit-absolute-dates")) else {
        return;
    };
    let environment =
        Environment::builder("Target").package(&other, Records::Leave).stubs(true).build().unwrap();
    let mut job = Job::into_environment(&zip, environment).unwrap();
    let (check, _) = job.engines.check(&job.loaded).unwrap();
    let missing: Vec<_> = check.tables.iter().filter(|t| !t.present).map(|t| t.table.clone()).collect();
    assert!(!missing.is_empty());
    for table in &missing {
        let problem = check.problems.iter().find(|p| p.place.table.as_ref() == Some(table)).unwrap();
        assert_eq!(problem.kind, ProblemKind::TableMissing);
        assert!(problem.remedy.to_lowercase().contains("import your solution first"), "{problem}");
    }
    let imported = job.import().unwrap();
    assert_eq!(imported.report.counts().total(), 89);
    assert!(imported.report.counts().created > 0, "the tables that are there take their records");
    for table in imported.report.tables.iter().filter(|t| missing.contains(&t.table)) {
        let told = |fate: &Fate| matches!(fate, Fate::Failed(p) if p.kind == ProblemKind::TableMissing);
        assert!(table.records.iter().all(|r| told(&r.fate)), "{}", table.table);
    }
    assert_eq!(job.false_claims(&imported.report), []);
}

#[test]
fn a_refused_token_is_a_matter_of_signing_in() {
    let Some(job) = job("permit-absolute-dates") else { return };
    job.way().set_weather(signed_out_after(0));
    let problem = job.engines.check(&job.loaded).unwrap_err();
    assert_eq!(problem.kind, ProblemKind::SignIn);
    assert!(problem.remedy.contains("Sign in"), "{problem}");
}

#[test]
fn a_lost_network_before_the_plan_is_told_with_its_host() {
    let Some(job) = job("permit-absolute-dates") else { return };
    job.way().set_weather(cut_before(0));
    let problem = job.engines.check(&job.loaded).unwrap_err();
    assert_eq!(problem.kind, ProblemKind::Network);
    assert!(problem.what.contains("target.crm.dynamics.com"), "{problem}");
}

#[test]
fn a_failed_query_is_never_taken_for_not_found() {
    let Some(mut job) = job("permit-absolute-dates") else { return };
    let (_, tables) = job.engines.check(&job.loaded).unwrap();
    for (weather, kind) in [(cut_before(0), ProblemKind::Network), (signed_out_after(0), ProblemKind::SignIn)]
    {
        job.way().set_weather(weather);
        assert_eq!(job.engines.plan(&job.loaded, &tables).unwrap_err().kind, kind);
    }
}

#[test]
fn progress_adds_up_to_the_totals_of_every_pass() {
    let Some(zip) = package_bytes("education-k12-portal") else { return };
    let mut job = Job::new(&zip, Stubs::Present).unwrap();
    job.import().unwrap();
    let schema = job.loaded.schema.clone();
    job.engines.export(&schema).unwrap();
    let mut left: BTreeMap<(Pass, String), u64> = BTreeMap::new();
    let mut finished = Vec::new();
    for event in &job.engines.events {
        match event {
            Event::PassStarted { pass, totals } => {
                left.extend(totals.iter().map(|(table, total)| ((*pass, table.clone()), *total)));
            }
            Event::Advanced { pass, table, done, failed } => {
                assert!(failed <= done);
                let left =
                    left.get_mut(&(*pass, table.clone())).expect("a pass names all its tables at its start");
                *left = left.checked_sub(*done).expect("no more is done than there is");
            }
            Event::PassFinished { pass } => {
                finished.push(*pass);
                assert!(
                    left.iter().all(|((p, _), n)| p != pass || *n == 0),
                    "{pass:?} ends before all is done: {left:?}"
                );
            }
            Event::Waiting { .. } | Event::Counted { .. } => {}
        }
    }
    for pass in
        [Pass::Compare, Pass::Write, Pass::Notes, Pass::Links, Pass::Verify, Pass::ReadRows, Pass::ReadLinks]
    {
        assert!(finished.contains(&pass), "{pass:?} was never finished");
    }
}
