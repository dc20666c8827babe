//! Rows that others change between the plan and the run: they are planned anew and told, nothing of theirs is lost.

#![cfg(test)]

use dataverse::{Operation, Row};
use migration::{
    Action, EnvironmentTables, Fate, JournalStore, Plan, Problem, ProblemKind, RecordReport, WriteMode,
};
use scenarios::emulated_target::Stubs;
use scenarios::job::Job;
use scenarios::packages::package_bytes;
use scenarios::under_weather::UnderWeather;
use serde_json::{Value, json};
use uuid::Uuid;

const TABLE: &str = "contact";
const SET: &str = "contacts";

/// A package with one contact, whose values are in the target already.
fn job() -> Option<(Job, Uuid)> {
    let mut job =
        package_bytes("permit-absolute-dates").map(|zip| Job::new(&zip, Stubs::Present).unwrap())?;
    assert_eq!(job.import().unwrap().report.counts().failed, 0);
    let contact = &mut job.loaded.tables.iter_mut().find(|t| t.name == TABLE).unwrap().records[0];
    let id = contact.id;
    for (column, text) in [("lastname", "Package"), ("firstname", "From the")] {
        match contact.fields.iter_mut().find(|field| field.column == column) {
            Some(field) => field.value = cmt::Value::Text(text.into()),
            None => contact
                .fields
                .push(cmt::Field { column: column.into(), value: cmt::Value::Text(text.into()) }),
        }
    }
    Some((job, id))
}

/// Somebody else sends this.
fn somebody_sends(way: &UnderWeather, operation: Operation) {
    let client = way.client();
    let answers = way.clock().run(client.batch(vec![operation])).unwrap();
    assert!(answers[0].is_ok(), "{answers:?}");
}

fn change(id: Uuid, column: &str, value: Value) -> Operation {
    let body = Row::from_iter([(column.to_owned(), value)]);
    Operation::Update { set: SET.into(), id, version: None, body, bypass_steps: Vec::new() }
}

/// Plans, lets something happen, and runs.
fn run_after(
    job: &mut Job,
    happens: impl FnOnce(&mut Job),
) -> (EnvironmentTables, Plan, RecordReport, Vec<u8>) {
    let (tables, plan) = job.plan().unwrap();
    happens(job);
    let mut kept = Vec::new();
    let report = job.engines.import_after(&job.loaded, &tables, &plan, &[], &mut kept).unwrap();
    assert_eq!(report.stopped, None);
    let contacts = report.tables.iter().find(|t| t.table == TABLE).unwrap();
    (tables, plan, contacts.records[0].clone(), kept)
}

fn text(job: &Job, id: Uuid, column: &str) -> Option<String> {
    let environment = job.way().environment();
    environment.row(TABLE, id)?.cell(column)?.as_text().map(str::to_owned)
}

fn warned(record: &RecordReport) -> Vec<&str> {
    let since = record.warnings.iter().filter(|warning| warning.kind == ProblemKind::ChangedSincePlan);
    since.map(|warning| warning.what.as_str()).collect()
}

