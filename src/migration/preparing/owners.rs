//! Owners that stay behind: new rows belong to whoever imports, rows that are there keep theirs.

use super::Prepared;
use crate::EnvironmentTables;
use cmt::ColumnType;
use dataverse::ColumnKind;

impl Prepared<'_> {
    /// Takes the owner out of every record.
    pub(super) fn leave_owners(&mut self, tables: &EnvironmentTables) {
        let schema = self.package.schema.clone();
        for loaded in &mut self.package.to_mut().tables {
            let metadata = tables.get(&loaded.name);
            let is_owner = |column: &str| match metadata.and_then(|table| table.column(column)) {
                Some(column) => column.kind == ColumnKind::Owner,
                None => schema.tables.iter().filter(|t| t.name == loaded.name).any(|table| {
                    table.columns.iter().any(|c| c.name == column && c.column_type == ColumnType::Owner)
                }),
            };
            for record in &mut loaded.records {
                record.fields.retain(|field| !is_owner(&field.column));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Terms, prepare};
    use crate::testing::{schema_table, table};
    use crate::{ImportOptions, LoadedPackage, LoadedTable, Owners};
    use cmt::{ColumnType, Field, Lookup, Record, Schema, Value};
    use dataverse::ColumnKind;
    use uuid::Uuid;

    #[test]
    fn owners_stay_behind_only_where_the_user_says_so() {
        let lookup = |column: &str| Field {
            column: column.into(),
            value: Value::Lookup(Lookup { id: Uuid::nil(), table: "systemuser".into(), name: None }),
        };
        let columns = [("ownerid", ColumnType::Owner), ("contactid", ColumnType::Lookup)];
        let records = vec![Record { id: Uuid::nil(), fields: vec![lookup("ownerid"), lookup("contactid")] }];
        let package = LoadedPackage {
            schema: Schema { tables: vec![schema_table("page", &columns)], ..Default::default() },
            tables: vec![LoadedTable { name: "page".into(), records, ..Default::default() }],
            ..Default::default()
        };
        let target = table("page", &[("ownerid", ColumnKind::Owner), ("contactid", ColumnKind::Lookup)]);
        let target = [target].into_iter().collect();
        for (owners, left) in [(Owners::Left, 1), (Owners::Mapped, 2), (Owners::Kept, 2)] {
            let options = ImportOptions { owners, clear_empty: true, ..Default::default() };
            let prepared = prepare(&package, &target, &Terms { options, ..Default::default() });
            assert_eq!(prepared.package.tables[0].records[0].fields.len(), left, "{owners:?}");
        }
    }
}
