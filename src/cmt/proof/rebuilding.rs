//! Packages are rebuilt byte by byte, one value is changed without touching another, and the canonical form is one.

use crate::proof::corpus::files;
use crate::proof::testing::{member, sample_data, sample_schema, zip_of};
use crate::tools::{SetValue, ToolError, canonical, rewrite};
use crate::{DataItem, DataPackage, SpooledPackage};
use std::io::Cursor;

const PARTS: [&str; 3] = ["data.xml", "data_schema.xml", "[Content_Types].xml"];

/// What of a real package is not rebuilt: package, part, first differing byte, and why. Nothing today.
const NOT_REBUILT: [(&str, &str, usize, &str); 0] = [];

fn rebuilt(zip: &[u8], changes: &[&str]) -> Result<Vec<u8>, ToolError> {
    let changes = changes.iter().map(|change| change.parse()).collect::<Result<Vec<SetValue>, _>>()?;
    let package = DataPackage::open(zip.to_vec())?;
    Ok(rewrite(&package, &changes, Cursor::new(Vec::new()))?.0.into_inner())
}

fn first_difference(one: &[u8], other: &[u8]) -> Option<usize> {
    let shorter = one.len().min(other.len());
    let differs = one.iter().zip(other).position(|(a, b)| a != b);
    differs.or((one.len() != other.len()).then_some(shorter))
}

#[test]
fn every_real_package_is_rebuilt_byte_by_byte() {
    let mut rest = Vec::new();
    for (name, zip) in files("packages", ".zip") {
        let copy = rebuilt(&zip, &[]).unwrap();
        for part in PARTS {
            if let Some(at) = first_difference(&member(&zip, part), &member(&copy, part)) {
                rest.push((name.clone(), part, at));
            }
        }
    }
    let known: Vec<_> =
        NOT_REBUILT.iter().map(|(name, part, at, _)| ((*name).to_owned(), *part, *at)).collect();
    assert_eq!(rest, known);
}

/// Nothing is kept but the values and the conventions, except where a hand was in the file: one blank line.
#[test]
fn what_the_tool_wrote_needs_no_exception() {
    let mut exceptions = Vec::new();
    for (name, zip) in files("packages", ".zip") {
        let package = DataPackage::open(zip).unwrap();
        let mut reader = package.read_with_form().unwrap();
        while let Some(piece) = reader.next_piece() {
            let (piece, form) = piece.unwrap();
            // Older versions ordered the namespaces of the root otherwise.
            if !matches!(piece, crate::DataPiece::Start { .. }) && !form.is_plain() {
                exceptions.push(name.clone());
            }
        }
    }
    if !exceptions.is_empty() {
        assert_eq!(exceptions, ["automation-kit"]);
    }
}

