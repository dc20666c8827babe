//! `CreateMultiple` and `UpdateMultiple`: many rows of one table in one request, all or none.

use crate::part::Part;
use crate::query::Query;
use crate::response::json;
use crate::row_body::{RowBody, json_of};
use crate::{Error, Row, TableMetadata};
use http::{Method, Response};
use serde::Deserialize;
use std::collections::HashSet;
use uuid::Uuid;

/// A message for many rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BulkMessage {
    /// Creates every row with its id, or none.
    CreateMultiple,
    /// Updates every row, or none.
    UpdateMultiple,
}

/// Notes take no bulk message, whatever the filters say (Microsoft's reference page of the table lists none).
const NEVER: &str = "annotation";

impl BulkMessage {
    fn name(self) -> &'static str {
        match self {
            BulkMessage::CreateMultiple => "CreateMultiple",
            BulkMessage::UpdateMultiple => "UpdateMultiple",
        }
    }
}

/// The message with these rows of the table.
pub(crate) fn bulk_part(message: BulkMessage, table: &TableMetadata, rows: &[(Uuid, Row)]) -> Part {
    let path = format!("{}/Microsoft.Dynamics.CRM.{}", table.set, message.name());
    let kind = format!("Microsoft.Dynamics.CRM.{}", table.name);
    let target = |(id, values): &'_ (Uuid, Row)| {
        json_of(&RowBody { kind: Some(&kind), key: &table.primary_id, id: *id, values })
    };
    let targets = rows.iter().map(target).collect::<Vec<_>>().join(&b","[..]);
    Part::new(Method::POST, &path, Some([br#"{"Targets":["#, targets.as_slice(), b"]}"].concat()))
}

/// Asks which of the bulk messages these tables take.
pub(crate) fn filters_query(tables: &[&str]) -> Query {
    let any = |column: &str, values: &[&str]| {
        let each = values.iter().map(|value| format!("{column} eq '{}'", value.replace('\'', "''")));
        each.collect::<Vec<_>>().join(" or ")
    };
    let messages = any("sdkmessageid/name", &["CreateMultiple", "UpdateMultiple"]);
    let tables = any("primaryobjecttypecode", tables);
    Query {
        select: vec!["primaryobjecttypecode".to_owned()],
        filter: Some(format!("({messages}) and ({tables})")),
        expand: Some("sdkmessageid($select=name)".to_owned()),
        ..Query::of("sdkmessagefilters")
    }
}

#[derive(Deserialize)]
struct Filters {
    value: Vec<Filter>,
}

#[derive(Deserialize)]
struct Filter {
    primaryobjecttypecode: String,
    sdkmessageid: Message,
}

#[derive(Deserialize)]
struct Message {
    name: String,
}

/// Tables and the messages they take.
///
/// # Errors
/// [`Error::Shape`].
pub(crate) fn parse_filters(answer: &Response<Vec<u8>>) -> Result<HashSet<(BulkMessage, String)>, Error> {
    let filters: Filters = json("GET sdkmessagefilters", answer)?;
    let known = [BulkMessage::CreateMultiple, BulkMessage::UpdateMultiple];
    let taken = filters.value.into_iter().filter(|f| f.primaryobjecttypecode != NEVER).filter_map(|filter| {
        let message = known.into_iter().find(|message| message.name() == filter.sdkmessageid.name)?;
        Some((message, filter.primaryobjecttypecode))
    });
    Ok(taken.collect())
}
