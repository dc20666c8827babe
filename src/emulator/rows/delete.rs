//! Delete.

use crate::environment::Environment;
use crate::error::Refusal;
use crate::values::Cell;
use uuid::Uuid;

impl Environment {
    /// Takes a row away; lookups to it are emptied, its links and parties go with it.
    pub(crate) fn delete(&mut self, table: usize, id: Uuid) -> Result<(), Refusal> {
        let name = self.catalog.tables[table].name.clone();
        if self.store.get(table, id).is_none() {
            return Err(Refusal::no_row(&name, id));
        }
        self.refuse_delete(table, id)?;
        self.empty_lookups_to(&name, id);
        self.remove_links_of(&name, id);
        if self.catalog.tables[table].is_activity {
            self.replace_parties(table, id, &[])?;
        }
        self.store.remove(table, id);
        Ok(())
    }

    fn empty_lookups_to(&mut self, name: &str, id: Uuid) {
        let lookups: Vec<(usize, usize)> = self
            .catalog
            .many_to_one
            .iter()
            .filter(|r| r.target == name || r.target == "owner")
            .filter_map(|r| {
                let table = self.catalog.position(&r.table)?;
                Some((table, self.catalog.tables[table].position(&r.column)?))
            })
            .collect();
        for (table, position) in lookups {
            let pointing: Vec<_> =
                self.store.rows(table).filter(|row| row.cells[position].id() == Some(id)).cloned().collect();
            for mut row in pointing {
                row.cells[position] = Cell::Empty;
                self.store.put(table, row);
            }
        }
    }

    fn remove_links_of(&mut self, name: &str, id: Uuid) {
        let intersects: Vec<(usize, bool, bool)> = self
            .catalog
            .many_to_many
            .iter()
            .filter(|r| r.first.table == name || r.second.table == name)
            .filter_map(|r| {
                Some((self.catalog.position(&r.intersect)?, r.first.table == name, r.second.table == name))
            })
            .collect();
        for (intersect, is_first, is_second) in intersects {
            let linked: Vec<(Uuid, Uuid)> = self
                .store
                .links(intersect)
                .filter(|(first, second)| (is_first && *first == id) || (is_second && *second == id))
                .collect();
            for (first, second) in linked {
                if let Some(link) = self.store.link(intersect, first, second) {
                    self.store.remove(intersect, link);
                }
            }
        }
    }
}
