//! What loaded rows tell of the organization that they belong to: an environment that holds them is that one.

use crate::Records;
use crate::loader::{DataRecord, DataTable, Package};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A loaded currency of the rate 1: the base currency is one of its table's rows.
pub(crate) fn loaded_base_currency(packages: &[(Package, Records)]) -> Option<Uuid> {
    let currencies = loaded_tables(packages).filter(|table| table.name == "transactioncurrency");
    let rate = |record: &DataRecord| {
        let rate = record.fields.iter().find(|field| field.column == "exchangerate")?;
        rate.text.parse::<f64>().ok()
    };
    currencies
        .flat_map(|table| &table.records)
        .find(|record| rate(record) == Some(1.0))
        .map(|record| record.id)
}

fn loaded_tables(packages: &[(Package, Records)]) -> impl Iterator<Item = &DataTable> {
    let loaded = packages.iter().filter(|(_, records)| *records == Records::Load);
    loaded.flat_map(|(package, _)| &package.data.tables)
}

/// The organization that loaded rows belong to, where they belong to one: the environment is that one then.
pub(crate) fn loaded_organization(packages: &[(Package, Records)]) -> Option<(Uuid, Option<&str>)> {
    let fields = loaded_tables(packages).flat_map(|table| &table.records).flat_map(|record| &record.fields);
    let organizations = fields
        .filter(|field| field.target.as_deref() == Some("organization"))
        .filter_map(|field| Some((Uuid::try_parse(&field.text).ok()?, field.target_name.as_deref())));
    let named: BTreeMap<Uuid, Option<&str>> = organizations.collect();
    let mut named = named.into_iter();
    named.next().filter(|_| named.next().is_none())
}
