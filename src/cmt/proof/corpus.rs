//! Tests on real files: packages that Microsoft's tool exported and files that other tools wrote.
//!
//! They are read from the folder that `PORTAGE_DATA` names, by default `../shared/data` beside the workspace.
//! Where it is absent the tests say so and pass, except in CI.

use crate::proof::testing::{Content, member, read, write, zip_of};
use crate::{
    DataItem, DataPackage, Finding, LinkSet, Record, Schema, Severity, Table, Value, sql_server_order,
};
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

fn data_folder() -> Option<PathBuf> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder =
        std::env::var_os("PORTAGE_DATA").map_or_else(|| PathBuf::from("../shared/data"), PathBuf::from);
    let folder = workspace.join(folder);
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(
        std::env::var("CI").is_err(),
        "{} is absent, and in CI no test may be left out",
        folder.display()
    );
    eprintln!("skipped: {} with the real packages is absent", folder.display());
    None
}

/// The files of a folder by name, in order of their names.
pub(crate) fn files(folder: &str, suffix: &str) -> Vec<(String, Vec<u8>)> {
    let Some(folder) = data_folder().map(|data| data.join(folder)) else { return Vec::new() };
    let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter_map(|path| {
            let name = path.file_name()?.to_str()?.strip_suffix(suffix)?.to_owned();
            Some((name, std::fs::read(path).unwrap()))
        })
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no file ends with {suffix}");
    files
}

/// A real package: its file, what was read of it, and the file written from that.
struct Sample {
    name: String,
    zip: Vec<u8>,
    schema: Schema,
    content: Content,
    findings: Vec<Finding>,
    copy: Vec<u8>,
}

impl Sample {
    fn take(name: String, zip: Vec<u8>) -> Sample {
        let package = DataPackage::open(zip.clone()).unwrap();
        let (content, findings) = read(&package);
        let copy = write(package.schema(), &content);
        Sample { name, zip, schema: package.schema().clone(), content, findings, copy }
    }

    fn records(&self) -> Vec<&Record> {
        self.content.items.iter().filter_map(as_record).collect()
    }
}

/// All real packages, read and written once for all tests: together they are 30 MB of XML.
static SAMPLES: LazyLock<Vec<Sample>> = LazyLock::new(|| {
    files("packages", ".zip").into_iter().map(|(name, zip)| Sample::take(name, zip)).collect()
});

fn sample(name: &str) -> Option<&'static Sample> {
    SAMPLES.iter().find(|sample| sample.name == name)
}

/// How many links stand in the items.
fn link_count(items: &[DataItem]) -> usize {
    items.iter().filter_map(as_links).map(|links| links.targets.len()).sum()
}

fn as_record(item: &DataItem) -> Option<&Record> {
    match item {
        DataItem::Record(record) => Some(record),
        _ => None,
    }
}

fn as_links(item: &DataItem) -> Option<&LinkSet> {
    match item {
        DataItem::Links(links) => Some(links),
        _ => None,
    }
}

fn field_count(records: &[&Record]) -> usize {
    let of_value = |value: &Value| match value {
        Value::Parties(parties) => 1 + parties.iter().map(|party| party.fields.len()).sum::<usize>(),
        _ => 1,
    };
    records.iter().flat_map(|record| &record.fields).map(|field| of_value(&field.value)).sum()
}

/// How often a text stands in the bytes: the independent count.
fn occurrences(bytes: &[u8], text: &str) -> usize {
    std::str::from_utf8(bytes).unwrap().matches(text).count()
}

