//! What the engines promise about single records: their order, what is left out, and that it is said.

#![cfg(test)]

use dataverse_emulator::{Environment, Records, Weather};
use migration::{Action, Event, Fate, ImportReport, LoadedPackage, Pass, Plan, ProblemKind, RecordReport};
use scenarios::emulated_target::Stubs;
use scenarios::interrupted::cut_after;
use scenarios::job::Job;
use scenarios::packages::package_bytes;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

fn job(package: &str) -> Option<Job> {
    package_bytes(package).map(|zip| Job::new(&zip, Stubs::Present).unwrap())
}

fn table<'a>(loaded: &'a mut LoadedPackage, name: &str) -> &'a mut migration::LoadedTable {
    loaded.tables.iter_mut().find(|t| t.name == name).unwrap()
}

fn records<'a>(report: &'a ImportReport, name: &str) -> &'a [RecordReport] {
    &report.tables.iter().find(|t| t.table == name).unwrap().records
}

fn actions<'a>(plan: &'a Plan, name: &str) -> Vec<&'a Action> {
    plan.tables.iter().find(|t| t.table == name).unwrap().records.iter().map(|r| &r.action).collect()
}

#[test]
fn parents_are_written_before_their_children_and_few_lookups_have_to_wait() {
    let Some(mut job) = job("education-k12-portal") else { return };
    let imported = job.import().unwrap();
    let mut places = HashMap::new();
    for table in &imported.plan.tables {
        for record in &table.records {
            places.insert((table.table.as_str(), record.id), places.len());
        }
    }
    let mut within_a_table = 0;
    for table in &job.loaded.tables {
        for record in &table.records {
            for lookup in record.fields.iter().filter_map(|f| match &f.value {
                cmt::Value::Lookup(lookup) if lookup.table == table.name => Some(lookup),
                _ => None,
            }) {
                let Some(parent) = places.get(&(table.name.as_str(), lookup.id)) else { continue };
                assert!(*parent < places[&(table.name.as_str(), record.id)], "{} {}", table.name, record.id);
                within_a_table += 1;
            }
        }
    }
    assert!(within_a_table > 100, "only {within_a_table} lookups inside a table");
    let waited: u64 = job.engines.events.iter().filter_map(deferred).sum();
    let records = places.len() as u64;
    assert!((1..records / 2).contains(&waited), "{waited} of {records} records needed a second write");
}

fn deferred(event: &Event) -> Option<u64> {
    match event {
        Event::PassStarted { pass: Pass::DeferredLookups, totals } => {
            Some(totals.iter().map(|(_, n)| n).sum())
        }
        _ => None,
    }
}

#[test]
fn records_and_links_of_a_refused_parent_are_told_and_the_records_written_without_it() {
    let Some(mut job) = job("fabrikam") else { return };
    let sets =
        job.loaded.tables.iter().flat_map(|t| &t.links).filter(|s| s.target_table == "contoso_project");
    let parent = sets.flat_map(|s| &s.targets).copied().next().unwrap();
    let projects = &mut table(&mut job.loaded, "contoso_project").records;
    let status = projects.iter_mut().filter(|r| r.id == parent).flat_map(|r| &mut r.fields);
    // An option that the column does not have: only the service can tell.
    status.filter(|f| f.column == "contoso_projectstatus").for_each(|f| f.value = cmt::Value::Choice(99));
    let report = job.import().unwrap().report;
    let refused = records(&report, "contoso_project").iter().find(|r| r.id == parent).unwrap();
    assert!(matches!(&refused.fate, Fate::Failed(p) if p.kind == ProblemKind::Refused), "{:?}", refused.fate);
    let mut children = 0;
    for name in ["contoso_milestone", "contoso_projectfunding", "contoso_projectresource"] {
        for record in &job.loaded.table(name).unwrap().records {
            let points_there =
                matches!(record.value("contoso_projectid"), Some(cmt::Value::Lookup(l)) if l.id == parent);
            let reported = records(&report, name).iter().find(|r| r.id == record.id).unwrap();
            assert_eq!(reported.fate, Fate::Created, "{name} {}", record.id);
            let told: Vec<_> =
                reported.warnings.iter().map(|w| (w.kind, w.place.column.as_deref())).collect();
            let expected = (ProblemKind::LookupTargetMissing, Some("contoso_projectid"));
            assert_eq!(told, if points_there { vec![expected] } else { vec![] }, "{name} {}", record.id);
            children += usize::from(points_there);
        }
    }
    assert!(children > 0);
    let failed: Vec<Uuid> =
        report.links.iter().flat_map(|l| &l.failed).map(|(_, target, _)| *target).collect();
    assert!(!failed.is_empty() && failed.iter().all(|target| *target == parent), "{failed:?}");
    assert_eq!(report.counts().failed, 1);
    assert_eq!(job.false_claims(&report), []);
}

