//! `RetrieveMetadataChanges`: one query over tables, attributes, relationships and keys, all in their own types.
//! Shapes: the answers printed on Microsoft's pages about it. Nothing changes a table here, so a client that names the
//! version it knows is told of nothing.

mod criteria;
mod query;
mod results;

use crate::answer::Object;
use crate::api::Call;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::functions::{Arguments, Kind, Message};
use query::EntityQuery;
use serde_json::{Value, json};

/// `RetrieveMetadataChanges(Query=@p1)?@p1={…}`
pub(crate) const CHANGES: Message = Message {
    name: "RetrieveMetadataChanges",
    kind: Kind::Function,
    parameters: &[
        ("Query", true),
        ("DeletedMetadataFilters", false),
        ("ClientVersionStamp", false),
        ("AppModuleId", false),
        ("RetrieveAllSettings", false),
    ],
    run: changes,
};

/// What `DeletedMetadataFilters` can name.
const DELETED: &[&str] = &["Entity", "Default", "Attribute", "Relationship", "Label", "OptionSet", "All"];

fn changes(
    environment: &mut Environment,
    _: &Call,
    arguments: &Arguments,
) -> Result<Option<Object>, Refusal> {
    for name in ["AppModuleId", "RetrieveAllSettings"] {
        if arguments.get(name).is_some() {
            return Err(Refusal::not_implemented(format_args!("{name} of RetrieveMetadataChanges")));
        }
    }
    if arguments.get("DeletedMetadataFilters").is_some() {
        arguments.member("DeletedMetadataFilters", "DeletedMetadataFilters", DELETED)?;
    }
    let definitions = environment.definitions();
    let query = EntityQuery::read(arguments.get("Query").unwrap_or(&Value::Null))?;
    query.check(&definitions)?;
    let stamp = version_stamp(environment);
    let known =
        arguments.get("ClientVersionStamp").map(|_| arguments.text("ClientVersionStamp")).transpose()?;
    let found = match known {
        Some(known) if known != stamp => return Err(expired()),
        Some(_) => Vec::new(),
        None => query.results(&definitions)?,
    };
    let answer = Object::default()
        .and("ServerVersionStamp", stamp)
        .and("DeletedMetadata", nothing_deleted())
        .and("EntityMetadata", found);
    Ok(Some(answer))
}

/// `74812162!10/09/2022 22:10:22`: a number and the time of the newest change, which is that of the environment.
fn version_stamp(environment: &Environment) -> String {
    let tables = &environment.catalog.tables;
    let columns: usize = tables.iter().map(|table| table.columns.len()).sum();
    format!("{}!01/05/2026 08:00:00", 1_000_000 + tables.len() * 1000 + columns)
}

fn nothing_deleted() -> Object {
    Object::default()
        .and("Count", 0)
        .and("IsReadOnly", false)
        .and("Keys", json!([]))
        .and("Values", Value::Array(Vec::new()))
}

fn expired() -> Refusal {
    let message = "Version stamp associated with the client has expired. Please perform a full sync.";
    Refusal::new(400, "0x80044352", message)
}
