//! What is not edited keeps its bytes, and new lines look like the others.

use super::{column, documents, hands, relationship, schemas, table};
use crate::proof::testing::sample_schema;
use crate::schema::editing::*;
use crate::{DateMode, Schema, Table};

/// The lines that only one of two texts has.
fn changed_lines<'t>(before: &'t str, after: &'t str) -> (Vec<&'t str>, Vec<&'t str>) {
    let (before, after): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let start = before.iter().zip(&after).take_while(|(one, other)| one == other).count();
    let ends = before[start..].iter().rev().zip(after[start..].iter().rev());
    let end = ends.take_while(|(one, other)| one == other).count();
    (before[start..before.len() - end].to_vec(), after[start..after.len() - end].to_vec())
}

fn listing(document: &SchemaDocument, at: usize) -> Listing {
    let tables = &document.schema().tables;
    let number = tables[..at].iter().filter(|table| table.name == tables[at].name).count();
    Listing { name: tables[at].name.clone(), number }
}

#[test]
fn every_real_schema_opens_and_is_saved_byte_by_byte() {
    for (name, xml) in schemas() {
        let document = SchemaDocument::open(xml.clone()).unwrap();
        assert!(document.bytes() == xml, "{name}");
        assert_eq!(document.schema(), &Schema::parse(&xml).unwrap().0, "{name}");
        assert!(compare(document.schema(), document.schema()).is_empty(), "{name}");
    }
}

#[test]
fn a_column_more_is_one_line_more_and_a_column_less_gives_the_bytes_back() {
    for (name, document) in documents() {
        for (listing, known) in
            document.schema().tables.iter().enumerate().map(|(at, known)| (listing(&document, at), known))
        {
            let columns = vec![column("new_one")];
            let added = document.apply(&Edit::AddColumns { table: listing.clone(), columns }).unwrap();
            let (gone, new) = changed_lines(document.text(), added.text());
            assert_eq!((gone.len(), new.len()), (0, 1), "{name}: {}: {new:?}", known.name);
            let columns = vec!["new_one".into()];
            let removed = added.apply(&Edit::RemoveColumns { table: listing, columns }).unwrap();
            assert_eq!(removed, document, "{name}: {}", known.name);
        }
    }
}

#[test]
fn tables_filters_relationships_and_attributes_added_and_taken_back_leave_the_bytes() {
    for (name, document) in documents() {
        let there_and_back = |edits: [Edit; 2]| {
            let edited = document.apply(&edits[0]).unwrap();
            assert_ne!(edited, document, "{name}: {}", edits[0]);
            assert_eq!(edited.apply(&edits[1]).unwrap().text(), document.text(), "{name}: {}", edits[0]);
        };
        there_and_back([Edit::AddTable(table("new_table")), Edit::RemoveTable("new_table".into())]);
        if document.schema().date_mode.is_none() {
            there_and_back([Edit::SetDateMode(Some(DateMode::Relative)), Edit::SetDateMode(None)]);
        }
        let order = order_by_dependencies(document.schema());
        there_and_back([Edit::SetImportOrder(order), Edit::SetImportOrder(Vec::new())]);
        for at in 0..document.schema().tables.len() {
            let (known, table) = (&document.schema().tables[at], listing(&document, at));
            if known.filter.is_none() {
                let filter = |filter| Edit::SetFilter { table: table.clone(), filter };
                there_and_back([filter(Some("<fetch>\n</fetch>".into())), filter(None)]);
            }
            // Where the only empty list is filled, there is none to show that they are spelled.
            let mut others = document.schema().tables.iter().enumerate().filter(|(other, _)| *other != at);
            let spelled =
                |table: &Table| table.relationships.is_empty() && !table.spelling.leaves_out_relationships;
            if spelled(known) && others.any(|(_, table)| spelled(table)) {
                let relationship = relationship("new_link");
                there_and_back([
                    Edit::AddRelationship { table: table.clone(), relationship },
                    Edit::RemoveRelationship { table: table.clone(), relationship: "new_link".into() },
                ]);
            }
            if !known.force_create {
                let set =
                    |set| Edit::SetTable { table: table.clone(), setting: TableSetting::ForceCreate(set) };
                there_and_back([set(true), set(false)]);
            }
        }
    }
}

#[test]
fn new_lines_look_like_their_neighbours() {
    let text = sample_schema();
    let edit = Edit::Several(vec![
        Edit::AddColumns { table: "appointment".into(), columns: vec![column("new_one")] },
        Edit::AddTable(table("new_table")),
        Edit::SetImportOrder(vec!["appointment".into(), "new_table".into()]),
    ]);
    for (hand, text) in hands(&text) {
        let edited = SchemaDocument::open(text.into_bytes()).unwrap().apply(&edit).unwrap();
        let new = edited.text();
        let crlf = new.matches("\r\n").count();
        match hand {
            "lf" => assert_eq!(crlf, 0),
            "tabs" => assert!(!new.contains("\n  <") && new.contains("\r\n\t\t\t<field"), "{new}"),
            "one line" => assert!(!new.contains('\r') && !new.contains(">\n<"), "{new}"),
            "declared in one line" => assert!(!new.trim_end().contains(">\n"), "{new}"),
            "short ends" => assert!(!new.contains(" />"), "{new}"),
            // The filter has its own.
            "single quotes" => assert_eq!(new.matches('"').count(), 2, "{new}"),
            _ => assert_eq!(crlf, new.matches('\n').count()),
        }
    }
}
