//! Lookups without a name: counted, since they are too ordinary to be told one by one.

use crate::Severity;
use crate::finding::{Findings, Place, Subject};

/// Columns for which the service gives no name, so that the tool never writes one (seen in 31 real packages).
const NEVER_NAMED: [(&str, &str); 2] = [("annotation", "objectid"), ("customeraddress", "parentid")];
/// The same on any table.
const NEVER_NAMED_ANYWHERE: [&str; 2] = ["owninguser", "owningbusinessunit"];

/// Whether Microsoft's tool writes the lookups of this column without a name: owners' shadows on any table, parents of
/// notes and addresses (28,561 of 128,840 lookups in the real packages).
#[must_use]
pub fn is_never_named(table: &str, column: &str) -> bool {
    NEVER_NAMED_ANYWHERE.contains(&column) || NEVER_NAMED.contains(&(table, column))
}

/// The lookups of a table that are written without `lookupentityname`.
///
/// Source: 28,561 of 128,840 lookups in the real packages have none. Microsoft's tool looks for a lookup's row by id,
/// then by this name, so that a lookup without one is lost where the target environment gave the row another id.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Nameless {
    count: u64,
    first: Place,
}

impl Nameless {
    /// One more.
    pub(crate) fn count(&mut self, place: Place) {
        self.add(Nameless { count: 1, first: place });
    }

    /// What was counted later in the same table.
    pub(crate) fn add(&mut self, later: Nameless) {
        if self.count == 0 {
            self.first = later.first;
        }
        self.count += later.count;
    }

    /// One note for the whole table.
    pub(crate) fn tell(&self, table: &str, findings: &mut Findings) {
        let text = match self.count {
            0 => return,
            1 => "1 lookup is written without the name of its row (lookupentityname) and is read by its id alone.".to_owned(),
            count => format!("{count} lookups are written without the name of their row (lookupentityname) and are read by their ids alone."),
        };
        findings.add(Severity::Note, self.first, Subject { table: Some(table), record: None }, text);
    }
}
