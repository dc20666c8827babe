//! Tables as a whole: added, removed, moved, set.

use super::{import_order, names, table};
use crate::Table;
use crate::schema::editing::hand::Hand;
use crate::schema::editing::layout::{behind, gap, gap_start, insertion, removal};
use crate::schema::editing::splice::Splice;
use crate::schema::editing::start_tag::{StartTag, TABLE};
use crate::schema::editing::{EditError, Listing, SchemaDocument, TableSetting};

pub(super) fn add(document: &SchemaDocument, table: &Table) -> Result<Vec<Splice>, EditError> {
    names::check_table(table)?;
    if document.schema.table(&table.name).is_some() {
        return Err(EditError::AlreadyThere(format!("The table {}", table.name)));
    }
    let (text, outline) = (&document.text, &document.outline);
    let hand = Hand::of(text, outline);
    let last = outline.tables.last().map(|table| table.element);
    let mut splices = insertion(text, &hand, outline.root, last, |gap| hand.table(table, gap));
    let order = &document.schema.import_order;
    if !order.is_empty() && !order.contains(&table.name) {
        splices.extend(import_order::set(
            document,
            &[order.as_slice(), std::slice::from_ref(&table.name)].concat(),
        )?);
    }
    Ok(splices)
}

pub(super) fn remove(document: &SchemaDocument, listing: &Listing) -> Result<Vec<Splice>, EditError> {
    let (_, known, outline) = table(document, listing)?;
    let mut splices = vec![Splice::remove(removal(&document.text, outline.element))];
    let listings = document.schema.tables.iter().filter(|table| table.name == known.name).count();
    let order = &document.schema.import_order;
    if listings == 1 && order.contains(&known.name) {
        let rest: Vec<String> = order.iter().filter(|name| **name != known.name).cloned().collect();
        splices.extend(import_order::set(document, &rest)?);
    }
    Ok(splices)
}

pub(super) fn shift(
    document: &SchemaDocument,
    listing: &Listing,
    to: usize,
) -> Result<Vec<Splice>, EditError> {
    let (from, _, moved) = table(document, listing)?;
    let (text, tables) = (&document.text, &document.outline.tables);
    let to = to.min(tables.len() - 1);
    if to == from {
        return Ok(Vec::new());
    }
    // The table that it comes to stand behind or, towards the front, before.
    let neighbour = tables[to].element;
    let element = &text[moved.element.whole()];
    let moved_text = [gap(text, neighbour.start), element].concat();
    let at = if to > from { behind(text, neighbour) } else { gap_start(text, neighbour.start) };
    Ok(vec![Splice::insert(at, moved_text), Splice::remove(removal(text, moved.element))])
}

pub(super) fn set(
    document: &SchemaDocument,
    listing: &Listing,
    setting: &TableSetting,
) -> Result<Vec<Splice>, EditError> {
    let (_, known, outline) = table(document, listing)?;
    let flag = |set: bool| Some(if set { "true" } else { "false" });
    // Where the flag is not read as set, there is nothing to take away.
    let rare = |set: bool| set.then_some("true");
    let (name, value, unchanged) = match setting {
        TableSetting::DisplayName(label) => ("displayname", Some(label.as_str()), false),
        TableSetting::TypeCode(code) => ("etc", code.as_deref(), false),
        TableSetting::PrimaryId(column) => ("primaryidfield", Some(column.as_str()), false),
        TableSetting::PrimaryName(column) => ("primarynamefield", Some(column.as_str()), false),
        TableSetting::DisablePlugins(set) => ("disableplugins", flag(*set), known.disable_plugins == *set),
        TableSetting::SkipUpdate(set) => ("skipupdate", rare(*set), known.skip_update == *set),
        TableSetting::ForceCreate(set) => ("forcecreate", rare(*set), known.force_create == *set),
    };
    match setting {
        TableSetting::PrimaryId(column) => names::check(column)?,
        _ => names::check_text(value.unwrap_or_default())?,
    }
    let tag = StartTag::at(&document.text, outline.element.tag());
    Ok((!unchanged).then(|| tag.set(name, value, TABLE)).flatten().into_iter().collect())
}

pub(super) fn filter(
    document: &SchemaDocument,
    listing: &Listing,
    filter: Option<&str>,
) -> Result<Vec<Splice>, EditError> {
    names::check_text(filter.unwrap_or_default())?;
    let (_, known, outline) = table(document, listing)?;
    let text = &document.text;
    let Some(filter) = filter else {
        return Ok(outline.filters.iter().map(|one| Splice::remove(removal(text, *one))).collect());
    };
    if known.filter.as_deref() == Some(filter) {
        return Ok(Vec::new());
    }
    let hand = Hand::of(text, &document.outline);
    // Several filters in one table: the last one counts.
    Ok(match outline.filters.last() {
        Some(last) if last.is_empty_tag() => vec![Splice::replace(last.whole(), hand.filter(filter, ""))],
        Some(last) => vec![Splice::replace(last.content(), hand.text(filter))],
        None => {
            let last = outline.relationships.holders.last().or(outline.columns.holders.last()).copied();
            insertion(text, &hand, outline.element, last, |gap| hand.filter(filter, gap))
        }
    })
}
