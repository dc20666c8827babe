//! Problems are told once, in words, and their fixes mend them.

use super::{PORTAL, documents};
use crate::proof::testing::sample_schema;
use crate::schema::editing::*;
use crate::{Schema, Severity};

/// What is the same problem before and after an edit.
fn is_same(one: &SchemaProblem, other: &SchemaProblem) -> bool {
    (&one.kind, &one.table, &one.column) == (&other.kind, &other.table, &other.column)
}

/// Each fix removes its problem, and the schema reads on.
fn check_fixes(name: &str, document: &SchemaDocument) -> usize {
    let problems = document.problems();
    for (number, problem) in problems.iter().enumerate() {
        assert!(problem.what.ends_with('.') && problem.consequence.ends_with('.'), "{problem:?}");
        let told = problems[..number].iter().any(|other| is_same(other, problem));
        assert!(!told, "{name}: told twice: {problem:?}");
        let Some(fix) = &problem.fix else { continue };
        let fixed = document.apply(fix).unwrap_or_else(|error| panic!("{name}: {fix}: {error}"));
        let left = fixed.problems();
        assert!(!left.iter().any(|other| is_same(other, problem)), "{name}: {fix} leaves {}", problem.what);
        let errors = |all: &[SchemaProblem]| all.iter().filter(|one| one.severity == Severity::Error).count();
        assert!(errors(&left) <= errors(&problems), "{name}: {fix} breaks something");
    }
    problems.iter().filter(|problem| problem.fix.is_some()).count()
}

#[test]
fn every_fix_that_is_offered_for_a_real_schema_removes_its_problem() {
    let mended: usize = documents().iter().map(|(name, document)| check_fixes(name, document)).sum();
    assert!(mended > 0);
}

#[test]
fn all_fixes_one_after_the_other_leave_nothing_to_mend() {
    for (name, mut document) in documents() {
        let mut steps = document.problems().len();
        while let Some(fix) = document.problems().into_iter().find_map(|problem| problem.fix) {
            document = document.apply(&fix).unwrap_or_else(|error| panic!("{name}: {fix}: {error}"));
            steps = steps.checked_sub(1).unwrap_or_else(|| panic!("{name}: {fix} makes new problems"));
        }
    }
}

#[test]
fn the_ready_made_portal_schema_has_nothing_worse_than_notes() {
    let document = SchemaDocument::open(PORTAL.to_vec()).unwrap();
    assert_eq!(document.findings(), []);
    let problems = document.problems();
    assert!(problems.iter().all(|problem| problem.severity == Severity::Note), "{problems:?}");
}

/// Each row: what is changed in the sample, the one problem that is new, and whether a fix is offered.
#[test]
fn every_problem_is_told_with_its_place() {
    let sample = sample_schema();
    let known = SchemaDocument::open(sample.clone().into_bytes()).unwrap().problems();
    let entity = &sample[sample.find("  <entity ").unwrap()..sample.find("</entities>").unwrap()];
    let subject = "<field displayname=\"Subject\" name=\"subject\" type=\"string\" />";
    let order = |names: &str| format!("<entityImportOrder>{names}</entityImportOrder></entities>");
    let filter = |filter: &str| format!("<filter>{}</filter></entity>", quick_xml::escape::escape(filter));
    let cases: Vec<(&str, String, ProblemKind, bool)> = vec![
        ("<entities >", "<entities dateMode=\"Relative\">".into(), ProblemKind::UnknownDateMode, true),
        (subject, subject.replace("/>", "dateMode=\"Daily\" />"), ProblemKind::UnknownDateMode, true),
        (subject, subject.replace("/>", "dateMode=\"absolute\" />"), ProblemKind::DateModeWithoutDates, true),
        (subject, format!("{subject}{subject}"), ProblemKind::RepeatedColumn, true),
        (subject, String::new(), ProblemKind::NoNameColumn, true),
        (subject, subject.replace("string", "hologram"), ProblemKind::NeverMoved, true),
        (" primaryidfield=\"activityid\"", String::new(), ProblemKind::UnnamedIdColumn, true),
        ("primaryidfield=\"activityid\"", "primaryidfield=\"otherid\"".into(), ProblemKind::NoIdColumn, true),
        ("updateCompare=\"true\" ", String::new(), ProblemKind::NoUniqueness, true),
        (" lookupType=\"account|contact\"", String::new(), ProblemKind::NoLookupTarget, false),
        (
            "disableplugins=\"false\"",
            "disableplugins=\"false\" skipupdate=\"true\" forcecreate=\"true\"".into(),
            ProblemKind::ForceCreateAndSkipUpdate,
            true,
        ),
        ("</entity>", filter("<fetch><entity name=\"appointment\">"), ProblemKind::BrokenFilter, false),
        ("</entity>", filter("select *"), ProblemKind::BrokenFilter, false),
        ("</entity>", filter("<fetch a=1 />"), ProblemKind::BrokenFilter, false),
        ("</entity>", filter(" "), ProblemKind::EmptyFilter, true),
        ("</entity>", filter("<filter type='and' />"), ProblemKind::PartialFilter, true),
        (
            "</entity>",
            filter("<fetch><entity name=\"account\"><filter /></entity></fetch>"),
            ProblemKind::FilterOfOtherTable { entity: "account".into() },
            false,
        ),
        (
            "</entities>",
            order("<entityName>none</entityName><entityName>appointment</entityName>"),
            ProblemKind::OrderOfOthers { names: vec!["none".into()] },
            true,
        ),
    ];
    for (original, replacement, kind, has_fix) in cases {
        let text = sample.replacen(original, &replacement, 1);
        let document = SchemaDocument::open(text.into_bytes()).unwrap();
        let problems = document.problems();
        let new: Vec<_> =
            problems.iter().filter(|one| !known.iter().any(|other| is_same(one, other))).collect();
        assert!(new.iter().any(|one| one.kind == kind && one.fix.is_some() == has_fix), "{kind:?}: {new:?}");
        assert_eq!(document.findings(), [], "what is a problem is no finding: {kind:?}");
        check_fixes(original, &document);
    }
    let twice = sample.replace("</entities>", &format!("{entity}</entities>"));
    let document = SchemaDocument::open(twice.into_bytes()).unwrap();
    let repeated =
        document.problems().into_iter().find(|one| one.kind == ProblemKind::RepeatedTable).unwrap();
    assert_eq!(repeated.table, Some(Listing { name: "appointment".into(), number: 1 }));
    assert_eq!(document.apply(&repeated.fix.unwrap()).unwrap().schema().tables.len(), 1);
}

#[test]
fn an_import_order_is_completed_and_turned_to_follow_the_lookups() {
    let mut schema = Schema::parse(PORTAL).unwrap().0;
    let order: Vec<String> = order_by_dependencies(&schema);
    schema.import_order = order.iter().rev().skip(1).cloned().collect();
    let document = SchemaDocument::of(&schema).unwrap();
    check_fixes("portal", &document);
    let problems = document.problems();
    let of_order: Vec<_> = problems.iter().filter(|problem| problem.table.is_none()).collect();
    let [incomplete, against] = of_order.as_slice() else { panic!("{of_order:?}") };
    assert_eq!(
        incomplete.kind,
        ProblemKind::OrderIncomplete { tables: order.last().cloned().into_iter().collect() }
    );
    assert!(matches!(&against.kind, ProblemKind::OrderAgainstLookups { pairs } if !pairs.is_empty()));
    let turned = document.apply(against.fix.as_ref().unwrap()).unwrap();
    assert_eq!(turned.schema().import_order, order);
}
