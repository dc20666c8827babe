//! How the service keeps a value, takes it from JSON and gives it back.

mod cell;
mod fixed;
mod formatted;
mod from_json;
mod from_key;
mod long_text;
mod moment;

pub use cell::Cell;
pub use fixed::Fixed;
pub use long_text::LongText;

pub(crate) use formatted::{formatted, grouped, money};
pub(crate) use from_json::from_json;
pub(crate) use from_key::from_key_literal;
pub(crate) use moment::{EARLIEST, EARLIEST_DAY, day_text, instant_text, parse_day, parse_instant};