#[test]
fn every_real_package_is_read_completely() {
    for Sample { name, zip, content, findings, .. } in SAMPLES.iter() {
        let xml = member(zip, "data.xml");
        let records: Vec<&Record> = content.items.iter().filter_map(as_record).collect();
        let tables = content.items.iter().filter(|item| matches!(item, DataItem::Table { .. })).count();
        assert_eq!(tables, occurrences(&xml, "<entity "), "tables of {name}");
        assert_eq!(records.len(), occurrences(&xml, "<record "), "records of {name}");
        assert_eq!(field_count(&records), occurrences(&xml, "<field "), "fields of {name}");
        assert_eq!(link_count(&content.items), occurrences(&xml, "<targetid>"), "links of {name}");
        let errors: Vec<&Finding> = findings.iter().filter(|f| f.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
    }
}

#[test]
fn the_portal_package_holds_what_it_is_known_to_hold() {
    let Some(portal) = sample("education-k12-portal") else { return };
    let records = portal.records();
    let counts = (portal.schema.tables.len(), records.len(), link_count(&portal.content.items));
    assert_eq!(counts, (35, 924, 54));
    let longest = records.iter().flat_map(|r| &r.fields).map(|f| f.value.literal().len()).max();
    assert_eq!(longest, Some(1_709_480));
    let by_key = |table: &Table| table.column(&table.primary_id).is_some_and(|column| column.update_compare);
    assert!(portal.schema.tables.iter().all(|table| table.disable_plugins && by_key(table)));
}

/// Written by the tool of 2019, whose dates and namespaces stood otherwise, or saved again by hand.
const OTHER_DATA_BYTES: [&str; 6] = [
    "advocacy",
    "automation-kit",
    "devops-en-gb-dates",
    "education-2019",
    "nonprofit-2019",
    "nonprofit-volunteer-2019",
];
/// Indented with tabs by hand in one place.
const OTHER_SCHEMA_BYTES: [&str; 1] = ["media-default"];

#[test]
fn a_package_of_todays_tool_is_written_back_byte_by_byte() {
    for Sample { name, zip, copy, .. } in SAMPLES.iter() {
        let same = |part: &str| member(zip, part) == member(copy, part);
        assert_eq!(same("data.xml"), !OTHER_DATA_BYTES.contains(&name.as_str()), "data.xml of {name}");
        assert_eq!(same("data_schema.xml"), !OTHER_SCHEMA_BYTES.contains(&name.as_str()), "schema of {name}");
        assert!(same("[Content_Types].xml"), "content types of {name}");
    }
}

/// What the bytes do not prove, reading again does.
#[test]
fn what_is_written_in_other_bytes_is_read_back_equal() {
    for Sample { name, schema, content, copy, .. } in SAMPLES.iter() {
        if !OTHER_DATA_BYTES.contains(&name.as_str()) && !OTHER_SCHEMA_BYTES.contains(&name.as_str()) {
            continue;
        }
        let package = DataPackage::open(copy.clone()).unwrap();
        assert_eq!(package.schema(), schema, "{name}");
        let again = read(&package).0;
        assert_eq!(again.timestamp, content.timestamp, "{name}");
        for (item, original) in again.items.iter().zip(&content.items) {
            assert_eq!(item, original, "{name}");
        }
        assert_eq!(again.items.len(), content.items.len(), "{name}");
    }
}

#[test]
fn a_zip_we_write_looks_like_the_tools() {
    let Some(Sample { copy, .. }) = sample("permit-small") else { return };
    let mut archive = zip::ZipArchive::new(Cursor::new(copy)).unwrap();
    let mut names = Vec::new();
    for position in 0..archive.len() {
        let entry = archive.by_index_raw(position).unwrap();
        let header = &copy[usize::try_from(entry.header_start()).unwrap()..];
        let field = |at: usize| u32::from_le_bytes(header[at..at + 4].try_into().unwrap());
        assert_eq!(header[6] & 0b1000, 0, "no data descriptor");
        assert_eq!(field(14), entry.crc32());
        assert_eq!(u64::from(field(18)), entry.compressed_size());
        assert_eq!(u64::from(field(22)), entry.size());
        assert_eq!(entry.compression(), zip::CompressionMethod::Deflated);
        names.push(entry.name().to_owned());
    }
    assert_eq!(names, ["data.xml", "data_schema.xml", "[Content_Types].xml"]);
}

#[test]
fn records_of_real_packages_stand_in_the_order_of_their_ids() {
    for Sample { name, content, .. } in SAMPLES.iter() {
        for pair in content.items.windows(2) {
            if let [DataItem::Record(first), DataItem::Record(second)] = pair {
                assert!(
                    sql_server_order(&first.id, &second.id).is_lt(),
                    "{name}: {} before {}",
                    first.id,
                    second.id
                );
            }
        }
    }
}

#[test]
fn every_real_schema_is_written_and_read_back_equal() {
    let schemas = files("schemas", ".xml").into_iter().chain(files("dialects", "_schema.xml"));
    for (name, xml) in schemas {
        let (schema, _) = Schema::parse(&xml).unwrap();
        assert_eq!(schema.tables.len(), occurrences(&xml, "<entity "), "tables of {name}");
        let columns: usize = schema.tables.iter().map(|table| table.columns.len()).sum();
        assert_eq!(columns, occurrences(&xml, "<field "), "columns of {name}");
        let filters = schema.tables.iter().filter(|table| table.filter.is_some()).count();
        assert_eq!(filters, occurrences(&xml, "<filter>"), "filters of {name}");
        assert_eq!(Schema::parse(&schema.to_xml()).unwrap(), (schema, Vec::new()), "{name}");
    }
}

#[test]
fn what_other_tools_wrote_is_read_completely() {
    for (name, data) in files("dialects", "-data.xml") {
        let folder = data_folder().unwrap().join("dialects");
        let schema = std::fs::read(folder.join(format!("{name}-data_schema.xml"))).unwrap();
        let package =
            DataPackage::open(zip_of(&[("data.xml", &data), ("data_schema.xml", &schema)])).unwrap();
        let (content, findings) = read(&package);
        let records: Vec<&Record> = content.items.iter().filter_map(as_record).collect();
        assert_eq!(records.len(), occurrences(&data, "<record "), "records of {name}");
        assert_eq!(field_count(&records), occurrences(&data, "<field "), "fields of {name}: {findings:?}");
        assert_eq!(link_count(&content.items), occurrences(&data, "<targetid>"), "links of {name}");
        let copy = DataPackage::open(write(package.schema(), &content)).unwrap();
        assert_eq!(read(&copy).0.items, content.items, "{name}");
    }
}

/// The demo's two environments: our own files, by their names.
const DEMO: [(&str, &[u8]); 2] = [
    ("Contoso Development", include_bytes!("../../demo/contoso_development.xml")),
    ("Contoso Test", include_bytes!("../../demo/contoso_test.xml")),
];

#[test]
fn the_demo_environments_are_read_without_remark_and_written_as_they_stand() {
    let schema = include_bytes!("../../../schemas/dataverse-blank.xml");
    for (name, data) in DEMO {
        let zip = zip_of(&[("data.xml", data), ("data_schema.xml", schema), ("[Content_Types].xml", b"")]);
        let package = DataPackage::open(zip).unwrap();
        let (content, findings) = read(&package);
        assert_eq!((package.findings(), findings.as_slice()), ([].as_slice(), [].as_slice()), "{name}");
        assert!(
            member(&write(package.schema(), &content), "data.xml") == data,
            "{name} is written otherwise"
        );
    }
}

/// What a row of the demo points to is in the same environment: it needs nothing from outside.
#[test]
fn the_demo_environments_are_closed() {
    let schema = include_bytes!("../../../schemas/dataverse-blank.xml");
    for (name, data) in DEMO {
        let package = DataPackage::open(zip_of(&[("data.xml", data), ("data_schema.xml", schema)])).unwrap();
        let (content, _) = read(&package);
        let mut table = String::new();
        let mut rows = std::collections::HashSet::new();
        let mut needed = Vec::new();
        for item in &content.items {
            match item {
                DataItem::Table { name, .. } => table.clone_from(name),
                DataItem::Record(record) => {
                    assert!(rows.insert((table.clone(), record.id)), "{} twice in {name}", record.id);
                    needed.extend(record.fields.iter().filter_map(|field| match &field.value {
                        Value::Lookup(lookup) => Some((lookup.table.clone(), lookup.id)),
                        _ => None,
                    }));
                }
                DataItem::Links(links) => {
                    needed.push((table.clone(), links.source));
                    needed.extend(links.targets.iter().map(|target| (links.target_table.clone(), *target)));
                }
            }
        }
        let missing: Vec<_> = needed.iter().filter(|row| !rows.contains(*row)).collect();
        assert!(missing.is_empty(), "{name}: {missing:?}");
    }
}
