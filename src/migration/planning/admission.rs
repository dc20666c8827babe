//! Whether the environment can take a record's values: lengths, kinds, attachments. Found before anything is sent.

use super::attachments::AttachmentRules;
use crate::package_index::pointed_row;
use crate::table_fit::TableFit;
use crate::values::{is_lookup, to_json};
use crate::{PackageFiles, Problem, ProblemKind};
use cmt::{Field, Record, Value};
use dataverse::{ColumnKind, ColumnMetadata};

/// What is wrong with the values that would be sent for `record`: those of the columns that `is_sent` names.
pub(super) fn objections(
    record: &Record,
    table: &TableFit<'_>,
    attachments: &AttachmentRules<'_>,
    is_sent: impl Fn(&str) -> bool,
) -> Vec<Problem> {
    let mut found = Vec::new();
    for field in record.fields.iter().filter(|f| is_sent(&f.column)) {
        let Some(column) = table.column(&field.column).and_then(|c| c.metadata) else { continue };
        found.extend(value_objection(field, column));
        found.extend(attachments.objection(field, record, &table.metadata.name));
    }
    found
}

fn value_objection(field: &Field, column: &ColumnMetadata) -> Option<Problem> {
    let what = match (&field.value, column.max_length) {
        (Value::Lookup(_), _) if is_lookup(column.kind) => return None,
        (Value::File(_), _) if column.kind == ColumnKind::File => return None,
        (Value::Parties(_), _) if column.kind == ColumnKind::PartyList => return None,
        (Value::Text(text), Some(most)) if length(text) > most as usize => {
            format!("The text of {} has {} characters; {most} are allowed here.", field.column, length(text))
        }
        (Value::Image(image), _) if exceeds(decoded_length(image), column) => {
            return Some(too_large(&field.column, decoded_length(image), column));
        }
        (value, _) if to_json(value, column).is_none() => {
            format!("The value of {} is not what a {:?} column takes.", field.column, column.kind)
        }
        _ => return None,
    };
    let remedy =
        "Correct the value in the source and export again, or change the column in this environment.";
    Some(Problem::new(ProblemKind::Value, what, remedy).at_column(&field.column))
}

/// Whether an image or a file of so many bytes is more than its column takes.
fn exceeds(bytes: u64, column: &ColumnMetadata) -> bool {
    column.max_size_kb.is_some_and(|most| bytes > u64::from(most) * 1024)
}

/// How many bytes the base64 text stands for.
fn decoded_length(base64: &str) -> u64 {
    let digits = base64.trim_end_matches('=').len() as u64;
    digits * 3 / 4
}

fn too_large(name: &str, bytes: u64, column: &ColumnMetadata) -> Problem {
    let kind = if column.kind == ColumnKind::Image { "image" } else { "file" };
    let most = column.max_size_kb.unwrap_or_default();
    Problem::new(
        ProblemKind::Attachment,
        format!(
            "The {kind} of {name} has {} KB; {most} KB are allowed in this environment.",
            bytes.div_ceil(1024)
        ),
        format!("Raise the maximum size of the column in this environment, or use a smaller {kind}."),
    )
    .at_column(name)
}

/// The service counts UTF-16 units.
fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Why a file is not written: the package names it and does not hold it.
pub(crate) fn file_missing(field: &Field, files: &PackageFiles) -> Option<Problem> {
    let Value::File(file) = &field.value else { return None };
    let missing = files.size(file.id).is_none();
    missing.then(|| {
        Problem::new(
            ProblemKind::File,
            format!(
                "The package names a file of {} and does not hold its content (files/{}.bin).",
                field.column, file.id
            ),
            "Export again with files, or set the file by hand.",
        )
        .at_column(&field.column)
    })
}

/// Why a lookup cannot even be tried here: its column takes no rows of that table. Owner columns take users
/// and teams without saying so.
pub(super) fn lookup_objection(field: &Field, table: &TableFit<'_>) -> Option<Problem> {
    let column = table.column(&field.column)?.metadata?;
    let Value::Lookup(lookup) = &field.value else { return None };
    let target = pointed_row(lookup, &field.column, table.metadata).table;
    let taken =
        column.kind == ColumnKind::Owner || table.metadata.navigation(&field.column, &target).is_some();
    (!taken).then(|| {
        Problem::new(
            ProblemKind::LookupTargetMissing,
            format!(
                "The column {} points to a row of {target}, which it does not take in this environment.",
                field.column
            ),
            "Add the table to the column's targets in this environment, or go on without this lookup.",
        )
        .at_column(&field.column)
    })
}

