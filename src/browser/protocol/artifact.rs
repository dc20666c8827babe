//! Files that the worker hands out.

use serde::{Deserialize, Serialize};

/// What can be saved as a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Artifact {
    /// The package just exported.
    Package,
    /// The import report as JSON.
    ReportJson,
    /// The import report as CSV, one line a record.
    ReportCsv,
}
