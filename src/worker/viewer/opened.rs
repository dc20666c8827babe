//! A package whose records are laid down, and what was learnt of them while somebody looked.

use super::columns::FilledColumns;
use super::search::{Found, Search};
use cmt::{DataPackage, Error, LinkSet, RecordAt, Spool, SpooledPackage, SpooledTable};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// The links of a package: the table of each set's source, and the set.
pub(super) type AllLinks = Rc<Vec<(String, LinkSet)>>;

/// A package that is looked into. Tables are named by their logical names; one that the data lists twice is one.
pub(super) struct Opened<S> {
    /// File name.
    pub(super) name: String,
    /// Size of the zip in bytes.
    pub(super) bytes: u64,
    pub(super) spooled: SpooledPackage<S>,
    /// By table: columns that have a value in any record.
    columns: RefCell<HashMap<String, FilledColumns>>,
    /// What the last search found.
    found: RefCell<Found>,
    links: RefCell<Option<AllLinks>>,
}

impl<S: Spool> Opened<S> {
    /// Reads the data once, to its end.
    pub(super) fn read(name: String, bytes: u64, zip: &DataPackage, spool: S) -> Result<Opened<S>, Error> {
        Ok(Opened {
            name,
            bytes,
            spooled: SpooledPackage::index(zip, spool)?,
            columns: RefCell::default(),
            found: RefCell::default(),
            links: RefCell::default(),
        })
    }

    /// The places of a table's records, over all its listings, in file order.
    pub(super) fn places<'a>(&'a self, table: &'a str) -> impl Iterator<Item = &'a RecordAt> {
        self.spooled.listings(table).flat_map(SpooledTable::records)
    }

    /// The tables: those of the schema in its order, then those that only the data has.
    pub(super) fn tables(&self) -> Vec<&str> {
        let of_schema = self.spooled.schema().tables.iter().map(|table| table.name.as_str());
        let of_data = self.spooled.tables().iter().map(|table| table.name.as_str());
        let mut names: Vec<&str> = Vec::new();
        for name in of_schema.chain(of_data) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// The column that names a table's records; empty: none.
    pub(super) fn name_column(&self, table: &str) -> &str {
        self.spooled.schema().table(table).map_or("", |table| &table.primary_name)
    }

    /// What is known of a table's columns so far.
    pub(super) fn filled_columns(&self, table: &str) -> FilledColumns {
        self.columns.borrow().get(table).cloned().unwrap_or_else(|| FilledColumns::unknown(table))
    }

    /// Keeps what is known of a table's columns.
    pub(super) fn keep_columns(&self, table: &str, columns: FilledColumns) {
        self.columns.borrow_mut().insert(table.to_owned(), columns);
    }

    /// A search that begins.
    pub(super) fn search(&self, text: &str) -> Search {
        Search::of(text, self.tables().into_iter().map(str::to_owned).collect())
    }

    /// Keeps what a search found; the number of records of each table that has any.
    pub(super) fn found(&self, search: Search) -> Vec<(String, u64)> {
        let found = search.found();
        let hits = found.numbers();
        self.found.replace(found);
        hits
    }

    /// The places of a table's records with this text, if it was looked for last.
    pub(super) fn found_places(&self, table: &str, text: &str) -> Vec<RecordAt> {
        self.found.borrow().places(table, text)
    }

    /// All links, read once.
    pub(super) fn links(&self) -> Result<AllLinks, Error> {
        if let Some(links) = &*self.links.borrow() {
            return Ok(links.clone());
        }
        let mut links = Vec::new();
        for table in self.spooled.tables() {
            for set in self.spooled.links(table) {
                links.push((table.name.clone(), set?));
            }
        }
        let links = Rc::new(links);
        self.links.replace(Some(links.clone()));
        Ok(links)
    }
}
