//! `$select`, `$expand` and `$filter` on metadata.

use crate::api::Options;
use crate::error::Refusal;
use serde_json::{Map, Value};

/// What only `$expand` brings.
const COLLECTIONS: &[(&str, &str)] = &[
    ("Attributes", "AttributeMetadata"),
    ("Keys", "EntityKeyMetadata"),
    ("ManyToOneRelationships", "OneToManyRelationshipMetadata"),
    ("OneToManyRelationships", "OneToManyRelationshipMetadata"),
    ("ManyToManyRelationships", "ManyToManyRelationshipMetadata"),
    ("OptionSet", "OptionSetMetadata"),
    ("GlobalOptionSet", "OptionSetMetadata"),
];

/// The item with the properties and collections asked for. `MetadataId` always comes along.
pub(super) fn shaped(item: Value, options: &Options, type_name: &str) -> Result<Value, Refusal> {
    let Value::Object(mut members) = item else { return Ok(item) };
    let expanded = expanded(&mut members, options, type_name)?;
    let selected = options.list("$select");
    let mut shaped = if selected.is_empty() {
        members
    } else {
        let mut shaped = Map::new();
        for name in selected.into_iter().chain(["MetadataId"]) {
            match members.remove(name) {
                Some(value) => shaped.insert(name.to_owned(), value),
                None if shaped.contains_key(name) => None,
                None => return Err(Refusal::no_property(name, type_name)),
            };
        }
        let odata_type = members.remove("@odata.type");
        shaped.extend(odata_type.map(|value| ("@odata.type".to_owned(), value)));
        shaped
    };
    shaped.extend(expanded);
    Ok(Value::Object(shaped))
}

/// Takes the collections out of the members and gives back those asked for.
fn expanded(
    members: &mut Map<String, Value>,
    options: &Options,
    type_name: &str,
) -> Result<Map<String, Value>, Refusal> {
    let mut taken: Map<String, Value> = Map::new();
    for (name, _) in COLLECTIONS {
        taken.extend(members.remove(*name).map(|value| ((*name).to_owned(), value)));
    }
    let mut expanded = Map::new();
    for part in options.list("$expand") {
        let (name, nested) = part.split_once('(').unwrap_or((part, ""));
        let nested = Options::nested(nested.strip_suffix(')').unwrap_or(nested));
        let item_type = COLLECTIONS.iter().find(|(n, _)| *n == name).map_or("", |(_, item_type)| *item_type);
        let value = taken.remove(name).ok_or_else(|| Refusal::no_property(name, type_name))?;
        let value = match value {
            Value::Array(items) => {
                let items = matching(items, &nested, item_type)?;
                items
                    .into_iter()
                    .map(|item| shaped(item, &nested, item_type))
                    .collect::<Result<Vec<_>, _>>()?
                    .into()
            }
            Value::Null => Value::Null,
            other => shaped(other, &nested, item_type)?,
        };
        expanded.insert(name.to_owned(), value);
    }
    Ok(expanded)
}

/// The items that pass `$filter`: comparisons with `eq` and `ne`, joined by `and` and `or`.
pub(super) fn matching(items: Vec<Value>, options: &Options, type_name: &str) -> Result<Vec<Value>, Refusal> {
    let Some(filter) = options.get("$filter") else { return Ok(items) };
    let mut found = Vec::new();
    for item in items {
        if passes(&item, filter, type_name)? {
            found.push(item);
        }
    }
    Ok(found)
}

fn passes(item: &Value, filter: &str, type_name: &str) -> Result<bool, Refusal> {
    for alternative in filter.split(" or ") {
        let mut all = true;
        for condition in alternative.split(" and ") {
            all &= holds(item, condition.trim_matches(['(', ')', ' ']), type_name)?;
        }
        if all {
            return Ok(true);
        }
    }
    Ok(false)
}

fn holds(item: &Value, condition: &str, type_name: &str) -> Result<bool, Refusal> {
    let mut words = condition.splitn(3, ' ');
    let (Some(path), Some(operator), Some(literal)) = (words.next(), words.next(), words.next()) else {
        return Err(Refusal::new(400, "0x80060888", format!("Syntax error in '{condition}'.")));
    };
    let mut value = item;
    for step in path.split('/') {
        value = value.get(step).ok_or_else(|| Refusal::no_property(step, type_name))?;
    }
    let equal = match value {
        Value::String(text) => *text == plain(literal),
        Value::Bool(yes) => literal == if *yes { "true" } else { "false" },
        Value::Number(number) => literal == number.as_str(),
        Value::Null => literal == "null",
        Value::Array(_) | Value::Object(_) => false,
    };
    match operator {
        "eq" => Ok(equal),
        "ne" => Ok(!equal),
        other => Err(Refusal::not_implemented(format_args!("the operator {other} on metadata"))),
    }
}

/// `'account'`, or the name inside of an enum literal `Microsoft.Dynamics.CRM.OwnershipTypes'UserOwned'`.
fn plain(literal: &str) -> String {
    let start = literal.find('\'').map_or(0, |quote| quote + 1);
    literal[start..].trim_end_matches('\'').replace("''", "'")
}
