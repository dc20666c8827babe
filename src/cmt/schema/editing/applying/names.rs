//! What may be written into a schema.

use crate::schema::editing::EditError;
use crate::xml::html_encoding::allowed_in_xml;
use crate::{Column, Relationship, Table};

/// A logical name. A bar separates the targets of a lookup; white space around names is not read.
pub(super) fn check(name: &str) -> Result<(), EditError> {
    if name.is_empty() || name.contains(|c: char| c == '|' || c.is_whitespace()) {
        return Err(EditError::NotAName(name.to_owned()));
    }
    check_text(name)
}

/// A label or another text.
pub(super) fn check_text(text: &str) -> Result<(), EditError> {
    if text.chars().all(allowed_in_xml) { Ok(()) } else { Err(EditError::Unwritable(text.to_owned())) }
}

pub(super) fn check_table(table: &Table) -> Result<(), EditError> {
    check(&table.name)?;
    check(&table.primary_id)?;
    check_text(&table.primary_name)?;
    check_text(&table.display_name)?;
    check_text(table.type_code.as_deref().unwrap_or_default())?;
    check_text(table.filter.as_deref().unwrap_or_default())?;
    check_columns(&table.columns)?;
    table.relationships.iter().try_for_each(check_relationship)
}

pub(super) fn check_columns(columns: &[Column]) -> Result<(), EditError> {
    columns.iter().try_for_each(|column| {
        check(&column.name)?;
        check_text(&column.display_name)?;
        column.lookup_targets.iter().try_for_each(|target| check(target))
    })
}

pub(super) fn check_relationship(relationship: &Relationship) -> Result<(), EditError> {
    check(&relationship.name)?;
    check(&relationship.intersect_table)?;
    check(&relationship.target_table)?;
    check(&relationship.target_primary_id)
}
