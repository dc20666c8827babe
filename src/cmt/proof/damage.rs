//! Damaged files: every cut and many changed bytes. Nothing panics, and nothing cut off is taken for whole.

use crate::proof::testing::{package_of, read, read_to_error, sample_data, sample_schema, write, zip_of};
use crate::{Error, Schema};

fn zip(schema: &[u8], data: &[u8]) -> Vec<u8> {
    zip_of(&[("data.xml", data), ("data_schema.xml", schema)])
}

/// Bytes that mean something to XML or UTF-8. Each byte of a file is replaced by two of them in turn.
const DISTURBING: [u8; 8] = *b"<>&\"/\0\x80 ";

fn disturbed(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    (0..2 * bytes.len()).map(move |turn| {
        let mut changed = bytes.to_vec();
        changed[turn / 2] = DISTURBING[(3 * turn + turn / 2) % DISTURBING.len()];
        changed
    })
}

#[test]
fn a_data_file_that_is_cut_off_is_never_taken_for_whole() {
    let (schema, data) = (sample_schema(), sample_data());
    for end in 0..data.len() {
        let error = read_to_error(zip(schema.as_bytes(), &data.as_bytes()[..end])).unwrap_err();
        assert!(matches!(error, Error::BrokenXml { .. }), "cut at {end}: {error}");
    }
}

#[test]
fn a_schema_that_is_cut_off_is_never_taken_for_whole() {
    let schema = sample_schema();
    for end in 0..schema.len() {
        assert!(
            matches!(Schema::parse(&schema.as_bytes()[..end]), Err(Error::BrokenXml { .. })),
            "cut at {end}"
        );
    }
}

#[test]
fn a_zip_that_is_cut_off_is_refused() {
    let package = package_of(&sample_schema(), &sample_data());
    let whole = write(package.schema(), &read(&package).0);
    for end in 0..whole.len() {
        let error = read_to_error(whole[..end].to_vec()).unwrap_err();
        assert!(matches!(error, Error::NotAZip { .. } | Error::DamagedZip { .. }), "cut at {end}: {error}");
    }
}

/// A changed byte of a zip is noticed, or stood where it changes nothing that is read: a time stamp, a flag.
#[test]
fn a_changed_byte_in_a_zip_never_changes_what_is_read() {
    let package = package_of(&sample_schema(), &sample_data());
    let expected = read(&package).0;
    let whole = write(package.schema(), &expected);
    for changed in disturbed(&whole) {
        if let Ok((content, _)) = read_to_error(changed) {
            assert_eq!(content, expected);
        }
    }
}

/// Every outcome is fine but a panic, an endless loop, or an error that does not say where.
#[test]
fn a_changed_byte_in_the_data_is_read_or_refused_with_a_place() {
    let (schema, data) = (sample_schema(), sample_data());
    for changed in disturbed(data.as_bytes()) {
        if let Err(Error::BrokenXml { line, column, .. }) = read_to_error(zip(schema.as_bytes(), &changed)) {
            assert!(line >= 1 && column >= 1);
        }
    }
}

#[test]
fn a_changed_byte_in_the_schema_is_read_or_refused_with_a_place() {
    for changed in disturbed(sample_schema().as_bytes()) {
        if let Err(Error::BrokenXml { line, column, .. }) = Schema::parse(&changed) {
            assert!(line >= 1 && column >= 1);
        }
    }
}