#[test]
fn the_second_of_two_records_with_one_id_is_blocked_and_the_first_imported() {
    let Some(mut job) = job("permit-absolute-dates") else { return };
    let contacts = table(&mut job.loaded, "contact");
    let twin = contacts.records[0].clone();
    contacts.records.push(twin);
    let imported = job.import().unwrap();
    let [Action::Create, Action::Blocked(problem)] = actions(&imported.plan, "contact")[..] else { panic!() };
    assert_eq!(problem.kind, ProblemKind::Duplicate);
    let fates: Vec<&Fate> = records(&imported.report, "contact").iter().map(|r| &r.fate).collect();
    assert!(matches!(fates[..], [Fate::Created, Fate::Failed(_)]), "{fates:?}");
    assert_eq!(imported.report.counts().total() as usize, job.loaded.records());
}

#[test]
fn rows_that_the_schema_wants_left_alone_are_created_but_never_changed() {
    let Some(mut job) = job("permit-absolute-dates") else { return };
    let schema = &mut job.loaded.schema;
    schema.tables.iter_mut().for_each(|t| t.skip_update = t.name == "contact");
    assert_eq!(job.import().unwrap().report.counts().failed, 0);
    assert_eq!(actions(&job.plan().unwrap().1, "contact"), [&Action::Unchanged]);
    let contact = &mut table(&mut job.loaded, "contact").records[0];
    let name = contact.fields.iter_mut().find(|f| f.column == "lastname").unwrap();
    name.value = cmt::Value::Text("Someone else".into());
    let imported = job.import().unwrap();
    let [Action::Skip(reason)] = actions(&imported.plan, "contact")[..] else { panic!() };
    assert!(reason.what.contains("skipupdate"), "{reason}");
    assert_eq!(imported.report.counts().writes(), 0);
}

#[test]
fn notes_that_the_environment_does_not_take_are_blocked_before_anything_is_written() {
    let Some(zip) = package_bytes("education-k12-portal") else { return };
    let builder = Environment::builder("Target").package(&zip, Records::Leave).stubs(true);
    let environment = builder.base_currency("XTS").blocked_attachments("js;css").max_upload_size(1_000_000);
    let mut job = Job::into_environment(&zip, environment.build().unwrap()).unwrap();
    let (_, plan) = job.plan().unwrap();
    let blocked: Vec<_> = actions(&plan, "annotation")
        .into_iter()
        .filter_map(|a| match a {
            Action::Blocked(problem) => Some((problem.kind, problem.what.contains(".css"))),
            _ => None,
        })
        .collect();
    assert_eq!(blocked.iter().filter(|b| **b == (ProblemKind::Attachment, true)).count(), 3);
    assert!(blocked.contains(&(ProblemKind::Attachment, false)), "the note of 1.7 MB is too large here");
    let report = job.import().unwrap().report;
    assert_eq!(report.counts().failed as usize, blocked.len());
    assert_eq!(job.false_claims(&report), []);
}

