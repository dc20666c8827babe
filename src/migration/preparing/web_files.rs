//! The content of web files, where the target's version of the portal reads it: from 9.3.2201 on in a file column of the
//! web file, below in its newest note.
//!
//! Which it is, the table itself tells: an environment has the column from that version on, and without the column
//! nothing could be written there whatever version a solution names.

use super::Prepared;
use crate::package_files::media_type;
use crate::planning::NOTES;
use crate::{EnvironmentTables, LoadedPackage, LoadedTable, Problem, ProblemKind, RowRef};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cmt::{Column, ColumnType, Field, FileRef, Lookup, Record, Schema, Table, Value};
use dataverse::{ColumnKind, TableMetadata};
use std::collections::{HashMap, HashSet};
use time::PrimitiveDateTime;
use uuid::Uuid;

/// The table of web files.
pub(crate) const WEB_FILE: &str = "adx_webfile";
/// The file column with their content.
const CONTENT: &str = "adx_filecontent";
/// Says that the content moved from a note into the column.
const MIGRATED: &str = "adx_migratedtofilecontent";
/// What a note is about.
const ABOUT: &str = "objectid";

impl Prepared<'_> {
    /// Puts the content of each web file where the target reads it, and leaves out what it does not read.
    pub(super) fn place_web_files(&mut self, tables: &EnvironmentTables) {
        let Some(target) = tables.get(WEB_FILE) else { return };
        let is_file =
            |table: &TableMetadata| table.column(CONTENT).is_some_and(|c| c.kind == ColumnKind::File);
        let notes = Notes::of(&self.package);
        if is_file(target) {
            self.fill_columns(target, &notes);
        } else {
            self.newest_notes_only(&notes);
            self.make_notes(&notes);
        }
    }

    /// The target reads the column: the newest note's content goes there, and no note is written.
    fn fill_columns(&mut self, target: &TableMetadata, notes: &Notes) {
        if notes.by_file.is_empty() {
            return;
        }
        let flags = target.column(MIGRATED).is_some_and(|c| c.kind == ColumnKind::Boolean && c.updatable);
        let package = self.package.to_mut();
        let mut moved = HashSet::new();
        let (schema, files) = (&mut package.schema, &mut package.files);
        let (web_files, others): (Vec<_>, Vec<_>) =
            package.tables.iter_mut().partition(|t| t.name == WEB_FILE);
        let bodies = bodies(others.iter().filter(|t| t.name == NOTES).flat_map(|t| &t.records));
        for record in web_files.into_iter().flat_map(|t| &mut t.records) {
            let Some(note) = notes.newest(record.id) else { continue };
            let holds =
                |field: &Field| matches!(&field.value, Value::File(file) if files.size(file.id).is_some());
            if record.fields.iter().any(|f| f.column == CONTENT && holds(f)) {
                moved.insert(record.id);
                continue;
            }
            let Some(body) = bodies.get(&note) else { continue };
            files.add(note, body.media_type.clone(), body.content.clone());
            let file = FileRef { id: note, file_name: body.file_name.clone() };
            set(record, CONTENT, Value::File(file));
            if flags {
                set(record, MIGRATED, Value::Bool(true));
            }
            moved.insert(record.id);
        }
        describe(schema, WEB_FILE, &[(CONTENT, ColumnType::File)]);
        if flags {
            describe(schema, WEB_FILE, &[(MIGRATED, ColumnType::Bool)]);
        }
        for (file, all) in notes.by_file.iter().filter(|(file, _)| moved.contains(*file)) {
            let newest = notes.newest(*file);
            for note in all {
                let reason = if Some(note.id) == newest { moved_into_column() } else { older() };
                self.skipped.insert(RowRef { table: NOTES.into(), id: note.id }, reason);
            }
        }
    }

    /// The target reads the newest note: others would only pile up.
    fn newest_notes_only(&mut self, notes: &Notes) {
        for (file, all) in &notes.by_file {
            let newest = notes.newest(*file);
            for note in all.iter().filter(|note| Some(note.id) != newest) {
                self.skipped.insert(RowRef { table: NOTES.into(), id: note.id }, older());
            }
        }
    }

    /// The target has no column for it: what the package has in one becomes a note.
    fn make_notes(&mut self, notes: &Notes) {
        let holds = |record: &Record| matches!(record.value(CONTENT), Some(Value::File(_)));
        let mut records = self.package.tables.iter().filter(|t| t.name == WEB_FILE).flat_map(|t| &t.records);
        if !records.any(holds) {
            return;
        }
        let package = self.package.to_mut();
        let mut made = Vec::new();
        for record in package.tables.iter_mut().filter(|t| t.name == WEB_FILE).flat_map(|t| &mut t.records) {
            let Some(Value::File(file)) = record.value(CONTENT) else { continue };
            // Damage of the zip is told where a file is read to be written; here the column stays and is told of.
            let Ok(Some(content)) = package.files.content(file.id) else { continue };
            if notes.newest(record.id).is_none() {
                made.push(note(record.id, &file.file_name, &content));
            }
            record.fields.retain(|field| field.column != CONTENT);
        }
        describe_notes(&mut package.schema);
        let count = made.len();
        add_notes(package, made);
        self.notes.extend((count > 0).then(|| made_notes(count)));
    }
}

/// The notes of the package that carry the content of web files.
struct Notes {
    by_file: HashMap<Uuid, Vec<NoteAt>>,
}

#[derive(Clone, Copy)]
struct NoteAt {
    id: Uuid,
    /// When it was changed last, or else made.
    at: Option<PrimitiveDateTime>,
}

