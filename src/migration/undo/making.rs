//! From a journal to the undo package.

use super::described;
use super::notes::{ClearedColumns, CreatedRow, LostValue, UndoNotes};
use super::old_values::OldValues;
use crate::journal::{LinkEnds, OldFile, Replay, entries};
use crate::values::{from_json, property};
use crate::{EnvironmentTables, LinkRemoval, Plan, Problem, ProblemKind, RowRef, parties};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cmt::{Field, FileRef, LinkSet, PackageWriter, Record, Schema, Value, WriteError};
use dataverse::{ColumnKind, ColumnMetadata, Row, TableMetadata};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Cursor;
use uuid::Uuid;

/// The undo package of a run: a data package of the old values, with [`UndoNotes`] beside them.
///
/// `journal`: what the run wrote down, to its end or as far as it came. `timestamp`: the time of its making, as a
/// package writes it.
///
/// # Errors
/// Where the journal cannot be read.
pub fn undo_package(
    tables: &EnvironmentTables,
    plan: &Plan,
    journal: &[u8],
    timestamp: &str,
) -> Result<Vec<u8>, Problem> {
    let old = OldValues::of(&Replay::of(entries(journal)?));
    let mut making = Making {
        tables,
        notes: UndoNotes::of(plan.organization),
        records: BTreeMap::new(),
        files: Vec::new(),
    };
    making.take_rows(&old)?;
    making.take_files(&old);
    making.notes.unlink = old.linked.iter().map(removal).collect();
    making.notes.delete = created(&old, plan);
    let links = link_sets(&old.unlinked, tables);
    making.write(&links, timestamp)
}

/// The package under way.
struct Making<'a> {
    tables: &'a EnvironmentTables,
    notes: UndoNotes,
    /// Records with their fields, by table.
    records: BTreeMap<String, BTreeMap<Uuid, Vec<Field>>>,
    /// The contents of file columns.
    files: Vec<(Uuid, Vec<u8>)>,
}

impl Making<'_> {
    /// Old values of rows that were changed, and whole rows that were removed.
    fn take_rows(&mut self, old: &OldValues) -> Result<(), Problem> {
        for (row, before) in &old.changed {
            let empty = self.take_row(row, before)?;
            if !empty.is_empty() {
                self.notes.clear.push(ClearedColumns { row: row.clone(), columns: empty });
            }
        }
        for (row, before) in &old.removed {
            // A new row is empty where nothing is said.
            self.take_row(row, before)?;
        }
        Ok(())
    }

    /// The row's values as a record; the columns that had none come back.
    fn take_row(&mut self, row: &RowRef, before: &Row) -> Result<Vec<String>, Problem> {
        let Some(metadata) = self.tables.get(&row.table) else { return Ok(Vec::new()) };
        let fields = self.records.entry(row.table.clone()).or_default().entry(row.id).or_default();
        let mut empty = Vec::new();
        for column in metadata.columns.iter().filter(|column| column.name != metadata.primary_id) {
            if !before.contains_key(&kept_under(metadata, column)) || !(column.creatable || column.updatable)
            {
                continue;
            }
            match from_json(before, column).map_err(|problem| problem.in_table(&row.table))? {
                Some(Value::Parties(parties)) if parties.is_empty() => empty.push(column.name.clone()),
                Some(value) => fields.push(Field { column: column.name.clone(), value }),
                None => empty.push(column.name.clone()),
            }
        }
        Ok(empty)
    }

    fn take_files(&mut self, old: &OldValues) {
        for ((row, column), file) in &old.files {
            match file {
                OldFile::None => self.clear(row, column),
                OldFile::Lost { why, .. } => self.lose(row, column, why),
                OldFile::Kept { name, content } => self.take_file(row, column, name, content),
            }
        }
    }

    fn take_file(&mut self, row: &RowRef, column: &str, name: &str, content: &str) {
        let kind =
            self.tables.get(&row.table).and_then(|table| table.column(column)).map(|column| column.kind);
        let value = match (kind, STANDARD.decode(content)) {
            (Some(ColumnKind::Image), Ok(_)) => Value::Image(content.to_owned()),
            (Some(ColumnKind::File), Ok(bytes)) => {
                // Any id does that no other file of the package has.
                let id = Uuid::from_u128(row.id.as_u128() ^ (self.files.len() as u128 + 1));
                self.files.push((id, bytes));
                Value::File(FileRef { id, file_name: name.to_owned() })
            }
            _ => return self.lose(row, column, "its column or its content is not known"),
        };
        let fields = self.records.entry(row.table.clone()).or_default().entry(row.id).or_default();
        fields.push(Field { column: column.to_owned(), value });
    }

    fn clear(&mut self, row: &RowRef, column: &str) {
        match self.notes.clear.iter_mut().find(|cleared| cleared.row == *row) {
            Some(cleared) => cleared.columns.push(column.to_owned()),
            None => {
                self.notes.clear.push(ClearedColumns { row: row.clone(), columns: vec![column.to_owned()] })
            }
        }
    }

    fn lose(&mut self, row: &RowRef, column: &str, why: &str) {
        self.notes.lost.push(LostValue { row: row.clone(), column: column.to_owned(), why: why.to_owned() });
    }

    /// The tables that the package speaks of, with the columns it brings or clears.
    fn schema(&self, links: &[(String, LinkSet)]) -> Schema {
        let mut wanted: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (table, records) in &self.records {
            let columns = records.values().flatten().map(|field| field.column.as_str());
            wanted.entry(table).or_default().extend(columns);
        }
        for cleared in &self.notes.clear {
            wanted.entry(&cleared.row.table).or_default().extend(cleared.columns.iter().map(String::as_str));
        }
        let of_removals = self.notes.delete.iter().map(|created| created.row.table.as_str());
        let of_links = links.iter().flat_map(|(table, links)| [table.as_str(), links.target_table.as_str()]);
        let of_unlinks = self.notes.unlink.iter().flat_map(|l| [l.table.as_str(), l.target_table.as_str()]);
        for table in of_removals.chain(of_links).chain(of_unlinks) {
            wanted.entry(table).or_default();
        }
        let tables = wanted.iter().filter_map(|(table, columns)| {
            let metadata = self.tables.get(table)?;
            let mut described = described::table(metadata, |column| columns.contains(column));
            described.relationships = self.relationships(metadata, links);
            Some(described)
        });
        Schema { tables: tables.collect(), ..Schema::default() }
    }

    fn relationships(&self, metadata: &TableMetadata, links: &[(String, LinkSet)]) -> Vec<cmt::Relationship> {
        let restored =
            links.iter().filter(|(table, _)| *table == metadata.name).map(|(_, set)| &set.relationship);
        let removed = self.notes.unlink.iter().filter(|l| l.table == metadata.name).map(|l| &l.relationship);
        let names: BTreeSet<&String> = restored.chain(removed).collect();
        let known = names.into_iter().filter_map(|name| metadata.relationship(name));
        let described = known.filter_map(|relationship| {
            let sides = [&relationship.first, &relationship.second];
            let other =
                sides.into_iter().find(|side| side.table != metadata.name).unwrap_or(&relationship.first);
            Some(described::relationship(relationship, &metadata.name, self.tables.get(&other.table)?))
        });
        described.collect()
    }

    fn write(self, links: &[(String, LinkSet)], timestamp: &str) -> Result<Vec<u8>, Problem> {
        let schema = self.schema(links);
        let json = self.notes.to_json()?;
        let sink = Cursor::new(Vec::new());
        let mut writer = PackageWriter::new(sink, &schema, timestamp).map_err(unwritable)?.with_undo(json);
        for table in &schema.tables {
            writer.start_table(&table.name, &table.display_name).map_err(unwritable)?;
            for (id, fields) in self.records.get(&table.name).into_iter().flatten() {
                writer.record(&record(*id, &table.primary_id, fields)).map_err(unwritable)?;
            }
            for (_, set) in links.iter().filter(|(declaring, _)| *declaring == table.name) {
                writer.links(set).map_err(unwritable)?;
            }
        }
        for (id, content) in &self.files {
            writer.file(*id, &mut content.as_slice()).map_err(unwritable)?;
        }
        Ok(writer.finish().map_err(unwritable)?.into_inner())
    }
}

