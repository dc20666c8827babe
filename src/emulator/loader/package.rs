//! The zip.

use super::{Data, DataField, DataRecord, Dates, Hints, Schema, read_literal};
use crate::LoadError;
use crate::tables::Column;
use crate::values::Cell;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use uuid::Uuid;
use zip::ZipArchive;

/// A data package as this crate reads it.
#[derive(Clone, Debug, Default)]
pub struct Package {
    /// `data_schema.xml`
    pub schema: Schema,
    /// `data.xml`
    pub data: Data,
    /// How its dates are written.
    pub dates: Dates,
    /// The members `files/<id>.bin`: the bytes of file columns.
    pub files: BTreeMap<Uuid, Vec<u8>>,
}

impl Package {
    /// Reads both files of the zip.
    ///
    /// # Errors
    /// Not a zip, a missing member, or not well-formed XML.
    pub fn read(zip: &[u8]) -> Result<Package, LoadError> {
        let mut archive =
            ZipArchive::new(Cursor::new(zip)).map_err(|error| LoadError::Zip(error.to_string()))?;
        let schema = Schema::read(&member(&mut archive, "data_schema.xml")?)?;
        let data = Data::read(&member(&mut archive, "data.xml")?)?;
        Ok(Package { files: files(&mut archive)?, ..Package::new(schema, data) })
    }

    /// Puts a schema and data together.
    #[must_use]
    pub fn new(schema: Schema, data: Data) -> Package {
        let dates = Dates::of_package(&schema, &data);
        Package { schema, data, dates, files: BTreeMap::new() }
    }

    /// The value of a field as a row of an environment would hold it in `column`.
    ///
    /// # Errors
    /// The column cannot hold the value.
    pub fn cell(
        &self,
        table: &str,
        record: &DataRecord,
        column: &Column,
        field: &DataField,
    ) -> Result<Cell, LoadError> {
        read_literal(column, field, self.dates).map_err(|reason| LoadError::Value {
            table: table.to_owned(),
            record: record.id.to_string(),
            column: field.column.clone(),
            reason,
        })
    }

    /// What its values tell about its columns.
    pub(crate) fn hints(&self) -> Hints {
        Hints::of(&self.schema, &self.data)
    }
}

fn member(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &'static str) -> Result<Vec<u8>, LoadError> {
    let mut file = archive.by_name(name).map_err(|_| LoadError::Member(name))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(|error| LoadError::Zip(error.to_string()))?;
    Ok(bytes)
}

/// Members of other names in the folder are not files of columns.
fn files(archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<BTreeMap<Uuid, Vec<u8>>, LoadError> {
    let mut files = BTreeMap::new();
    for position in 0..archive.len() {
        let mut member = archive.by_index(position).map_err(|error| LoadError::Zip(error.to_string()))?;
        let id = member.name().strip_prefix("files/").and_then(|name| name.strip_suffix(".bin"));
        let Some(id) = id.and_then(|id| Uuid::try_parse(id).ok()) else { continue };
        let mut bytes = Vec::new();
        member.read_to_end(&mut bytes).map_err(|error| LoadError::Zip(error.to_string()))?;
        files.insert(id, bytes);
    }
    Ok(files)
}
