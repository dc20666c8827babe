//! A small package with everything in it, looked into without a browser.

use super::opened::Opened;
use super::{contents, record, summary, window};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use browser::protocol::*;
use cmt::*;
use std::io::Cursor;
use uuid::Uuid;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nand what follows";

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn column(name: &str, column_type: ColumnType) -> Column {
    Column {
        name: name.into(),
        display_name: format!("The {name}"),
        column_type,
        primary_key: false,
        lookup_targets: Vec::new(),
        custom: false,
        update_compare: name == "name",
        date_mode: None,
    }
}

fn table(name: &str, columns: Vec<Column>) -> Table {
    Table {
        name: name.into(),
        display_name: name.to_uppercase(),
        primary_id: format!("{name}id"),
        primary_name: "name".into(),
        columns,
        ..Table::default()
    }
}

fn schema() -> Schema {
    let mut page = table(
        "page",
        vec![
            column("pageid", ColumnType::Id),
            column("copy", ColumnType::Text),
            column("name", ColumnType::Text),
            column("parentid", ColumnType::Lookup),
            column("ownerid", ColumnType::Owner),
            column("picture", ColumnType::Image),
            column("minutes", ColumnType::File),
            column("never", ColumnType::Text),
        ],
    );
    page.disable_plugins = true;
    page.filter = Some("<fetch><entity name='page' /></fetch>".into());
    page.relationships.push(Relationship {
        name: "page_role".into(),
        intersect_table: "page_role".into(),
        reflexive: Some(false),
        target_table: "role".into(),
        target_primary_id: "roleid".into(),
    });
    let role = table("role", vec![column("roleid", ColumnType::Id), column("name", ColumnType::Text)]);
    let mut note = table(
        "annotation",
        vec![
            column("subject", ColumnType::Text),
            column("documentbody", ColumnType::Text),
            column("filename", ColumnType::Text),
        ],
    );
    note.primary_name = "subject".into();
    Schema { tables: vec![page, role, note], ..Schema::default() }
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

fn record_of(number: u128, fields: Vec<(&str, Value)>) -> Record {
    let field = |(column, value): (&str, Value)| Field { column: column.into(), value };
    Record { id: id(number), fields: fields.into_iter().map(field).collect() }
}

fn lookup(table: &str, number: u128, name: &str) -> Value {
    Value::Lookup(Lookup { id: id(number), table: table.into(), name: Some(name.into()) })
}

/// Pages 1 to 3, roles 11 and 12, note 21; page 1 is linked to both roles and to one that is elsewhere.
fn opened() -> Opened<Vec<u8>> {
    let schema = schema();
    let mut writer =
        PackageWriter::new(Cursor::new(Vec::new()), &schema, "2026-01-01T00:00:00.0000000Z").unwrap();
    writer.start_table("page", "Page").unwrap();
    let file = FileRef { id: id(99), file_name: "minutes.pdf".into() };
    let pages = [
        record_of(
            1,
            vec![("pageid", Value::Id(id(1))), ("name", text("Home")), ("minutes", Value::File(file))],
        ),
        record_of(
            2,
            vec![
                ("copy", text("<script>alert('Überraschung')</script>")),
                ("name", text("News")),
                ("parentid", lookup("page", 1, "As it was called")),
                ("ownerid", lookup("systemuser", 77, "Ada")),
                ("picture", Value::Image(STANDARD.encode(PNG))),
            ],
        ),
        record_of(3, vec![("name", text("Search")), ("copy", text(&"x".repeat(500)))]),
    ];
    pages.iter().for_each(|page| writer.record(page).unwrap());
    writer
        .links(&LinkSet {
            relationship: "page_role".into(),
            source: id(1),
            target_table: "role".into(),
            target_primary_id: "roleid".into(),
            targets: vec![id(11), id(12), id(13)],
        })
        .unwrap();
    writer.start_table("role", "Role").unwrap();
    writer.record(&record_of(11, vec![("name", text("Editors"))])).unwrap();
    writer.record(&record_of(12, vec![("name", text("Readers of news"))])).unwrap();
    writer.start_table("annotation", "Note").unwrap();
    let body = STANDARD.encode(b"Liquid and more");
    let note =
        vec![("subject", text("logo")), ("documentbody", text(&body)), ("filename", text("logo.liquid"))];
    writer.record(&record_of(21, note)).unwrap();
    writer.file(id(99), &mut b"what was said".as_slice()).unwrap();
    let zip = writer.finish().unwrap().into_inner();
    let bytes = zip.len() as u64;
    Opened::read("small.zip".into(), bytes, &DataPackage::open(zip).unwrap(), Vec::new()).unwrap()
}

fn window_of(opened: &Opened<Vec<u8>>, table: &str, search: &str, start: u64, count: u64) -> ViewedRecords {
    let mut filled = opened.filled_columns(table);
    while filled.look(opened, 2).unwrap() {}
    let query = RecordsQuery { table: table.into(), search: search.into(), start, count };
    window::records(opened, &query, filled).unwrap()
}

fn search(opened: &Opened<Vec<u8>>, text: &str) -> Vec<(String, u64)> {
    let mut search = opened.search(text);
    while search.look(opened, 2).unwrap() {}
    opened.found(search)
}

fn view(opened: &Opened<Vec<u8>>, table: &str, number: u128) -> ViewedRecord {
    record::view(opened, table, id(number)).unwrap().unwrap()
}

fn value(record: &ViewedRecord, column: &str) -> ViewedValue {
    record.fields.iter().find(|field| field.column.name == column).unwrap().value.clone()
}

fn content(opened: &Opened<Vec<u8>>, table: &str, number: u128, column: &str) -> (String, Vec<u8>) {
    let place = ValuePlace { table: table.into(), id: id(number), column: column.into() };
    contents::of(opened, &place).unwrap().unwrap()
}

#[test]
fn every_table_is_told_with_its_numbers_and_what_the_schema_says_of_it() {
    let package = summary::package(&opened());
    let numbers: Vec<_> = package.tables.iter().map(|t| (t.name.as_str(), t.records, t.links)).collect();
    assert_eq!(numbers, [("page", 3, 3), ("role", 2, 0), ("annotation", 1, 0)]);
    let page = package.tables[0].schema.clone().unwrap();
    assert!(page.disable_plugins && page.filter.is_some());
    assert_eq!(
        (page.unique, page.relationships),
        (vec!["name".into()], vec![("page_role".into(), "role".into())])
    );
    assert_eq!((package.files, package.timestamp.is_some()), (1, true));
}

#[test]
fn columns_without_a_value_in_any_record_are_not_shown_and_the_name_stands_first() {
    let records = window_of(&opened(), "page", "", 0, 100);
    let names: Vec<_> = records.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["name", "copy", "parentid", "ownerid", "picture", "minutes"]);
    assert_eq!(records.columns[0].label, "The name");
}

