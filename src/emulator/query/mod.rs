//! Reading rows: OData options, aggregates, changes, FetchXML and SQL.

mod aggregate;
mod apply;
mod changes;
mod comparison;
mod course;
mod expand;
mod fetch;
mod filter;
mod like;
mod literal;
mod operators;
mod order;
mod page;
mod period;
mod project;
mod related_rows;
mod select;
mod sql;

pub(crate) use comparison::Relation;
pub(crate) use expand::{Expand, Expands};
pub(crate) use filter::{Filter, Path, Token, tokens};
pub(crate) use order::Order;
pub(crate) use page::{Cookie, Ends, LARGEST_PAGE, Page, first_of};
pub(crate) use project::Wanted;
pub(crate) use related_rows::Gathered;
pub(crate) use select::Select;
