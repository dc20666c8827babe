//! The model through commands and events.

use super::sign_in::Happened;
use super::*;
use browser::protocol::{
    ExportCheck, ExportSummary, PackagePlace, PackageSummary, PlanSummary, ReadyMadeSchemas, ReportSummary,
    RowsOf, SchemaSource,
};
use migration::{
    Check, ExportOptions, ExportReport, Pass, Place, ProblemKind, RowCount, Survey, SurveyedTable,
};

fn package() -> Event {
    Event::PackageOpened(PackageSummary {
        name: "portal.zip".into(),
        bytes: 1,
        timestamp: None,
        tables: Vec::new(),
        records: 0,
        links: 0,
        is_undo: false,
        findings: Vec::new(),
    })
}

fn problem() -> Problem {
    let (what, remedy) = ("No answer came.".into(), "Try again.".into());
    Problem { kind: ProblemKind::Network, place: Place::default(), what, remedy }
}

fn connect(end: End) -> Command {
    Command::Connect { end, address: Address::Demo { name: "Contoso Test".into() } }
}

/// A model through the given commands and answers.
fn after(steps: impl IntoIterator<Item = (Command, Event)>) -> Model {
    let mut model = Model::default();
    for (command, event) in steps {
        model.asked(&command, 0.0);
        model.told(event, 0.0);
    }
    model
}

fn plan() -> Command {
    Command::Plan { options: Box::default() }
}

fn planned() -> Model {
    after([
        (Command::OpenPackage, package()),
        (Command::CheckImport, Event::Checked(Check::default())),
        (plan(), Event::Planned(PlanSummary::default())),
    ])
}

#[test]
fn another_target_makes_check_and_plan_void_but_keeps_the_package() {
    let mut model = planned();
    model.asked(&connect(End::Target), 0.0);
    assert!(model.import.package.got().is_some());
    assert_eq!((&model.import.check, &model.import.plan), (&Answer::NotAsked, &Answer::NotAsked));
}

#[test]
fn another_source_leaves_the_import_alone() {
    let mut model = planned();
    model.asked(&connect(End::Source), 0.0);
    assert!(model.import.plan.got().is_some());
}

#[test]
fn a_check_belongs_to_the_job_that_asked_for_it() {
    let model = after([(Command::CheckExport, Event::ExportChecked(Box::new(export_check())))]);
    assert!(model.export.check.got().is_some());
    assert_eq!(model.import.check, Answer::NotAsked);
}

#[test]
fn a_new_plan_makes_the_old_report_void() {
    let mut model = planned();
    model.asked(&Command::Run, 0.0);
    model.told(Event::Imported(ReportSummary::default()), 0.0);
    assert!(model.import.report.got().is_some());
    model.asked(&plan(), 0.0);
    assert_eq!(model.import.report, Answer::NotAsked);
}

#[test]
fn one_command_at_a_time_is_under_way() {
    let mut model = Model::default();
    let cases = [
        (connect(End::Source), Stage::Connect(End::Source)),
        (Command::OpenSchema(SchemaSource::File), Stage::OpenSchema),
        (Command::CheckExport, Stage::CheckExport),
        (Command::Survey { options: ExportOptions::default() }, Stage::Survey),
        (Command::Export { place: PackagePlace::InBrowser }, Stage::Export),
        (Command::OpenPackage, Stage::OpenPackage),
        (Command::CheckImport, Stage::CheckImport),
        (plan(), Stage::Plan),
        (Command::Run, Stage::Run),
    ];
    for (command, stage) in cases {
        model.asked(&command, 0.0);
        assert_eq!(model.busy(), Some(stage));
        model.told(Event::Failed { during: stage, problem: problem() }, 0.0);
        assert_eq!(model.busy(), None, "a failed command no longer keeps the others waiting");
    }
}

#[test]
fn progress_reaches_the_run_that_is_under_way() {
    let step =
        || Event::Progress(vec![migration::Event::PassStarted { pass: Pass::Compare, totals: Vec::new() }]);
    let mut model = Model::default();
    model.asked(&plan(), 0.0);
    model.told(step(), 0.0);
    model.told(Event::Planned(PlanSummary::default()), 0.0);
    model.asked(&Command::Run, 0.0);
    model.told(step(), 0.0);
    model.told(step(), 0.0);
    assert_eq!((model.import.comparing.passes.len(), model.import.writing.passes.len()), (1, 2));
}

#[test]
fn stop_marks_only_the_run_under_way() {
    let mut model = planned();
    model.asked(&Command::Run, 0.0);
    model.asked(&Command::Stop, 0.0);
    assert!(model.import.writing.stopping);
    assert!(!model.export.progress.stopping && !model.import.comparing.stopping);
}

#[test]
fn who_gave_up_is_not_asked_again_in_the_same_run_and_is_in_the_next() {
    let can_wait = |model: &Model, end| model.can_wait(Asker::End(end), &Denied::TokenEnded);
    let mut model = planned();
    model.asked(&Command::Run, 0.0);
    model.sign_in.happened(Happened::GivenUp(Asker::End(End::Target)));
    assert!(!can_wait(&model, End::Target), "a request that was on its way is denied a moment later");
    assert!(can_wait(&model, End::Source));
    model.told(Event::Failed { during: Stage::Run, problem: problem() }, 0.0);
    model.asked(&plan(), 0.0);
    assert!(can_wait(&model, End::Target));
}

