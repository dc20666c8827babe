//! What must hold for any bytes at all: nothing panics, and what can be read is written back as it stood.

#![allow(dead_code, reason = "each fuzz target uses one of them")]
#![allow(clippy::expect_used, clippy::panic, reason = "a failure is what a fuzzer looks for")]

use cmt::editing::{EditError, SchemaDocument};
use cmt::tools::{ToolError, rewrite};
use cmt::{DataItem, DataPackage, Limits, PackageWriter, Schema};
use std::io::{Cursor, Read, Write};

/// Small enough that a bomb is noticed at once.
fn limits() -> Limits {
    Limits { inflated_size: 32 << 20, attribute_size: 8 << 20, schema_size: 8 << 20, ..Limits::default() }
}

/// Any bytes as a zip: opened, read to the end, rebuilt.
pub(crate) fn zip(bytes: &[u8]) {
    let Ok(package) = DataPackage::open_within(bytes.to_vec(), limits()) else { return };
    if package.read().is_ok_and(|mut items| items.all(|item| item.is_ok())) {
        let rebuilt = rewrite(&package, &[], Cursor::new(Vec::new()));
        // The third member, which reading does not need, may be damaged.
        assert!(matches!(rebuilt, Ok(_) | Err(ToolError::Read(_))), "what can be read can be rebuilt");
    }
}

/// Any bytes as a schema: what can be read is written back as it stood.
pub(crate) fn schema(bytes: &[u8]) {
    let Ok((schema, form)) = Schema::parse_with_form(bytes, &limits()) else { return };
    let copy = schema.to_xml_as(&form);
    assert_eq!(String::from_utf8_lossy(&copy), String::from_utf8_lossy(bytes));
    assert!(Schema::parse(&schema.to_xml()).is_ok(), "what we write can be read");
    edited(bytes);
}

/// What can be read can be edited: each fix that is offered is made, or refused for what it would write.
fn edited(bytes: &[u8]) {
    let Ok(document) = SchemaDocument::open(bytes.to_vec()) else { return };
    assert!(document.bytes() == bytes);
    for fix in document.problems().into_iter().filter_map(|problem| problem.fix) {
        let done = document.apply(&fix);
        assert!(!matches!(done, Err(EditError::Unreadable(_))), "{fix}: {done:?}");
    }
}

/// Any bytes as the data of a schema: what can be read is written back as it stood.
pub(crate) fn data(bytes: &[u8]) {
    let Ok(package) = DataPackage::open_within(zip_of(bytes, SCHEMA.as_bytes()), limits()) else { return };
    let Ok((copy, _)) = rewrite(&package, &[], Cursor::new(Vec::new())) else { return };
    let copy = member(copy.into_inner(), "data.xml");
    assert_eq!(String::from_utf8_lossy(&copy), String::from_utf8_lossy(bytes));
}

/// The first byte chooses the type of column, the others are the literal: what is read of it is written so that it
/// is read the same.
pub(crate) fn literal(bytes: &[u8]) {
    let [kind, text @ ..] = bytes else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let column = KINDS[usize::from(*kind) % KINDS.len()];
    let escaped: String = text.chars().map(|c| format!("&#{};", u32::from(c))).collect();
    let data = format!(
        "<entities><entity name=\"t\"><records><record id=\"2d59d62c-584b-4f11-a317-0022480bd0f0\">\
         <field name=\"c_{column}\" value=\"{escaped}\" lookupentity=\"t\" filename=\"f\" /></record></records></entity></entities>"
    );
    let Some(once) = items(zip_of(data.as_bytes(), SCHEMA.as_bytes())) else { return };
    let (schema, _) = Schema::parse(SCHEMA.as_bytes()).unwrap_or_default();
    let Ok(written) = write(&schema, &once) else { panic!("a value that was read cannot be written") };
    assert_eq!(items(written).as_ref(), Some(&once), "a literal changes when it is written and read");
}

const KINDS: [&str; 18] = [
    "string",
    "entityreference",
    "owner",
    "partylist",
    "number",
    "bigint",
    "decimal",
    "money",
    "float",
    "bool",
    "datetime",
    "optionsetvalue",
    "optionsetvaluecollection",
    "state",
    "status",
    "guid",
    "imagedata",
    "filedata",
];

/// A column of every type.
const SCHEMA: &str = r#"<entities ><entity name="t" displayname="T" etc="1" primaryidfield="tid" primarynamefield="c_string" disableplugins="false"><fields>
<field displayname="a" name="c_string" type="string" /><field displayname="a" name="c_entityreference" type="entityreference" lookupType="t" />
<field displayname="a" name="c_owner" type="owner" /><field displayname="a" name="c_partylist" type="partylist" />
<field displayname="a" name="c_number" type="number" /><field displayname="a" name="c_bigint" type="bigint" />
<field displayname="a" name="c_decimal" type="decimal" /><field displayname="a" name="c_money" type="money" />
<field displayname="a" name="c_float" type="float" /><field displayname="a" name="c_bool" type="bool" />
<field displayname="a" name="c_datetime" type="datetime" /><field displayname="a" name="c_optionsetvalue" type="optionsetvalue" />
<field displayname="a" name="c_optionsetvaluecollection" type="optionsetvaluecollection" /><field displayname="a" name="c_state" type="state" />
<field displayname="a" name="c_status" type="status" /><field displayname="a" name="c_guid" type="guid" />
<field displayname="a" name="c_imagedata" type="imagedata" /><field displayname="a" name="c_filedata" type="filedata" />
</fields></entity></entities>"#;

fn items(zip: Vec<u8>) -> Option<Vec<DataItem>> {
    let package = DataPackage::open_within(zip, limits()).ok()?;
    package.read().ok()?.collect::<Result<Vec<_>, _>>().ok()
}

fn write(schema: &Schema, items: &[DataItem]) -> Result<Vec<u8>, cmt::WriteError> {
    let mut writer = PackageWriter::new(Cursor::new(Vec::new()), schema, "2024-07-26T15:51:30.5429904Z")?;
    for item in items {
        match item {
            DataItem::Table { name, display_name } => writer.start_table(name, display_name)?,
            DataItem::Record(record) => writer.record(record)?,
            DataItem::Links(links) => writer.links(links)?,
        }
    }
    Ok(writer.finish()?.into_inner())
}

fn zip_of(data: &[u8], schema: &[u8]) -> Vec<u8> {
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in [("data.xml", data), ("data_schema.xml", schema)] {
        zip.start_file(name, stored).expect("memory takes everything");
        zip.write_all(bytes).expect("memory takes everything");
    }
    zip.finish().expect("memory takes everything").into_inner()
}

fn member(zip: Vec<u8>, name: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).expect("we wrote it");
    let mut bytes = Vec::new();
    archive.by_name(name).expect("we wrote it").read_to_end(&mut bytes).expect("we wrote it");
    bytes
}
