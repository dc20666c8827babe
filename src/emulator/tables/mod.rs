//! What an environment has: tables, columns, relationships, and the names it has for them.

mod catalog;
mod column;
mod entity_sets;
mod navigation;
mod relationship;
mod states;
mod system;
mod table;
mod validity;

pub use column::{Column, DateBehavior, Kind, Lookup};
pub use relationship::{ManyToMany, Side};
pub use table::Table;

pub(crate) use catalog::{Assembly, Catalog, Navigation};
pub(crate) use relationship::ManyToOne;
pub(crate) use states::{State, Status};
pub(crate) use table::Ownership;
