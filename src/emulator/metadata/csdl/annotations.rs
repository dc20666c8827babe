//! Annotations of the model and the vocabularies they come from.

use super::element::Element;
use crate::tables::{Column, Table};

/// (address, namespace, alias)
const VOCABULARIES: &[(&str, &str, &str)] = &[
    ("http://vocabularies.odata.org/OData.Community.Keys.V1.xml", "OData.Community.Keys.V1", "Keys"),
    ("http://vocabularies.odata.org/OData.Community.Display.V1.xml", "OData.Community.Display.V1", "Display"),
    (
        "http://docs.oasis-open.org/odata/odata/v4.0/os/vocabularies/Org.OData.Core.V1.xml",
        "Org.OData.Core.V1",
        "Core",
    ),
    (
        "http://docs.oasis-open.org/odata/odata/v4.0/os/vocabularies/Org.OData.Capabilities.V1.xml",
        "Org.OData.Capabilities.V1",
        "Capabilities",
    ),
];

pub(super) fn vocabularies() -> impl Iterator<Item = Element> {
    VOCABULARIES.iter().map(|(address, namespace, alias)| {
        let include = Element::new("edmx:Include").with("Namespace", *namespace).with("Alias", *alias);
        Element::new("edmx:Reference").with("Uri", *address).holding(include)
    })
}

fn annotation(term: &str) -> Element {
    Element::new("Annotation").with("Term", term)
}

pub(super) fn description(text: &str) -> Element {
    annotation("Org.OData.Core.V1.Description").with("String", text)
}

/// What is told of a column: its label, and that it is computed where nobody can write it.
pub(super) fn of_column(column: &Column) -> Vec<Element> {
    let mut found = vec![description(&column.display_name)];
    if !column.creatable && !column.updatable {
        found.push(annotation("Org.OData.Core.V1.Computed").with("Bool", "true"));
        let read = Element::new("EnumMember").saying("Org.OData.Core.V1.PermissionType/Read");
        found.push(annotation("Org.OData.Core.V1.Permissions").holding(read));
    }
    found
}

/// Whether changes of a set's rows can be asked for.
pub(super) fn change_tracking(table: &Table) -> Element {
    let supported = Element::new("PropertyValue")
        .with("Property", "Supported")
        .with("Bool", (!table.is_intersect).to_string());
    annotation("Org.OData.Capabilities.V1.ChangeTracking").holding(Element::new("Record").holding(supported))
}

/// The alternate keys of a table; they are in the model without being asked for.
pub(super) fn alternate_keys(table: &Table) -> Option<Element> {
    if table.keys.is_empty() {
        return None;
    }
    let keys = table.keys.iter().map(|key| {
        let columns = key.columns.iter().map(|column| property_ref(table, column));
        let columns = Element::new("Collection").holding_all(columns);
        Element::new("Record")
            .with("Type", "OData.Community.Keys.V1.AlternateKey")
            .holding(Element::new("PropertyValue").with("Property", "Key").holding(columns))
    });
    let keys = Element::new("Collection").holding_all(keys);
    Some(annotation("OData.Community.Keys.V1.AlternateKeys").holding(keys))
}

fn property_ref(table: &Table, column: &str) -> Element {
    let property = table.column(column).map_or_else(|| column.to_owned(), Column::property);
    let value = |name: &str| Element::new("PropertyValue").with("Property", name);
    Element::new("Record")
        .with("Type", "OData.Community.Keys.V1.PropertyRef")
        .holding(value("Alias").with("String", property.clone()))
        .holding(value("Name").with("PropertyPath", property))
}
