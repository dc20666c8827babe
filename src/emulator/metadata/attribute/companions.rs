//! Attributes beside a column that show its value in words. They are no properties of a row.
//! Source: the recorded attributes of business units and mailboxes.

use super::described::{Described, NAME, TABLE, VIRTUAL};
use crate::answer::Object;
use crate::metadata::entity::name_column;
use crate::tables::{Column, Kind, Lookup, Table};

/// An attribute that shows something of a column.
pub(super) struct Companion {
    pub(super) name: String,
    pub(super) described: Described,
}

impl Companion {
    /// What its derived type adds; those who show the service's texts have the service's lengths.
    pub(super) fn own_properties(&self) -> Object {
        match self.described.code {
            "String" => super::typed::text(&self.name, 400, false),
            _ => super::typed::entity_name(),
        }
    }
}

/// Tables whose rows have a name to be read aloud.
const WITH_YOMI: &[&str] = &["systemuser", "contact", "account"];

/// What the service shows beside the column, except where a column has that name.
pub(super) fn companions(table: &Table, column: &Column) -> Vec<Companion> {
    let mut found = Vec::new();
    let mut add = |name: String, described: Described| {
        if table.column(&name).is_none() {
            found.push(Companion { name, described });
        }
    };
    match &column.kind {
        // Recorded: the two halves of the owner have no names of their own.
        _ if ["owninguser", "owningteam"].contains(&column.name.as_str()) => {}
        Kind::Lookup(lookup) => {
            add(format!("{}name", column.name), NAME);
            if lookup.targets().iter().any(|target| WITH_YOMI.contains(target)) {
                add(format!("{}yominame", column.name), NAME);
            }
            if let Some(name) = type_column(column, lookup) {
                add(name, TABLE);
            }
        }
        Kind::File => add(format!("{}_name", column.name), NAME),
        _ => {
            if let Some(name) = name_column(column) {
                add(name, VIRTUAL);
            }
        }
    }
    found
}

/// The column that tells the table of a lookup with many targets: `owneridtype`, `regardingobjecttypecode`.
fn type_column(column: &Column, lookup: &Lookup) -> Option<String> {
    match column.name.as_str() {
        "regardingobjectid" => Some("regardingobjecttypecode".to_owned()),
        "objectid" => Some("objecttypecode".to_owned()),
        name => (lookup.targets().len() > 1).then(|| format!("{name}type")),
    }
}
