//! Which row a record is: by its id, by the columns that the schema calls unique, by its name where the user asks for it;
//! and what happens where several rows would do, or none may be told.

#![cfg(test)]

use dataverse_emulator::{Builder, Environment, Records};
use migration::{
    Action, Fate, MappedRow, MatchRule, Plan, ProblemKind, RecordPlan, RowRef, TableOptions, WriteMode,
};
use scenarios::job::Job;
use scenarios::small_package::zip_of;
use uuid::Uuid;

/// Items in groups. Where the test says so, a group is told by its name and an item by its code in its group.
fn schema(unique: bool) -> String {
    let unique = if unique { r#" updateCompare="true""# } else { "" };
    format!(
        r#"<entities>
<entity name="contoso_group" displayname="Group" primaryidfield="contoso_groupid" primarynamefield="contoso_name"><fields>
 <field displayname="Group" name="contoso_groupid" type="guid" primaryKey="true" />
 <field displayname="Name" name="contoso_name" type="string"{unique} />
</fields></entity>
<entity name="contoso_item" displayname="Item" primaryidfield="contoso_itemid" primarynamefield="contoso_name"><fields>
 <field displayname="Item" name="contoso_itemid" type="guid" primaryKey="true" />
 <field displayname="Name" name="contoso_name" type="string" />
 <field displayname="Code" name="contoso_code" type="string"{unique} />
 <field displayname="Group" name="contoso_groupid" type="entityreference" lookupType="contoso_group"{unique} />
</fields></entity>
</entities>"#
    )
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn group(number: u128, name: &str) -> String {
    let id = id(number);
    format!(
        r#"<record id="{id}"><field name="contoso_groupid" value="{id}" /><field name="contoso_name" value="{name}" /></record>"#
    )
}

fn item(number: u128, name: &str, code: &str, group: u128) -> String {
    let (id, group) = (id(number), id(group));
    format!(
        r#"<record id="{id}"><field name="contoso_itemid" value="{id}" /><field name="contoso_name" value="{name}" />
           <field name="contoso_code" value="{code}" />
           <field name="contoso_groupid" value="{group}" lookupentity="contoso_group" lookupentityname="x" /></record>"#
    )
}

/// `data.xml` of groups and items.
fn data(groups: &[String], items: &[String]) -> String {
    let table = |name: &str, records: &[String]| {
        let records = records.concat();
        format!(
            r#"<entity name="{name}" displayname="{name}"><records>{records}</records><m2mrelationships /></entity>"#
        )
    };
    format!(
        r#"<entities timestamp="2026-11-22T12:00:00.0000000Z">{}{}</entities>"#,
        table("contoso_group", groups),
        table("contoso_item", items)
    )
}

/// An environment with the tables and these rows.
fn target(zip: &[u8], rows: &str) -> Builder {
    Environment::builder("Target").package(zip, Records::Leave).data_xml(rows.as_bytes())
}

fn job(unique: bool, package: &str, rows: &str) -> Job {
    let zip = zip_of(&schema(unique), package, &[]);
    Job::into_environment(&zip, target(&zip, rows).build().unwrap()).unwrap()
}

fn planned<'a>(plan: &'a Plan, table: &str, number: u128) -> &'a RecordPlan {
    let table = plan.tables.iter().find(|t| t.table == table).unwrap();
    table.records.iter().find(|record| record.id == id(number)).unwrap()
}

fn blocked(record: &RecordPlan) -> &migration::Problem {
    let Action::Blocked(problem) = &record.action else { panic!("not blocked: {record:?}") };
    problem
}

#[test]
fn a_key_may_be_a_lookup_that_is_resolved_first() {
    let rows = data(
        &[group(101, "Tools"), group(102, "Toys")],
        &[item(201, "Hammer", "A", 101), item(202, "Doll", "A", 102)],
    );
    let mut job = job(true, &data(&[group(1, "tools")], &[item(2, "Big hammer", "a", 1)]), &rows);
    let imported = job.import().unwrap();
    let found = planned(&imported.plan, "contoso_group", 1);
    assert_eq!(
        (found.target_id, &found.matched_by),
        (id(101), &MatchRule::Keys(vec!["contoso_name".into()]))
    );
    let found = planned(&imported.plan, "contoso_item", 2);
    let keys = MatchRule::Keys(vec!["contoso_code".into(), "contoso_groupid".into()]);
    assert_eq!((found.target_id, &found.matched_by), (id(201), &keys));
    assert_eq!(imported.report.counts().updated, 2);
    assert_eq!(job.false_claims(&imported.report), []);
    assert_eq!(job.way().environment().count("contoso_item"), 2);
    let second = job.plan().unwrap().1;
    assert_eq!(second.counts().writes(), 0, "{:?}", second.tables);
}

#[test]
fn the_id_tells_before_the_unique_columns_do() {
    let rows = data(&[group(1, "Old"), group(101, "Tools")], &[]);
    let mut job = job(true, &data(&[group(1, "Tools")], &[]), &rows);
    let (_, plan) = job.plan().unwrap();
    let found = planned(&plan, "contoso_group", 1);
    assert_eq!((found.target_id, &found.matched_by), (id(1), &MatchRule::Id));
}

