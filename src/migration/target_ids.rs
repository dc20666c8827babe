//! Which row of the target stands for a row of the package, where it is not the one of the same id.

use crate::RowRef;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use uuid::Uuid;

/// Ids in the target by the package's rows: matched records, mapped rows, and rows that the service made itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TargetIds {
    other: HashMap<RowRef, Uuid>,
}

impl TargetIds {
    /// The id that this row of the package has in the target, whether it is there or will be.
    pub(crate) fn of(&self, row: &RowRef) -> Uuid {
        self.other.get(row).copied().unwrap_or(row.id)
    }

    /// From now on this row is the target's row of that id.
    pub(crate) fn set(&mut self, row: RowRef, id: Uuid) {
        if row.id == id {
            self.other.remove(&row);
        } else {
            self.other.insert(row, id);
        }
    }
}
