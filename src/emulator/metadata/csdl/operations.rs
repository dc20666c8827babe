//! Functions and actions of the model. Their answers are open types: the model names them and leaves out what is in
//! them.

use super::element::Element;
use crate::functions::{Kind, Message, messages};

/// (parameter, type) where it is not a text.
const TYPES: &[(&str, &str)] = &[
    ("EntityNames", "Collection(Edm.String)"),
    ("AccessType", "mscrm.EndpointAccessType"),
    ("Query", "mscrm.EntityQueryExpression"),
    ("DeletedMetadataFilters", "mscrm.DeletedMetadataFilters"),
    ("AppModuleId", "Edm.Guid"),
    ("RetrieveAllSettings", "Edm.Boolean"),
    ("Target", "mscrm.crmbaseentity"),
    ("BlockList", "Collection(Edm.String)"),
    ("BlockData", "Edm.Binary"),
    ("Offset", "Edm.Int64"),
    ("BlockLength", "Edm.Int64"),
    ("FileId", "Edm.Guid"),
];

/// The operations and the types of what they answer.
pub(super) fn operations() -> impl Iterator<Item = Element> {
    messages().flat_map(|message| [response(message), operation(message)])
}

fn response(message: &Message) -> Element {
    Element::new("ComplexType").with("Name", format!("{}Response", message.name)).with("OpenType", "true")
}

fn operation(message: &Message) -> Element {
    let parameters = message.parameters.iter().map(|(name, needed)| {
        let edm = TYPES.iter().find(|(known, _)| known == name).map_or("Edm.String", |(_, edm)| *edm);
        let parameter = Element::new("Parameter").with("Name", *name).with("Type", edm);
        if *needed { parameter.with("Nullable", "false") } else { parameter }
    });
    let answer = Element::new("ReturnType")
        .with("Type", format!("mscrm.{}Response", message.name))
        .with("Nullable", "false");
    Element::new(element(message.kind)).with("Name", message.name).holding_all(parameters).holding(answer)
}

/// What makes the operations reachable from the service's address.
pub(super) fn imports() -> impl Iterator<Item = Element> {
    messages().map(|message| {
        let (import, of) = match message.kind {
            Kind::Function => ("FunctionImport", "Function"),
            Kind::Action => ("ActionImport", "Action"),
        };
        Element::new(import).with("Name", message.name).with(of, format!("mscrm.{}", message.name))
    })
}

fn element(kind: Kind) -> &'static str {
    match kind {
        Kind::Function => "Function",
        Kind::Action => "Action",
    }
}
