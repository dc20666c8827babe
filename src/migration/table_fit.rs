//! How a table of the schema fits the environment's table: what may be read, compared and written of each column.

use crate::LoadedPackage;
use crate::parties;
use crate::values::{file_name_property, property};
use cmt::{ColumnType, Schema};
use dataverse::{ColumnKind, ColumnMetadata, TableMetadata};

/// Columns that are an environment's own although they may be written: a website answers at the host of its environment.
const OWN: [(&str, &str); 1] = [("adx_website", "adx_primarydomainname")];

/// A table that both the schema and the environment have.
#[derive(Debug)]
pub(crate) struct TableFit<'a> {
    /// The environment's side.
    pub(crate) metadata: &'a TableMetadata,
    /// The schema's columns, in its order, each once.
    pub(crate) columns: Vec<ColumnFit<'a>>,
}

/// A column of the schema, beside the environment's column of that name.
#[derive(Debug)]
pub(crate) struct ColumnFit<'a> {
    pub(crate) schema: &'a cmt::Column,
    /// `None` exactly for [`Fit::Missing`].
    pub(crate) metadata: Option<&'a ColumnMetadata>,
    pub(crate) fit: Fit,
}

/// What an import may do with a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    /// The primary id: it is the record's own id and never changes.
    Key,
    /// Written at create and update, compared with the present value.
    Full,
    /// Written at create only. The service may keep it elsewhere or hide it, so it is never compared.
    CreateOnly,
    /// Compared, and written by an update even where the row is new.
    UpdateOnly,
    /// State or status: compared, and written last of all.
    State,
    /// The service alone writes it, or it is the environment's own.
    NotWritable,
    /// `bigint`: a schema may name it, a data package never holds a value of it.
    Declared,
    /// The environment has no such column.
    Missing,
    /// The environment's column is of another type.
    TypeDiffers,
    /// A file: compared, and written in a way of its own after its row.
    File,
    /// Party lists of unknown roles and unknown types: this program does not move them yet.
    NotMoved,
}

impl<'a> TableFit<'a> {
    /// The table `metadata` as `schema` describes it; `None` where the schema does not. A schema may list a
    /// table more than once: its columns are those of all of them.
    pub(crate) fn new(schema: &'a Schema, metadata: &'a TableMetadata) -> Option<TableFit<'a>> {
        let mut columns: Vec<ColumnFit<'a>> = Vec::new();
        let mut described = false;
        for table in schema.tables.iter().filter(|t| t.name == metadata.name) {
            described = true;
            for column in &table.columns {
                if columns.iter().all(|c| c.schema.name != column.name) {
                    columns.push(ColumnFit::new(column, metadata));
                }
            }
        }
        described.then_some(TableFit { metadata, columns })
    }

    /// The table as an import of `package` writes it. What is taken back may be the environment's own: it was there.
    pub(crate) fn of(package: &'a LoadedPackage, metadata: &'a TableMetadata) -> Option<TableFit<'a>> {
        let mut table = TableFit::new(&package.schema, metadata)?;
        for column in table.columns.iter_mut().filter(|_| package.undo.is_some()) {
            if is_own(&metadata.name, &column.schema.name)
                && let Some(metadata) = column.metadata
            {
                column.fit = fit(column.schema.column_type, metadata);
            }
        }
        Some(table)
    }

    pub(crate) fn column(&self, name: &str) -> Option<&ColumnFit<'a>> {
        self.columns.iter().find(|c| c.schema.name == name)
    }

    /// Whether a column holds files.
    pub(crate) fn is_file(&self, name: &str) -> bool {
        self.column(name).is_some_and(|column| column.fit == Fit::File)
    }

    /// Names of the columns with this fit.
    pub(crate) fn names(&self, fit: Fit) -> Vec<String> {
        self.columns.iter().filter(|c| c.fit == fit).map(|c| c.schema.name.clone()).collect()
    }

    /// What to select so that the primary id and the columns of these fits can be read from a row.
    pub(crate) fn properties(&self, wanted: impl Fn(Fit) -> bool) -> Vec<String> {
        let columns = self.columns.iter().filter(|c| wanted(c.fit)).filter_map(|c| c.metadata);
        self.properties_of(columns)
    }

    /// The same for these columns. All lists of parties are one property.
    pub(crate) fn properties_of<'c>(&self, columns: impl Iterator<Item = &'c ColumnMetadata>) -> Vec<String> {
        let mut properties = vec![self.metadata.primary_id.clone()];
        for column in columns {
            let needed = match column.kind {
                ColumnKind::PartyList => vec![parties::collection(&self.metadata.name)],
                ColumnKind::File => vec![property(column), file_name_property(column)],
                _ => vec![property(column)],
            };
            for property in needed {
                if !properties.contains(&property) {
                    properties.push(property);
                }
            }
        }
        properties
    }
}

