//! One form for every package with the same content: sorted, in the tool's own spelling. Made for git.

use crate::spool::{RecordAt, Spool, SpooledPackage, SpooledTable};
use crate::tools::ToolError;
use crate::tools::copy::copy_files;
use crate::tools::rewrite::iso;
use crate::{LinkSet, PackageWriter, Record, Schema, TableSpelling, sql_server_order};
use std::cmp::Ordering;
use std::io::{Seek, Write};

/// Writes a package so that the same data gives the same bytes on every run and machine: tables in the schema's
/// order, records and links by id as SQL Server orders them, columns in the schema's order, dates in ISO form.
///
/// In: a package that was laid down in a spool. Out: the sink, which holds a whole zip. In memory are one
/// record and the places of one table's records, 32 bytes each; and all links of one table. Every record is
/// kept, those with repeated ids too; tables and columns that the schema does not list stand behind the
/// others, by name.
///
/// Source of the order: seen in 31 real packages, where tables and the fields of all 29,448 records stand in
/// the schema's order; records are in SQL Server's ([`sql_server_order`]: 220 tables of 19 packages). Dates:
/// ISO as seen since 2021; culture text of 2017 to 2019 is turned into it. The order of targets inside a set
/// of links, of twins and of what the schema does not list is this project's own; no rule for it was found.
///
/// # Errors
/// [`ToolError::Read`] with [`Error::Spool`](crate::Error::Spool) when the spool cannot be read any more;
/// [`ToolError::Write`] when the sink refuses or a file's content cannot be inflated.
pub fn canonical<S: Spool, W: Write + Seek>(package: &SpooledPackage<S>, sink: W) -> Result<W, ToolError> {
    let schema = plain(package.schema());
    let timestamp = iso(package.timestamp().unwrap_or_default());
    let mut writer = PackageWriter::new(sink, &schema, &timestamp)?;
    for table in sorted_tables(package, &schema) {
        writer.start_table(&table.name, &table.display_name)?;
        let columns = columns(&schema, &table.name);
        for at in sorted_records(package, table)? {
            writer.record(&in_order(package.record(&at)?, &columns))?;
        }
        for links in sorted_links(package, table)? {
            writer.links(&links)?;
        }
    }
    copy_files(package.package(), package.package().files(), &mut writer)?;
    Ok(writer.finish()?)
}

/// The schema without the spellings that mean nothing.
fn plain(schema: &Schema) -> Schema {
    let mut schema = schema.clone();
    schema.declares_xsi = false;
    schema.tables.iter_mut().for_each(|table| table.spelling = TableSpelling::default());
    schema
}

/// In the schema's order; those it does not list by name behind them. Listings of one table keep their order.
fn sorted_tables<'a, S: Spool>(package: &'a SpooledPackage<S>, schema: &Schema) -> Vec<&'a SpooledTable> {
    let rank = |table: &SpooledTable| schema.tables.iter().position(|known| known.name == table.name);
    let mut tables: Vec<&SpooledTable> = package.tables().iter().collect();
    tables.sort_by_key(|table| (rank(table).unwrap_or(usize::MAX), &table.name));
    tables
}

fn columns<'s>(schema: &'s Schema, table: &str) -> Vec<&'s str> {
    let listings = schema.tables.iter().filter(|known| known.name == table);
    listings.flat_map(|table| &table.columns).map(|column| column.name.as_str()).collect()
}

/// Where records share an id, what they hold decides.
fn sorted_records<S: Spool>(
    package: &SpooledPackage<S>,
    table: &SpooledTable,
) -> Result<Vec<RecordAt>, ToolError> {
    let mut places = table.records().to_vec();
    places.sort_by(|a, b| sql_server_order(&a.id, &b.id));
    let mut start = 0;
    while start < places.len() {
        let same = places[start..].iter().take_while(|at| at.id == places[start].id).count();
        if same > 1 {
            let mut twins = Vec::with_capacity(same);
            for at in &places[start..start + same] {
                twins.push((format!("{:?}", package.record(at)?), *at));
            }
            twins.sort_by(|(a, _), (b, _)| a.cmp(b));
            places.splice(start..start + same, twins.into_iter().map(|(_, at)| at));
        }
        start += same;
    }
    Ok(places)
}

/// Columns in the schema's order, those it does not list by name behind them.
fn in_order(mut record: Record, columns: &[&str]) -> Record {
    let rank = |column: &str| columns.iter().position(|known| *known == column).unwrap_or(usize::MAX);
    record.fields.sort_by(|a, b| (rank(&a.column), &a.column).cmp(&(rank(&b.column), &b.column)));
    record
}

fn sorted_links<S: Spool>(
    package: &SpooledPackage<S>,
    table: &SpooledTable,
) -> Result<Vec<LinkSet>, ToolError> {
    let mut all = package.links(table).collect::<Result<Vec<LinkSet>, _>>()?;
    all.iter_mut().for_each(|links| links.targets.sort_by(sql_server_order));
    all.sort_by(link_order);
    Ok(all)
}

fn link_order(a: &LinkSet, b: &LinkSet) -> Ordering {
    let rest =
        |links: &LinkSet| (links.relationship.clone(), links.target_table.clone(), links.targets.clone());
    sql_server_order(&a.source, &b.source).then_with(|| rest(a).cmp(&rest(b)))
}
