//! Two packages in one.

use crate::spool::{Spool, SpooledPackage};
use crate::tools::ToolError;
use crate::tools::copy::{copy_files, file_ids};
use crate::tools::merged_schema::merged_schema;
use crate::{DateMode, Error, LinkSet, PackageWriter, Record, Schema, sql_server_order};
use std::collections::{BTreeSet, HashMap};
use std::io::{Seek, Write};
use uuid::Uuid;

/// Writes one package that does what importing `base` and then `over` would do: of a record in both, the columns of
/// `over` win and the others of `base` stay; links are united. Records and links stand in SQL Server's order, the
/// timestamp is that of `over`.
///
/// In: two packages, each in a spool of its own. Out: the sink, which holds a whole zip. Tables, columns and
/// relationships are those of both, in the order of `base`, then of `over`; what both describe, `base`
/// describes. Only files that a record refers to come along; of a file in both, that of `over` is taken. In
/// memory are two records, and the ids and links of one table.
///
/// Source: a column without a value has no field, and no other mark for it was seen in 578,814 fields, so an
/// import empties nothing and the columns of `base` stay. Records are matched by id first, as logs of
/// Microsoft's tool show (`Matched on Source ID`). The order is the one seen in real packages
/// ([`sql_server_order`]). That a date moves from the timestamp to the time of the import is what PPDS and
/// TALXIS say ([`DateMode`]).
///
/// # Errors
/// [`ToolError::Unlike`] when the schemas name different id columns for a table or different types for a
/// column, or when dates move relative to timestamps that differ; [`ToolError::Read`] with [`Error::Spool`]
/// when a spool cannot be read any more; [`ToolError::Write`] when the sink refuses or a file's content
/// cannot be inflated.
pub fn merge<A: Spool, B: Spool, W: Write + Seek>(
    base: &SpooledPackage<A>,
    over: &SpooledPackage<B>,
    sink: W,
) -> Result<W, ToolError> {
    check_dates(base, over)?;
    let schema = merged_schema(base.schema(), over.schema())?;
    let timestamp = over.timestamp().or(base.timestamp()).unwrap_or_default();
    let mut writer = PackageWriter::new(sink, &schema, timestamp)?;
    let mut files = BTreeSet::new();
    for name in table_names(&schema, base, over) {
        let listing = over.listings(&name).chain(base.listings(&name)).next();
        writer.start_table(&name, listing.map_or(&name, |listing| &listing.display_name))?;
        let (of_base, of_over) = (base.by_id(&name), over.by_id(&name));
        let mut ids: Vec<Uuid> = of_base.ids().chain(of_over.ids()).collect();
        ids.sort_by(sql_server_order);
        ids.dedup();
        let order = column_order(&schema, &name);
        for id in ids {
            let (below, above) = (of_base.record(&id)?, of_over.record(&id)?);
            let Some(record) = laid_over(below, above, &order) else { continue };
            files.extend(file_ids(&record));
            writer.record(&record)?;
        }
        for links in united_links(base, over, &name)? {
            writer.links(&links)?;
        }
    }
    let own: BTreeSet<Uuid> = over.package().files().collect();
    copy_files(over.package(), files.intersection(&own).copied(), &mut writer)?;
    copy_files(base.package(), files.difference(&own).copied(), &mut writer)?;
    Ok(writer.finish()?)
}

/// A merged package has one timestamp: where dates move with it, both must have had the same.
fn check_dates<A: Spool, B: Spool>(
    base: &SpooledPackage<A>,
    over: &SpooledPackage<B>,
) -> Result<(), ToolError> {
    let moves = |schema: &Schema| {
        let of_columns = schema.tables.iter().flat_map(|t| &t.columns).filter_map(|c| c.date_mode);
        schema.date_mode.into_iter().chain(of_columns).any(|mode| mode != DateMode::Absolute)
    };
    if base.timestamp() != over.timestamp() && (moves(base.schema()) || moves(over.schema())) {
        let words =
            "dates of one move forward at import from its timestamp, and the other has another timestamp";
        return Err(ToolError::Unlike(words.to_owned()));
    }
    Ok(())
}

/// The tables of the schema, each once, then those that only the data lists.
fn table_names<A: Spool, B: Spool>(
    schema: &Schema,
    base: &SpooledPackage<A>,
    over: &SpooledPackage<B>,
) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let listed = base.tables().iter().chain(over.tables()).map(|table| &table.name);
    for name in schema.tables.iter().map(|table| &table.name).chain(listed) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

/// Where each column stands in the schema.
fn column_order<'a>(schema: &'a Schema, table: &str) -> HashMap<&'a str, usize> {
    let listings = schema.tables.iter().filter(|listing| listing.name == table);
    let columns = listings.flat_map(|listing| &listing.columns).enumerate();
    columns.map(|(position, column)| (column.name.as_str(), position)).collect()
}

