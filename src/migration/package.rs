//! A data package in memory, table by table, as the engines walk through it.

use crate::PackageFiles;
use crate::told_in_parts::join_parts;
use crate::{Problem, UndoNotes};
use cmt::{DataItem, DataPackage, Finding, LinkSet, Record, Schema};

/// All records and links of a data package.
#[derive(Clone, Debug, Default)]
pub struct LoadedPackage {
    /// Which tables, columns and relationships the package is about.
    pub schema: Schema,
    /// When it was exported, as written in it.
    pub timestamp: Option<String>,
    /// The tables that hold something, each once, in the order of their first appearance.
    pub tables: Vec<LoadedTable>,
    /// In an undo package, what its data cannot say.
    pub undo: Option<UndoNotes>,
    /// The contents of file columns.
    pub files: PackageFiles,
    /// What was unusual about the zip, the schema and the data.
    pub findings: Vec<Finding>,
}

/// One table's records and links, in file order.
#[derive(Clone, Debug, Default)]
pub struct LoadedTable {
    /// Logical name.
    pub name: String,
    /// Label.
    pub display_name: String,
    /// Its records. One that the file tells in parts is one record, with a finding; those that repeat an id and
    /// contradict the first are kept.
    pub records: Vec<Record>,
    /// Every `<m2mrelationship>`: links whose source is a row of this table.
    pub links: Vec<LinkSet>,
}

impl LoadedPackage {
    /// Reads all of `data.xml`.
    ///
    /// # Errors
    /// A problem of kind `File` where the data cannot be read to its end: nothing of it is used then.
    pub fn read(package: &DataPackage) -> Result<LoadedPackage, Problem> {
        let mut loaded = LoadedPackage {
            schema: package.schema().clone(),
            files: PackageFiles::of(package),
            findings: package.findings().to_vec(),
            ..Default::default()
        };
        let mut reader = package.read()?;
        let mut current = None;
        for item in reader.by_ref() {
            match (item?, current) {
                (DataItem::Table { name, display_name }, _) => {
                    current = Some(loaded.table_index(name, display_name))
                }
                (DataItem::Record(record), Some(at)) => loaded.tables[at].records.push(record),
                (DataItem::Links(links), Some(at)) => loaded.tables[at].links.push(links),
                // The reader promises a table before its records.
                (DataItem::Record(_) | DataItem::Links(_), None) => {}
            }
        }
        loaded.timestamp = reader.timestamp().map(str::to_owned);
        loaded.findings.extend(reader.take_findings());
        loaded.findings.extend(loaded.tables.iter_mut().filter_map(join_parts));
        if let Some(json) = package.undo()? {
            let notes = UndoNotes::from_json(&json)?;
            notes.clear_columns(&mut loaded);
            loaded.undo = Some(notes);
        }
        Ok(loaded)
    }

    /// The number of records in all tables.
    #[must_use]
    pub fn records(&self) -> usize {
        self.tables.iter().map(|t| t.records.len()).sum()
    }

    /// The number of linked pairs in all tables.
    #[must_use]
    pub fn links(&self) -> usize {
        self.tables.iter().flat_map(|t| &t.links).map(|l| l.targets.len()).sum()
    }

    /// The table of that logical name, if it holds something.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&LoadedTable> {
        self.tables.iter().find(|t| t.name == name)
    }

    /// A table that the file lists twice is one table.
    fn table_index(&mut self, name: String, display_name: String) -> usize {
        self.tables.iter().position(|t| t.name == name).unwrap_or_else(|| {
            self.tables.push(LoadedTable { name, display_name, ..Default::default() });
            self.tables.len() - 1
        })
    }
}
