//! Tests on real files: packages that Microsoft's tool exported and files that other tools wrote.
//!
//! They are read from the folder that `PORTAGE_DATA` names, by default `../shared/data` beside the workspace.
//! Where it is absent the tests say so and pass, except in CI.

use crate::{
    DataItem, DataPackage, Finding, PackageWriter, Record, Schema, Severity, Value, sql_server_order,
};
use std::io::Cursor;
use std::path::{Path, PathBuf};

/// Everything that a pass over a package yields.
#[derive(Debug, PartialEq)]
struct Content {
    timestamp: Option<String>,
    items: Vec<DataItem>,
}

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
fn files(folder: &str, suffix: &str) -> Vec<(String, Vec<u8>)> {
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

fn packages() -> Vec<(String, DataPackage)> {
    files("packages", ".zip").into_iter().map(|(name, zip)| (name, DataPackage::open(zip).unwrap())).collect()
}

fn read(package: &DataPackage) -> (Content, Vec<Finding>) {
    let mut reader = package.read().unwrap();
    let items = reader.by_ref().map(|item| item.unwrap()).collect();
    (Content { timestamp: reader.timestamp().map(str::to_owned), items }, reader.take_findings())
}

fn write(schema: &Schema, content: &Content) -> Vec<u8> {
    let timestamp = content.timestamp.as_deref().unwrap_or_default();
    let mut writer = PackageWriter::new(Cursor::new(Vec::new()), schema, timestamp).unwrap();
    for item in &content.items {
        match item {
            DataItem::Table { name, display_name } => writer.start_table(name, display_name).unwrap(),
            DataItem::Record(record) => writer.record(record).unwrap(),
            DataItem::Links(links) => writer.links(links).unwrap(),
        }
    }
    writer.finish().unwrap().into_inner()
}

/// A member's bytes, by the zip library alone.
fn member(zip: &[u8], name: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let mut bytes = Vec::new();
    std::io::copy(&mut archive.by_name(name).unwrap(), &mut bytes).unwrap();
    bytes
}

fn field_count(records: &[&Record]) -> usize {
    let of_value = |value: &Value| match value {
        Value::Parties(parties) => 1 + parties.iter().map(|party| party.fields.len()).sum::<usize>(),
        _ => 1,
    };
    records.iter().flat_map(|record| &record.fields).map(|field| of_value(&field.value)).sum()
}

#[test]
fn explore() {
    for (name, zip) in files("packages", ".zip") {
        let package = DataPackage::open(zip.clone()).unwrap();
        let t = std::time::Instant::now();
        let (content, findings) = read(&package);
        let el = t.elapsed();
        let out = write(package.schema(), &content);
        let a = member(&zip, "data.xml");
        let b = member(&out, "data.xml");
        let sa = member(&zip, "data_schema.xml");
        let sb = member(&out, "data_schema.xml");
        println!("== {name} data {} schema {} {:?}", a == b, sa == sb, el);
        for (a, b, w) in [(&a, &b, "data"), (&sa, &sb, "schema")] {
            if a != b {
                let p = a.iter().zip(b.iter()).position(|(x, y)| x != y).unwrap_or(a.len().min(b.len()));
                let s = p.saturating_sub(60);
                println!(
                    "  {w} at {p}:\n   {:?}\n   {:?}",
                    String::from_utf8_lossy(&a[s..(p + 60).min(a.len())]),
                    String::from_utf8_lossy(&b[s..(p + 60).min(b.len())])
                );
            }
        }
        for f in package.findings().iter().chain(&findings).take(12) {
            println!("   {:?} {:?} {}:{} {:?} {}", f.severity, f.part, f.line, f.column, f.table, f.text);
        }
    }
}
