//! Why a file cannot be read at all. What can be read with care is a [`Finding`](crate::Finding) instead.

use serde::{Deserialize, Serialize};

/// A member of the data package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Part {
    /// The zip itself.
    Zip,
    /// `data_schema.xml`
    Schema,
    /// `data.xml`
    Data,
    /// `[Content_Types].xml`
    ContentTypes,
}

impl Part {
    /// The member's name as the tool writes it; "the zip" for the container.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Part::Zip => "the zip",
            Part::Schema => "data_schema.xml",
            Part::Data => "data.xml",
            Part::ContentTypes => "[Content_Types].xml",
        }
    }
}

/// A file that cannot be read. Nothing of it was used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The bytes are no zip archive.
    #[error("This file is not a zip archive{}.", .looks_like.as_deref().map(|l| format!(" (it looks like {l})")).unwrap_or_default())]
    NotAZip {
        /// What the first bytes suggest, in the user's words: "an XML file", "an Excel workbook".
        looks_like: Option<String>,
    },
    /// The zip is damaged, encrypted or compressed in a way that cannot be read.
    #[error("The zip archive cannot be read: {reason}.")]
    DamagedZip {
        /// What the zip library found.
        reason: String,
    },
    /// A member that a data package must have is not there.
    #[error("This zip holds no {}{}.", .part.name(), if *.is_solution { ": it is a solution, not a data package" } else { "" })]
    MissingPart {
        /// The part that is missing.
        part: Part,
        /// `solution.xml` or `customizations.xml` was found instead.
        is_solution: bool,
        /// Member names seen, at most 20.
        members: Vec<String>,
    },
    /// XML that is not well-formed, or not what this part may hold.
    #[error("{} is broken at line {line}, column {column}: {construct}.", .part.name())]
    BrokenXml {
        /// The part it stands in.
        part: Part,
        /// From 1.
        line: u64,
        /// From 1, in characters.
        column: u64,
        /// What was read and what was missing: `the tag <record> of line 4 is never closed`.
        construct: String,
    },
}

impl Error {
    /// What the user can do next. One sentence or two.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            Error::NotAZip { .. } => {
                "Choose the .zip file that was exported by Portage or by the Configuration Migration Tool."
            }
            Error::DamagedZip { .. } => {
                "Download or copy the file again; if that does not help, export it anew."
            }
            Error::MissingPart { is_solution: true, .. } => {
                "Import it on the Solutions page of Power Apps first, then bring the data package here."
            }
            Error::MissingPart { .. } => {
                "A data package holds data.xml and data_schema.xml: zip the two files again, or export anew."
            }
            Error::BrokenXml { .. } => "Open the file at that line and mend it, or export the package anew.",
        }
    }
}
