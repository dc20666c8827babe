//! `$metadata`: the service's model as CSDL.
//!
//! It holds the tables, the functions and actions, and the sets; the types of definitions and the members of the
//! messages' answers are left out. Source: Microsoft's pages on the service documents and on types of the Web API.

mod annotations;
mod container;
mod element;
mod entity_type;
mod operations;

use crate::answer::Answer;
use crate::api::Call;
use crate::environment::Environment;
use crate::error::Refusal;
use element::Element;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, Event};

/// The namespace of everything in the model; `mscrm` is short for it.
const NAMESPACE: &str = "Microsoft.Dynamics.CRM";

impl Environment {
    pub(in crate::metadata) fn model(&self, call: &Call) -> Result<Answer, Refusal> {
        if let Some(more) = call.segments.get(1) {
            return Err(Refusal::no_resource(&more.name));
        }
        let annotated = call.options.get("annotations") == Some("true")
            || call.prefer.wants("Org.OData.Core.V1.Description");
        let model = document(self, annotated);
        let mut writer = Writer::new(Vec::new());
        let declaration = Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None));
        let written = writer.write_event(declaration).and_then(|()| model.write(&mut writer));
        // The writer writes to memory, which has no way to fail.
        written.map_err(Refusal::not_implemented)?;
        Ok(Answer::xml(writer.into_inner()))
    }
}

fn document(environment: &Environment, annotated: bool) -> Element {
    let catalog = &environment.catalog;
    let schema = Element::new("Schema")
        .with("Namespace", NAMESPACE)
        .with("Alias", "mscrm")
        .with("xmlns", "http://docs.oasis-open.org/odata/ns/edm")
        .holding(Element::new("EntityType").with("Name", "crmbaseentity").with("Abstract", "true"))
        .holding(managed_property())
        .holding_all(catalog.tables.iter().map(|table| entity_type::entity_type(catalog, table, annotated)))
        .holding_all(operations::operations())
        .holding(container::container(catalog, annotated));
    Element::new("edmx:Edmx")
        .with("Version", "4.0")
        .with("xmlns:edmx", "http://docs.oasis-open.org/odata/ns/edmx")
        .holding_all(annotations::vocabularies())
        .holding(Element::new("edmx:DataServices").holding(schema))
}

/// The value of columns that tell whether a part of a managed solution may be changed.
fn managed_property() -> Element {
    let property = |name: &str, edm: &str| Element::new("Property").with("Name", name).with("Type", edm);
    Element::new("ComplexType")
        .with("Name", "BooleanManagedProperty")
        .holding(property("Value", "Edm.Boolean").with("Nullable", "false"))
        .holding(property("CanBeChanged", "Edm.Boolean").with("Nullable", "false"))
        .holding(property("ManagedPropertyLogicalName", "Edm.String").with("Unicode", "false"))
}

/// The type that a table's rows are of. Owners are principals, of whom users and teams are two kinds.
fn type_name(table: &str) -> &str {
    if table == "owner" { "principal" } else { table }
}