#[cfg(test)]
mod tests {
    use super::objections;
    use crate::ProblemKind;
    use crate::planning::attachments::AttachmentRules;
    use crate::table_fit::TableFit;
    use crate::testing::{column, schema_table, table};
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use cmt::{ColumnType, Field, Record, Schema, Value};
    use dataverse::{ColumnKind, ColumnMetadata, Organization};
    use uuid::Uuid;

    fn organization() -> Organization {
        Organization {
            id: Uuid::nil(),
            name: "Contoso".into(),
            language: None,
            max_upload_bytes: Some(8),
            blocked_attachments: vec!["js".into(), "exe".into()],
        }
    }

    fn text(column: &str, text: &str) -> Field {
        Field { column: column.into(), value: Value::Text(text.into()) }
    }

    fn found(fields: Vec<Field>) -> Vec<(ProblemKind, Option<String>)> {
        let columns = [
            ("subject", ColumnType::Text),
            ("documentbody", ColumnType::Text),
            ("filename", ColumnType::Text),
        ];
        let schema = Schema { tables: vec![schema_table("annotation", &columns)], ..Default::default() };
        let mut metadata =
            table("annotation", &[("documentbody", ColumnKind::Text), ("filename", ColumnKind::Text)]);
        metadata.columns.push(ColumnMetadata { max_length: Some(3), ..column("subject", ColumnKind::Text) });
        let fit = TableFit::new(&schema, &metadata).unwrap();
        let record = Record { id: Uuid::nil(), fields };
        objections(&record, &fit, &AttachmentRules::of(&organization()), |_| true)
            .into_iter()
            .map(|p| (p.kind, p.place.column))
            .collect()
    }

    #[test]
    fn text_is_measured_as_the_service_measures_it() {
        assert_eq!(found(vec![text("subject", "äöü")]), []);
        // One character, two UTF-16 units each.
        assert_eq!(found(vec![text("subject", "😀😀")]), [(ProblemKind::Value, Some("subject".into()))]);
    }

    #[test]
    fn an_image_is_measured_by_its_bytes_and_not_by_their_base64() {
        let schema_columns = [("photo", ColumnType::Image)];
        let schema = Schema { tables: vec![schema_table("a", &schema_columns)], ..Default::default() };
        let mut metadata = table("a", &[]);
        metadata.columns.push(ColumnMetadata { max_size_kb: Some(1), ..column("photo", ColumnKind::Image) });
        let fit = TableFit::new(&schema, &metadata).unwrap();
        for (bytes, is_refused) in [(1024, false), (1025, true)] {
            let image = Value::Image(STANDARD.encode(vec![7; bytes]));
            let fields = vec![Field { column: "photo".into(), value: image }];
            let record = Record { id: Uuid::nil(), fields };
            let found = objections(&record, &fit, &AttachmentRules::of(&organization()), |_| true);
            assert_eq!(!found.is_empty(), is_refused, "{bytes}");
            assert!(found.iter().all(|p| p.what.contains("2 KB; 1 KB are allowed")), "{found:?}");
        }
    }

    #[test]
    fn attachments_are_held_against_the_rules_of_the_environment() {
        let refused = vec![(ProblemKind::Attachment, Some("documentbody".to_owned()))];
        let cases = [
            ("styles.css", "AAAA", false),
            ("menu.JS", "AAAA", true),
            ("menu.js.txt", "AAAA", false),
            ("styles.css", "AAAAAAAAAAAA", true),
        ];
        for (file, body, is_refused) in cases {
            let problems = found(vec![text("filename", file), text("documentbody", body)]);
            assert_eq!(problems, if is_refused { refused.clone() } else { vec![] }, "{file} {body}");
        }
        assert_eq!(found(vec![text("filename", "menu.js")]), [], "a name alone is no attachment");
    }
}
