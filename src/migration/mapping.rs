//! Which rows of the target stand for the source's users, teams, business units, currencies and websites.

use crate::{Problem, ProblemKind, RowRef};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What the user decided about rows of the source that the target has under other ids. Kept for each target, saved to
/// a file and loaded from one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mapping {
    /// In the order of table and id.
    pub rows: Vec<MappedRow>,
}

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "MappedRowLine", into = "MappedRowLine")]
pub struct MappedRow {
    /// The source's row.
    pub source: RowRef,
    /// What people call it.
    pub name: String,
    /// The target's row of the same table; `None`: lookups to it are left empty.
    pub target: Option<Uuid>,
}

/// A decision as it stands in a file: all on one level, for people.
#[derive(Clone, Serialize, Deserialize)]
struct MappedRowLine {
    table: String,
    id: Uuid,
    #[serde(default)]
    name: String,
    target: Option<Uuid>,
}

impl From<MappedRowLine> for MappedRow {
    fn from(line: MappedRowLine) -> MappedRow {
        let MappedRowLine { table, id, name, target } = line;
        MappedRow { source: RowRef { table, id }, name, target }
    }
}

impl From<MappedRow> for MappedRowLine {
    fn from(row: MappedRow) -> MappedRowLine {
        let MappedRow { source: RowRef { table, id }, name, target } = row;
        MappedRowLine { table, id, name, target }
    }
}

/// What the plan proposes for a row of the source that lookups or links point to, or that is to be imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The source's row.
    pub source: RowRef,
    /// What the package calls it.
    pub name: String,
    /// The target's row that the plan uses; `None`: none was found, or several.
    pub target: Option<Uuid>,
    /// What the target calls it.
    pub target_name: String,
    /// Why this one.
    pub reason: ProposalReason,
    /// Rows of the target that it could be as well, with their names; at most 50.
    pub candidates: Vec<(Uuid, String)>,
    /// How many lookups and links of the package point to it.
    pub uses: u64,
}

/// Why a row of the target stands for one of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ProposalReason {
    /// The user said so.
    Chosen,
    /// It has the same id.
    SameId,
    /// The same user principal name.
    DomainName,
    /// The same e-mail address.
    Email,
    /// The same full name.
    FullName,
    /// The same name.
    Name,
    /// The same ISO code.
    IsoCode,
    /// Both are the root business unit, or its default team.
    Root,
    /// It is the only one there. A website is offered then and not used: it may be quite another.
    OnlyOne,
    /// Several rows would do: the user has to choose.
    Ambiguous,
    /// No row would do.
    Nothing,
}

/// A mapping as a file: the name at its head says what it is.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MappingFile {
    mapping: Vec<MappedRow>,
}

fn no_mapping(error: &serde_json::Error) -> Problem {
    Problem::new(
        ProblemKind::File,
        format!("The file is no mapping: {error}."),
        "Choose a file that was saved from the mapping here: JSON with \"mapping\" at its head, and table, id and target \
         of each row.",
    )
}

fn decided_twice(row: &MappedRow) -> Problem {
    let MappedRow { source: RowRef { table, id }, name, .. } = row;
    Problem::new(
        ProblemKind::File,
        format!("The file decides twice about {name} ({table} {id})."),
        "Remove one of the two rows from the file.",
    )
}

impl Mapping {
    /// The decision about a row of the source; `None`: there is none.
    #[must_use]
    pub fn decision(&self, source: &RowRef) -> Option<&MappedRow> {
        self.rows.iter().find(|row| row.source == *source)
    }

    /// Decides about a row of the source, whatever was decided before.
    pub fn decide(&mut self, decision: MappedRow) {
        self.rows.retain(|row| row.source != decision.source);
        self.rows.push(decision);
        self.rows.sort_by(|a, b| a.source.cmp(&b.source));
    }

    /// Nothing is decided about a row of the source any more.
    pub fn undecide(&mut self, source: &RowRef) {
        self.rows.retain(|row| row.source != *source);
    }

    /// The mapping as a file, indented.
    #[must_use]
    #[expect(
        clippy::expect_used,
        reason = "rows of text and ids have no serialiser of their own that could fail"
    )]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(&MappingFile { mapping: self.rows.clone() }).expect("a mapping is JSON")
    }

    /// Reads what [`Mapping::to_json`] wrote, perhaps edited by hand.
    ///
    /// # Errors
    /// A problem of kind `File` where it is no mapping, or decides twice about a row.
    pub fn from_json(json: &str) -> Result<Mapping, Problem> {
        let file: MappingFile =
            serde_json::from_str(json.trim_start_matches('\u{feff}')).map_err(|e| no_mapping(&e))?;
        let mut mapping = Mapping::default();
        for row in file.mapping {
            if mapping.decision(&row.source).is_some() {
                return Err(decided_twice(&row));
            }
            mapping.decide(row);
        }
        Ok(mapping)
    }

    /// All decisions by the source's row.
    pub(crate) fn by_source(&self) -> BTreeMap<&RowRef, Option<Uuid>> {
        self.rows.iter().map(|row| (&row.source, row.target)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{MappedRow, Mapping};
    use crate::{ProblemKind, RowRef};
    use uuid::Uuid;

    fn row(id: u128, target: Option<u128>) -> MappedRow {
        MappedRow {
            source: RowRef { table: "systemuser".into(), id: Uuid::from_u128(id) },
            name: "Jörg \"the\" Müller".into(),
            target: target.map(Uuid::from_u128),
        }
    }

    #[test]
    fn a_mapping_reads_back_as_it_was_saved() {
        let mut mapping = Mapping::default();
        mapping.decide(row(2, None));
        mapping.decide(row(1, Some(7)));
        mapping.decide(row(1, Some(8)));
        assert_eq!(mapping.rows, [row(1, Some(8)), row(2, None)]);
        assert_eq!(Mapping::from_json(&mapping.to_json()), Ok(mapping.clone()));
        assert_eq!(Mapping::from_json(&format!("\u{feff}{}", mapping.to_json())), Ok(mapping));
    }

    #[test]
    fn a_file_that_is_no_mapping_is_told_with_its_line() {
        for wrong in ["", "{}", "[]", r#"{"rows":[]}"#, r#"{"mapping":[{"table":"team"}]}"#, "PK\u{3}\u{4}"] {
            let problem = Mapping::from_json(wrong).unwrap_err();
            assert_eq!(problem.kind, ProblemKind::File, "{wrong}");
            assert!(problem.what.contains("no mapping") && problem.what.contains("line"), "{problem}");
        }
        let twice = format!(r#"{{"mapping":[{0},{0}]}}"#, serde_json::to_string(&row(1, None)).unwrap());
        assert!(Mapping::from_json(&twice).unwrap_err().what.contains("decides twice"));
    }
}