impl Notes {
    fn of(package: &LoadedPackage) -> Notes {
        let mut by_file: HashMap<Uuid, Vec<NoteAt>> = HashMap::new();
        let records = package.tables.iter().filter(|t| t.name == NOTES).flat_map(|t| &t.records);
        for record in records.filter(|record| text(record, "documentbody").is_some()) {
            let Some(Value::Lookup(about)) = record.value(ABOUT) else { continue };
            let is_of_web_file = about.table == WEB_FILE || text(record, "objecttypecode") == Some(WEB_FILE);
            if is_of_web_file {
                let at = date(record, "modifiedon").or_else(|| date(record, "createdon"));
                by_file.entry(about.id).or_default().push(NoteAt { id: record.id, at });
            }
        }
        Notes { by_file }
    }

    /// The note that portals read; where the file does not tell the time, the last one.
    fn newest(&self, web_file: Uuid) -> Option<Uuid> {
        self.by_file.get(&web_file)?.iter().max_by_key(|note| note.at).map(|note| note.id)
    }
}

/// What a note carries.
struct Body {
    file_name: String,
    media_type: String,
    content: Vec<u8>,
}

/// The readable bodies of notes; one that is no base64 stays a note, and the service says what it thinks of it.
fn bodies<'n>(notes: impl Iterator<Item = &'n Record>) -> HashMap<Uuid, Body> {
    let body = |note: &Record| {
        let content = STANDARD.decode(text(note, "documentbody")?).ok()?;
        let file_name = text(note, "filename").unwrap_or("file").to_owned();
        let media_type = text(note, "mimetype").unwrap_or_default().to_owned();
        Some((note.id, Body { file_name, media_type, content }))
    };
    notes.filter_map(body).collect()
}

/// The note has the web file's own id: the next import finds it.
fn note(web_file: Uuid, file_name: &str, content: &[u8]) -> Record {
    let text = |text: &str| Value::Text(text.to_owned());
    let about = Lookup { id: web_file, table: WEB_FILE.into(), name: None };
    let fields = [
        ("annotationid", Value::Id(web_file)),
        (ABOUT, Value::Lookup(about)),
        ("objecttypecode", text(WEB_FILE)),
        ("filename", text(file_name)),
        ("mimetype", text(media_type(file_name))),
        ("isdocument", Value::Bool(true)),
        ("documentbody", Value::Text(STANDARD.encode(content))),
    ];
    let field = |(column, value): (&str, Value)| Field { column: column.to_owned(), value };
    Record { id: web_file, fields: fields.into_iter().map(field).collect() }
}

fn add_notes(package: &mut LoadedPackage, made: Vec<Record>) {
    if made.is_empty() {
        return;
    }
    match package.tables.iter_mut().find(|t| t.name == NOTES) {
        Some(notes) => notes.records.extend(made),
        None => package.tables.push(LoadedTable {
            name: NOTES.into(),
            display_name: "Note".into(),
            records: made,
            links: Vec::new(),
        }),
    }
}

fn describe_notes(schema: &mut Schema) {
    if schema.table(NOTES).is_none() {
        schema.tables.push(Table {
            name: NOTES.into(),
            display_name: "Note".into(),
            primary_id: "annotationid".into(),
            primary_name: "subject".into(),
            ..Default::default()
        });
    }
    let columns = [
        ("annotationid", ColumnType::Id),
        (ABOUT, ColumnType::Lookup),
        ("objecttypecode", ColumnType::Text),
        ("filename", ColumnType::Text),
        ("mimetype", ColumnType::Text),
        ("isdocument", ColumnType::Bool),
        ("documentbody", ColumnType::Text),
    ];
    describe(schema, NOTES, &columns);
}

/// A value whose column the schema leaves out would not move.
pub(super) fn describe(schema: &mut Schema, table: &str, columns: &[(&str, ColumnType)]) {
    for (name, column_type) in columns {
        let mut listed = schema.tables.iter_mut().filter(|t| t.name == table).collect::<Vec<_>>();
        let known = listed.iter().any(|t| t.columns.iter().any(|c| c.name == *name));
        if let Some(table) = listed.first_mut().filter(|_| !known) {
            table.columns.push(Column {
                name: (*name).to_owned(),
                display_name: (*name).to_owned(),
                column_type: *column_type,
                primary_key: false,
                lookup_targets: Vec::new(),
                custom: false,
                update_compare: false,
                date_mode: None,
            });
        }
    }
}

fn set(record: &mut Record, column: &str, value: Value) {
    record.fields.retain(|field| field.column != column);
    record.fields.push(Field { column: column.to_owned(), value });
}

fn text<'r>(record: &'r Record, column: &str) -> Option<&'r str> {
    match record.value(column)? {
        Value::Text(text) if !text.is_empty() => Some(text),
        _ => None,
    }
}

fn date(record: &Record, column: &str) -> Option<PrimitiveDateTime> {
    match record.value(column)? {
        Value::DateTime(date) => Some(date.at),
        _ => None,
    }
}

fn moved_into_column() -> Problem {
    Problem::new(
        ProblemKind::NotMoved,
        format!(
            "This environment reads the content of web files from their column {CONTENT}: the note's file goes there, and \
             the note itself is not needed."
        ),
        "Nothing is to be done.",
    )
}

fn made_notes(count: usize) -> Problem {
    Problem::new(
        ProblemKind::NotMoved,
        format!(
            "Web files of this environment have no column {CONTENT}: the content of {count} of them becomes a note, each \
             a record of its own that the package does not count."
        ),
        "Nothing is to be done.",
    )
}

fn older() -> Problem {
    Problem::new(
        ProblemKind::NotMoved,
        "The web file has a newer note, and a portal reads the newest only.",
        "Remove this note in the source if nobody needs it.",
    )
}
