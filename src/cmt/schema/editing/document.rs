//! A schema and the text it was read from.

use super::applying::splices;
use super::outline::Outline;
use super::splice::{Splice, spliced};
use super::{Edit, EditError, SchemaProblem, problems};
use crate::schema::reader::read_with_elements;
use crate::{Error, Finding, Limits, Schema};

/// A `data_schema.xml` that is being edited: its text, byte by byte, and what was read from it.
///
/// A document does not change: an [`Edit`] gives another one. The text holds all that the model does not: byte order
/// mark, declaration, line ends, indentation, the order of attributes, comments, and elements that are not known here.
#[derive(Clone, Debug)]
pub struct SchemaDocument {
    pub(super) text: String,
    pub(super) schema: Schema,
    pub(super) outline: Outline,
    findings: Vec<Finding>,
}

/// Texts alone are compared: equal texts are read equally.
impl PartialEq for SchemaDocument {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for SchemaDocument {}

impl SchemaDocument {
    /// A schema without tables, as the tool writes it.
    #[must_use]
    pub fn empty() -> SchemaDocument {
        let text = String::from_utf8_lossy(&Schema::default().to_xml()).into_owned();
        // What the writer writes of a schema without tables is a root element alone, which is read.
        SchemaDocument::read(text).unwrap_or_else(|_| SchemaDocument {
            text: String::new(),
            schema: Schema::default(),
            outline: Outline::default(),
            findings: Vec::new(),
        })
    }

    /// Opens `data_schema.xml`, UTF-8 with or without byte order mark.
    ///
    /// # Errors
    /// [`Error::BrokenXml`] when the bytes are not well-formed XML, not UTF-8 (UTF-16 is refused by name), or no
    /// schema; [`Error::TooMuch`] beyond the [`Limits`].
    pub fn open(xml: Vec<u8>) -> Result<SchemaDocument, Error> {
        let (schema, findings, elements) = read_with_elements(&xml, &Limits::default())?;
        // All of it was read as UTF-8: there is nothing to be lost.
        let text = String::from_utf8_lossy(&xml).into_owned();
        Ok(SchemaDocument { text, schema, outline: Outline::of(elements), findings })
    }

    /// A schema that was made and has no file yet, written as the tool writes it.
    ///
    /// # Errors
    /// [`Error::TooMuch`] beyond the [`Limits`]; [`Error::BrokenXml`] when a table has no name.
    pub fn of(schema: &Schema) -> Result<SchemaDocument, Error> {
        SchemaDocument::open(schema.to_xml())
    }

    pub(super) fn read(text: String) -> Result<SchemaDocument, Error> {
        SchemaDocument::open(text.into_bytes())
    }

    /// The file: what was opened, where nothing was edited.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// The file as text. A byte order mark is its first character.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the text says.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// What was unusual when it was read and is no [`SchemaProblem`]: spellings, and what is not known here. All of it
    /// stays in the text.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// What is wrong with the schema, and with attributes of the text that the model cannot show.
    #[must_use]
    pub fn problems(&self) -> Vec<SchemaProblem> {
        let mut all = super::problems::in_text(self);
        all.extend(problems(&self.schema));
        all
    }

    /// The document with this edit made. The same text where there is nothing to change.
    ///
    /// # Errors
    /// [`EditError`] where the edit does not fit the schema.
    pub fn apply(&self, edit: &Edit) -> Result<SchemaDocument, EditError> {
        match edit {
            Edit::Several(edits) => {
                edits.iter().try_fold(self.clone(), |document, edit| document.apply(edit))
            }
            edit => self.with(splices(self, edit)?),
        }
    }

    pub(super) fn with(&self, splices: Vec<Splice>) -> Result<SchemaDocument, EditError> {
        Ok(SchemaDocument::read(spliced(&self.text, splices))?)
    }
}
