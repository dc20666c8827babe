//! Paths and options of the service.

use super::filter::Filter;
use super::instance::PROPERTIES;
use super::{Discovery, Instance, ROOT};
use crate::answer::{Answer, Object};
use crate::api::{KeyText, Options, Segment, segments};
use crate::error::Refusal;
use http::{Method, Request};
use serde_json::{Value, json};

impl Discovery {
    pub(super) fn service(&self, request: &Request<Vec<u8>>, origin: &str) -> Result<Answer, Refusal> {
        let base = format!("{origin}{ROOT}");
        let path = request.uri().path().strip_prefix(ROOT).unwrap_or_default();
        let found = segments(path)?;
        if request.method() != Method::GET {
            let message =
                format!("The requested resource does not support http method '{}'.", request.method());
            return Err(Refusal::new(405, "", message));
        }
        match found.as_slice() {
            [] => Ok(service_document(&base)),
            [only] if only.name == "$metadata" => Ok(metadata()),
            [only] if only.name == "Instances" => {
                self.instances(only, &Options::parse(request.uri().query().unwrap_or_default()), &base)
            }
            [first, ..] => Err(Refusal::no_resource(&first.name)),
        }
    }

    /// A list in any case: a key is a filter and no more.
    fn instances(&self, segment: &Segment, options: &Options, base: &str) -> Result<Answer, Refusal> {
        refuse_unsupported(options)?;
        let key = key_filter(segment)?;
        let filter = options.get("$filter").map(Filter::parse).transpose()?;
        let selected = selected(options)?;
        let is_meant = |one: &&Instance| {
            key.as_ref().is_none_or(|key| key.holds(one))
                && filter.as_ref().is_none_or(|filter| filter.holds(one))
        };
        let found = self.instances.iter().filter(is_meant).map(|one| shown(one, &selected));
        let columns = options.list("$select").join(",");
        let columns = if columns.is_empty() { columns } else { format!("({columns})") };
        let mut body = Object::default();
        body.push("@odata.context", format!("{base}$metadata#Instances{columns}"));
        body.push("value", found.collect::<Vec<_>>());
        Ok(Answer::json(200, &body))
    }
}

/// The page names these two; of others it says nothing.
fn refuse_unsupported(options: &Options) -> Result<(), Refusal> {
    match options.names().find(|name| name.starts_with('$') && !["$select", "$filter"].contains(name)) {
        None => Ok(()),
        Some(name) => Err(Refusal::odata(format!("The query parameter {name} is not supported."))),
    }
}

/// `Instances(<id>)` and `Instances(UniqueName='x')`.
fn key_filter(segment: &Segment) -> Result<Option<Filter>, Refusal> {
    Ok(match segment.key()? {
        None => None,
        Some(KeyText::Id(id)) => Some(Filter::equal("Id", json!(id))?),
        Some(KeyText::Named(named)) => match named.as_slice() {
            [(name, value)] => Some(Filter::equal(name, json!(value))?),
            _ => return Err(Refusal::odata("An instance is named by one property.")),
        },
    })
}

fn selected(options: &Options) -> Result<Vec<&str>, Refusal> {
    let selected = options.list("$select");
    if let Some(unknown) = selected.iter().find(|name| PROPERTIES.iter().all(|(known, _)| known != *name)) {
        return Err(Refusal::no_property(unknown, "Instance"));
    }
    Ok(selected)
}

fn shown(instance: &Instance, selected: &[&str]) -> Object {
    let mut object = Object::default();
    for (name, _) in PROPERTIES {
        if selected.is_empty() || selected.contains(&name) {
            object.push(name, instance.get(name).cloned().unwrap_or(Value::Null));
        }
    }
    object
}

fn service_document(base: &str) -> Answer {
    let set = json!({"name": "Instances", "kind": "EntitySet", "url": "Instances"});
    Answer::json(200, &json!({"@odata.context": format!("{base}$metadata"), "value": [set]}))
}

/// The one type and its set.
fn metadata() -> Answer {
    let mut properties = String::new();
    for (name, edm) in PROPERTIES {
        let nullable = !matches!(edm, "Edm.Guid" | "Edm.Boolean" | "Edm.Int32");
        let nullable = if nullable { "" } else { " Nullable=\"false\"" };
        properties.push_str(&format!("<Property Name=\"{name}\" Type=\"{edm}\"{nullable} />"));
    }
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><edmx:Edmx Version=\"4.0\" \
         xmlns:edmx=\"http://docs.oasis-open.org/odata/ns/edmx\"><edmx:DataServices>\
         <Schema Namespace=\"Microsoft.Dynamics.CRM\" xmlns=\"http://docs.oasis-open.org/odata/ns/edm\">\
         <EntityType Name=\"Instance\"><Key><PropertyRef Name=\"Id\" /></Key>{properties}</EntityType>\
         <EntityContainer Name=\"System\"><EntitySet Name=\"Instances\" EntityType=\"Microsoft.Dynamics.CRM.Instance\" />\
         </EntityContainer></Schema></edmx:DataServices></edmx:Edmx>"
    );
    let headers = vec![("Content-Type", "application/xml".to_owned())];
    Answer { status: 200, headers, body: text.into_bytes() }
}
