//! Data packages made by hand, for what no real one holds.

use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// The zip of a schema, its data, and the content of file columns by their id.
///
/// # Panics
/// Never: a zip in memory takes everything.
#[must_use]
#[expect(clippy::expect_used, reason = "a zip in memory takes everything")]
pub fn zip_of(schema: &str, data: &str, files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let names = files.iter().map(|(id, content)| (format!("files/{id}.bin"), *content));
    let parts = [("data_schema.xml", schema.as_bytes()), ("data.xml", data.as_bytes())];
    for (name, content) in parts.map(|(name, content)| (name.to_owned(), content)).into_iter().chain(names) {
        zip.start_file(name, SimpleFileOptions::default()).expect("memory takes a member");
        zip.write_all(content).expect("memory takes bytes");
    }
    zip.finish().expect("memory takes a directory").into_inner()
}

/// `data.xml` of one table's records, made at this time.
#[must_use]
pub fn data_of(timestamp: &str, table: &str, records: &str) -> String {
    format!(
        r#"<entities timestamp="{timestamp}"><entity name="{table}" displayname="{table}"><records>{records}</records><m2mrelationships /></entity></entities>"#
    )
}