/// What other tools and people do to a file. Each row: where, what stands there, what in its place, how often.
const VARIATIONS: &[(&str, &str, &str)] = &[
    ("data", "\r\n<entities", "\u{feff}<?xml version=\"1.0\"?>\n<!-- by hand -->\n<entities"),
    ("data", "\r\n", "\n"),
    ("data", "  ", "\t"),
    ("data", "\r\n<entities", "<ImportExportXml a=\"1\">\r\n<entities"),
    ("data", " />", "/>"),
    ("data", " />", "></field>"),
    ("data", "<record ", "<!-- a > b --><?pi x?><record "),
    ("data", "<field ", "<unheard of=\"it\"><x />text &amp; <![CDATA[<]]></unheard><field "),
    ("data", "<field ", "<field mood=\"f&#105;ne\" "),
    ("data", "name=\"statecode\" value=\"3\"", "value='3'\n name = 'statecode'"),
    ("data", "</record>", "</record >"),
    ("data", "</entities>", "</entities>\r\n<!-- end -->\r\n"),
    ("data", "&#xD;&#xA;", "&#13;&#10;"),
    ("data", "&#xD;&#xA;", "\r\n"),
    ("data", "&amp;lt;cake&amp;gt;", "&lt;cake&gt;"),
    ("data", "&amp;#39;", "'"),
    ("data", "value=\"True\"", "value=\"true\""),
    ("data", "value=\"-30\"", "value=\" -030 \""),
    ("data", "value=\"-30\"", "value=\"half an hour\""),
    ("data", "[-1,100000000,100000001,-1]", "100000000, 100000001"),
    ("data", "2d59d62c-584b-4f11-a317-0022480bd0f0", "{2D59D62C-584B-4F11-A317-0022480BD0F0}"),
    ("data", "T15:00:00.0000000Z", "T15:00:00Z"),
    ("data", "<record id=\"2d59d62c-584b-4f11-a317-0022480bd0f0\"", "<record id=\"none\""),
    ("data", "<record id=\"2d59d62c-584b-4f11-a317-0022480bd0f5\"", "<record"),
    (
        "data",
        "<activitypointerrecords id=\"4d59d62c-584b-4f11-a317-0022480bd0f3\"",
        "<activitypointerrecords",
    ),
    ("data", "sourceid=\"", "sourceid=\"x"),
    ("data", "<targetids>", "<targetids x=\"y\"><targetid>no</targetid>"),
    ("data", "<targetids>\r\n", "\r\n"),
    ("data", "</records>", "</records><records />"),
    (
        "data",
        "<field name=\"statuscode\"",
        "<field name=\"statecode\" value=\"9\" /><field name=\"statuscode\"",
    ),
    ("data", "timestamp=\"2024-07-26T15:51:30.5429904Z\"", "timestamp=\"26/07/2024 15:51:30\""),
    ("data", " timestamp=\"2024-07-26T15:51:30.5429904Z\"", ""),
    ("schema", "<entities >", "\u{feff}<?xml version=\"1.0\"?>\n<entities >"),
    ("schema", "\r\n", "\n"),
    ("schema", "    <fields>", "\t\t<fields>"),
    ("schema", " />", "/>"),
    ("schema", "<fields>", "<fields><unheard /><!-- of -->"),
    ("schema", "type=\"string\"", "type=\"memo\""),
    ("schema", "disableplugins=\"false\"", "disableplugins=\"0\" mood=\"fine\""),
    ("schema", " etc=\"4201\"", ""),
    ("schema", "manyToMany=\"true\"", "manyToMany=\"false\""),
    ("schema", "<fields>", "<filter>&lt;fetch&gt;&#10;<![CDATA[<a/>]]></filter><fields>"),
    (
        "schema",
        "<entities >",
        "<entities><entityImportOrder>\n<entityName> a </entityName></entityImportOrder>",
    ),
    ("schema", "lookupType=\"account|contact\"", "lookupType=\"account | contact|\""),
    ("schema", "</entities>", "</entities>\n"),
];

#[test]
fn whatever_hand_wrote_a_package_it_is_rebuilt_byte_by_byte() {
    for (part, original, replacement) in VARIATIONS {
        let (mut data, mut schema) = (sample_data(), sample_schema());
        let text = if *part == "data" { &mut data } else { &mut schema };
        assert!(text.contains(original), "{original}");
        *text = text.replace(original, replacement);
        if replacement.starts_with("<ImportExportXml") {
            text.push_str("\r\n</ImportExportXml>");
        }
        if *replacement == "></field>" {
            *text =
                text.replace("<record id=\"2d59d62c-584b-4f11-a317-0022480bd0f5\"></field>", "<record />");
        }
        if *replacement == "\r\n" && *original == "<targetids>\r\n" {
            *text = text.replace("</targetids>", "");
        }
        let zip = zip_of(&[("data.xml", data.as_bytes()), ("data_schema.xml", schema.as_bytes())]);
        let copy = rebuilt(&zip, &[]).unwrap_or_else(|error| panic!("{replacement}: {error}"));
        assert_eq!(String::from_utf8(member(&copy, "data.xml")).unwrap(), data, "{replacement}");
        assert_eq!(String::from_utf8(member(&copy, "data_schema.xml")).unwrap(), schema, "{replacement}");
    }
}