fn record(id: Uuid, primary_id: &str, fields: &[Field]) -> Record {
    let own = Field { column: primary_id.to_owned(), value: Value::Id(id) };
    Record { id, fields: std::iter::once(own).chain(fields.iter().cloned()).collect() }
}

fn removal(ends: &LinkEnds) -> LinkRemoval {
    LinkRemoval {
        relationship: ends.relationship.clone(),
        table: ends.table.clone(),
        target_table: ends.target_table.clone(),
        source: ends.source,
        target: ends.target,
    }
}

/// The newest first: what was created later may point to what was created before.
fn created(old: &OldValues, plan: &Plan) -> Vec<CreatedRow> {
    let records =
        plan.tables.iter().flat_map(|table| table.records.iter().map(move |record| (table, record)));
    let names: HashMap<(&str, Uuid), &str> = records
        .map(|(table, record)| ((table.table.as_str(), record.target_id), record.name.as_str()))
        .collect();
    let named = old.created.iter().rev().map(|row| {
        let name = names.get(&(row.table.as_str(), row.id)).copied().unwrap_or_default();
        CreatedRow { row: row.clone(), name: name.to_owned() }
    });
    named.collect()
}

/// Links that were removed, as a package holds links: by declaring table, one set a row and relationship.
fn link_sets(unlinked: &[LinkEnds], tables: &EnvironmentTables) -> Vec<(String, LinkSet)> {
    let mut sets: BTreeMap<(&str, &str, &str, Uuid), Vec<Uuid>> = BTreeMap::new();
    for ends in unlinked {
        let key = (ends.table.as_str(), ends.relationship.as_str(), ends.target_table.as_str(), ends.source);
        sets.entry(key).or_default().push(ends.target);
    }
    let set =
        |((table, relationship, target_table, source), targets): ((&str, &str, &str, Uuid), Vec<Uuid>)| {
            let target_primary_id =
                tables.get(target_table).map(|t| t.primary_id.clone()).unwrap_or_default();
            let (relationship, target_table) = (relationship.to_owned(), target_table.to_owned());
            (table.to_owned(), LinkSet { relationship, source, target_table, target_primary_id, targets })
        };
    sets.into_iter().map(set).collect()
}

fn unwritable(error: WriteError) -> Problem {
    Problem::new(
        ProblemKind::Internal,
        error.to_string(),
        "Free some memory, e.g. by closing other tabs, and ask for the undo package again.",
    )
}

/// The property of a row that holds the column's value; lists of parties share one.
fn kept_under(table: &TableMetadata, column: &ColumnMetadata) -> String {
    match column.kind {
        ColumnKind::PartyList => parties::collection(&table.name),
        _ => property(column),
    }
}
