//! Columns that a record has no value of. The file cannot say that a column is empty; where the user says that it means
//! so, the record says it from here on.

use super::Prepared;
use crate::table_fit::{ColumnFit, Fit, TableFit};
use crate::{EnvironmentTables, LoadedPackage};
use cmt::{Field, Value};
use dataverse::ColumnKind;

/// Columns that the service fills by itself and does without badly or not at all.
const KEPT_BY_THE_SERVICE: [&str; 4] = [
    "transactioncurrencyid",
    "timezoneruleversionnumber",
    "utcconversiontimezonecode",
    "importsequencenumber",
];

impl Prepared<'_> {
    /// Gives each record an empty value in every column of the schema that `package` has none for, as far as the
    /// column may be without one.
    pub(super) fn name_empty_columns(&mut self, package: &LoadedPackage, tables: &EnvironmentTables) {
        for (number, loaded) in package.tables.iter().enumerate() {
            let metadata = tables.get(&loaded.name);
            let Some(fit) = metadata.and_then(|m| TableFit::new(&package.schema, m)) else { continue };
            let clearable: Vec<&str> = clearable(&fit).collect();
            for (at, record) in loaded.records.iter().enumerate() {
                let empty = clearable.iter().filter(|column| record.value(column).is_none());
                let empty: Vec<Field> =
                    empty.map(|column| Field { column: (*column).into(), value: Value::Empty }).collect();
                if !empty.is_empty() {
                    self.package.to_mut().tables[number].records[at].fields.extend(empty);
                }
            }
        }
    }
}

/// The columns that may be emptied: never keys, states, owners, and what every row must have.
fn clearable<'a>(fit: &'a TableFit<'a>) -> impl Iterator<Item = &'a str> {
    let keys: Vec<&String> = fit.metadata.keys.iter().flatten().collect();
    let may_be_empty = move |column: &&ColumnFit<'_>| {
        let Some(metadata) = column.metadata else { return false };
        matches!(column.fit, Fit::Full | Fit::UpdateOnly)
            && !metadata.required
            && !column.schema.update_compare
            && !keys.contains(&&metadata.name)
            && !matches!(metadata.kind, ColumnKind::Owner | ColumnKind::Id | ColumnKind::PartyList)
            && !KEPT_BY_THE_SERVICE.contains(&metadata.name.as_str())
    };
    fit.columns.iter().filter(may_be_empty).map(|column| column.schema.name.as_str())
}

#[cfg(test)]
mod tests {
    use super::super::{Terms, prepare};
    use crate::testing::{column, schema_table, table};
    use crate::{ImportOptions, LoadedPackage, LoadedTable};
    use cmt::{ColumnType, Field, Record, Schema, Value};
    use dataverse::{ColumnKind, ColumnMetadata};
    use uuid::Uuid;

    #[test]
    fn what_may_be_empty_is_named_as_empty_and_nothing_else() {
        let columns = [
            ("pageid", ColumnType::Id),
            ("name", ColumnType::Text),
            ("city", ColumnType::Text),
            ("code", ColumnType::Text),
            ("title", ColumnType::Text),
            ("parent", ColumnType::Lookup),
            ("ownerid", ColumnType::Owner),
            ("statecode", ColumnType::State),
            ("transactioncurrencyid", ColumnType::Lookup),
            ("elsewhere", ColumnType::Text),
        ];
        let fields = vec![Field { column: "name".into(), value: Value::Text("Home".into()) }];
        let records = vec![Record { id: Uuid::nil(), fields }];
        let package = LoadedPackage {
            schema: Schema { tables: vec![schema_table("page", &columns)], ..Default::default() },
            tables: vec![LoadedTable { name: "page".into(), records, ..Default::default() }],
            ..Default::default()
        };
        let mut target = table(
            "page",
            &[
                ("name", ColumnKind::Text),
                ("city", ColumnKind::Text),
                ("code", ColumnKind::Text),
                ("parent", ColumnKind::Lookup),
                ("ownerid", ColumnKind::Owner),
                ("statecode", ColumnKind::State),
                ("transactioncurrencyid", ColumnKind::Lookup),
            ],
        );
        target.keys = vec![vec!["code".into()]];
        target.columns.push(ColumnMetadata { required: true, ..column("title", ColumnKind::Text) });
        let target = [target].into_iter().collect();
        let fields = |clear_empty: bool| {
            let options = ImportOptions { clear_empty, ..Default::default() };
            let prepared = prepare(&package, &target, &Terms { options, ..Default::default() });
            prepared.package.tables[0].records[0].fields.clone()
        };
        let empty = |column: &str| Field { column: column.into(), value: Value::Empty };
        assert_eq!(fields(true)[1..], [empty("city"), empty("parent")]);
        assert_eq!(fields(false).len(), 1);
    }
}
