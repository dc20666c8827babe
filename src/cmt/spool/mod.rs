//! Records outside of memory: one pass over `data.xml` lays them down, then any table is read in any order, as often
//! as needed.

mod place;
mod record_index;
mod spooled_package;
mod storage;

pub use place::{RecordAt, SpooledTable};
pub use record_index::RecordIndex;
pub use spooled_package::SpooledPackage;
pub use storage::Spool;
