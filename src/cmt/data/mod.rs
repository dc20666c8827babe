//! `data.xml`: records and links, read and written one by one.

mod link_reader;
mod nameless;
mod open_table;
mod party_reader;
pub(crate) mod piece;
pub(crate) mod reader;
mod record;
mod record_order;
mod record_pen;
mod record_reader;
pub(crate) mod writer;

pub use nameless::is_never_named;
pub use piece::{DataPiece, Section};
pub use reader::{DataItem, DataReader};
pub use record::{Field, Link, LinkSet, Record};
pub use record_order::sql_server_order;
pub use record_pen::RecordPen;
