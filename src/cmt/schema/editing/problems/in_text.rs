//! What only the text shows: the model holds what was read instead.

use super::listings;
use crate::schema::editing::start_tag::StartTag;
use crate::schema::editing::{
    ColumnSetting, Edit, Listing, ProblemKind, SchemaDocument, SchemaProblem, TableSetting,
};
use crate::schema::elements::Element;
use crate::{DateMode, Severity, Table};

/// Problems of attributes, in file order.
pub(in crate::schema::editing) fn in_text(document: &SchemaDocument) -> Vec<SchemaProblem> {
    let mut found = Vec::new();
    if let Some(written) = unknown_date_mode(document, document.outline.root) {
        found.push(date_mode(&written, None, Edit::SetDateMode(None)));
    }
    let tables = listings(&document.schema.tables, |table| &table.name);
    for ((listing, table), outline) in tables.zip(&document.outline.tables) {
        found.extend(unnamed_id(document, outline.element, &listing, table));
        let columns = listings(&table.columns, |column| &column.name);
        for ((column, _), element) in columns.zip(&outline.columns.items) {
            let Some(written) = unknown_date_mode(document, *element) else { continue };
            let setting = ColumnSetting::DateMode(None);
            let fix = Edit::SetColumn { table: listing.clone(), column: column.clone(), setting };
            found.push(date_mode(&written, Some((listing.clone(), column)), fix));
        }
    }
    found
}

/// A `dateMode` that is written and not known.
fn unknown_date_mode(document: &SchemaDocument, element: Element) -> Option<String> {
    let tag = StartTag::at(document.text(), element.tag());
    let written = &document.text()[tag.attribute("dateMode")?.value.clone()];
    DateMode::named(written).is_none().then(|| written.to_owned())
}

fn date_mode(written: &str, place: Option<(Listing, Listing)>, fix: Edit) -> SchemaProblem {
    let (table, column) = place.unzip();
    SchemaProblem {
        severity: Severity::Error,
        kind: ProblemKind::UnknownDateMode,
        table,
        column,
        what: format!("The dateMode \"{written}\" is none of absolute, relative and relativeDaily."),
        consequence: "Portage leaves such dates as they are; Microsoft's tool cannot read the schema.".into(),
        fix: Some(fix),
    }
}

fn unnamed_id(
    document: &SchemaDocument,
    element: Element,
    listing: &Listing,
    table: &Table,
) -> Option<SchemaProblem> {
    let tag = StartTag::at(document.text(), element.tag());
    if tag.attribute("primaryidfield").is_some_and(|named| !named.value.is_empty()) {
        return None;
    }
    let setting = TableSetting::PrimaryId(table.primary_id.clone());
    Some(SchemaProblem {
        severity: Severity::Warning,
        kind: ProblemKind::UnnamedIdColumn,
        table: Some(listing.clone()),
        column: None,
        what: format!("The table {} names no id column (primaryidfield).", table.name),
        consequence: format!("Portage takes {}; Microsoft's tool needs to be told.", table.primary_id),
        fix: Some(Edit::SetTable { table: listing.clone(), setting }),
    })
}