/// Each row: what is set, and what its attribute is then.
#[test]
fn a_value_is_set_and_no_other_byte_changes() {
    let cases = [
        (
            "subject=Tea & <more>",
            "Tea &amp;amp; &amp;lt;cake&amp;gt; at Zo&amp;#235;&amp;#39;s&#xD;&#xA;一",
            "Tea &amp;amp; &amp;lt;more&amp;gt;",
        ),
        ("actualdurationminutes=45", "\"-30\"", "\"45\""),
        ("new_cost=7.00", "12.5000", "7.00"),
        ("isalldayevent=False", "\"True\"", "\"False\""),
        ("new_day=2025-01-01", "2024-07-26T00:00:00.0000000\"", "2025-01-01T00:00:00.0000000\""),
        ("statecode=0", "name=\"statecode\" value=\"3\"", "name=\"statecode\" value=\"0\""),
        (
            "regardingobjectid=9a59d62c-584b-4f11-a317-0022480bd0f1",
            "1a59d62c-584b-4f11-a317-0022480bd0f1",
            "9a59d62c-584b-4f11-a317-0022480bd0f1",
        ),
    ];
    let (data, schema) = (sample_data(), sample_schema());
    for (set, old, new) in cases {
        let zip = zip_of(&[("data.xml", data.as_bytes()), ("data_schema.xml", schema.as_bytes())]);
        let change = format!("appointment/2d59d62c-584b-4f11-a317-0022480bd0f0/{set}");
        let copy = rebuilt(&zip, &[&change]).unwrap();
        let written = String::from_utf8(member(&copy, "data.xml")).unwrap();
        assert_eq!(written, data.replacen(old, new, 1), "{set}");
        assert_ne!(written, data, "{set}");
    }
}

#[test]
fn a_value_that_was_not_there_gets_its_place_and_one_that_fits_nowhere_is_refused() {
    let (data, schema) = (sample_data(), sample_schema());
    let field = "        <field name=\"prioritycode\" value=\"1\" />\r\n";
    let without =
        data.replacen(field, "", 1).replacen("<field name=\"statuscode\"", "<field  name=\"statuscode\"", 1);
    let zip = zip_of(&[("data.xml", without.as_bytes()), ("data_schema.xml", schema.as_bytes())]);
    let set = |change: &str| rebuilt(&zip, &[change]);
    let copy = set("appointment/2d59d62c-584b-4f11-a317-0022480bd0f0/prioritycode=1").unwrap();
    let expected = data.replacen("<field name=\"statuscode\"", "<field  name=\"statuscode\"", 1);
    assert_eq!(String::from_utf8(member(&copy, "data.xml")).unwrap(), expected);
    for wrong in [
        "appointment/2d59d62c-584b-4f11-a317-0022480bd0f0/statecode=open",
        "appointment/2d59d62c-584b-4f11-a317-0022480bd0f0/unheard=1",
        "appointment/00000000-0000-0000-0000-000000000001/subject=x",
        "account/2d59d62c-584b-4f11-a317-0022480bd0f0/subject=x",
        "appointment/subject=x",
    ] {
        assert!(matches!(set(wrong), Err(ToolError::NoSuchValue(_))), "{wrong}");
    }
}

fn canonical_zip(zip: &[u8]) -> Vec<u8> {
    let package = DataPackage::open(zip.to_vec()).unwrap();
    let spooled = SpooledPackage::index(&package, Vec::new()).unwrap();
    canonical(&spooled, Cursor::new(Vec::new())).unwrap().into_inner()
}

/// The same package with the records, links and targets of each table the other way round.
fn shuffled(zip: &[u8]) -> Vec<u8> {
    let package = DataPackage::open(zip.to_vec()).unwrap();
    let items: Vec<DataItem> = package.read().unwrap().map(Result::unwrap).collect();
    let timestamp =
        SpooledPackage::index(&package, Vec::new()).unwrap().timestamp().unwrap_or_default().to_owned();
    let mut writer =
        crate::PackageWriter::new(Cursor::new(Vec::new()), package.schema(), &timestamp).unwrap();
    for table in items.chunk_by(|_, next| !matches!(next, DataItem::Table { .. })) {
        for item in table {
            if let DataItem::Table { name, display_name } = item {
                writer.start_table(name, display_name).unwrap();
            }
        }
        for item in table.iter().rev() {
            if let DataItem::Record(record) = item {
                let mut record = record.clone();
                record.fields.reverse();
                writer.record(&record).unwrap();
            }
        }
        for item in table.iter().rev() {
            if let DataItem::Links(links) = item {
                let mut links = links.clone();
                links.targets.reverse();
                writer.links(&links).unwrap();
            }
        }
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn the_canonical_form_is_the_same_whatever_the_order_was() {
    for (name, zip) in files("packages", ".zip") {
        let once = canonical_zip(&zip);
        assert!(once == canonical_zip(&zip), "{name} again");
        assert!(once == canonical_zip(&once), "{name} of itself");
        assert!(once == canonical_zip(&shuffled(&zip)), "{name} shuffled");
    }
}
