//! The rows of an environment and what writing one does.

mod alternate_keys;
mod body;
mod create;
mod delete;
mod derived;
mod each_once;
mod key_index;
mod links;
mod nested;
mod parties;
mod reference;
mod rules;
mod states;
mod store;
mod update;
mod upsert;

pub(crate) use body::{Changes, Purpose, read_only};
pub(crate) use reference::RowName;
pub(crate) use store::{Grave, Key, Row, SavedStore, Store};
pub(crate) use update::{Expectation, etag};
