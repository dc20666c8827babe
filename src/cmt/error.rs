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

    fn sentence_start(self) -> &'static str {
        if self == Part::Zip { "The zip" } else { self.name() }
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
    /// The zip is cut off or damaged.
    #[error("The zip archive cannot be read: {reason}.")]
    DamagedZip {
        /// What the zip library found.
        reason: String,
    },
    /// A member needs a password.
    #[error("{member} is protected by a password.")]
    Protected {
        /// The member's name.
        member: String,
    },
    /// A member is compressed, but not with deflate.
    #[error("{member} is compressed with {method}, not with deflate.")]
    UnknownMethod {
        /// The member's name.
        member: String,
        /// The method's name, or its number.
        method: String,
    },
    /// Two members of the zip share bytes, as they do in zips that are made to fill a disk.
    #[error("The zip's members {first} and {second} lie over one another.")]
    Overlapping {
        /// The name of the member that starts first.
        first: String,
        /// The name of the member that starts inside it.
        second: String,
    },
    /// The file goes beyond [`crate::Limits`].
    #[error("{} is too much to be read: {what}.", .part.sentence_start())]
    TooMuch {
        /// The part it stands in.
        part: Part,
        /// What there is too much of, and how much is allowed.
        what: String,
    },
    /// Records could not be kept outside of memory, or not be read again.
    #[error("The records cannot be kept for a later pass: {reason}.")]
    Spool {
        /// What the storage answered.
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
            Error::Protected { .. } => {
                "Unpack the zip with its password, and zip the files again without one."
            }
            Error::UnknownMethod { .. } => {
                "Unpack the zip, and zip the files again in the usual way (deflate)."
            }
            Error::Overlapping { .. } => {
                "No export makes such a zip. Get it again from where it was exported, and do not trust this one."
            }
            Error::TooMuch { .. } => {
                "Files like this are made to fill a machine's memory. If you trust where it comes from, export it in several packages of fewer tables."
            }
            Error::Spool { .. } => "Make room on this device, then open the package again.",
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
