//! The rows of an environment and what writing one does.

mod body;
mod create;
mod delete;
mod derived;
mod links;
mod reference;
mod rules;
mod states;
mod store;
mod update;

pub(crate) use body::Purpose;
pub(crate) use reference::parse_reference;
pub(crate) use store::{Key, Row, SavedStore, Store};
pub(crate) use update::{Expectation, etag};
