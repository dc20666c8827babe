//! What a user decides of an export.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a user decides of an export. The default: everything, as Microsoft's tool would write it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportOptions {
    /// Only what belongs to this website, and what belongs to none by its nature.
    pub website: Option<Uuid>,
}
