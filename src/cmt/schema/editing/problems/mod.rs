//! What is wrong with a schema, what happens if it stays so, and how it can be mended.
//!
//! Spellings, and what is not known here, are told by the reader ([`SchemaDocument::findings`]) and not again.
//!
//! [`SchemaDocument::findings`]: super::SchemaDocument::findings

mod dates;
mod filters;
mod import_order;
mod in_text;
mod keys;
mod references;
mod repeated;
mod uniqueness;
mod unmoved;

pub(super) use in_text::in_text;

use super::{Edit, Listing, ProblemKind, SchemaProblem};
use crate::{Column, Schema, Severity, Table};

/// What is wrong with a schema: table by table in file order, then with its import order.
///
/// Where the consequences come from: Microsoft (Manage configuration data), 31 real packages, and what TALXIS observed
/// of Microsoft's engine in a lab.
#[must_use]
pub fn problems(schema: &Schema) -> Vec<SchemaProblem> {
    let mut found = Vec::new();
    for (listing, table) in listings(&schema.tables, |table| &table.name) {
        let checked = Checked { schema, listing, table };
        repeated::check(&checked, &mut found);
        keys::check(&checked, &mut found);
        uniqueness::check(&checked, &mut found);
        references::check(&checked, &mut found);
        filters::check(&checked, &mut found);
        dates::check(&checked, &mut found);
        unmoved::check(&checked, &mut found);
    }
    import_order::check(schema, &mut found);
    found
}

/// A table under check.
pub(super) struct Checked<'s> {
    schema: &'s Schema,
    listing: Listing,
    table: &'s Table,
}

impl<'s> Checked<'s> {
    /// The columns with their listings.
    fn columns(&self) -> impl Iterator<Item = (Listing, &'s Column)> {
        listings(&self.table.columns, |column| &column.name)
    }

    /// A problem of the table.
    fn problem(&self, severity: Severity, kind: ProblemKind, what: String, then: String) -> SchemaProblem {
        SchemaProblem {
            severity,
            kind,
            table: Some(self.listing.clone()),
            column: None,
            what,
            consequence: then,
            fix: None,
        }
    }
}

impl SchemaProblem {
    fn of_column(self, column: Listing) -> SchemaProblem {
        SchemaProblem { column: Some(column), ..self }
    }

    fn mended_by(self, fix: Edit) -> SchemaProblem {
        SchemaProblem { fix: Some(fix), ..self }
    }
}

/// Items with their names, and which listing of that name each is.
fn listings<T>(items: &[T], name: fn(&T) -> &String) -> impl Iterator<Item = (Listing, &T)> {
    items.iter().enumerate().map(move |(position, item)| {
        let number = items[..position].iter().filter(|other| name(other) == name(item)).count();
        (Listing { name: name(item).clone(), number }, item)
    })
}
