//! What can be changed in a schema.

use crate::{Column, ColumnType, DateMode, Relationship, Table};
use std::fmt;

/// A table, column or relationship by its name. A file may list a name more than once: `number` counts its listings
/// from 0.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Listing {
    /// Logical name, compared letter by letter.
    pub name: String,
    /// Which listing of that name, in file order.
    pub number: usize,
}

impl<N: Into<String>> From<N> for Listing {
    /// The first, and nearly always only, listing of that name.
    fn from(name: N) -> Listing {
        Listing { name: name.into(), number: 0 }
    }
}

impl Listing {
    /// Where it stands among all names of its kind.
    pub(super) fn position<'n>(&self, names: impl Iterator<Item = &'n str>) -> Option<usize> {
        let listings = names.enumerate().filter(|(_, name)| *name == self.name);
        listings.map(|(position, _)| position).nth(self.number)
    }
}

impl fmt::Display for Listing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            0 => f.write_str(&self.name),
            number => write!(f, "{} (listing {})", self.name, number + 1),
        }
    }
}

/// A change of a schema. Its words ([`fmt::Display`]) are those of a command: "Add the table account".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// How dates move; `None`: the attribute goes, dates stay as they are.
    SetDateMode(Option<DateMode>),
    /// Adds a table behind the others, and behind the import order's names where the schema has an import order.
    AddTable(Table),
    /// Removes a table, and with its only listing its place in the import order.
    RemoveTable(Listing),
    /// Moves a table so that it becomes the one of this number, from 0; beyond the last is the last. The tool exports
    /// in this order (the data of all 31 real packages stands in the order of their schemas).
    MoveTable {
        /// The table.
        table: Listing,
        /// Its new number.
        to: usize,
    },
    /// Changes a property of a table.
    SetTable {
        /// The table.
        table: Listing,
        /// The property and its new value.
        setting: TableSetting,
    },
    /// Which rows are exported, in FetchXML; `None`: all.
    SetFilter {
        /// The table.
        table: Listing,
        /// Not escaped.
        filter: Option<String>,
    },
    /// Adds columns behind the others.
    AddColumns {
        /// The table.
        table: Listing,
        /// At least one.
        columns: Vec<Column>,
    },
    /// Removes columns.
    RemoveColumns {
        /// The table.
        table: Listing,
        /// At least one.
        columns: Vec<Listing>,
    },
    /// Changes a property of a column.
    SetColumn {
        /// The table.
        table: Listing,
        /// The column.
        column: Listing,
        /// The property and its new value.
        setting: ColumnSetting,
    },
    /// Adds a many-to-many relationship behind the others.
    AddRelationship {
        /// The table that declares it.
        table: Listing,
        /// The relationship.
        relationship: Relationship,
    },
    /// Removes a many-to-many relationship.
    RemoveRelationship {
        /// The table that declares it.
        table: Listing,
        /// The relationship, by [`Relationship::name`].
        relationship: Listing,
    },
    /// In which order tables are imported, by logical names; empty: the schema has none.
    SetImportOrder(Vec<String>),
    /// One after the other, as one step.
    Several(Vec<Edit>),
}

/// A property of a table and its new value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableSetting {
    /// [`Table::display_name`]
    DisplayName(String),
    /// [`Table::type_code`]
    TypeCode(Option<String>),
    /// [`Table::primary_id`]
    PrimaryId(String),
    /// [`Table::primary_name`]; empty for none.
    PrimaryName(String),
    /// [`Table::disable_plugins`]
    DisablePlugins(bool),
    /// [`Table::skip_update`]
    SkipUpdate(bool),
    /// [`Table::force_create`]
    ForceCreate(bool),
}

/// A property of a column and its new value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnSetting {
    /// [`Column::display_name`]
    DisplayName(String),
    /// [`Column::column_type`]
    Type(ColumnType),
    /// [`Column::primary_key`]
    PrimaryKey(bool),
    /// [`Column::lookup_targets`]
    LookupTargets(Vec<String>),
    /// [`Column::custom`]
    Custom(bool),
    /// [`Column::update_compare`]
    UpdateCompare(bool),
    /// [`Column::date_mode`]
    DateMode(Option<DateMode>),
}