/// One record of two, its fields in the schema's order.
fn laid_over(below: Option<Record>, above: Option<Record>, order: &HashMap<&str, usize>) -> Option<Record> {
    let (mut record, above) = match (below, above) {
        (Some(below), above) => (below, above),
        (None, above) => (above?, None),
    };
    for field in above.into_iter().flat_map(|above| above.fields) {
        match record.fields.iter_mut().find(|known| known.column == field.column) {
            Some(known) => known.value = field.value,
            None => record.fields.push(field),
        }
    }
    record.fields.sort_by_key(|field| order.get(field.column.as_str()).copied().unwrap_or(usize::MAX));
    Some(record)
}

/// The links of both, each target once, ordered by their source.
fn united_links<A: Spool, B: Spool>(
    base: &SpooledPackage<A>,
    over: &SpooledPackage<B>,
    table: &str,
) -> Result<Vec<LinkSet>, Error> {
    let mut sets: Vec<LinkSet> = Vec::new();
    let mut known: HashMap<(String, Uuid), usize> = HashMap::new();
    let of_base = base.listings(table).flat_map(|listing| base.links(listing));
    for set in of_base.chain(over.listings(table).flat_map(|listing| over.links(listing))) {
        let set = set?;
        let at = *known.entry((set.relationship.clone(), set.source)).or_insert(sets.len());
        match sets.get_mut(at) {
            Some(same) => {
                let new: Vec<Uuid> =
                    set.targets.into_iter().filter(|target| !same.targets.contains(target)).collect();
                same.targets.extend(new);
            }
            None => sets.push(set),
        }
    }
    sets.sort_by(|a, b| sql_server_order(&a.source, &b.source));
    Ok(sets)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::testing::{member, sample_data, sample_schema, spooled, zip_of};
    use crate::{Value, tools::summary};
    use std::io::Cursor;

    const FILE: &str = "files/5e59d62c-584b-4f11-a317-0022480bd0f4.bin";

    fn package(schema: &str, data: &str, file: &[u8]) -> SpooledPackage<Vec<u8>> {
        spooled(zip_of(&[
            ("data.xml", data.as_bytes()),
            ("data_schema.xml", schema.as_bytes()),
            (FILE, file),
        ]))
    }

    fn merged(base: &SpooledPackage<Vec<u8>>, over: &SpooledPackage<Vec<u8>>) -> Result<Vec<u8>, ToolError> {
        merge(base, over, Cursor::new(Vec::new())).map(Cursor::into_inner)
    }

    #[test]
    fn the_second_package_wins_column_by_column_and_links_are_united() {
        let (schema, data) = (sample_schema(), sample_data());
        let base = package(&schema, &data, b"old");
        let other = data
            .replace("value=\"-30\"", "value=\"45\"")
            .replace("<field name=\"prioritycode\" value=\"1\" />", "")
            .replace("2d59d62c-584b-4f11-a317-0022480bd0f5", "aa59d62c-584b-4f11-a317-0022480bd0f5")
            .replace("7a59d62c-584b-4f11-a317-0022480bd0f7", "8a59d62c-584b-4f11-a317-0022480bd0f7")
            .replace("2024-07-26T15:51:30.5429904Z", "2025-01-01T00:00:00.0000000Z");
        let absolute = schema.replace(" dateMode=\"absolute\"", "");
        let over = package(&absolute, &other, b"new");
        let zip = merged(&base, &over).unwrap();
        let whole = spooled(zip.clone());
        assert_eq!((summary(&whole).records, summary(&whole).links), (3, 3));
        assert_eq!(whole.timestamp(), Some("2025-01-01T00:00:00.0000000Z"));
        let record = whole.records(&whole.tables()[0]).next().unwrap().unwrap();
        assert_eq!(record.value("actualdurationminutes"), Some(&Value::Number(45)));
        assert_eq!(record.value("prioritycode"), Some(&Value::Choice(1)));
        let order: Vec<&str> = record.fields.iter().map(|field| field.column.as_str()).collect();
        let columns = whole.schema().tables[0].columns.iter().map(|column| column.name.as_str());
        assert_eq!(order, columns.collect::<Vec<_>>());
        assert_eq!(member(&zip, FILE), b"new");
    }

    #[test]
    fn packages_that_contradict_each_other_are_not_merged() {
        let (schema, data) = (sample_schema(), sample_data());
        let base = package(&schema, &data, b"");
        let later = data.replace("2024-07-26T15:51:30.5429904Z", "2025-01-01T00:00:00.0000000Z");
        let cases = [
            (schema.replace("type=\"money\"", "type=\"decimal\""), &data, "appointment.new_cost"),
            (
                schema.replace("primaryidfield=\"activityid\"", "primaryidfield=\"id\""),
                &data,
                "the id column",
            ),
            (schema.replace("<entities >", "<entities  dateMode=\"relative\">"), &later, "timestamp"),
        ];
        for (schema, data, words) in cases {
            let error = merged(&base, &package(&schema, data, b"")).unwrap_err();
            assert!(error.to_string().contains(words), "{error}");
            assert!(error.remedy().contains("one after the other"));
        }
    }
}
