//! An emulated environment that has what a recorded answer shows: its tables, its columns and its rows.

use super::json::Json;
use super::shape::form;
use dataverse_emulator::{Environment, LoadError};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

/// Tables and rows on their way into an environment.
#[derive(Default)]
pub struct World {
    tables: Map<String, Value>,
    links: Map<String, Value>,
    data: String,
}

/// (lookup column, the tables it points to) where the column's name does not tell.
const TARGETS: [(&str, &[&str]); 25] = [
    ("accountid", &["account"]),
    ("basecurrencyid", &["transactioncurrency"]),
    ("configurationpageid", &["webresource"]),
    ("createdby", &["systemuser"]),
    ("createdbyexternalparty", &["externalparty"]),
    ("createdonbehalfby", &["systemuser"]),
    ("defaultemailserverprofileid", &["emailserverprofile"]),
    ("emailserverprofile", &["emailserverprofile"]),
    ("masterid", &["account"]),
    ("modifiedby", &["systemuser"]),
    ("modifiedbyexternalparty", &["externalparty"]),
    ("modifiedonbehalfby", &["systemuser"]),
    ("msa_managingpartnerid", &["account"]),
    ("owningbusinessunit", &["businessunit"]),
    ("owningteam", &["team"]),
    ("owninguser", &["systemuser"]),
    ("parentaccountid", &["account"]),
    ("parentbusinessunitid", &["businessunit"]),
    ("parentcontactid", &["contact"]),
    ("parentroleid", &["role"]),
    ("parentrootroleid", &["role"]),
    ("preferredsystemuserid", &["systemuser"]),
    ("primarycontactid", &["contact"]),
    ("slainvokedid", &["sla"]),
    ("workflowactivationid", &["workflow"]),
];

/// Tables whose key is not called after them.
const KEYS: [(&str, &str); 1] = [("duplicaterecord", "duplicateid")];

/// Columns whose kind no value tells.
const KINDS: [(&str, &str); 6] = [
    ("ownerid", "owner"),
    ("parentcustomerid", "customer"),
    ("statecode", "state"),
    ("statuscode", "status"),
    ("entityimage", "image"),
    ("versionnumber", "bigint"),
];

impl World {
    /// Adds a table whose rows a recorded answer shows. `known` is an environment with nothing but the service's own
    /// tables: a column it has stays as it is.
    pub fn add_rows(&mut self, known: &Environment, table: &Described, rows: &[Json]) {
        for (property, value) in rows.iter().flat_map(Json::members) {
            if property.contains('@') || matches!(value, Json::Object(_) | Json::List(_)) {
                continue;
            }
            let (name, details) = column(property, value);
            let has = |name: &str| known.table(table.name).is_some_and(|table| table.column(name).is_some());
            if name != table.primary_id && !(table.is_own() && has(name)) {
                self.add_column(table, name, details);
            }
        }
        let records: String = rows.iter().map(|row| record(known, table, row)).collect();
        let _ = write!(
            self.data,
            "<entity name=\"{}\" displayname=\"\"><records>{records}</records></entity>",
            table.name
        );
    }

    /// Adds a column that details describe.
    pub fn add_column(&mut self, table: &Described, name: &str, details: Value) {
        let entry = self.tables.entry(table.name).or_insert_with(|| table.details());
        if let Some(columns) = entry["columns"].as_object_mut() {
            columns.entry(name).or_insert(details);
        }
    }

    /// Adds a column of a type in the details' words; lookups lead where their name says.
    pub fn add_typed(&mut self, table: &Described, name: &str, kind: &str) {
        let details = match KINDS.iter().find(|(known, _)| *known == name) {
            Some((_, kind)) => json!({"type": kind}),
            None if kind == "lookup" => json!({"type": "lookup", "targets": target_details(name)}),
            None => json!({"type": kind}),
        };
        self.add_column(table, name, details);
    }

    /// Adds a lookup to a table that is not described otherwise, unless the service's own table has it.
    pub fn add_lookup(&mut self, known: &Environment, table: &str, name: &str, targets: Value) {
        if known.table(table).is_some_and(|table| table.column(name).is_some()) {
            return;
        }
        let entry = self.tables.entry(table).or_insert_with(|| json!({"label": table, "columns": {}}));
        if let Some((_, key)) = KEYS.iter().find(|(known, _)| *known == table) {
            entry["primaryId"] = json!(key);
        }
        if let Some(columns) = entry["columns"].as_object_mut() {
            let column = columns.entry(name).or_insert_with(|| json!({"type": "lookup", "targets": {}}));
            if let (Some(known), Some(added)) = (column["targets"].as_object_mut(), targets.as_object()) {
                known.extend(added.clone());
            }
        }
    }

    /// Adds a many-to-many relationship.
    pub fn add_link(&mut self, intersect: &str, first: &str, second: &str) {
        self.links.insert(intersect.to_owned(), json!([first, second]));
    }

