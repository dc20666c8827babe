//! Reading rows: OData options and FetchXML.

mod comparison;
mod fetch;
mod fetch_condition;
mod fetch_join;
mod fetch_xml;
mod filter;
mod order;
mod page;
mod project;
mod select;
mod tokens;

pub(crate) use filter::Filter;
pub(crate) use order::Order;
pub(crate) use page::{Cookie, LARGEST_PAGE, Page};
pub(crate) use select::{Expand, Select};
pub(crate) use tokens::{Token, tokens};
