//! The result of an export.

use migration::ExportReport;
use serde::{Deserialize, Serialize};

/// The result of an export in numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportSummary {
    /// Proposed file name.
    pub file_name: String,
    /// Size of the zip in bytes.
    pub bytes: u64,
    /// Rows and links per table, and what could not be read.
    pub report: ExportReport,
}

/// Where an exported package grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PackagePlace {
    /// In the file that the user picked. Attachment: its `FileSystemFileHandle`.
    PickedFile,
    /// In the browser, to be saved when it is complete.
    InBrowser,
}
