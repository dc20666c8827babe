//! Tables that are the service's own.

use super::{Details, Kind, Table};
use crate::error::LoadError;

/// The tables every environment has. Sources: Microsoft's table reference and the columns of recorded answers.
const ALWAYS: &[&str] = &[
    include_str!("organization.json"),
    include_str!("messages.json"),
    include_str!("solutions.json"),
    include_str!("notes.json"),
    include_str!("account.json"),
    include_str!("contact.json"),
    include_str!("activities.json"),
    include_str!("queues.json"),
    include_str!("field_security.json"),
];

/// What is known about tables that only some environments have. The relationships of accounts are recorded.
const KNOWN: &[&str] =
    &[include_str!("sales.json"), include_str!("portal.json"), include_str!("account_relationships.json")];

/// Activities whose name alone says so; others are known by the key `activityid` in their schema.
const ACTIVITIES: &[&str] = &[
    "activitypointer",
    "appointment",
    "bulkoperation",
    "campaignactivity",
    "campaignresponse",
    "email",
    "fax",
    "incidentresolution",
    "letter",
    "opportunityclose",
    "orderclose",
    "phonecall",
    "quoteclose",
    "recurringappointmentmaster",
    "serviceappointment",
    "socialactivity",
    "task",
];

pub(crate) fn is_activity(table: &str) -> bool {
    ACTIVITIES.contains(&table)
}

/// What the tables of every environment have.
pub(super) fn always() -> Result<Vec<Details>, LoadError> {
    ALWAYS.iter().map(|json| Details::read(json.as_bytes())).collect()
}

/// What tables have that some environments have.
pub(super) fn known() -> Result<Vec<Details>, LoadError> {
    KNOWN.iter().map(|json| Details::read(json.as_bytes())).collect()
}

/// A table that something points to but no schema describes: what is known of it, else its key and its name.
pub(super) fn when_named(name: &str, known: &[Details]) -> Result<Table, LoadError> {
    let mut table = Table::new(name, name);
    let mut described = known.iter().filter_map(|details| details.table(name));
    if let Some(details) = described.find(|details| details.primary_name.is_some()) {
        details.define(&mut table)?;
        return Ok(table);
    }
    let primary_name =
        name.split_once('_').map_or_else(|| "name".to_owned(), |(prefix, _)| format!("{prefix}_name"));
    let primary_id = table.primary_id.clone();
    table.add(&primary_id, &primary_id, Kind::Id);
    table.add(&primary_name, "Name", Kind::Text { max_length: 4000, memo: false });
    table.primary_name = Some(primary_name);
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crates_own_details_are_well_formed() {
        assert_eq!(always().unwrap().len(), ALWAYS.len());
        assert_eq!(known().unwrap().len(), KNOWN.len());
    }
}
