//! The data package: a zip of the schema, the data and the content types.

use crate::archive::Archive;
use crate::findings::Findings;
use crate::{DataReader, Error, Finding, Part, Schema};
use std::io::Read;

/// An opened data package: its schema is read, its data is read anew by each [`DataPackage::read`].
#[derive(Clone, Debug)]
pub struct DataPackage {
    zip: Vec<u8>,
    archive: Archive,
    schema: Schema,
    findings: Vec<Finding>,
}

impl DataPackage {
    /// Opens a zip and reads its schema. Folders, separators, case and order of the members do not matter.
    ///
    /// # Errors
    /// When the bytes are no zip or a damaged one, a part is missing, or the schema is not well-formed.
    pub fn open(zip: Vec<u8>) -> Result<DataPackage, Error> {
        let mut findings = Findings::of(Part::Zip);
        let archive = Archive::open(&zip, &mut findings)?;
        let mut xml = Vec::new();
        archive.schema.inflate(&zip).read_to_end(&mut xml).map_err(|error| {
            let reason = format!("{} cannot be inflated: {error}", Part::Schema.name());
            Error::DamagedZip { reason }
        })?;
        let (schema, of_schema) = Schema::parse(&xml)?;
        let mut findings = findings.take();
        findings.extend(of_schema);
        Ok(DataPackage { zip, archive, schema, findings })
    }

    /// The schema of the package.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// What was unusual about the zip and the schema. What is unusual about the data, the reader tells.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The size of `data.xml` in bytes, inflated.
    #[must_use]
    pub fn data_size(&self) -> u64 {
        self.archive.data.size()
    }

    /// A fresh pass over `data.xml`.
    ///
    /// # Errors
    /// None today: what is wrong with the data comes from the reader.
    pub fn read(&self) -> Result<DataReader<'_>, Error> {
        Ok(DataReader::new(&self.zip, &self.archive.data, &self.schema))
    }
}
