//! A schema that starts empty.

use super::{relationship, table};
use crate::schema::editing::*;
use crate::{DateMode, Table};

#[test]
fn an_empty_schema_grows_into_what_the_tool_writes() {
    let empty = SchemaDocument::empty();
    assert_eq!(empty.text(), "<entities >\r\n</entities>");
    let whole = Table { skip_update: false, force_create: false, ..table("new_table") };
    let edits = [
        Edit::SetDateMode(Some(DateMode::Relative)),
        Edit::AddTable(Table {
            columns: Vec::new(),
            relationships: Vec::new(),
            filter: None,
            ..whole.clone()
        }),
        Edit::AddColumns { table: "new_table".into(), columns: whole.columns.clone() },
        Edit::AddRelationship { table: "new_table".into(), relationship: relationship("new_a_b") },
        Edit::SetFilter { table: "new_table".into(), filter: whole.filter.clone() },
        Edit::SetImportOrder(vec!["new_table".into()]),
    ];
    for start in ["<entities >\r\n</entities>", "<entities ></entities>"] {
        let mut document = SchemaDocument::open(start.into()).unwrap();
        for edit in &edits {
            document = document.apply(edit).unwrap();
        }
        let tools_own = document.schema().to_xml();
        assert_eq!(document.text(), String::from_utf8(tools_own).unwrap());
        assert_eq!(document.schema().tables, std::slice::from_ref(&whole));
    }
}

#[test]
fn a_file_of_the_command_line_tool_keeps_its_line_ends() {
    let document = SchemaDocument::open(b"<entities >\n</entities>".to_vec()).unwrap();
    let edited = document.apply(&Edit::AddTable(table("new_table"))).unwrap();
    assert!(!edited.text().contains('\r') && edited.text().ends_with("  </entity>\n</entities>"));
    let short = SchemaDocument::open(b"<entities/>".to_vec()).unwrap();
    let edited = short.apply(&Edit::AddTable(table("new_table"))).unwrap();
    assert!(
        edited.text().starts_with("<entities>\r\n  <entity ") && edited.text().ends_with("\r\n</entities>")
    );
}