impl<'a> ColumnFit<'a> {
    fn new(schema: &'a cmt::Column, table: &'a TableMetadata) -> ColumnFit<'a> {
        let metadata = table.column(&schema.name);
        let fit = match metadata {
            None => Fit::Missing,
            Some(_) if schema.name == table.primary_id => Fit::Key,
            Some(_) if is_own(&table.name, &schema.name) => Fit::NotWritable,
            Some(metadata) => fit(schema.column_type, metadata),
        };
        ColumnFit { schema, metadata, fit }
    }

    /// The environment's column, where a value of the schema's type can be read from it.
    pub(crate) fn readable(&self) -> Option<&'a ColumnMetadata> {
        let column = self.metadata.filter(|m| m.readable)?;
        // Also where nobody may write them: no package holds a `bigint`.
        let moved = !matches!(self.fit, Fit::NotMoved | Fit::TypeDiffers)
            && self.schema.column_type != ColumnType::BigInt;
        (moved && holds(self.schema.column_type, column.kind)).then_some(column)
    }
}

impl Fit {
    /// Whether a record's value is compared with the row's.
    pub(crate) fn is_compared(self) -> bool {
        matches!(self, Fit::Full | Fit::UpdateOnly | Fit::State | Fit::File)
    }

    /// Whether the value goes into the request that creates the row.
    pub(crate) fn is_sent_on_create(self) -> bool {
        matches!(self, Fit::Full | Fit::CreateOnly)
    }
}

fn is_own(table: &str, column: &str) -> bool {
    OWN.contains(&(table, column))
}

fn fit(schema: ColumnType, metadata: &ColumnMetadata) -> Fit {
    // Neither a create nor an update takes a file.
    if schema == ColumnType::File && metadata.kind == ColumnKind::File && metadata.readable {
        return Fit::File;
    }
    if !metadata.creatable && !metadata.updatable {
        return Fit::NotWritable;
    }
    match schema {
        ColumnType::BigInt => return Fit::Declared,
        ColumnType::PartyList if parties::role(&metadata.name).is_none() => return Fit::NotMoved,
        ColumnType::Unknown => return Fit::NotMoved,
        _ if !holds(schema, metadata.kind) => return Fit::TypeDiffers,
        _ => {}
    }
    let is_state = matches!(metadata.kind, ColumnKind::State | ColumnKind::Status);
    match (metadata.creatable, metadata.updatable && metadata.readable) {
        (_, true) if is_state => Fit::State,
        (true, true) if is_other_image(metadata) => Fit::UpdateOnly,
        (true, true) => Fit::Full,
        (false, true) => Fit::UpdateOnly,
        _ => Fit::CreateOnly,
    }
}

/// The service takes a table's primary image with a new row and no other. Where it does not say which that is, one
/// update more is better than a refused row.
fn is_other_image(column: &ColumnMetadata) -> bool {
    column.kind == ColumnKind::Image && !column.image.is_some_and(|image| image.is_primary)
}

