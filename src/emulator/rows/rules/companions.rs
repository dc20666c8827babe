//! Rows that the service makes together with another.

use crate::environment::Environment;
use crate::values::{Cell, Fixed};
use uuid::Uuid;

impl Environment {
    /// Makes what comes with a new row: a business unit its default team, a schedule of units its base unit.
    pub(crate) fn add_companions(&mut self, table: usize, id: Uuid) {
        match self.catalog.tables[table].name.as_str() {
            "businessunit" => self.add_default_team(table, id),
            "uomschedule" => self.add_base_unit(table, id),
            _ => {}
        }
    }

    /// The team has the name of its unit.
    fn add_default_team(&mut self, units: usize, unit: Uuid) {
        let name = self.named(units, unit, "name");
        let team = self.random.id();
        let cells = [
            ("name", name),
            ("businessunitid", Cell::Lookup { table: "businessunit".to_owned(), id: unit }),
            ("administratorid", self.caller()),
            ("isdefault", Cell::Boolean(true)),
            ("teamtype", Cell::Integer(0)),
        ];
        self.add_row("team", team, &cells);
    }

    /// The unit that all others of the schedule are counted in.
    fn add_base_unit(&mut self, schedules: usize, schedule: Uuid) {
        let name = self.named(schedules, schedule, "baseuomname");
        let unit = self.random.id();
        let cells = [
            ("name", name),
            ("uomscheduleid", Cell::Lookup { table: "uomschedule".to_owned(), id: schedule }),
            ("isschedulebaseuom", Cell::Boolean(true)),
            ("quantity", Cell::Fixed(Fixed::ONE)),
        ];
        self.add_row("uom", unit, &cells);
    }

    fn named(&self, table: usize, id: Uuid, column: &str) -> Cell {
        self.store.get(table, id).map_or(Cell::Empty, |row| self.cell(table, row, column).clone())
    }

    /// Takes away what came with a row.
    pub(crate) fn remove_companions(&mut self, table: usize, id: Uuid) {
        let (companions, lookup, mark) = match self.catalog.tables[table].name.as_str() {
            "businessunit" => ("team", "businessunitid", "isdefault"),
            "uomschedule" => ("uom", "uomscheduleid", "isschedulebaseuom"),
            _ => return,
        };
        let Some(companions) = self.catalog.position(companions) else { return };
        let name = self.catalog.tables[companions].name.clone();
        let marked = |row: &&crate::rows::Row| self.is_set(companions, row, mark);
        let ids: Vec<Uuid> = self.pointing(&name, lookup, id).filter(marked).map(|row| row.id).collect();
        for companion in ids {
            self.remove_links_of(&name, companion);
            self.store.remove(companions, companion);
        }
    }
}
