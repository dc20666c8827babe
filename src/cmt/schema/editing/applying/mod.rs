//! Which parts of the text an edit replaces.

mod columns;
mod import_order;
mod names;
mod relationships;
mod tables;

use super::outline::TableOutline;
use super::splice::Splice;
use super::start_tag::{ROOT, StartTag};
use super::{Edit, EditError, Listing, SchemaDocument};
use crate::{DateMode, Table};

/// The splices of one edit; of [`Edit::Several`] none, whose edits are made one after the other.
pub(super) fn splices(document: &SchemaDocument, edit: &Edit) -> Result<Vec<Splice>, EditError> {
    match edit {
        Edit::SetDateMode(mode) => Ok(date_mode(document, *mode)),
        Edit::AddTable(table) => tables::add(document, table),
        Edit::RemoveTable(table) => tables::remove(document, table),
        Edit::MoveTable { table, to } => tables::shift(document, table, *to),
        Edit::SetTable { table, setting } => tables::set(document, table, setting),
        Edit::SetFilter { table, filter } => tables::filter(document, table, filter.as_deref()),
        Edit::AddColumns { table, columns } => columns::add(document, table, columns),
        Edit::RemoveColumns { table, columns } => columns::remove(document, table, columns),
        Edit::SetColumn { table, column, setting } => columns::set(document, table, column, setting),
        Edit::AddRelationship { table, relationship } => relationships::add(document, table, relationship),
        Edit::RemoveRelationship { table, relationship } => {
            relationships::remove(document, table, relationship)
        }
        Edit::SetImportOrder(names) => import_order::set(document, names),
        Edit::Several(_) => Ok(Vec::new()),
    }
}

fn date_mode(document: &SchemaDocument, mode: Option<DateMode>) -> Vec<Splice> {
    let tag = StartTag::at(&document.text, document.outline.root.tag());
    tag.set("dateMode", mode.map(DateMode::name), ROOT).into_iter().collect()
}

/// A table's number, what is known of it, and where it lies. Model and outline come from one reading: what the one
/// lists, the other does.
fn table<'d>(
    document: &'d SchemaDocument,
    listing: &Listing,
) -> Result<(usize, &'d Table, &'d TableOutline), EditError> {
    let tables = &document.schema.tables;
    let found = listing.position(tables.iter().map(|table| table.name.as_str()));
    found
        .and_then(|number| Some((number, tables.get(number)?, document.outline.tables.get(number)?)))
        .ok_or_else(|| EditError::NoSuchTable(listing.clone()))
}