impl fmt::Display for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Edit::SetDateMode(Some(mode)) => write!(f, "Move dates as {} says", mode.name()),
            Edit::SetDateMode(None) => f.write_str("Leave dates as they are"),
            Edit::AddTable(table) => write!(f, "Add the table {}", table.name),
            Edit::RemoveTable(table) => write!(f, "Remove the table {table}"),
            Edit::MoveTable { table, to } => {
                write!(f, "Move the table {table} to place {}", to.saturating_add(1))
            }
            Edit::SetTable { table, setting } => write!(f, "Set {setting} of the table {table}"),
            Edit::SetFilter { table, filter: Some(_) } => write!(f, "Filter the rows of {table}"),
            Edit::SetFilter { table, filter: None } => write!(f, "Take all rows of {table}"),
            Edit::AddColumns { table, columns } => {
                let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
                write!(f, "Add {} to {table}", counted(&names))
            }
            Edit::RemoveColumns { table, columns } => {
                let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
                write!(f, "Remove {} from {table}", counted(&names))
            }
            Edit::SetColumn { table, column, setting } => write!(f, "Set {setting} of {table}.{column}"),
            Edit::AddRelationship { table, relationship } => {
                write!(f, "Add the relationship {} to {table}", relationship.name)
            }
            Edit::RemoveRelationship { table, relationship } => {
                write!(f, "Remove the relationship {relationship} from {table}")
            }
            Edit::SetImportOrder(names) if names.is_empty() => f.write_str("Remove the import order"),
            Edit::SetImportOrder(_) => f.write_str("Change the import order"),
            Edit::Several(edits) => several(f, edits),
        }
    }
}

fn counted(names: &[&str]) -> String {
    match names {
        [only] => format!("the column {only}"),
        names => format!("{} columns", names.len()),
    }
}

fn several(f: &mut fmt::Formatter<'_>, edits: &[Edit]) -> fmt::Result {
    match edits {
        [] => f.write_str("Change nothing"),
        [only] => write!(f, "{only}"),
        [first, rest @ ..] => write!(f, "{first} and {} more", rest.len()),
    }
}

impl fmt::Display for TableSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TableSetting::DisplayName(name) => write!(f, "the label \"{name}\""),
            TableSetting::TypeCode(Some(code)) => write!(f, "the type code {code}"),
            TableSetting::TypeCode(None) => f.write_str("no type code"),
            TableSetting::PrimaryId(column) => write!(f, "the id column {column}"),
            TableSetting::PrimaryName(column) if column.is_empty() => f.write_str("no name column"),
            TableSetting::PrimaryName(column) => write!(f, "the name column {column}"),
            TableSetting::DisablePlugins(set) => write!(f, "disableplugins to {set}"),
            TableSetting::SkipUpdate(set) => write!(f, "skipupdate to {set}"),
            TableSetting::ForceCreate(set) => write!(f, "forcecreate to {set}"),
        }
    }
}

impl fmt::Display for ColumnSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ColumnSetting::DisplayName(name) => write!(f, "the label \"{name}\""),
            ColumnSetting::Type(column_type) => write!(f, "the type {}", column_type.name()),
            ColumnSetting::PrimaryKey(set) => write!(f, "primaryKey to {set}"),
            ColumnSetting::LookupTargets(targets) if targets.is_empty() => f.write_str("no lookup target"),
            ColumnSetting::LookupTargets(targets) => write!(f, "the lookup targets {}", targets.join(", ")),
            ColumnSetting::Custom(set) => write!(f, "customfield to {set}"),
            ColumnSetting::UpdateCompare(set) => write!(f, "updateCompare to {set}"),
            ColumnSetting::DateMode(Some(mode)) => write!(f, "the dateMode {}", mode.name()),
            ColumnSetting::DateMode(None) => f.write_str("no dateMode"),
        }
    }
}
