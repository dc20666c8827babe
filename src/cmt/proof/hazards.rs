//! Files that were made to do harm, or came to harm: each is refused with what it is and what to do about it.

use crate::proof::testing::{sample_data, sample_schema, zip_of};
use crate::{DataPackage, Error, Limits, Part, Schema};
use std::io::{Cursor, Write};
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

/// Positions in a member's entry of the zip's directory (APPNOTE.TXT, 4.3.12).
const FLAGS: usize = 8;
const METHOD: usize = 10;
const CHECKSUM: usize = 16;
const COMPRESSED_SIZE: usize = 20;
const INFLATED_SIZE: usize = 24;
const HEADER_POSITION: usize = 42;
/// How many members the zip claims to have, behind its end's signature.
const MEMBER_COUNT: usize = 10;

fn sample() -> Vec<u8> {
    zip_of(&[("data.xml", sample_data().as_bytes()), ("data_schema.xml", sample_schema().as_bytes())])
}

/// The sample with `bytes` in the directory's entry of `data.xml`.
fn changed(at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut zip = sample();
    let entry = zip.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap() + at;
    zip[entry..entry + bytes.len()].copy_from_slice(bytes);
    zip
}

/// What comes of reading all of a zip.
fn outcome(zip: Vec<u8>, limits: Limits) -> Result<(), Error> {
    let package = DataPackage::open_within(zip, limits)?;
    package.read()?.try_for_each(|item| item.map(drop))
}

fn refused(zip: Vec<u8>, limits: Limits, words: &str) -> Error {
    let error = outcome(zip, limits).expect_err(words);
    assert!(error.to_string().contains(words), "{error}");
    error
}

