//! The ready-made schemas for portals: their catalogue, and which of them an environment asks for.

mod finding;
mod proposing;

pub use finding::{FoundPortal, find_portal};
pub use proposing::{SchemaProposal, propose};

use crate::{Problem, ProblemKind};
use dataverse::Version;
use serde::{Deserialize, Serialize};

/// A schema that ships with the app, and what people should know before they choose it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReadyMadeSchema {
    /// `dataverse-blank-9.3.2201`
    pub id: String,
    /// Its file, beside the catalogue.
    pub file: String,
    /// What people call it.
    pub title: String,
    /// Which sites it is meant for.
    pub for_whom: String,
    /// How many tables it names.
    pub tables: usize,
    /// What it takes along, in a few words each.
    pub holds: Vec<String>,
    /// What it leaves out.
    pub leaves_out: Vec<LeftOut>,
    /// From where it is known that these are the tables and columns.
    pub sources: Vec<SchemaSourceNote>,
    /// Which environments it fits.
    pub fits: Fits,
}

/// What a schema leaves out, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// In a few words.
    pub what: String,
    /// In a sentence or two.
    pub why: String,
}

/// From where something is known of a schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemaSourceNote {
    /// Titles of the tables that are meant; none: all.
    pub tables: Vec<String>,
    /// The source, and what was derived.
    pub from: String,
}

/// How an environment tells that a schema fits it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fits {
    /// The lowest version of the portal's base.
    pub from: Version,
    /// Unique names of the base: one of these; none: any.
    pub bases: Vec<String>,
    /// Unique names of solutions that come with this kind of portal only.
    pub solutions: Vec<String>,
    /// Tables that it has to have.
    pub tables: Vec<String>,
}

impl ReadyMadeSchema {
    /// Reads the catalogue that ships with the app.
    ///
    /// # Errors
    /// Where it is none: the site was not copied as a whole.
    pub fn catalogue(json: &[u8]) -> Result<Vec<ReadyMadeSchema>, Problem> {
        serde_json::from_slice(json).map_err(|error| {
            Problem::new(
                ProblemKind::File,
                format!("The list of ready-made schemas cannot be read: {error}."),
                "Copy the app to its web server anew, or choose a schema file of your own.",
            )
        })
    }
}
