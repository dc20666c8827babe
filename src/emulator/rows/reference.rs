//! `/set(id)`, relative or as a full URL.

use crate::error::Refusal;
use crate::tables::Catalog;
use uuid::Uuid;

/// The table and the id that a reference names.
pub(crate) fn parse_reference(catalog: &Catalog, reference: &str) -> Result<(usize, Uuid), Refusal> {
    let (set, key) = split(reference).ok_or_else(|| {
        Refusal::odata(format!("The reference '{reference}' is not of the form /entityset(id)."))
    })?;
    let table = catalog.position_of_set(set).ok_or_else(|| Refusal::no_resource(set))?;
    let id = Uuid::try_parse(key.trim_matches('\'')).map_err(|_| {
        Refusal::odata(format!("'{key}' in the reference '{reference}' is no unique identifier."))
    })?;
    Ok((table, id))
}

fn split(reference: &str) -> Option<(&str, &str)> {
    let last = reference.trim_end_matches('/').rsplit('/').next()?;
    let (set, rest) = last.split_once('(')?;
    let key = rest.strip_suffix(')')?;
    // `accounts(accountid=…)` names the key column.
    Some((set, key.rsplit('=').next()?))
}