/// A package with this in its only record, deflated.
fn deflated(inside: &str) -> Vec<u8> {
    let data =
        format!("<entities><entity name=\"appointment\"><records>{inside}</records></entity></entities>");
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [("data.xml", data), ("data_schema.xml", sample_schema())] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_member_with_a_password_is_named_and_the_password_is_to_be_taken_off() {
    let error = refused(changed(FLAGS, &[1, 0]), Limits::default(), "data.xml is protected by a password");
    assert!(error.remedy().contains("without one"));
}

#[test]
fn a_method_other_than_deflate_is_named_whether_known_or_not() {
    for method in [1, 9, 12, 14, 93, 98, 200] {
        let error = refused(changed(METHOD, &[method, 0]), Limits::default(), "data.xml is compressed with");
        assert!(matches!(error, Error::UnknownMethod { .. }) && error.remedy().contains("deflate"));
    }
}

#[test]
fn a_wrong_checksum_or_size_is_noticed_at_the_end_of_the_data_at_the_latest() {
    let mut longer = (sample_data().len() as u32 - 1).to_le_bytes();
    let error = refused(changed(CHECKSUM, &[1, 2, 3, 4]), Limits::default(), "checksum");
    assert!(error.remedy().contains("again"));
    refused(changed(INFLATED_SIZE, &longer), Limits::default(), "longer than its header says");
    longer = (sample_data().len() as u32 + 1).to_le_bytes();
    refused(changed(INFLATED_SIZE, &longer), Limits::default(), "shorter than its header says");
}

#[test]
fn members_that_lie_over_one_another_are_refused() {
    let mut zip = sample();
    let entry = zip.windows(4).rposition(|bytes| bytes == b"PK\x01\x02").unwrap() + HEADER_POSITION;
    zip[entry..entry + 4].copy_from_slice(&[0; 4]);
    let error = refused(zip, Limits::default(), "lie over one another");
    assert!(error.remedy().contains("do not trust"));
    let reaching = changed(COMPRESSED_SIZE, &(sample_data().len() as u32 + 10).to_le_bytes());
    assert!(matches!(outcome(reaching, Limits::default()), Err(Error::Overlapping { .. })));
}

#[test]
fn a_member_that_reaches_behind_the_end_is_missing_its_end() {
    let zip = changed(COMPRESSED_SIZE, &[0, 0, 0, 0x10]);
    let error = refused(zip, Limits::default(), "the end of data.xml is missing");
    assert!(error.remedy().contains("again"));
}

#[test]
fn more_members_than_allowed_are_refused_before_the_directory_is_read() {
    let few = Limits { members: 1, ..Limits::default() };
    refused(sample(), few, "it has 2 members, and 1 are allowed");
    let mut zip = sample();
    let end = zip.windows(4).rposition(|bytes| bytes == b"PK\x05\x06").unwrap() + MEMBER_COUNT;
    zip[end..end + 2].copy_from_slice(&[0x60, 0xEA]);
    let error = refused(zip, Limits { members: 50_000, ..Limits::default() }, "it has 60000 members");
    assert!(matches!(error, Error::TooMuch { part: Part::Zip, .. }) && error.remedy().contains("packages"));
}

#[test]
fn a_zip_that_claims_to_grow_beyond_measure_is_refused_before_it_does() {
    let limits = Limits::default();
    refused(changed(INFLATED_SIZE, &[0, 0, 0, 0x7F]), limits, "more than 400-fold");
    let tight = Limits { inflated_size: 1000, ..limits };
    refused(sample(), tight, "and 1000 bytes are allowed");
    refused(sample(), Limits { schema_size: 1000, ..limits }, "data_schema.xml is too much to be read");
}

#[test]
fn a_bomb_is_refused_by_what_its_directory_says_or_by_what_comes_out() {
    let limits = Limits { ratio_from: 1 << 20, ..Limits::default() };
    let bomb = deflated(&" ".repeat(4 << 20));
    refused(bomb.clone(), limits, "would grow from 5 KB to 5 MB, more than 400-fold");
    // The same, with a directory that tells of a tenth.
    let mut lying = bomb;
    let entry = lying.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap() + INFLATED_SIZE;
    lying[entry..entry + 4].copy_from_slice(&400_000_u32.to_le_bytes());
    refused(lying, limits, "longer than its header says");
}

#[test]
fn a_zip64_is_read_like_any_other() {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let wide = SimpleFileOptions::default().large_file(true);
    for (name, text) in [("data.xml", sample_data()), ("data_schema.xml", sample_schema())] {
        zip.start_file(name, wide).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    // The zip64 end record is written for more members than the usual one can count.
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for number in 0..0x1_0000 {
        zip.start_file(format!("{number}"), stored).unwrap();
    }
    let zip = zip.finish().unwrap().into_inner();
    assert!(zip.windows(4).any(|bytes| bytes == b"PK\x06\x06"));
    outcome(zip.clone(), Limits::default()).unwrap();
    refused(zip, Limits { members: 0xFFFF, ..Limits::default() }, "it has 65538 members");
}

#[test]
fn tags_nested_too_deep_are_refused_with_their_place() {
    let error = refused(deflated(&"<a>".repeat(100_000)), Limits::default(), "nested deeper than 32 levels");
    assert!(error.to_string().starts_with("data.xml is too much to be read: at line 1, column "), "{error}");
    let shallow = Limits { depth: 3, ..Limits::default() };
    refused(sample(), shallow, "nested deeper than 3 levels");
}

#[test]
fn a_tag_with_too_many_attributes_is_refused_without_comparing_them_all() {
    let many: String = (0..200_000).map(|number| format!(" a{number}=\"\"")).collect();
    refused(deflated(&format!("<record{many} />")), Limits::default(), "more than 64 attributes");
}

#[test]
fn an_attribute_and_a_text_have_their_longest() {
    let limits = Limits { attribute_size: 1000, ..Limits::default() };
    let (fits, long) = ("x".repeat(1000), "x".repeat(1001));
    let record = |value: &str| {
        deflated(&format!("<record id=\"1\"><field name=\"subject\" value=\"{value}\" /></record>"))
    };
    outcome(record(&fits), limits).unwrap();
    refused(record(&long), limits, "the attribute value of the tag <field> is longer than 1000 bytes");
    let endless = "x".repeat(3 << 20);
    refused(record(&endless), limits, "a tag or text is longer than 2 MB");
    refused(deflated(&endless), limits, "a tag or text is longer than 2 MB");
    let schema =
        sample_schema().replace("<relationships>", &format!("<filter>{long}</filter><relationships>"));
    let error = Schema::parse_within(schema.as_bytes(), &limits).unwrap_err();
    assert!(error.to_string().contains("a text is longer than 1000 bytes"), "{error}");
}

#[test]
fn thirty_megabytes_in_one_attribute_are_one_value() {
    let text = "QUJD".repeat(30 << 18);
    let zip = deflated(&format!(
        "<record id=\"2d59d62c-584b-4f11-a317-0022480bd0f0\"><field name=\"new_picture\" value=\"{text}\" /></record>"
    ));
    let limits = Limits { ratio: 2_000, ..Limits::default() };
    let package = DataPackage::open_within(zip, limits).unwrap();
    let items: Vec<_> = package.read().unwrap().map(Result::unwrap).collect();
    let crate::DataItem::Record(record) = &items[1] else { panic!("no record") };
    assert_eq!(record.value("new_picture"), Some(&crate::Value::Image(text)));
}

#[test]
fn declarations_of_types_and_entities_are_refused_in_both_parts() {
    let laughs = "<!DOCTYPE entities [<!ENTITY lol \"lol\"><!ENTITY lol2 \"&lol;&lol;&lol;\">]>";
    let (data, schema) = (sample_data(), sample_schema());
    let with = |data: String, schema: String| {
        zip_of(&[("data.xml", data.as_bytes()), ("data_schema.xml", schema.as_bytes())])
    };
    for zip in [
        with(format!("{laughs}{data}"), schema.clone()),
        with(data.clone(), format!("{laughs}{schema}")),
        with(format!("<!DOCTYPE entities SYSTEM \"http://example.com/x.dtd\">{data}"), schema.clone()),
    ] {
        let error = refused(zip, Limits::default(), "a document type declaration (DTD) stands here");
        assert!(error.remedy().contains("line"));
    }
    let reference = data.replacen("value=\"True\"", "value=\"&lol2;\"", 1);
    refused(with(reference, schema), Limits::default(), "starts no known reference");
}

/// A compressed package, cut off at every byte: refused, never taken for whole, never a panic.
#[test]
fn a_package_cut_off_at_any_byte_is_refused() {
    let zip = deflated("<record id=\"2d59d62c-584b-4f11-a317-0022480bd0f0\" />");
    for end in 0..zip.len() {
        let error = outcome(zip[..end].to_vec(), Limits::default()).unwrap_err();
        assert!(matches!(error, Error::NotAZip { .. } | Error::DamagedZip { .. }), "cut at {end}: {error}");
    }
}
