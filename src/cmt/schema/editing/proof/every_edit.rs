//! Each edit of each schema reads as it is meant, and is undone.

use super::expected::{expected, meant};
use super::{column, documents, hands, relationship, table};
use crate::proof::testing::sample_schema;
use crate::schema::editing::*;
use crate::{Column, ColumnType, DateMode, Schema, Table};

/// Edits of every kind that this schema allows.
fn edits(schema: &Schema) -> Vec<Edit> {
    let names: Vec<String> = order_by_dependencies(schema);
    let mut edits = vec![
        Edit::SetDateMode(Some(DateMode::RelativeDaily)),
        Edit::SetDateMode(Some(DateMode::Absolute)),
        Edit::SetDateMode(None),
        Edit::AddTable(table("new_table")),
        Edit::AddTable(Table { filter: None, relationships: Vec::new(), ..table("new_plain") }),
        Edit::SetImportOrder(names.clone()),
        Edit::SetImportOrder(names.iter().rev().cloned().collect()),
        Edit::SetImportOrder(names.iter().skip(1).cloned().collect()),
        Edit::SetImportOrder(Vec::new()),
    ];
    for position in [0, schema.tables.len().saturating_sub(1)] {
        let Some(known) = schema.tables.get(position) else { continue };
        let number = schema.tables[..position].iter().filter(|table| table.name == known.name).count();
        edits.extend(edits_of_table(known, &Listing { name: known.name.clone(), number }));
    }
    edits
}

fn edits_of_table(known: &Table, table: &Listing) -> Vec<Edit> {
    let table = || table.clone();
    let set = |setting| Edit::SetTable { table: table(), setting };
    let filter = |filter: Option<&str>| Edit::SetFilter { table: table(), filter: filter.map(str::to_owned) };
    let mut edits = vec![
        Edit::MoveTable { table: table(), to: 0 },
        Edit::MoveTable { table: table(), to: 1 },
        Edit::MoveTable { table: table(), to: usize::MAX },
        set(TableSetting::DisplayName("It's <\"new\">".into())),
        set(TableSetting::TypeCode(Some("7".into()))),
        set(TableSetting::TypeCode(None)),
        set(TableSetting::PrimaryId("otherid".into())),
        set(TableSetting::PrimaryName(String::new())),
        filter(Some("<fetch>\n<entity name=\"a\" /></fetch>")),
        filter(None),
        Edit::AddColumns { table: table(), columns: vec![column("new_one"), column("new_two")] },
        Edit::AddRelationship { table: table(), relationship: relationship("new_link") },
        Edit::RemoveTable(table()),
    ];
    for flag in [true, false] {
        edits.push(set(TableSetting::DisablePlugins(flag)));
        edits.push(set(TableSetting::SkipUpdate(flag)));
        edits.push(set(TableSetting::ForceCreate(flag)));
    }
    if let Some(first) = known.relationships.first() {
        edits.push(Edit::RemoveRelationship { table: table(), relationship: Listing::from(&first.name) });
    }
    for column in [known.columns.first(), known.columns.last()].into_iter().flatten() {
        edits.extend(edits_of_column(&table(), column));
    }
    if known.columns.len() > 2 {
        let columns = known.columns[..2].iter().map(|column| Listing::from(&column.name)).collect();
        edits.push(Edit::RemoveColumns { table: table(), columns });
    }
    edits
}

fn edits_of_column(table: &Listing, column: &Column) -> Vec<Edit> {
    let column = Listing::from(&column.name);
    let mut settings = vec![
        ColumnSetting::DisplayName("It's <\"new\">".into()),
        ColumnSetting::Type(ColumnType::Money),
        ColumnSetting::LookupTargets(vec!["a".into(), "b".into()]),
        ColumnSetting::LookupTargets(Vec::new()),
        ColumnSetting::DateMode(Some(DateMode::Relative)),
        ColumnSetting::DateMode(None),
    ];
    for flag in [true, false] {
        settings.push(ColumnSetting::PrimaryKey(flag));
        settings.push(ColumnSetting::Custom(flag));
        settings.push(ColumnSetting::UpdateCompare(flag));
    }
    let set = |setting| Edit::SetColumn { table: table.clone(), column: column.clone(), setting };
    let mut edits: Vec<Edit> = settings.into_iter().map(set).collect();
    edits.push(Edit::RemoveColumns { table: table.clone(), columns: vec![column.clone()] });
    edits
}

/// Each edit alone: it reads as expected, leaves the lines that it does not concern, and is taken back.
fn check_edits(name: &str, document: &SchemaDocument, edits: &[Edit]) {
    for edit in edits {
        let mut history = History::new(document.clone());
        history.apply(edit).unwrap_or_else(|error| panic!("{name}: {edit}: {error}"));
        let edited = history.document().clone();
        let wanted = expected(document.schema(), edit);
        assert_eq!(meant(edited.schema()), meant(&wanted), "{name}: {edit}");
        let (read, _) = Schema::parse(edited.bytes()).unwrap();
        assert_eq!(&read, edited.schema(), "{name}: {edit}");
        if history.undo() {
            assert_eq!(history.document(), document, "{name}: {edit}");
            assert!(history.redo());
            assert_eq!(history.document(), &edited, "{name}: {edit}");
        } else {
            assert_eq!(meant(&wanted), meant(document.schema()), "{name}: {edit} is no step");
        }
    }
}

#[test]
fn every_edit_of_every_real_schema_reads_as_meant_and_is_undone() {
    for (name, document) in documents() {
        check_edits(&name, &document, &edits(document.schema()));
    }
}

#[test]
fn edits_read_as_meant_whatever_hand_the_file_is_written_in() {
    let few = ["permit-relative-dates.zip", "devops-data-memo-data", "nonprofit-2019.zip", "sample"];
    let samples: Vec<(String, String)> = documents()
        .into_iter()
        .filter(|(name, _)| few.contains(&name.as_str()))
        .map(|(name, document)| (name, document.text().to_owned()))
        .collect();
    assert!([1, few.len()].contains(&samples.len()), "our own alone, or all of them");
    for (name, text) in samples {
        for (hand, text) in hands(&text) {
            let document = SchemaDocument::open(text.clone().into_bytes()).unwrap();
            assert_eq!(document.text(), text);
            check_edits(&format!("{name}, {hand}"), &document, &edits(document.schema()));
        }
    }
}

#[test]
fn what_is_not_known_here_stays() {
    let text = sample_schema()
        .replace("<fields>", "<fields><!-- ours --><unheard of='it' />")
        .replace(" type=\"string\" />", " type=\"string\" mood=\"fine\" /> <!-- the subject -->")
        .replace("</entities>", "  <extra>text</extra>\r\n</entities>\r\n<!-- end -->");
    let document = SchemaDocument::open(text.into_bytes()).unwrap();
    for edit in edits(document.schema()) {
        if matches!(edit, Edit::RemoveTable(_)) {
            continue;
        }
        let edited = document.apply(&edit).unwrap();
        for kept in [
            "<!-- ours --><unheard of='it' />",
            "<!-- the subject -->",
            "<extra>text</extra>",
            "<!-- end -->",
        ] {
            assert!(edited.text().contains(kept), "{edit}: {kept}");
        }
    }
}
