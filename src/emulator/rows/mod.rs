//! The rows of an environment and what writing one does.

mod alternate_keys;
mod body;
mod create;
mod delete;
mod derived;
mod each_once;
mod generated;
mod key_index;
mod links;
mod made;
mod nested;
mod parties;
mod reference;
mod rules;
mod states;
mod store;
mod update;
mod upsert;

pub(crate) use body::{Changes, Purpose, read_only};
pub(crate) use generated::{Generated, GeneratedTable};
pub(crate) use reference::RowName;
pub(crate) use store::{Course, Grave, Key, Row, SavedStore, Store};
pub(crate) use update::{Expectation, etag};
