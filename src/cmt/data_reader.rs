//! `data.xml`, read record by record.

use crate::{Error, Finding, LinkSet, Record};

/// What a pass over `data.xml` yields. A table precedes its records, its records precede its links.
#[derive(Clone, Debug, PartialEq)]
pub enum DataItem {
    /// The start of a table (`<entity>`).
    Table {
        /// Logical name.
        name: String,
        /// Label.
        display_name: String,
    },
    /// A record of the table that was started last.
    Record(Record),
    /// Links of the table that was started last.
    Links(LinkSet),
}

/// One pass over `data.xml`.
#[derive(Debug)]
pub struct DataReader<'z> {
    zip: &'z [u8],
    findings: Vec<Finding>,
    timestamp: Option<String>,
}

impl<'z> DataReader<'z> {
    pub(crate) fn new(zip: &'z [u8]) -> Result<DataReader<'z>, Error> {
        Ok(DataReader { zip, findings: Vec::new(), timestamp: None })
    }

    /// The root's `timestamp` as written; known after the first `next()`.
    #[must_use]
    pub fn timestamp(&self) -> Option<&str> {
        self.timestamp.as_deref()
    }

    /// What was unusual since the last call.
    pub fn take_findings(&mut self) -> Vec<Finding> {
        std::mem::take(&mut self.findings)
    }
}

impl Iterator for DataReader<'_> {
    type Item = Result<DataItem, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let _ = self.zip;
        None
    }
}
