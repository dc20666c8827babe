//! Relationships and the navigation properties they are written by.

use super::{Column, Kind, Lookup, Table, entity_sets, navigation, relationship_names as names};
use serde::{Deserialize, Serialize};

/// A lookup column and one of the tables it points to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ManyToOne {
    pub(crate) schema_name: String,
    /// The table that has the column.
    pub(crate) table: String,
    pub(crate) column: String,
    pub(crate) target: String,
    /// Single-valued navigation property of the row with the lookup.
    pub(crate) navigation: String,
    /// Collection of the row pointed to.
    pub(crate) collection: String,
    pub(crate) on_delete: OnDelete,
}

/// What deleting a row does to the rows that point to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum OnDelete {
    /// Their lookup is emptied: what the service chooses for a new custom lookup.
    RemoveLink,
    /// The delete is refused.
    Restrict,
    /// Nothing: they keep pointing to where the row was, as owners and makers of rows do.
    NoCascade,
    /// They go too: what hangs on a row, as its notes and activities do.
    Cascade,
}

impl OnDelete {
    /// Where nothing else is known. Source: Microsoft's table reference, whose notes and activities are parental.
    fn usual(table: &Table, column: &str) -> OnDelete {
        let hangs = (["annotation", "fileattachment"].contains(&table.name.as_str()) && column == "objectid")
            || (table.is_activity && column == "regardingobjectid");
        match column {
            _ if hangs => OnDelete::Cascade,
            "transactioncurrencyid" => OnDelete::Restrict,
            _ if names::is_service_column(column) => OnDelete::NoCascade,
            _ => OnDelete::RemoveLink,
        }
    }
}

/// A many-to-many relationship.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManyToMany {
    /// Schema name.
    pub schema_name: String,
    /// The table that holds the links.
    pub intersect: String,
    /// `Entity1…`
    pub first: Side,
    /// `Entity2…`
    pub second: Side,
}

/// One side of a many-to-many relationship.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// The table on this side.
    pub table: String,
    /// The column of the intersect table that holds this side's id.
    pub column: String,
    /// The collection of this side's rows that holds the other side's.
    pub navigation: String,
}

/// The relationships of all lookup columns.
pub(super) fn many_to_one(tables: &[Table]) -> Vec<ManyToOne> {
    let mut relationships = Vec::new();
    for table in tables {
        for column in &table.columns {
            let Some(lookup) = column.lookup() else { continue };
            if *lookup == Lookup::Owner {
                relationships.push(owner_relationship(table, column));
                continue;
            }
            let targets = lookup.targets();
            for target in &targets {
                relationships.push(relationship(table, column, target, targets.len() == 1));
            }
        }
    }
    relationships
}

fn relationship(table: &Table, column: &Column, target: &str, alone: bool) -> ManyToOne {
    let schema_name = names::relationship(table, &column.name, target);
    ManyToOne {
        collection: schema_name.clone(),
        schema_name,
        table: table.name.clone(),
        column: column.name.clone(),
        target: target.to_owned(),
        navigation: navigation::navigation(&table.name, table.is_activity, &column.name, target, alone),
        on_delete: OnDelete::usual(table, &column.name),
    }
}

/// The owner is a row of the abstract table `owner`; users and teams both fit.
fn owner_relationship(table: &Table, column: &Column) -> ManyToOne {
    let schema_name = format!("owner_{}", table.entity_set);
    ManyToOne {
        collection: schema_name.clone(),
        schema_name,
        table: table.name.clone(),
        column: column.name.clone(),
        target: "owner".to_owned(),
        navigation: column.name.clone(),
        on_delete: OnDelete::NoCascade,
    }
}

/// The relationship whose links stand in `intersect`; the declaring table is its first side.
pub(super) fn many_to_many(tables: &[Table], declaring: &str, intersect: &str, other: &str) -> ManyToMany {
    let key = |name: &str| {
        tables.iter().find(|t| t.name == name).map_or_else(|| format!("{name}id"), |t| t.primary_id.clone())
    };
    let schema_name = navigation::many_to_many(intersect);
    let reflexive = declaring == other;
    let (first_column, second_column) = if reflexive {
        (format!("{}one", key(declaring)), format!("{}two", key(other)))
    } else {
        (key(declaring), key(other))
    };
    let second_navigation = if reflexive { format!("{schema_name}_referenced") } else { schema_name.clone() };
    ManyToMany {
        intersect: intersect.to_owned(),
        first: Side { table: declaring.to_owned(), column: first_column, navigation: schema_name.clone() },
        second: Side { table: other.to_owned(), column: second_column, navigation: second_navigation },
        schema_name,
    }
}

/// The table that holds the links.
pub(super) fn intersect_table(relationship: &ManyToMany) -> Table {
    let name = &relationship.intersect;
    let mut table = Table::new(name, name);
    table.is_intersect = true;
    table.is_activity = false;
    table.entity_set = entity_sets::intersect_set(name);
    table.primary_id = format!("{name}id");
    let primary_id = table.primary_id.clone();
    table.add(&primary_id, &primary_id, Kind::Id);
    table.add(&relationship.first.column, &relationship.first.column, Kind::Id);
    table.add(&relationship.second.column, &relationship.second.column, Kind::Id);
    table.add("versionnumber", "Version Number", Kind::BigInt);
    table
}
