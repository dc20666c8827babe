//! Create.

use super::Row;
use super::body::Changes;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::tables::Ownership;
use crate::values::Cell;
use uuid::Uuid;

impl Environment {
    /// Adds a row; its id is the body's or a new one.
    pub(crate) fn create(&mut self, table: usize, changes: &Changes) -> Result<Uuid, Refusal> {
        self.refuse_create(table, changes)?;
        let id = changes.id.unwrap_or_else(|| self.random.id());
        if self.store.get(table, id).is_some() {
            return Err(Refusal::duplicate_key());
        }
        let mut row = self.blank_row(table, id);
        for (position, cell) in &changes.cells {
            row.cells[*position] = cell.clone();
        }
        self.set_owner(table, &mut row);
        self.set_state_on_create(table, &mut row, changes)?;
        self.set_default_currency(table, &mut row);
        self.stamp_create(table, &mut row);
        self.derive(table, &mut row, None)?;
        self.refuse_row(table, &row, None)?;
        self.store.put(table, row);
        if let Some(parties) = &changes.parties {
            self.create_parties(table, id, parties)?;
        }
        Ok(id)
    }

    /// A row without values but its key.
    pub(crate) fn blank_row(&self, table: usize, id: Uuid) -> Row {
        let described = &self.catalog.tables[table];
        let mut cells = vec![Cell::Empty; described.columns.len()];
        if let Some(position) = described.position(&described.primary_id) {
            cells[position] = Cell::Id(id);
        }
        Row { id, version: 0, cells }
    }

    /// Sets a cell of a row where its table has the column.
    pub(crate) fn set(&self, table: usize, row: &mut Row, column: &str, cell: Cell) {
        if let Some(position) = self.catalog.tables[table].position(column) {
            row.cells[position] = cell;
        }
    }

    /// A cell of a row; empty where its table has no such column.
    pub(crate) fn cell<'a>(&self, table: usize, row: &'a Row, column: &str) -> &'a Cell {
        const EMPTY: &Cell = &Cell::Empty;
        self.catalog.tables[table].position(column).map_or(EMPTY, |position| &row.cells[position])
    }

    /// A reference to the caller.
    pub(crate) fn caller(&self) -> Cell {
        Cell::Lookup { table: "systemuser".to_owned(), id: self.identity.user }
    }

    /// The caller owns what has no owner.
    fn set_owner(&self, table: usize, row: &mut Row) {
        if self.catalog.tables[table].ownership == Ownership::User
            && self.cell(table, row, "ownerid").is_empty()
        {
            self.set(table, row, "ownerid", self.caller());
        }
    }

    /// Money without a currency is in the organization's.
    fn set_default_currency(&self, table: usize, row: &mut Row) {
        let has_money = self.amounts(table).any(|(position, _)| !row.cells[position].is_empty());
        if has_money && self.cell(table, row, "transactioncurrencyid").is_empty() {
            let base =
                Cell::Lookup { table: "transactioncurrency".to_owned(), id: self.identity.base_currency };
            self.set(table, row, "transactioncurrencyid", base);
        }
    }

    /// Who and when. A given `overriddencreatedon` becomes the creation time; the column keeps the real time.
    fn stamp_create(&self, table: usize, row: &mut Row) {
        let now = Cell::Instant(self.now());
        let created = match self.cell(table, row, "overriddencreatedon").clone() {
            Cell::Empty => now.clone(),
            given => {
                self.set(table, row, "overriddencreatedon", now.clone());
                given
            }
        };
        self.set(table, row, "createdon", created);
        self.set(table, row, "createdby", self.caller());
        self.set(table, row, "modifiedon", now);
        self.set(table, row, "modifiedby", self.caller());
    }

    fn create_parties(
        &mut self,
        activities: usize,
        activity: Uuid,
        parties: &[Changes],
    ) -> Result<(), Refusal> {
        let Some(table) = self.catalog.position("activityparty") else { return Ok(()) };
        let activity_table = self.catalog.tables[activities].name.clone();
        for party in parties {
            let id = party.id.unwrap_or_else(|| self.random.id());
            let mut row = self.blank_row(table, id);
            for (position, cell) in &party.cells {
                row.cells[*position] = cell.clone();
            }
            let reference = Cell::Lookup { table: activity_table.clone(), id: activity };
            self.set(table, &mut row, "activityid", reference);
            if self.store.get(table, id).is_some() {
                return Err(Refusal::duplicate_key());
            }
            self.store.put(table, row);
        }
        Ok(())
    }

    /// Replaces the parties of an activity.
    pub(crate) fn replace_parties(
        &mut self,
        activities: usize,
        activity: Uuid,
        parties: &[Changes],
    ) -> Result<(), Refusal> {
        let Some(table) = self.catalog.position("activityparty") else { return Ok(()) };
        let position = self.catalog.tables[table].position("activityid").unwrap_or_default();
        let old: Vec<Uuid> = self
            .store
            .rows(table)
            .filter(|row| row.cells[position].id() == Some(activity))
            .map(|row| row.id)
            .collect();
        for id in old {
            self.store.remove(table, id);
        }
        self.create_parties(activities, activity, parties)
    }
}
