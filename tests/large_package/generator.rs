//! Makes a package of notes as large as wanted: the same bytes for the same numbers.

use cmt::{Column, ColumnType, Field, Lookup, PackageWriter, Record, Schema, Table, Value, WriteError};
use std::io::{Seek, Write};
use uuid::Uuid;

/// Two accounts in three hundred notes.
const NOTES_AN_ACCOUNT: u64 = 150;
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Writes accounts, and so many notes with a file of `body` base64 characters each. A note takes `body` and about 700
/// bytes of `data.xml`.
///
/// # Errors
/// The sink refuses.
pub fn generate<W: Write + Seek>(notes: u64, body: usize, sink: W) -> Result<W, WriteError> {
    let mut writer = PackageWriter::new(sink, &schema(), "2026-11-22T12:00:00.0000000Z")?;
    writer.start_table("account", "Account")?;
    for number in 0..=notes / NOTES_AN_ACCOUNT {
        writer.record(&account(number))?;
    }
    writer.start_table("annotation", "Note")?;
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    for number in 0..notes {
        writer.record(&note(number, random.base64(body)))?;
    }
    writer.finish()
}

fn schema() -> Schema {
    use ColumnType::{Bool, DateTime, Id, Lookup, Number, Owner, Text};
    let accounts = [("accountid", Id), ("name", Text), ("createdon", DateTime), ("donotemail", Bool)];
    let notes = [
        ("annotationid", Id),
        ("subject", Text),
        ("notetext", Text),
        ("filename", Text),
        ("mimetype", Text),
        ("filesize", Number),
        ("isdocument", Bool),
        ("objectid", Lookup),
        ("ownerid", Owner),
        ("documentbody", Text),
    ];
    Schema {
        tables: vec![
            table("account", "Account", "accountid", "name", &accounts),
            table("annotation", "Note", "annotationid", "subject", &notes),
        ],
        ..Schema::default()
    }
}

fn table(name: &str, label: &str, id: &str, primary_name: &str, columns: &[(&str, ColumnType)]) -> Table {
    Table {
        name: name.into(),
        display_name: label.into(),
        type_code: Some("1".into()),
        primary_id: id.into(),
        primary_name: primary_name.into(),
        columns: columns.iter().map(|(name, column_type)| column(name, *column_type, *name == id)).collect(),
        ..Table::default()
    }
}

fn column(name: &str, column_type: ColumnType, primary_key: bool) -> Column {
    let targets: &[&str] = if column_type == ColumnType::Lookup { &["account"] } else { &[] };
    Column {
        name: name.into(),
        display_name: name.into(),
        column_type,
        primary_key,
        lookup_targets: targets.iter().map(|target| (*target).to_owned()).collect(),
        custom: false,
        update_compare: false,
        date_mode: None,
    }
}

fn account(number: u64) -> Record {
    let id = id(1, number);
    record(
        id,
        [
            ("accountid", Value::Id(id)),
            ("name", Value::Text(format!("Contoso & Sons No. {number}"))),
            ("donotemail", Value::Bool(number.is_multiple_of(3))),
        ],
    )
}

fn note(number: u64, body: String) -> Record {
    let id = id(2, number);
    let about = id_of_account(number);
    // The service names owners, but not what a note is about.
    let lookup = |id, table: &str, name: Option<&str>| {
        Value::Lookup(Lookup { id, table: table.into(), name: name.map(str::to_owned) })
    };
    record(
        id,
        [
            ("annotationid", Value::Id(id)),
            ("subject", Value::Text(format!("Minutes {number}"))),
            (
                "notetext",
                Value::Text(format!("<div>It's said that {number} < {}.</div>\r\nSigned: Zoë", number + 1)),
            ),
            ("filename", Value::Text(format!("minutes-{number}.bin"))),
            ("mimetype", Value::Text("application/octet-stream".into())),
            ("filesize", Value::Number(body.len() as i64 / 4 * 3)),
            ("isdocument", Value::Bool(true)),
            ("objectid", lookup(about, "account", None)),
            ("ownerid", lookup(self::id(3, 0), "systemuser", Some("Sam Miller"))),
            ("documentbody", Value::Text(body)),
        ],
    )
}

fn record<const COUNT: usize>(id: Uuid, fields: [(&str, Value); COUNT]) -> Record {
    let field = |(column, value): (&str, Value)| Field { column: column.to_owned(), value };
    Record { id, fields: fields.into_iter().map(field).collect() }
}

/// Ids that grow in SQL Server's order, in which the tool writes records: the last group counts first.
fn id(kind: u32, number: u64) -> Uuid {
    Uuid::from_u128(u128::from(kind) << 96 | u128::from(number))
}

fn id_of_account(note: u64) -> Uuid {
    id(1, note / NOTES_AN_ACCOUNT)
}

/// Xorshift: what cannot be compressed, and is the same on every machine.
struct Random(u64);

impl Random {
    fn base64(&mut self, length: usize) -> String {
        let mut text = String::with_capacity(length + 10);
        while text.len() < length {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            let letters = (0..10).map(|group| ALPHABET[(self.0 >> (6 * group)) as usize & 63]);
            text.extend(letters.map(char::from));
        }
        text.truncate(length);
        text
    }
}
