//! What an environment has: tables, columns, relationships, and the names it has for them.

mod alternate_key;
mod assembly;
mod catalog;
mod column;
mod details;
mod entity_sets;
mod messages;
mod navigation;
mod relationship;
mod relationship_names;
mod service_columns;
mod states;
mod system;
mod table;
mod validity;

pub use alternate_key::AlternateKey;
pub use column::{Column, DateBehavior, Kind, Lookup, OptionValue, Required};
pub use relationship::{ManyToMany, Side};
pub use table::Table;

pub(crate) use assembly::Assembly;
pub(crate) use catalog::{Catalog, Navigation};
pub(crate) use details::{Details, GeneratedDetails};
pub(crate) use messages::MESSAGES;
pub(crate) use relationship::{ManyToOne, OnDelete};
pub(crate) use states::{State, StatePair, Status};
pub(crate) use table::Ownership;
