//! The data package: a zip of the schema, the data and the content types.

use crate::{DataReader, Error, Finding, Schema};

/// An opened data package: the schema is read, the data is read anew by each [`DataPackage::read`].
#[derive(Clone, Debug)]
pub struct DataPackage {
    zip: Vec<u8>,
    schema: Schema,
    findings: Vec<Finding>,
}

impl DataPackage {
    /// Opens a zip and reads its schema.
    ///
    /// # Errors
    /// When the bytes are no zip, a part is missing, or the schema is not well-formed.
    pub fn open(zip: Vec<u8>) -> Result<DataPackage, Error> {
        let _ = &zip;
        Err(Error::NotAZip { looks_like: None })
    }

    /// The schema of the package.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// What was unusual about the zip and the schema.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// A fresh pass over `data.xml`.
    ///
    /// # Errors
    /// When the member cannot be inflated.
    pub fn read(&self) -> Result<DataReader<'_>, Error> {
        DataReader::new(&self.zip)
    }
}
