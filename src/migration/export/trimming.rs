//! The schema that goes into the package: what the environment lacks is in it no more. Whoever imports the package would
//! be told of a column that no record has, and the Configuration Migration Tool would refuse the package for it.

use crate::EnvironmentTables;
use crate::linking::Linking;
use cmt::Schema;

/// The schema without the tables, columns and relationships that the environment does not have.
pub(super) fn trimmed(schema: &Schema, tables: &EnvironmentTables) -> Schema {
    let mut schema = schema.clone();
    schema.tables.retain_mut(|table| {
        let Some(metadata) = tables.get(&table.name) else { return false };
        table.columns.retain(|column| metadata.column(&column.name).is_some());
        let name = &table.name;
        table
            .relationships
            .retain(|link| Linking::find(tables, name, &link.name, &link.target_table).is_some());
        true
    });
    schema.import_order.retain(|name| tables.get(name).is_some());
    schema
}

#[cfg(test)]
mod tests {
    use super::trimmed;
    use crate::testing::{schema_table, table};
    use cmt::{ColumnType, Relationship, Schema};
    use dataverse::ColumnKind;

    #[test]
    fn what_the_environment_lacks_is_not_in_the_packages_schema() {
        let mut page = schema_table("page", &[("name", ColumnType::Text), ("bot", ColumnType::Text)]);
        page.relationships.push(Relationship {
            name: "page_bot".into(),
            intersect_table: "page_bot".into(),
            reflexive: None,
            target_table: "bot".into(),
            target_primary_id: "botid".into(),
        });
        let schema = Schema {
            tables: vec![page, schema_table("bot", &[])],
            import_order: vec!["bot".into(), "page".into()],
            ..Schema::default()
        };
        let environment = [table("page", &[("name", ColumnKind::Text)])].into_iter().collect();
        let trimmed = trimmed(&schema, &environment);
        let names: Vec<&str> = trimmed.tables[0].columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!((trimmed.tables.len(), names), (1, vec!["name"]));
        assert!(trimmed.tables[0].relationships.is_empty());
        assert_eq!(trimmed.import_order, ["page"]);
    }
}