#[test]
fn a_link_that_both_its_tables_declare_is_made_once() {
    let Some(mut job) = job("fabrikam") else { return };
    let mirrored: Vec<(String, cmt::LinkSet)> = job
        .loaded
        .tables
        .iter()
        .flat_map(|t| t.links.iter().map(move |set| (t, set)))
        .flat_map(|(t, set)| {
            let mirror = move |target: &Uuid| cmt::LinkSet {
                relationship: set.relationship.clone(),
                source: *target,
                target_table: t.name.clone(),
                target_primary_id: format!("{}id", t.name),
                targets: vec![set.source],
            };
            set.targets.iter().map(move |target| (set.target_table.clone(), mirror(target)))
        })
        .collect();
    let links = mirrored.len() as u64;
    assert!(links > 0);
    for (name, set) in mirrored {
        table(&mut job.loaded, &name).links.push(set);
    }
    let report = job.import().unwrap().report;
    let sum = |count: fn(&migration::LinkReport) -> u64| report.links.iter().map(count).sum::<u64>();
    assert_eq!((sum(|l| l.created), sum(|l| l.unchanged), sum(|l| l.failed.len() as u64)), (links, links, 0));
}

#[test]
fn what_is_not_moved_is_said_of_the_column_and_of_each_record() {
    let Some(mut job) = job("education-k12-sample") else { return };
    let appointments = job.loaded.schema.tables.iter_mut().filter(|t| t.name == "appointment");
    // What Microsoft's tool writes for a column that it cannot map.
    appointments.flat_map(|t| &mut t.columns).filter(|c| c.name == "requiredattendees").for_each(|column| {
        column.column_type = cmt::ColumnType::Unknown;
    });
    let (check, tables) = job.engines.check(&job.loaded).unwrap();
    let not_moved: Vec<_> = check.problems.iter().filter(|p| p.kind == ProblemKind::NotMoved).collect();
    assert!(
        not_moved.iter().any(|p| p.place.column.as_deref() == Some("requiredattendees")),
        "{not_moved:?}"
    );
    let plan = job.engines.plan(&job.loaded, &tables).unwrap();
    for record in &plan.tables.iter().find(|t| t.table == "appointment").unwrap().records {
        assert!(record.warnings.iter().any(|w| w.kind == ProblemKind::NotMoved), "{}", record.id);
    }
}

#[test]
fn a_portal_import_that_is_cut_in_any_pass_is_told_honestly_and_finished_by_the_next() {
    let mut cut_in = HashSet::new();
    for requests in (0..).step_by(7) {
        let Some(mut job) = job("education-k12-portal") else { return };
        let (tables, plan) = job.plan().unwrap();
        job.engines.events.clear();
        job.way().set_weather(cut_after(requests));
        let report = job.engines.import(&job.loaded, &tables, &plan);
        job.way().set_weather(Weather::calm());
        assert_eq!(report.counts().total() as usize, job.loaded.records(), "{requests}");
        assert_eq!(job.false_claims(&report), [], "{requests}");
        if report.stopped.is_none() {
            break;
        }
        cut_in.extend(job.engines.events.iter().rev().find_map(started));
        let rest = job.import().unwrap().report;
        assert_eq!(
            (rest.stopped, rest.tables.iter().flat_map(|t| &t.records).filter(is_failed).count()),
            (None, 0)
        );
        let (_, third) = job.plan().unwrap();
        assert_eq!(third.counts().writes(), 0, "{requests}");
    }
    assert!(cut_in.len() > 3, "only {cut_in:?} were cut");
}

fn started(event: &Event) -> Option<Pass> {
    match event {
        Event::PassStarted { pass, .. } => Some(*pass),
        _ => None,
    }
}

fn is_failed(record: &&RecordReport) -> bool {
    matches!(record.fate, Fate::Failed(_))
}