    /// The environment.
    ///
    /// # Errors
    /// The recorded answer shows what the emulator cannot have.
    pub fn build(self) -> Result<Environment, LoadError> {
        let details = json!({"tables": self.tables, "links": self.links});
        let data = format!("<entities timestamp=\"2026-01-01T00:00:00.0000000Z\">{}</entities>", self.data);
        Environment::builder(NAME).details(details.to_string().as_bytes()).data_xml(data.as_bytes()).build()
    }
}

/// What every emulated environment of this test is called: from the name come its own ids.
pub const NAME: &str = "recorded";

/// A table as the test knows it.
#[derive(Clone, Copy)]
pub struct Described {
    /// Logical name.
    pub name: &'static str,
    /// Primary key column.
    pub primary_id: &'static str,
    /// Primary name column.
    pub primary_name: &'static str,
    /// Who owns its rows, in the details' words; empty for the service's own tables.
    pub ownership: &'static str,
}

impl Described {
    fn details(&self) -> Value {
        let mut details = json!({"label": self.name, "columns": {}});
        if !self.is_own() {
            details["primaryId"] = json!(self.primary_id);
            details["primaryName"] = json!(self.primary_name);
            details["ownership"] = json!(self.ownership);
        }
        details
    }

    /// Whether every environment has it.
    fn is_own(&self) -> bool {
        self.ownership.is_empty()
    }
}

/// The column behind a property, and what details say of it.
fn column<'a>(property: &'a str, value: &Json) -> (&'a str, Value) {
    let lookup = property.strip_prefix('_').and_then(|rest| rest.strip_suffix("_value"));
    let name = lookup.unwrap_or(property);
    if let Some((_, kind)) = KINDS.iter().find(|(known, _)| *known == name) {
        return (name, json!({"type": kind}));
    }
    if lookup.is_some() {
        return (name, json!({"type": "lookup", "targets": target_details(name)}));
    }
    (name, kind_of(name, value))
}

fn targets(column: &str) -> Vec<String> {
    match TARGETS.iter().find(|(known, _)| *known == column) {
        Some((_, targets)) => targets.iter().map(|&target| target.to_owned()).collect(),
        None => vec![column.strip_suffix("id").unwrap_or(column).to_owned()],
    }
}

fn target_details(column: &str) -> Map<String, Value> {
    targets(column).into_iter().map(|target| (target, json!({}))).collect()
}

/// What a value looks like; an empty column might be anything, so it is a text.
fn kind_of(name: &str, value: &Json) -> Value {
    match value {
        Json::Boolean(_) => json!({"type": "boolean"}),
        Json::Number(digits) => match digits.split_once('.').map(|(_, fraction)| fraction.len()) {
            None => json!({"type": "integer"}),
            Some(12) => json!({"type": "decimal", "precision": 12}),
            Some(10) => json!({"type": "money", "precision": 10}),
            Some(_) => json!({"type": "double"}),
        },
        Json::Text(text) => match form(text) {
            "id" => json!({"type": "id"}),
            "moment" => json!({"type": "datetime"}),
            "day" => json!({"type": "datetime", "behavior": "dateOnly"}),
            _ => json!({"type": "memo", "maxLength": 1_000_000}),
        },
        _ if name.ends_with("_base") => json!({"type": "money", "precision": 10}),
        _ => json!({"type": "text"}),
    }
}

/// A row as a data file has it.
fn record(known: &Environment, table: &Described, row: &Json) -> String {
    let id = row_id(known, table, row);
    let fields: String =
        row.members().iter().filter_map(|(property, value)| field(row, property, value)).collect();
    format!("<record id=\"{id}\">{fields}</record>")
}

/// The id of a recorded row in the emulated environment: its own, except where something that is no id took its place,
/// and for the organization, of which there is one.
#[must_use]
pub fn row_id(known: &Environment, table: &Described, row: &Json) -> String {
    let own = row.get(table.primary_id).text().filter(|id| form(id) == "id");
    match known.rows(table.name).next().filter(|_| table.name == "organization") {
        Some(organization) => organization.id().to_string(),
        None => own.unwrap_or("00000000-0000-0000-0000-0000000000ff").to_owned(),
    }
}

fn field(row: &Json, property: &str, value: &Json) -> Option<String> {
    let text = match value {
        Json::Boolean(yes) => yes.to_string(),
        Json::Number(digits) => digits.clone(),
        Json::Text(text) if form(text) == "day" => format!("{text}T00:00:00.0000000"),
        Json::Text(text) => text.clone(),
        _ => return None,
    };
    if property.contains('@') {
        return None;
    }
    let (name, _) = column(property, value);
    let annotated = row.get(&format!("{property}@Microsoft.Dynamics.CRM.lookuplogicalname"));
    let target = match name {
        "ownerid" => "systemuser".to_owned(),
        "parentcustomerid" => "account".to_owned(),
        _ => annotated.text().map_or_else(|| targets(name).remove(0), str::to_owned),
    };
    let lookup = if name == property {
        String::new()
    } else {
        format!(" lookupentity=\"{target}\" lookupentityname=\"{target}\"")
    };
    // A data file holds texts as HTML: escaped once more.
    Some(format!("<field name=\"{name}\" value=\"{}\"{lookup} />", escaped(&escaped(&text))))
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;").replace('\n', "&#10;")
}