/// Whether a column of this kind takes values of the schema's type.
fn holds(schema: ColumnType, kind: ColumnKind) -> bool {
    match schema {
        ColumnType::Text => matches!(kind, ColumnKind::Text | ColumnKind::EntityName),
        ColumnType::Lookup | ColumnType::Owner => {
            matches!(kind, ColumnKind::Lookup | ColumnKind::Customer | ColumnKind::Owner)
        }
        ColumnType::Number => kind == ColumnKind::Integer,
        ColumnType::Decimal => kind == ColumnKind::Decimal,
        ColumnType::Money => kind == ColumnKind::Money,
        ColumnType::Float => kind == ColumnKind::Double,
        ColumnType::Bool => kind == ColumnKind::Boolean,
        ColumnType::DateTime => kind == ColumnKind::DateTime,
        ColumnType::Choice => kind == ColumnKind::Choice,
        ColumnType::Choices => kind == ColumnKind::Choices,
        ColumnType::State => kind == ColumnKind::State,
        ColumnType::Status => kind == ColumnKind::Status,
        ColumnType::Id => kind == ColumnKind::Id,
        ColumnType::Image => kind == ColumnKind::Image,
        ColumnType::BigInt => kind == ColumnKind::BigInt,
        ColumnType::PartyList => kind == ColumnKind::PartyList,
        ColumnType::File => kind == ColumnKind::File,
        ColumnType::Unknown => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Fit, TableFit};
    use crate::testing::{column, schema_table};
    use cmt::{ColumnType, Schema};
    use dataverse::ColumnKind;

    #[test]
    fn what_may_be_done_with_a_column_follows_from_its_metadata() {
        let cases = [
            (ColumnType::Text, ColumnKind::Text, true, true, Fit::Full),
            (ColumnType::Text, ColumnKind::EntityName, true, false, Fit::CreateOnly),
            (ColumnType::DateTime, ColumnKind::DateTime, false, false, Fit::NotWritable),
            (ColumnType::Number, ColumnKind::Integer, false, true, Fit::UpdateOnly),
            (ColumnType::State, ColumnKind::State, false, true, Fit::State),
            (ColumnType::Status, ColumnKind::Status, true, true, Fit::State),
            (ColumnType::Owner, ColumnKind::Owner, true, true, Fit::Full),
            (ColumnType::Lookup, ColumnKind::Customer, true, true, Fit::Full),
            (ColumnType::Number, ColumnKind::Text, true, true, Fit::TypeDiffers),
            (ColumnType::PartyList, ColumnKind::PartyList, true, true, Fit::NotMoved),
            (ColumnType::File, ColumnKind::File, false, false, Fit::File),
            (ColumnType::File, ColumnKind::Text, true, true, Fit::TypeDiffers),
            (ColumnType::Unknown, ColumnKind::Text, true, true, Fit::NotMoved),
            (ColumnType::BigInt, ColumnKind::BigInt, true, true, Fit::Declared),
        ];
        for (column_type, kind, creatable, updatable, expected) in cases {
            let schema =
                Schema { tables: vec![schema_table("a", &[("x", column_type)])], ..Default::default() };
            let mut metadata = crate::testing::table("a", &[]);
            metadata.columns.push(dataverse::ColumnMetadata { creatable, updatable, ..column("x", kind) });
            let fit = TableFit::new(&schema, &metadata).unwrap();
            assert_eq!(fit.column("x").unwrap().fit, expected, "{column_type:?} in {kind:?}");
        }
    }

    #[test]
    fn a_website_keeps_the_host_that_its_environment_gave_it() {
        let host = [("adx_primarydomainname", ColumnType::Text)];
        let schema = Schema { tables: vec![schema_table("adx_website", &host)], ..Default::default() };
        let metadata = crate::testing::table("adx_website", &[("adx_primarydomainname", ColumnKind::Text)]);
        let fit = TableFit::new(&schema, &metadata).unwrap();
        assert_eq!(fit.column("adx_primarydomainname").unwrap().fit, Fit::NotWritable);
    }

    #[test]
    fn a_table_that_the_schema_lists_twice_has_the_columns_of_both() {
        let first = schema_table("a", &[("x", ColumnType::Text)]);
        let second = schema_table("a", &[("x", ColumnType::Text), ("y", ColumnType::Text)]);
        let schema = Schema { tables: vec![first, second], ..Default::default() };
        let metadata = crate::testing::table("a", &[("x", ColumnKind::Text)]);
        let fit = TableFit::new(&schema, &metadata).unwrap();
        let fits: Vec<_> = fit.columns.iter().map(|c| (c.schema.name.as_str(), c.fit)).collect();
        assert_eq!(fits, [("x", Fit::Full), ("y", Fit::Missing)]);
    }
}
