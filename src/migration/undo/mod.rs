//! Taking an import back: the old values as a data package, and beside it what such a package cannot say.

mod described;
mod making;
mod notes;
mod old_values;

pub use making::undo_package;
pub use notes::{ClearedColumns, CreatedRow, LostValue, UndoNotes};
