//! A row by table and id, wherever it is.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A row, by table and id: a record of the package, or a row of an environment.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RowRef {
    /// The table's logical name.
    pub table: String,
    /// The row's id.
    pub id: Uuid,
}
