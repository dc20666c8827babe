//! A package as large as they get, and what reading and writing it takes, natively and in a browser.

mod generator;
mod passes;

pub use generator::generate;
pub use passes::{Seen, index_read_rewrite};
