//! Which rows of the target stand for the source's users, teams, business units, currencies and websites.

use crate::RowRef;
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
pub struct MappedRow {
    /// The source's row.
    #[serde(flatten)]
    pub source: RowRef,
    /// What people call it.
    #[serde(default)]
    pub name: String,
    /// The target's row of the same table; `None`: lookups to it are left empty.
    pub target: Option<Uuid>,
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
    /// It is the only website.
    OnlyOne,
    /// Several rows would do: the user has to choose.
    Ambiguous,
    /// No row would do.
    Nothing,
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

    /// All decisions by the source's row.
    pub(crate) fn by_source(&self) -> BTreeMap<&RowRef, Option<Uuid>> {
        self.rows.iter().map(|row| (&row.source, row.target)).collect()
    }
}
