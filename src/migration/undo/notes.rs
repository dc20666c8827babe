//! What an undo package says beside its data, for which the file format has no words.

use crate::{LinkRemoval, Problem, ProblemKind, RowRef};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// `undo.json`: what Microsoft's tool could not bring back from the data alone. Ids are the target's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoNotes {
    /// [`FORMAT`]: tells this file from any other.
    format: String,
    /// [`VERSION`]: grows when an older program could not understand it any more.
    version: u32,
    /// The organization that the import wrote to: only there it can be undone.
    pub organization: Uuid,
    /// Columns that were empty.
    pub clear: Vec<ClearedColumns>,
    /// Links that the import made.
    pub unlink: Vec<LinkRemoval>,
    /// Rows that the import created, in the order in which they can be removed.
    pub delete: Vec<CreatedRow>,
    /// What was there and cannot be brought back.
    pub lost: Vec<LostValue>,
}

/// Columns of a row that were empty before the import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClearedColumns {
    /// The row.
    #[serde(flatten)]
    pub row: RowRef,
    /// Logical names.
    pub columns: Vec<String>,
}

/// A row that the import created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedRow {
    /// The row.
    #[serde(flatten)]
    pub row: RowRef,
    /// What people call it.
    pub name: String,
}

/// A value that was not kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LostValue {
    /// The row.
    #[serde(flatten)]
    pub row: RowRef,
    /// The column.
    pub column: String,
    /// Why.
    pub why: String,
}

const FORMAT: &str = "portage-undo";
const VERSION: u32 = 1;

impl UndoNotes {
    /// Notes without anything in them yet.
    #[must_use]
    pub fn of(organization: Uuid) -> UndoNotes {
        UndoNotes { format: FORMAT.to_owned(), version: VERSION, organization, ..UndoNotes::default() }
    }

    /// The file.
    ///
    /// # Errors
    /// Never in practice: the notes have text keys only.
    pub fn to_json(&self) -> Result<Vec<u8>, Problem> {
        serde_json::to_vec_pretty(self).map_err(|error| unreadable(&error.to_string()))
    }

    /// Reads the file.
    ///
    /// # Errors
    /// Kind `File` where it is none, or one of a later program.
    pub fn from_json(json: &[u8]) -> Result<UndoNotes, Problem> {
        let notes: UndoNotes =
            serde_json::from_slice(json).map_err(|error| unreadable(&error.to_string()))?;
        match (notes.format.as_str(), notes.version) {
            (FORMAT, VERSION) => Ok(notes),
            (FORMAT, later) => {
                Err(unreadable(&format!("it is of version {later}, and {VERSION} is known here")))
            }
            _ => Err(unreadable("it is of another program")),
        }
    }
}

fn unreadable(why: &str) -> Problem {
    Problem::new(
        ProblemKind::File,
        format!("The undo.json of this package cannot be read: {why}."),
        "Take the undo package as it was saved after the import. Without its undo.json only the old values that were \
         not empty can be brought back.",
    )
}

#[cfg(test)]
mod tests {
    use super::UndoNotes;
    use uuid::Uuid;

    #[test]
    fn notes_are_read_back_and_those_of_others_refused() {
        let notes = UndoNotes::of(Uuid::from_u128(1));
        assert_eq!(UndoNotes::from_json(&notes.to_json().unwrap()).unwrap(), notes);
        let later =
            String::from_utf8(notes.to_json().unwrap()).unwrap().replace("\"version\": 1", "\"version\": 2");
        assert!(UndoNotes::from_json(later.as_bytes()).unwrap_err().what.contains("version 2"));
        assert!(UndoNotes::from_json(b"{}").unwrap_err().what.contains("cannot be read"));
    }
}