#[test]
fn a_window_holds_its_records_only_and_tells_how_many_there_are() {
    let records = window_of(&opened(), "page", "", 1, 1);
    assert_eq!((records.total, records.lines.len()), (3, 1));
    assert_eq!((records.lines[0].id, records.lines[0].cells[0].as_str()), (id(2), "News"));
}

#[test]
fn a_long_value_is_cut_in_its_line_and_whole_in_its_record() {
    let opened = opened();
    let records = window_of(&opened, "page", "", 2, 1);
    assert!(records.lines[0].cells[1].chars().count() == 121 && records.lines[0].cells[1].ends_with('…'));
    assert_eq!(value(&view(&opened, "page", 3), "copy"), ViewedValue::Text("x".repeat(500)));
}

#[test]
fn a_search_counts_the_records_of_every_table_and_its_window_holds_those() {
    let opened = opened();
    assert_eq!(search(&opened, " NEWS "), [("page".into(), 1), ("role".into(), 1)]);
    let found = window_of(&opened, "role", "news", 0, 10);
    assert_eq!((found.total, found.lines[0].id), (1, id(12)));
    assert_eq!(window_of(&opened, "annotation", "news", 0, 10).total, 0);
    assert_eq!(search(&opened, "überraschung"), [("page".into(), 1)], "case counts in no language");
    assert_eq!(search(&opened, "ada"), [("page".into(), 1)], "names in lookups are values too");
    assert_eq!(search(&opened, &id(21).to_string()), [("annotation".into(), 1)]);
}

