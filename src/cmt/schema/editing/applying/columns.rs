//! Columns: added, removed, set.

use super::{names, table};
use crate::schema::editing::hand::Hand;
use crate::schema::editing::layout::{insertion, removal};
use crate::schema::editing::splice::Splice;
use crate::schema::editing::start_tag::{COLUMN, StartTag};
use crate::schema::editing::{ColumnSetting, EditError, Listing, SchemaDocument};
use crate::{Column, DateMode};

pub(super) fn add(
    document: &SchemaDocument,
    listing: &Listing,
    columns: &[Column],
) -> Result<Vec<Splice>, EditError> {
    names::check_columns(columns)?;
    let (_, known, outline) = table(document, listing)?;
    for (number, column) in columns.iter().enumerate() {
        let twice = columns[..number].iter().any(|other| other.name == column.name);
        if twice || known.column(&column.name).is_some() {
            return Err(EditError::AlreadyThere(format!("The column {listing}.{}", column.name)));
        }
    }
    if columns.is_empty() {
        return Ok(Vec::new());
    }
    let text = &document.text;
    let (lists, last) = (&outline.columns.holders, outline.columns.items.last().copied());
    let hand = Hand::of(text, &document.outline).in_table(text, &outline.columns.items);
    Ok(match lists.last() {
        Some(list) => insertion(text, &hand, *list, last, |gap| hand.columns(columns, gap)),
        None => insertion(text, &hand, outline.element, None, |gap| hand.columns_list(columns, gap)),
    })
}

pub(super) fn remove(
    document: &SchemaDocument,
    listing: &Listing,
    columns: &[Listing],
) -> Result<Vec<Splice>, EditError> {
    let (_, known, outline) = table(document, listing)?;
    let places = columns.iter().map(|column| {
        let place = column.position(known.columns.iter().map(|column| column.name.as_str()));
        place.and_then(|place| outline.columns.items.get(place)).ok_or_else(|| no_column(listing, column))
    });
    places.map(|element| Ok(Splice::remove(removal(&document.text, *element?)))).collect()
}

pub(super) fn set(
    document: &SchemaDocument,
    listing: &Listing,
    column: &Listing,
    setting: &ColumnSetting,
) -> Result<Vec<Splice>, EditError> {
    let (_, table, outline) = table(document, listing)?;
    let place = column.position(table.columns.iter().map(|column| column.name.as_str()));
    let found = place.and_then(|place| Some((table.columns.get(place)?, outline.columns.items.get(place)?)));
    let (known, element) = found.ok_or_else(|| no_column(listing, column))?;
    let flag = |set: bool| set.then(|| "true".to_owned());
    let (name, value, unchanged) = match setting {
        ColumnSetting::DisplayName(label) => ("displayname", Some(label.clone()), false),
        ColumnSetting::Type(kind) => ("type", Some(kind.name().to_owned()), known.column_type == *kind),
        ColumnSetting::PrimaryKey(set) => ("primaryKey", flag(*set), known.primary_key == *set),
        ColumnSetting::LookupTargets(targets) => {
            targets.iter().try_for_each(|target| names::check(target))?;
            let unchanged = known.lookup_targets == *targets;
            ("lookupType", (!targets.is_empty()).then(|| targets.join("|")), unchanged)
        }
        ColumnSetting::Custom(set) => ("customfield", flag(*set), known.custom == *set),
        ColumnSetting::UpdateCompare(set) => ("updateCompare", flag(*set), known.update_compare == *set),
        ColumnSetting::DateMode(mode) => ("dateMode", mode.map(DateMode::name).map(str::to_owned), false),
    };
    names::check_text(value.as_deref().unwrap_or_default())?;
    let tag = StartTag::at(&document.text, element.tag());
    Ok((!unchanged).then(|| tag.set(name, value.as_deref(), COLUMN)).flatten().into_iter().collect())
}

fn no_column(table: &Listing, column: &Listing) -> EditError {
    EditError::NoSuchColumn { table: table.clone(), column: column.clone() }
}
