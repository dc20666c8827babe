//! A table.

use super::{AlternateKey, Column, Kind, State, Status};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// A table of an environment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Logical name.
    pub name: String,
    /// Label.
    pub display_name: String,
    /// Name in URLs.
    pub entity_set: String,
    /// Primary key column.
    pub primary_id: String,
    /// Primary name column.
    pub primary_name: Option<String>,
    /// Columns in no particular order; a row's cells stand in this order.
    pub columns: Vec<Column>,
    /// An activity: its key is `activityid`.
    pub is_activity: bool,
    /// Holds the links of a many-to-many relationship.
    pub is_intersect: bool,
    /// Alternate keys.
    #[serde(default)]
    pub keys: Vec<AlternateKey>,
    /// Notes can hang on its rows.
    pub(crate) has_notes: bool,
    /// Its rows have neither state nor status.
    pub(crate) is_stateless: bool,
    pub(crate) ownership: Ownership,
    pub(crate) object_type_code: i32,
    pub(crate) states: Vec<State>,
    pub(crate) statuses: Vec<Status>,
    /// False where not all status values are known: then any is taken.
    pub(crate) statuses_known: bool,
    #[serde(skip)]
    pub(crate) positions: HashMap<String, usize>,
}

/// Who owns a table's rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Ownership {
    /// A user or a team.
    User,
    /// The organization.
    Organization,
    /// Nobody: system and intersect tables.
    None,
}

impl Table {
    /// A table without columns.
    pub(crate) fn new(name: &str, display_name: &str) -> Table {
        let is_activity = super::system::is_activity(name);
        let primary_id = if is_activity { "activityid".to_owned() } else { format!("{name}id") };
        Table {
            name: name.to_owned(),
            display_name: display_name.to_owned(),
            entity_set: super::entity_sets::entity_set(name),
            primary_id,
            primary_name: None,
            columns: Vec::new(),
            is_activity,
            is_intersect: false,
            keys: Vec::new(),
            has_notes: true,
            is_stateless: false,
            ownership: Ownership::None,
            object_type_code: 0,
            states: Vec::new(),
            statuses: Vec::new(),
            statuses_known: false,
            positions: HashMap::new(),
        }
    }

    /// The column of that exact name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.position(name).map(|position| &self.columns[position])
    }

    /// Where the column's cell stands in a row.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.positions.get(name).copied()
    }

    /// The column whose JSON property has that exact name (`_x_value` for lookups).
    pub(crate) fn position_of_property(&self, property: &str) -> Option<usize> {
        let lookup = property.strip_prefix('_').and_then(|rest| rest.strip_suffix("_value"));
        if let Some(position) = lookup.and_then(|name| self.position(name))
            && self.columns[position].lookup().is_some()
        {
            return Some(position);
        }
        let position = self.position(property)?;
        let column = &self.columns[position];
        (column.lookup().is_none() && column.has_property()).then_some(position)
    }

    /// The image that stands for a row, which alone a create may set: `entityimage`, else the first (inferred).
    pub(crate) fn primary_image(&self) -> Option<&Column> {
        let mut images = self.columns.iter().filter(|column| column.kind == Kind::Image);
        let usual = self.column("entityimage").filter(|column| column.kind == Kind::Image);
        usual.or_else(|| images.next())
    }

    /// Adds the column unless there is one of that name.
    pub(crate) fn add(&mut self, name: &str, display_name: &str, kind: Kind) {
        if self.positions.contains_key(name) {
            return;
        }
        self.positions.insert(name.to_owned(), self.columns.len());
        self.columns.push(Column::new(name, display_name, kind));
    }

    /// Builds the index of column names anew, after reading a saved state.
    pub(crate) fn index(&mut self) {
        self.positions = self.columns.iter().enumerate().map(|(i, c)| (c.name.clone(), i)).collect();
    }

    /// The state a new row has.
    pub(crate) fn default_state(&self) -> Option<&State> {
        self.states.first()
    }

    /// The state a status belongs to, where it is known.
    pub(crate) fn state_of(&self, status: i64) -> Option<i32> {
        self.statuses.iter().find(|s| i64::from(s.value) == status).and_then(|s| s.state)
    }

    /// The status a row gets when only its state is given.
    pub(crate) fn default_status(&self, state: i64) -> Option<i32> {
        self.states.iter().find(|s| i64::from(s.value) == state).map(|s| s.default_status)
    }
}
