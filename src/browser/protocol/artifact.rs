//! Files that the worker hands out.

use serde::{Deserialize, Serialize};

/// What can be saved as a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Artifact {
    /// The package just exported.
    Package,
    /// The plan as JSON.
    PlanJson,
    /// The plan as CSV, one line a record.
    PlanCsv,
    /// What the import did not bring, as a package.
    FailedPackage,
    /// What takes the import back.
    UndoPackage,
    /// The import report as JSON.
    ReportJson,
    /// The import report as CSV, one line a record.
    ReportCsv,
}