#[test]
fn where_several_rows_would_do_the_record_is_blocked_and_they_are_named() {
    let rows = data(&[group(101, "Tools"), group(102, "TOOLS")], &[]);
    let mut job = job(true, &data(&[group(1, "Tools")], &[item(2, "Hammer", "A", 1)]), &rows);
    let imported = job.import().unwrap();
    let problem = blocked(planned(&imported.plan, "contoso_group", 1));
    assert_eq!(problem.kind, ProblemKind::Ambiguous);
    for row in [format!("Tools ({})", id(101)), format!("TOOLS ({})", id(102))] {
        assert!(problem.what.contains(&row), "{problem}");
    }
    let item = blocked(planned(&imported.plan, "contoso_item", 2));
    assert!(item.what.contains(&id(1).to_string()), "its key hangs on the group: {item}");
    assert_eq!((imported.report.counts().failed, imported.report.counts().writes()), (2, 0));
}

#[test]
fn the_user_says_in_the_mapping_which_of_several_rows_it_is() {
    let rows = data(&[group(101, "Tools"), group(102, "TOOLS")], &[]);
    let mut job = job(true, &data(&[group(1, "Tools")], &[item(2, "Hammer", "A", 1)]), &rows);
    let source = RowRef { table: "contoso_group".into(), id: id(1) };
    job.engines.options.mapping.decide(MappedRow { source, name: "Tools".into(), target: Some(id(102)) });
    let imported = job.import().unwrap();
    assert_eq!(planned(&imported.plan, "contoso_group", 1).matched_by, MatchRule::Mapped);
    assert_eq!((imported.report.counts().created, imported.report.counts().updated), (1, 1));
    assert_eq!(job.false_claims(&imported.report), []);
    assert_eq!(job.plan().unwrap().1.counts().writes(), 0);
}

#[test]
fn a_mapping_to_a_row_that_is_not_there_blocks_the_record() {
    let mut job = job(true, &data(&[group(1, "Tools")], &[]), &data(&[], &[]));
    let source = RowRef { table: "contoso_group".into(), id: id(1) };
    job.engines.options.mapping.decide(MappedRow { source, name: "Tools".into(), target: Some(id(9)) });
    let (_, plan) = job.plan().unwrap();
    assert!(blocked(planned(&plan, "contoso_group", 1)).what.contains(&id(9).to_string()));
}

#[test]
fn names_tell_nothing_before_the_user_asks_for_it_and_the_plan_counts_what_they_would() {
    let rows = data(&[group(101, "Tools"), group(102, "Toys")], &[]);
    let package = data(&[group(1, "Tools"), group(2, "Books")], &[]);
    let mut job = job(false, &package, &rows);
    let (_, plan) = job.plan().unwrap();
    assert_eq!((plan.counts().created, plan.tables.iter().map(|t| t.same_names).sum::<u64>()), (2, 1));
    job.engines.options.match_by_name = true;
    let (_, plan) = job.plan().unwrap();
    assert_eq!((plan.counts().created, plan.counts().unchanged), (1, 1));
    let found = planned(&plan, "contoso_group", 1);
    assert_eq!((found.target_id, &found.matched_by), (id(101), &MatchRule::Name));
    assert_eq!(plan.tables.iter().map(|t| t.same_names).sum::<u64>(), 0);
    let not_here = TableOptions { match_by_name: Some(false), ..TableOptions::default() };
    job.engines.options.tables.insert("contoso_group".into(), not_here);
    assert_eq!(job.plan().unwrap().1.counts().created, 2);
}

#[test]
fn the_names_of_thousands_of_new_records_are_not_asked_for_one_by_one() {
    let groups: Vec<String> = (1..=6000).map(|number| group(number, &format!("Group {number}"))).collect();
    let rows = data(&[group(10_001, "GROUP 4711"), group(10_002, "Another")], &[]);
    let mut job = job(false, &data(&groups, &[]), &rows);
    let (_, tables) = job.engines.check(&job.loaded).unwrap();
    let before = job.way().environment().request_count();
    let plan = job.engines.plan(&job.loaded, &tables).unwrap();
    let asked = job.way().environment().request_count() - before;
    assert_eq!((plan.counts().created, plan.tables[0].same_names), (6000, 1));
    // The ids take three, by a hundred a query and twenty queries a request.
    assert!(asked <= 6, "{asked} requests");
}

#[test]
fn rows_of_the_same_run_are_never_taken_for_each_other() {
    let mut job = job(false, &data(&[group(1, "Tools"), group(2, "Tools")], &[]), &data(&[], &[]));
    job.engines.options.match_by_name = true;
    let imported = job.import().unwrap();
    assert_eq!(imported.report.counts().created, 2);
    assert_eq!(job.way().environment().count("contoso_group"), 2);
    assert_eq!(job.plan().unwrap().1.counts().unchanged, 2, "now each is found by its id");
}

