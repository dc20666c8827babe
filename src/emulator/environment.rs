//! The environment: what it has, what is in it, who asks, and what time it is.

use crate::builder::Builder;
use crate::files::Files;
use crate::functions::RecordCounts;
use crate::plugins::Bypass;
use crate::random::{Random, fingerprint};
use crate::rows::{Row, Store};
use crate::solutions::Solutions;
use crate::tables::{Catalog, ManyToMany, Table};
use crate::tenancy::Tenancy;
use crate::values::Cell;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

/// A Dataverse environment in memory. The same requests in the same order give the same answers.
#[derive(Clone, Debug)]
pub struct Environment {
    pub(crate) name: String,
    pub(crate) catalog: Catalog,
    pub(crate) store: Store,
    /// The bytes of file columns.
    pub(crate) files: Files,
    pub(crate) random: Random,
    pub(crate) identity: Identity,
    pub(crate) clock: Clock,
    pub(crate) requests: u64,
    /// How many rows there were at the last midnight.
    pub(crate) counts: RecordCounts,
    pub(crate) solutions: Solutions,
    pub(crate) missing_privileges: BTreeSet<String>,
    pub(crate) tenancy: Option<Tenancy>,
    /// What the request that is being answered asks not to run.
    pub(crate) bypass: Bypass,
    /// Where the request that is being answered found the environment: `https://host`.
    pub(crate) origin: String,
}

/// The rows that requests hang on.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Identity {
    /// Who calls.
    pub(crate) user: Uuid,
    /// The root business unit.
    pub(crate) business_unit: Uuid,
    pub(crate) organization: Uuid,
    pub(crate) base_currency: Uuid,
}

/// Virtual time: it goes on with each request and never by itself.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Clock {
    /// Milliseconds since 1970.
    pub(crate) now: i64,
    /// Milliseconds that a request takes.
    pub(crate) step: i64,
}

/// A row for reading past the Web API.
#[derive(Clone, Copy, Debug)]
pub struct RowView<'a> {
    table: &'a Table,
    row: &'a Row,
}

impl<'a> RowView<'a> {
    /// Its primary key.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.row.id
    }

    /// The value of a column; `None` where the table has no such column.
    #[must_use]
    pub fn cell(&self, column: &str) -> Option<&'a Cell> {
        self.table.position(column).map(|position| &self.row.cells[position])
    }
}

impl Environment {
    /// Starts to build an environment.
    #[must_use]
    pub fn builder(name: &str) -> Builder {
        Builder::new(name)
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many requests it has answered; a batch counts once.
    #[must_use]
    pub fn request_count(&self) -> u64 {
        self.requests
    }

    /// Sets the virtual time, in seconds since 1970; time does not go back.
    pub fn set_time(&mut self, unix_seconds: i64) {
        self.clock.now = self.clock.now.max(unix_seconds.saturating_mul(1000));
    }

    /// What the organization is called where names have to be unique.
    pub(crate) fn unique_name(&self) -> String {
        let id = self.identity.organization.simple().to_string();
        format!("unq{}", &id[..29])
    }

    /// The id of something that is no row, such as the tenant: always the same for an organization.
    pub(crate) fn named_id(&self, of: &str) -> Uuid {
        Random::new(fingerprint(&format!("{of} of {}", self.identity.organization))).id()
    }

    /// Seconds since 1970.
    pub(crate) fn now(&self) -> i64 {
        self.clock.now / 1000
    }

    /// The tables there are.
    #[must_use]
    pub fn tables(&self) -> &[Table] {
        &self.catalog.tables
    }

    /// The table of that logical name.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.catalog.table(name)
    }

    /// How many rows a table has; none where there is no such table.
    #[must_use]
    pub fn count(&self, table: &str) -> usize {
        self.catalog.position(table).map_or(0, |position| self.store.count(position))
    }

    /// A row, read directly.
    #[must_use]
    pub fn row(&self, table: &str, id: Uuid) -> Option<RowView<'_>> {
        let position = self.catalog.position(table)?;
        Some(RowView { table: &self.catalog.tables[position], row: self.store.get(position, id)? })
    }

    /// All rows of a table in the order of their keys; of a generated table only the first 60,000.
    pub fn rows(&self, table: &str) -> impl Iterator<Item = RowView<'_>> {
        let position = self.catalog.position(table);
        position.into_iter().flat_map(|position| {
            let table = &self.catalog.tables[position];
            self.store.rows(position).map(move |row| RowView { table, row })
        })
    }

    /// The relationship whose links stand in that table.
    #[must_use]
    pub fn relationship(&self, intersect: &str) -> Option<&ManyToMany> {
        self.catalog.many_to_many.iter().find(|r| r.intersect == intersect)
    }

    /// The linked pairs of a relationship: (row of the first table, row of the second table).
    #[must_use]
    pub fn links(&self, intersect: &str) -> Vec<(Uuid, Uuid)> {
        self.catalog
            .position(intersect)
            .map_or_else(Vec::new, |position| self.store.links(position).collect())
    }
}
