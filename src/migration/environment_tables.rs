//! What an environment knows of the tables that a migration touches: read once, used by every step after.

use dataverse::{Client, Clock, TableMetadata, Transport};
use std::collections::BTreeMap;

/// The metadata of tables, by logical name. A table that is not in the environment is not in here.
#[derive(Clone, Debug, Default)]
pub struct EnvironmentTables {
    tables: BTreeMap<String, TableMetadata>,
}

impl EnvironmentTables {
    /// Reads those of `names` that the environment has.
    pub(crate) async fn read<T: Transport, C: Clock>(
        client: &Client<T, C>,
        names: &[&str],
    ) -> Result<EnvironmentTables, dataverse::Error> {
        let found = client.tables(names).await?;
        Ok(found.into_iter().flatten().collect())
    }

    /// The table's metadata; `None` where the environment does not have it.
    #[must_use]
    pub fn get(&self, table: &str) -> Option<&TableMetadata> {
        self.tables.get(table)
    }

    /// Both together.
    pub(crate) fn and(mut self, other: EnvironmentTables) -> EnvironmentTables {
        self.tables.extend(other.tables);
        self
    }
}

impl FromIterator<TableMetadata> for EnvironmentTables {
    fn from_iter<I: IntoIterator<Item = TableMetadata>>(tables: I) -> EnvironmentTables {
        EnvironmentTables { tables: tables.into_iter().map(|t| (t.name.clone(), t)).collect() }
    }
}