#[test]
fn a_run_waits_for_a_person_until_it_is_told_to_stop_and_the_next_one_does_again() {
    let can_wait = |model: &Model| model.can_wait(Asker::End(End::Target), &Denied::TokenEnded);
    let mut model = planned();
    assert!(!can_wait(&model), "nothing runs");
    model.asked(&Command::Run, 0.0);
    assert!(can_wait(&model));
    model.asked(&Command::Stop, 0.0);
    assert!(!can_wait(&model));
    model.told(Event::Failed { during: Stage::Run, problem: problem() }, 0.0);
    model.asked(&plan(), 0.0);
    assert!(can_wait(&model));
}

#[test]
fn rows_of_an_old_plan_are_gone_with_it() {
    let mut model = planned();
    model.import.rows_mut(RowsOf::Plan).filter.search = "home".into();
    model.asked(&plan(), 0.0);
    model.told(Event::Planned(PlanSummary::default()), 0.0);
    assert_eq!(model.import.rows(RowsOf::Plan), &RowsView::default());
}

#[test]
fn a_file_that_cannot_be_saved_is_told_and_a_new_try_clears_it() {
    let mut model = Model::default();
    model.told(Event::Failed { during: Stage::Save, problem: problem() }, 0.0);
    assert_eq!(model.notice, Some(problem()));
    model.asked(&Command::Save(browser::protocol::Artifact::Package), 0.0);
    assert_eq!(model.notice, None);
}

#[test]
fn a_lost_engine_ends_what_was_under_way_and_lets_nothing_follow() {
    let mut model = planned();
    model.asked(&Command::Run, 0.0);
    model.told(Event::Lost(problem()), 0.0);
    assert_eq!(model.import.report, Answer::Refused(problem()));
    assert!(!model.is_free());
}

fn export_check() -> ExportCheck {
    ExportCheck {
        check: Check::default(),
        websites: Vec::new(),
        options: ExportOptions { website: Some(uuid::Uuid::nil()) },
        survey: Survey::default(),
        file_name: "a.zip".into(),
    }
}

#[test]
fn a_large_package_is_to_grow_where_it_stays_unless_the_user_says_otherwise() {
    let mut model = after([(Command::CheckExport, Event::ExportChecked(Box::new(export_check())))]);
    assert_eq!(model.export.options.website, Some(uuid::Uuid::nil()), "what is proposed holds");
    assert!(!model.export.picks_place());
    let large = SurveyedTable {
        table: "account".into(),
        display_name: "Account".into(),
        rows: RowCount::AtLeast(50_000),
        strays: None,
        of_no_website: false,
        file_bytes: 0,
        refused: None,
    };
    model.asked(&Command::Survey { options: ExportOptions::default() }, 0.0);
    model.told(Event::Surveyed(Survey { tables: vec![large] }), 0.0);
    assert!(model.export.picks_place());
    model.export.pick_place = Some(false);
    assert!(!model.export.picks_place());
}

#[test]
fn another_schema_makes_the_old_export_void() {
    let exported = ExportSummary {
        file_name: "a.zip".into(),
        bytes: 1,
        saved: false,
        seconds: 1,
        requests: 1,
        report: ExportReport::default(),
    };
    let export = Command::Export { place: PackagePlace::InBrowser };
    let mut model = after([(export, Event::Exported(exported))]);
    model.asked(&Command::OpenSchema(SchemaSource::File), 0.0);
    assert_eq!(model.export.result, Answer::NotAsked);
}

fn schemas_listed(proposed: Option<&str>) -> Event {
    let catalogue = include_bytes!("../../../schemas/catalogue.json");
    let schemas = migration::ReadyMadeSchema::catalogue(catalogue).unwrap();
    let proposal = migration::SchemaProposal { schema: proposed.map(str::to_owned), ..Default::default() };
    Event::SchemasListed(Box::new(ReadyMadeSchemas { schemas, proposal }))
}

#[test]
fn the_proposed_schema_is_looked_at_until_the_user_looks_at_another() {
    let looked_at = |model: &Model| model.export.ready_made_schema().map(|schema| schema.id.clone());
    let mut model = after([(Command::ListSchemas, schemas_listed(Some("community")))]);
    assert_eq!(looked_at(&model).as_deref(), Some("community"));
    model.export.looked_at = Some("partner".to_owned());
    assert_eq!(looked_at(&model).as_deref(), Some("partner"));
    let none = after([(Command::ListSchemas, schemas_listed(None))]);
    assert_eq!(looked_at(&none), None, "nobody chose, and nothing fits");
}

#[test]
fn another_source_is_asked_anew_which_schema_fits_it() {
    let mut model = after([(Command::ListSchemas, schemas_listed(Some("community")))]);
    model.export.looked_at = Some("partner".to_owned());
    model.asked(&connect(End::Source), 0.0);
    assert_eq!((&model.export.ready_made, &model.export.looked_at), (&Answer::NotAsked, &None));
}
