//! Looking into a package.

use super::{bytes, count, number};
use cmt::ColumnType;

pub(crate) const HIDDEN: &str = "Not shown: by its name, this setting is a secret. The package holds it.";
pub(crate) const SHORT: &str = "Packages";
pub(crate) const TITLE: &str = "Look into a data package";
pub(crate) const LEAD: &str = "Read the tables, records, values, pictures and links of any package. It is opened in this \
    tab only; nothing is sent anywhere.";
pub(crate) const DROP: &str = "Choose a package to look into";
pub(crate) const DROP_HINT: &str =
    "A zip of the Configuration Migration Tool or of Portage. Click, or drop it here.";
pub(crate) const OPENING: &str = "Reading the package …";
pub(crate) const OPEN_FAILED: &str = "This package cannot be opened";
pub(crate) const LOOK_INTO: &str = "Look into the package";
pub(crate) const LINK_WAITS: &str = "The link leads into a package";
pub(crate) const LINK_WAITS_TEXT: &str = "Choose the package, and what the link names is shown.";
pub(crate) const ANOTHER: &str = "Open another package";
pub(crate) const EXPORTED_AT: &str = "Exported";
pub(crate) const SIZE: &str = "Size";
pub(crate) const FILES: &str = "Files";
pub(crate) const DATE_MODE: &str = "Dates at import";
pub(crate) const IMPORT_ORDER: &str = "Import order";
pub(crate) const FINDINGS: &str = "What was unusual about the file";
pub(crate) const NO_TABLES: &str = "This package has no tables";
pub(crate) const FIND_TABLE: &str = "Find a table";
pub(crate) const TABLES: &str = "Tables";
pub(crate) const TABLE: &str = "Table";
pub(crate) const NO_SUCH_TABLE: &str = "This package has no such table";
pub(crate) const NO_TABLE_FITS: &str = "No table is called so.";
pub(crate) const SEARCH: &str = "Search all values";
pub(crate) const SEARCHING: &str = "Searching …";
pub(crate) const READING: &str = "Reading the records …";
pub(crate) const LOADING: &str = "…";
pub(crate) const RECORDS: &str = "Records";
pub(crate) const ID: &str = "Id";
pub(crate) const OPEN: &str = "Show the record";
pub(crate) const NO_RECORDS: &str = "The package has no records of this table.";
pub(crate) const NOTHING_FOUND: &str = "No record of this table has that in a value.";
pub(crate) const NOT_READ: &str = "The records cannot be read";
pub(crate) const SCHEMA: &str = "What the schema says of this table";
pub(crate) const NO_SCHEMA: &str = "The schema does not name this table.";
pub(crate) const PRIMARY_ID: &str = "Id column";
pub(crate) const PRIMARY_NAME: &str = "Name column";
pub(crate) const COLUMNS: &str = "Columns";
pub(crate) const UNIQUE: &str = "Records are told apart by";
pub(crate) const PLUGINS: &str = "Plug-ins at import";
pub(crate) const PLUGINS_OFF: &str = "bypassed";
pub(crate) const PLUGINS_ON: &str = "run";
pub(crate) const MATCHED: &str = "Rows that are there already";
pub(crate) const SKIPPED: &str = "are left alone";
pub(crate) const CREATED_AGAIN: &str = "are not looked for: records are always created";
pub(crate) const RELATIONSHIPS: &str = "Many-to-many relationships";
pub(crate) const FILTER: &str = "Filter at export (FetchXML)";
pub(crate) const CLOSE: &str = "Close";
pub(crate) const READING_RECORD: &str = "Reading the record …";
pub(crate) const NO_SUCH_RECORD: &str = "The package has no record of this id in this table";
pub(crate) const NO_SUCH_RECORD_TEXT: &str =
    "The link may be for another package. Choose a record from the table.";
pub(crate) const RECORD_NOT_READ: &str = "This record cannot be read";
pub(crate) const VALUES: &str = "Values";
pub(crate) const LINKS: &str = "Links";
pub(crate) const NOT_HERE: &str = "not in this package";
pub(crate) const NO_NAME: &str = "(no name)";
pub(crate) const NO_CONTENT: &str = "The package does not hold its content.";
pub(crate) const SAVE: &str = "Save";
pub(crate) const WITHOUT_VALUE: &str = "Columns without a value";

/// What is beside a table in the list: its records, or how many of them were found.
pub(crate) fn records_in_table(records: u64, found: Option<u64>) -> String {
    match found {
        Some(found) => format!("{} of {}", number(found), number(records)),
        None => number(records),
    }
}

/// Records on screen: `12 of 3,400 records`.
pub(crate) fn shown(shown: u64, all: u64) -> String {
    if shown == all {
        count(all, "record", "records")
    } else {
        format!("{} of {}", number(shown), count(all, "record", "records"))
    }
}

/// What a search found in all tables.
pub(crate) fn found(records: u64, tables: usize) -> String {
    match records {
        0 => "Nothing found in this package.".to_owned(),
        _ => format!(
            "Found in {} of {}.",
            count(records, "record", "records"),
            count(tables as u64, "table", "tables")
        ),
    }
}

/// A file's name with its size.
pub(crate) fn file(name: &str, size: u64) -> String {
    format!("{name} ({})", bytes(size))
}

/// What a picture shows, for those who do not see it.
pub(crate) fn picture(label: &str, record: &str) -> String {
    if record.is_empty() { label.to_owned() } else { format!("{label} of {record}") }
}

/// One relationship's links.
pub(crate) fn relationship(rows: usize, table: &str) -> String {
    format!("{table} ({})", number(rows as u64))
}

/// A table and its logical name in one line.
pub(crate) fn links_of_table(links: u64) -> String {
    count(links, "link", "links")
}

/// A relationship as the schema has it: the table on the other side and the intersect table.
pub(crate) fn declared(intersect: &str, target: &str) -> String {
    format!("{target} ({intersect})")
}

/// The schema's words for how dates move, for people.
pub(crate) fn date_mode(name: &str) -> &'static str {
    match name {
        "relative" => "moved by whole weeks",
        "relativeDaily" => "moved by whole days",
        _ => "as written",
    }
}

/// What a party is to its activity (`participationtypemask`).
pub(crate) fn party(role: &str) -> &str {
    match role {
        "1" => "Sender",
        "2" => "To",
        "3" => "Cc",
        "4" => "Bcc",
        "5" => "Required attendee",
        "6" => "Optional attendee",
        "7" => "Organizer",
        "8" => "Regarding",
        "9" => "Owner",
        "10" => "Resource",
        "11" => "Customer",
        _ => "Party",
    }
}

/// A column's type.
pub(crate) fn column_type(column_type: ColumnType) -> &'static str {
    match column_type {
        ColumnType::Text => "text",
        ColumnType::Lookup => "lookup",
        ColumnType::Owner => "owner",
        ColumnType::PartyList => "parties",
        ColumnType::Number | ColumnType::BigInt => "whole number",
        ColumnType::Decimal => "decimal",
        ColumnType::Money => "money",
        ColumnType::Float => "floating point",
        ColumnType::Bool => "yes or no",
        ColumnType::DateTime => "date and time",
        ColumnType::Choice => "choice",
        ColumnType::Choices => "choices",
        ColumnType::State => "state",
        ColumnType::Status => "status",
        ColumnType::Id => "id",
        ColumnType::Image => "image",
        ColumnType::File => "file",
        ColumnType::Unknown => "unknown type",
    }
}
