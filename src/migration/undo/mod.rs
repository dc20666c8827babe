//! Taking an import back: the old values as a data package, and beside it what such a package cannot say.

mod described;
mod loading;
mod making;
mod notes;
mod old_values;

pub(crate) use loading::taking_back;
pub use making::undo_package;
pub use notes::{ClearedColumns, CreatedRow, LostValue, UndoNotes};
