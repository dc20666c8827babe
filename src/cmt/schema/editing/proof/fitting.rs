//! Edits that do not fit, and the way back and forth.

use super::{PORTAL, column, table};
use crate::schema::editing::*;

#[test]
fn an_edit_that_does_not_fit_changes_nothing_and_says_why() {
    let mut history = History::new(SchemaDocument::open(PORTAL.to_vec()).unwrap());
    let before = history.document().clone();
    let site = || Listing::from("adx_website");
    let nowhere = Listing { number: 1, ..site() };
    let none = || Listing::from("none");
    let columns = |name: &str| vec![column(name)];
    let cases = [
        (Edit::RemoveTable(nowhere.clone()), "lists no table adx_website (listing 2)"),
        (Edit::AddTable(table("adx_website")), "The table adx_website is in the schema already"),
        (Edit::AddTable(table("a b")), "\"a b\" is no logical name"),
        (Edit::RemoveColumns { table: site(), columns: vec![none()] }, "lists no column none"),
        (Edit::AddColumns { table: site(), columns: columns("adx_name") }, "adx_website.adx_name is in"),
        (Edit::AddColumns { table: site(), columns: [columns("x"), columns("x")].concat() }, "x is in"),
        (Edit::AddColumns { table: site(), columns: columns("") }, "\"\" is no logical name"),
        (Edit::RemoveRelationship { table: site(), relationship: none() }, "declares no relationship none"),
        (Edit::SetFilter { table: site(), filter: Some("\u{1}".into()) }, "no XML file can carry"),
        (Edit::SetImportOrder(vec!["a|b".into()]), "no logical name"),
        (Edit::Several(vec![Edit::RemoveTable(site()), Edit::RemoveTable(site())]), "lists no table"),
    ];
    for (edit, words) in cases {
        let error = history.apply(&edit).unwrap_err();
        assert!(error.to_string().contains(words), "{edit}: {error}");
        assert!(!error.remedy().is_empty());
        assert_eq!((history.document(), history.undoable()), (&before, None), "{edit}");
    }
    let wide: Vec<u8> = "<entities />".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(
        SchemaDocument::open([vec![0xFF, 0xFE], wide].concat()).unwrap_err().to_string().contains("UTF-16")
    );
}

#[test]
fn a_history_goes_back_and_forth_and_a_new_edit_ends_what_was_undone() {
    let mut history = History::new(SchemaDocument::open(PORTAL.to_vec()).unwrap());
    let remove = |name: &str| Edit::RemoveTable(name.into());
    history.apply(&remove("adx_webpage")).unwrap();
    history.apply(&remove("adx_webrole")).unwrap();
    assert_eq!(history.undoable(), Some("Remove the table adx_webrole"));
    assert!(history.undo() && history.undo() && !history.undo());
    assert_eq!(history.document().bytes(), PORTAL);
    assert_eq!(history.redoable(), Some("Remove the table adx_webpage"));
    assert!(history.redo());
    history.apply(&Edit::SetDateMode(None)).unwrap();
    assert_eq!(history.redoable(), Some("Remove the table adx_webrole"), "nothing changed: it is no step");
    history.apply(&remove("adx_website")).unwrap();
    assert_eq!((history.undoable(), history.redoable()), (Some("Remove the table adx_website"), None));
}
