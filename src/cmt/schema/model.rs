//! `data_schema.xml`: which tables, columns and relationships a package is about.

use serde::{Deserialize, Serialize};

/// The schema of a data package (`data_schema.xml`), in file order.
///
/// Shapes and counts: 31 real packages with 592 tables and 16,534 columns, unless another source is named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    /// How dates move at import; absent means [`DateMode::Absolute`].
    pub date_mode: Option<DateMode>,
    /// The tables.
    pub tables: Vec<Table>,
    /// `entityImportOrder`: logical names of tables; in no package seen, written by today's tool (observed in a lab by
    /// TALXIS).
    pub import_order: Vec<String>,
    /// The root declares the namespace `xsi`, which nothing uses; kept so that a schema is written as it was read.
    pub declares_xsi: bool,
}

/// How date-time values move at import. Names: 2 of 31 real packages (`relative`), the fields of another
/// (`relativeDaily`), and TALXIS; whole weeks and whole days: the PPDS project, Microsoft's page was not found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DateMode {
    /// As written.
    Absolute,
    /// By whole weeks between the package's timestamp and now.
    Relative,
    /// By whole days between the package's timestamp and now.
    RelativeDaily,
}

/// A table (`<entity>`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Logical name.
    pub name: String,
    /// Label.
    pub display_name: String,
    /// `etc`: object type code of the source environment, a whole number as text; informational, absent in some
    /// tools' files.
    pub type_code: Option<String>,
    /// The id column (`primaryidfield`), always there in real packages. Not the column with `primaryKey`: account,
    /// contact and lead mark their addresses so too.
    pub primary_id: String,
    /// The name column (`primarynamefield`); empty for tables without one.
    pub primary_name: String,
    /// `disableplugins`: plug-ins are to be bypassed while this table is imported (Microsoft: Manage configuration
    /// data).
    pub disable_plugins: bool,
    /// `skipupdate`: a matched record is left alone (observed in a lab by TALXIS; seen on 5 tables).
    pub skip_update: bool,
    /// `forcecreate`: matching is skipped, records are always created (TALXIS; seen on no table).
    pub force_create: bool,
    /// The columns, in file order.
    pub columns: Vec<Column>,
    /// The many-to-many relationships declared on this side: one side alone declares each, in every package seen.
    pub relationships: Vec<Relationship>,
    /// FetchXML that selects the rows at export, unescaped: a whole `<fetch>`, in one file seen a bare `<filter>`.
    /// Plays no part at import (observed in a lab by TALXIS).
    pub filter: Option<String>,
    /// How the file spelled what means nothing.
    pub spelling: TableSpelling,
}

/// Spellings of the same meaning, kept so that a schema is written as it was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TableSpelling {
    /// There is no `<relationships />` where there are no relationships.
    pub leaves_out_relationships: bool,
    /// `skipupdate="false"` is written out.
    pub writes_skip_update: bool,
}

/// A column (`<field>`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Logical name.
    pub name: String,
    /// Label.
    pub display_name: String,
    /// What its values look like.
    pub column_type: ColumnType,
    /// `primaryKey`: informational, see [`Table::primary_id`].
    pub primary_key: bool,
    /// `lookupType`: target tables of a lookup, in file order, up to 112 seen; empty for owner and party list.
    pub lookup_targets: Vec<String>,
    /// `customfield`: informational.
    pub custom: bool,
    /// `updateCompare`: part of the uniqueness rule (Microsoft: Manage configuration data). On the primary key, as
    /// 157 of the 161 seen: records match by id alone.
    pub update_compare: bool,
    /// Overrides [`Schema::date_mode`].
    pub date_mode: Option<DateMode>,
}

/// The `type` vocabulary of the schema, all of it seen in 31 real packages but `filedata` (TALXIS). Names of other
/// tools (`memo`, `integer`, …) are read as these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ColumnType {
    /// `string`: text of one or many lines, and entity names.
    Text,
    /// `entityreference`: lookup and customer.
    Lookup,
    /// `owner`
    Owner,
    /// `partylist`
    PartyList,
    /// `number`
    Number,
    /// `bigint`: declared only, values are never written.
    BigInt,
    /// `decimal`
    Decimal,
    /// `money`
    Money,
    /// `float`
    Float,
    /// `bool`
    Bool,
    /// `datetime`
    DateTime,
    /// `optionsetvalue`
    Choice,
    /// `optionsetvaluecollection`
    Choices,
    /// `state`
    State,
    /// `status`
    Status,
    /// `guid`
    Id,
    /// `imagedata`
    Image,
    /// `filedata`
    File,
    /// A type this tool does not know: values are kept as text and never sent.
    Unknown,
}

/// A many-to-many relationship (`<relationship manyToMany="true">`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relationship {
    /// Name; in every real file the intersect table's name.
    pub name: String,
    /// `relatedEntityName`: the intersect table.
    pub intersect_table: String,
    /// `isreflexive`; absent in files of older tools.
    pub reflexive: Option<bool>,
    /// The table on the other side.
    pub target_table: String,
    /// Its id column.
    pub target_primary_id: String,
}

impl Schema {
    /// Reads `data_schema.xml`, UTF-8 with or without byte order mark, leniently; what was unusual comes as findings.
    ///
    /// # Errors
    /// [`crate::Error::BrokenXml`] when the bytes are not well-formed XML or no schema.
    pub fn parse(xml: &[u8]) -> Result<(Schema, Vec<crate::Finding>), crate::Error> {
        Schema::parse_within(xml, &crate::Limits::default())
    }

    /// As [`Schema::parse`], with limits of one's own.
    ///
    /// # Errors
    /// As [`Schema::parse`]; [`crate::Error::TooMuch`] beyond the limits.
    pub fn parse_within(
        xml: &[u8],
        limits: &crate::Limits,
    ) -> Result<(Schema, Vec<crate::Finding>), crate::Error> {
        crate::schema::reader::read(xml, limits)
    }

    /// As [`Schema::parse_within`], with how it was written in place of the findings.
    ///
    /// # Errors
    /// As [`Schema::parse`].
    pub fn parse_with_form(
        xml: &[u8],
        limits: &crate::Limits,
    ) -> Result<(Schema, crate::SchemaForm), crate::Error> {
        crate::schema::reader::read_with_form(xml, limits)
    }

    /// Writes `data_schema.xml` as it was written before, for the schema that was read with this form.
    #[must_use]
    pub fn to_xml_as(&self, form: &crate::SchemaForm) -> Vec<u8> {
        crate::schema::writer::write_as(self, form)
    }

    /// Writes `data_schema.xml` as the tool does: UTF-8 without byte order mark or declaration, CR LF, two spaces a
    /// level, no line end behind the root. Source: 29 of 31 real packages, the other two were edited by hand.
    #[must_use]
    pub fn to_xml(&self) -> Vec<u8> {
        crate::schema::writer::write(self)
    }

    /// The first table of that logical name.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|t| t.name == name)
    }
}

impl Table {
    /// The column of that logical name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.name == name)
    }
}

impl DateMode {
    const NAMES: [(&str, DateMode); 3] = [
        ("absolute", DateMode::Absolute),
        ("relative", DateMode::Relative),
        ("relativeDaily", DateMode::RelativeDaily),
    ];

    /// The mode that the schema calls by this name, in the schema's own case.
    #[must_use]
    pub fn named(name: &str) -> Option<DateMode> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, mode)| *mode)
    }

    /// The schema's name for the mode.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, mode)| *mode == self).map_or("absolute", |(name, _)| name)
    }
}
