//! The result of an export.

use migration::{Check, ExportOptions, ExportReport, Survey, Website};
use serde::{Deserialize, Serialize};

/// What the source has of a schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportCheck {
    /// Tables, columns and relationships.
    pub check: Check,
    /// The source's websites, where the schema has tables that belong to websites.
    pub websites: Vec<Website>,
    /// What is proposed: the only website, where there is but one.
    pub options: ExportOptions,
    /// What an export would find so.
    pub survey: Survey,
    /// Proposed name of the package.
    pub file_name: String,
}

/// The result of an export in numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportSummary {
    /// Proposed file name.
    pub file_name: String,
    /// Size of the zip in bytes.
    pub bytes: u64,
    /// It lies where the user wanted it; else it is still to be saved.
    pub saved: bool,
    /// How long the export took, in seconds.
    pub seconds: u64,
    /// Requests that went out.
    pub requests: u64,
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
