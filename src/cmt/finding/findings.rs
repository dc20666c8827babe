//! Collects what is unusual while a part is read.

use crate::{Finding, Part, Severity};
use std::collections::HashSet;
use uuid::Uuid;

/// More of one part than anybody reads: what comes after is only counted.
const MOST: usize = 5_000;

/// Where something stands in a part. Both from 1; both 0 where there is no place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) line: u64,
    /// In characters.
    pub(crate) column: u64,
}

/// What a finding is about.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Subject<'a> {
    pub(crate) table: Option<&'a str>,
    pub(crate) record: Option<Uuid>,
}

/// The findings of one part, in the order they were made.
#[derive(Debug)]
pub(crate) struct Findings {
    part: Part,
    list: Vec<Finding>,
    told: HashSet<(Option<String>, String)>,
    count: usize,
}

impl Findings {
    pub(crate) fn of(part: Part) -> Findings {
        Findings { part, list: Vec::new(), told: HashSet::new(), count: 0 }
    }

    /// Adds a finding.
    pub(crate) fn add(&mut self, severity: Severity, place: Place, subject: Subject<'_>, text: String) {
        self.count += 1;
        if self.count > MOST {
            return;
        }
        let mut finding = Finding {
            severity,
            part: self.part,
            line: place.line,
            column: place.column,
            table: subject.table.map(str::to_owned),
            record: subject.record,
            text,
        };
        if self.count == MOST {
            finding.text.push_str(" Further findings of this file are not listed.");
        }
        self.list.push(finding);
    }

    /// Adds a finding unless the same words were already said about the table: a habit of the file's
    /// author is told once, where it first shows.
    pub(crate) fn add_once(&mut self, severity: Severity, place: Place, table: Option<&str>, text: String) {
        if self.told.insert((table.map(str::to_owned), text.clone())) {
            self.add(severity, place, Subject { table, record: None }, text);
        }
    }

    pub(crate) fn take(&mut self) -> Vec<Finding> {
        std::mem::take(&mut self.list)
    }
}