#[test]
fn two_records_that_are_the_same_row_are_one_finding_and_what_points_to_either_points_to_it() {
    let package = data(&[group(1, "Tools"), group(2, "TOOLS")], &[item(3, "Hammer", "A", 2)]);
    for rows in [data(&[], &[]), data(&[group(101, "tools")], &[])] {
        let mut job = job(true, &package, &rows);
        let imported = job.import().unwrap();
        let second = blocked(planned(&imported.plan, "contoso_group", 2));
        assert_eq!(second.kind, ProblemKind::Duplicate);
        assert!(second.what.contains(&id(1).to_string()) && second.what.contains("contoso_name"), "{second}");
        let first = planned(&imported.plan, "contoso_group", 1).target_id;
        assert_eq!(imported.report.counts().failed, 1);
        let environment = job.way().environment();
        assert_eq!(environment.count("contoso_group"), 1);
        let item = environment.row("contoso_item", id(3)).unwrap();
        assert_eq!(item.cell("contoso_groupid").and_then(lookup_id), Some(first));
    }
}

fn lookup_id(cell: &dataverse_emulator::Cell) -> Option<Uuid> {
    match cell {
        dataverse_emulator::Cell::Lookup { id, .. } => Some(*id),
        _ => None,
    }
}

#[test]
fn a_question_that_is_refused_is_never_taken_for_not_there() {
    let package = data(&[group(1, "Tools")], &[item(2, "Hammer", "A", 1)]);
    let zip = zip_of(&schema(true), &package, &[]);
    let target = target(&zip, &data(&[group(101, "Tools")], &[]));
    let target = target.without_privilege("prvReadcontoso_group").build().unwrap();
    let mut job = Job::into_environment(&zip, target).unwrap();
    let imported = job.import().unwrap();
    assert_eq!(blocked(planned(&imported.plan, "contoso_group", 1)).kind, ProblemKind::Privilege);
    assert_eq!(imported.report.counts().writes(), 0, "nor is what hangs on it written");
    assert_eq!(job.way().environment().count("contoso_group"), 1);
}

#[test]
fn a_table_may_be_added_to_only_updated_only_or_left_out() {
    let rows = data(&[group(1, "Old")], &[]);
    let package = data(&[group(1, "Tools"), group(2, "Toys")], &[]);
    let cases = [
        (WriteMode::CreateAndUpdate, [true, true]),
        (WriteMode::CreateOnly, [false, true]),
        (WriteMode::UpdateOnly, [true, false]),
        (WriteMode::LeaveOut, [false, false]),
    ];
    for (mode, written) in cases {
        let mut job = job(false, &package, &rows);
        let chosen = TableOptions { mode: Some(mode), ..TableOptions::default() };
        job.engines.options.tables.insert("contoso_group".into(), chosen);
        let imported = job.import().unwrap();
        assert_eq!(imported.plan.tables[0].mode, mode);
        for (number, written) in [1, 2].into_iter().zip(written) {
            let record = planned(&imported.plan, "contoso_group", number);
            match &record.action {
                Action::Skip(reason) => assert!(!written && !reason.what.is_empty(), "{mode:?} {reason}"),
                other => assert!(written, "{mode:?} {other:?}"),
            }
        }
        let counts = imported.report.counts();
        assert_eq!((counts.writes() as usize, counts.total()), (written.iter().filter(|w| **w).count(), 2));
    }
}

#[test]
fn a_record_that_is_taken_out_of_the_plan_is_skipped_and_what_points_to_it_says_so() {
    let mut job = job(false, &data(&[group(1, "Tools")], &[item(2, "Hammer", "A", 1)]), &data(&[], &[]));
    job.engines.options.left_out.insert(RowRef { table: "contoso_group".into(), id: id(1) });
    let imported = job.import().unwrap();
    assert!(matches!(planned(&imported.plan, "contoso_group", 1).action, Action::Skip(_)));
    let item = planned(&imported.plan, "contoso_item", 2);
    let warned: Vec<_> = item.warnings.iter().map(|w| (w.kind, w.place.column.as_deref())).collect();
    assert_eq!(warned, [(ProblemKind::LookupTargetMissing, Some("contoso_groupid"))]);
    assert_eq!(imported.report.counts().created, 1);
    assert_eq!(job.way().environment().count("contoso_group"), 0);
}

#[test]
fn a_lookup_to_a_row_that_only_the_target_has_is_kept() {
    let rows = data(&[group(1, "Tools")], &[]);
    let mut job = job(false, &data(&[], &[item(2, "Hammer", "A", 1)]), &rows);
    let imported = job.import().unwrap();
    assert_eq!(planned(&imported.plan, "contoso_item", 2).warnings, []);
    let report = imported.report.tables.iter().flat_map(|table| &table.records);
    assert!(report.into_iter().all(|record| record.fate == Fate::Created));
    let item = job.way().environment().row("contoso_item", id(2)).unwrap().cell("contoso_groupid").cloned();
    assert_eq!(item.as_ref().and_then(lookup_id), Some(id(1)));
}