#[test]
fn a_row_that_somebody_changed_is_written_as_the_package_says_and_told() {
    let Some((mut job, id)) = job() else { return };
    let (_, _, record, kept) =
        run_after(&mut job, |job| somebody_sends(job.way(), change(id, "lastname", json!("Else"))));
    assert!(matches!(&record.fate, Fate::Updated(columns) if columns.contains(&"lastname".to_owned())));
    assert_eq!(text(&job, id, "lastname").as_deref(), Some("Package"));
    let told = warned(&record);
    assert!(told.len() == 1 && told[0].contains("lastname") && !told[0].contains("firstname"), "{told:?}");
    let journal = String::from_utf8(kept).unwrap();
    assert!(journal.contains(r#""lastname":"Else""#), "what was overwritten is kept: {journal}");
}

#[test]
fn a_row_that_nobody_changed_is_told_of_by_nothing() {
    let Some((mut job, id)) = job() else { return };
    let (_, _, record, _) = run_after(&mut job, |_| {});
    assert_eq!((warned(&record), text(&job, id, "lastname").as_deref()), (vec![], Some("Package")));
}

#[test]
fn what_somebody_else_set_to_the_packages_value_needs_no_write() {
    let Some((mut job, id)) = job() else { return };
    let (_, _, record, kept) = run_after(&mut job, |job| {
        somebody_sends(job.way(), change(id, "lastname", json!("Package")));
        somebody_sends(job.way(), change(id, "firstname", json!("From the")));
    });
    assert_eq!((record.fate, record.warnings), (Fate::Unchanged, vec![]));
    assert!(!String::from_utf8(kept).unwrap().contains("Intents"));
}

#[test]
fn a_row_that_went_is_created_unless_rows_are_only_updated() {
    for mode in [WriteMode::CreateAndUpdate, WriteMode::UpdateOnly] {
        let Some((mut job, id)) = job() else { return };
        job.engines.options.tables.entry(TABLE.into()).or_default().mode = Some(mode);
        let remove = Operation::Delete { set: SET.into(), id };
        let (_, plan, record, _) = run_after(&mut job, |job| somebody_sends(job.way(), remove));
        let planned = plan.tables.iter().find(|t| t.table == TABLE).unwrap();
        assert!(matches!(planned.records[0].action, Action::Update(_)));
        match mode {
            WriteMode::UpdateOnly => {
                assert!(matches!(&record.fate, Fate::Failed(p) if p.kind == ProblemKind::ChangedSincePlan));
                assert_eq!(text(&job, id, "lastname"), None);
            }
            _ => {
                assert_eq!((record.fate.clone(), warned(&record).len()), (Fate::Created, 1));
                assert_eq!(text(&job, id, "lastname").as_deref(), Some("Package"));
            }
        }
    }
}

#[test]
fn a_row_that_came_is_updated_unless_rows_are_only_created() {
    for mode in [WriteMode::CreateAndUpdate, WriteMode::CreateOnly] {
        let Some((mut job, id)) = job() else { return };
        job.engines.options.tables.entry(TABLE.into()).or_default().mode = Some(mode);
        somebody_sends(job.way(), Operation::Delete { set: SET.into(), id });
        let body = Row::from_iter([("lastname".to_owned(), json!("Else"))]);
        let key = "contactid".into();
        let create = Operation::Create { set: SET.into(), key, id, body, bypass_steps: Vec::new() };
        let (_, plan, record, _) = run_after(&mut job, |job| somebody_sends(job.way(), create));
        let planned = plan.tables.iter().find(|t| t.table == TABLE).unwrap();
        assert_eq!(planned.records[0].action, Action::Create);
        match mode {
            WriteMode::CreateOnly => {
                assert!(matches!(&record.fate, Fate::Failed(p) if p.kind == ProblemKind::ChangedSincePlan));
                assert_eq!(text(&job, id, "lastname").as_deref(), Some("Else"));
            }
            _ => {
                assert!(matches!(&record.fate, Fate::Updated(_)), "{:?}", record.fate);
                assert_eq!(warned(&record).len(), 1);
                assert_eq!(text(&job, id, "lastname").as_deref(), Some("Package"));
            }
        }
    }
}

/// Changes a row right before each of the first requests leaves.
struct Meddler {
    way: UnderWeather,
    id: Uuid,
    times: usize,
}

impl JournalStore for Meddler {
    fn append(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        if self.times > 0 && bytes.starts_with(br#"{"Intents""#) {
            self.times -= 1;
            somebody_sends(&self.way, change(self.id, "lastname", json!(format!("Else {}", self.times))));
        }
        Ok(())
    }
}

#[test]
fn a_row_that_changes_between_reading_and_writing_is_read_again_before_it_is_written() {
    for (times, written) in [(1, true), (3, true), (9, false)] {
        let Some((mut job, id)) = job() else { return };
        let (tables, plan) = job.plan().unwrap();
        let mut meddler = Meddler { way: job.way().clone(), id, times };
        let report = job.engines.import_after(&job.loaded, &tables, &plan, &[], &mut meddler).unwrap();
        let record = report.tables.iter().find(|t| t.table == TABLE).unwrap().records[0].clone();
        assert_eq!(text(&job, id, "lastname").as_deref() == Some("Package"), written, "{times}");
        assert_eq!(matches!(record.fate, Fate::Updated(_)), written, "{times}: {:?}", record.fate);
        assert_eq!(warned(&record).len(), 1, "{times}: {:?}", record.warnings);
    }
}