#[test]
fn a_secret_among_site_settings_is_neither_shown_nor_found() {
    let mut settings = table("adx_sitesetting", vec![]);
    settings.columns = ["adx_name", "adx_value"].map(|name| column(name, ColumnType::Text)).to_vec();
    let schema = Schema { tables: vec![settings], ..Schema::default() };
    let mut writer =
        PackageWriter::new(Cursor::new(Vec::new()), &schema, "2026-01-01T00:00:00.0000000Z").unwrap();
    writer.start_table("adx_sitesetting", "Site Setting").unwrap();
    let named = |name: &str| vec![("adx_name", text(name)), ("adx_value", text("hunter2"))];
    writer.record(&record_of(1, named("Authentication/OpenAuth/Facebook/AppSecret"))).unwrap();
    writer.record(&record_of(2, named("Search/Hint"))).unwrap();
    let zip = DataPackage::open(writer.finish().unwrap().into_inner()).unwrap();
    let opened = Opened::read("settings.zip".into(), 1, &zip, Vec::new()).unwrap();

    let lines = window_of(&opened, "adx_sitesetting", "", 0, 10).lines;
    let values: Vec<&str> = lines.iter().map(|line| line.cells[1].as_str()).collect();
    assert_eq!(values, ["(not shown)", "hunter2"]);
    assert_eq!(value(&view(&opened, "adx_sitesetting", 1), "adx_value"), ViewedValue::Hidden);
    assert_eq!(search(&opened, "hunter"), [("adx_sitesetting".into(), 1)]);
}

#[test]
fn bytes_in_base64_are_not_searched() {
    let body = STANDARD.encode(b"Liquid and more");
    assert_eq!(search(&opened(), &body[..12]), []);
}

#[test]
fn an_answer_to_another_search_is_no_answer() {
    let opened = opened();
    search(&opened, "news");
    assert_eq!(window_of(&opened, "page", "home", 0, 10).total, 0);
}

#[test]
fn a_lookup_leads_to_its_row_where_the_package_holds_it() {
    let record = view(&opened(), "page", 2);
    let row = |table: &str, number, name: &str, here| {
        ViewedValue::Row(ViewedRow { table: table.into(), id: id(number), name: name.into(), here })
    };
    assert_eq!(value(&record, "parentid"), row("page", 1, "Home", true), "it is called as it is called now");
    assert_eq!(value(&record, "ownerid"), row("systemuser", 77, "Ada", false));
}

#[test]
fn links_are_told_at_both_ends() {
    let opened = opened();
    let [links] = &view(&opened, "page", 1).links[..] else { panic!("one relationship") };
    let rows: Vec<_> = links.rows.iter().map(|row| (row.name.as_str(), row.here)).collect();
    assert_eq!(rows, [("Editors", true), ("Readers of news", true), ("", false)]);
    let [back] = &view(&opened, "role", 12).links[..] else { panic!("one relationship") };
    assert!(back.backwards && !links.backwards);
    assert_eq!((back.rows[0].name.as_str(), back.rows[0].table.as_str()), ("Home", "page"));
}

#[test]
fn a_picture_is_shown_and_saved_with_the_bytes_it_has() {
    let opened = opened();
    let ViewedValue::File(file) = value(&view(&opened, "page", 2), "picture") else { panic!("a picture") };
    assert_eq!(file.bytes, Some(PNG.len() as u64));
    assert!(file.picture.unwrap().starts_with("data:image/png;base64,"));
    let (name, bytes) = content(&opened, "page", 2, "picture");
    assert!(name.ends_with("-picture.png"), "{name}");
    assert_eq!(bytes, PNG);
}

#[test]
fn files_are_saved_under_their_own_names() {
    let opened = opened();
    assert_eq!(content(&opened, "page", 1, "minutes"), ("minutes.pdf".into(), b"what was said".to_vec()));
    assert_eq!(
        content(&opened, "annotation", 21, "documentbody"),
        ("logo.liquid".into(), b"Liquid and more".to_vec())
    );
    let ViewedValue::File(file) = value(&view(&opened, "annotation", 21), "documentbody") else {
        panic!("a file")
    };
    assert_eq!(file, ViewedFile { name: "logo.liquid".into(), bytes: Some(15), picture: None });
}

#[test]
fn columns_that_a_record_has_no_value_in_are_named() {
    let without: Vec<_> = view(&opened(), "role", 11).without_value.into_iter().map(|c| c.name).collect();
    assert_eq!(without, ["roleid"]);
}

#[test]
fn a_record_that_is_not_there_is_no_error() {
    assert_eq!(record::view(&opened(), "page", id(4)).unwrap(), None);
    assert_eq!(record::view(&opened(), "nowhere", id(1)).unwrap(), None);
}
