//! Labels and managed properties: the two small shapes that all definitions are made of.

use super::{Definitions, named_id};
use crate::answer::{Node, Object};
use serde_json::Value;

impl Definitions<'_> {
    /// A label in the organization's language. Empty text is no label.
    pub(super) fn label(&self, text: &str, managed: bool) -> Object {
        if text.is_empty() {
            return localized(Vec::new(), Value::Null.into());
        }
        let label = Object::default()
            .and("Label", text)
            .and("LanguageCode", self.language)
            .and("IsManaged", managed)
            .and("MetadataId", named_id("label", text))
            .and("HasChanged", Value::Null);
        localized(vec![label.clone()], label.into())
    }
}

fn localized(labels: Vec<Object>, own: Node) -> Object {
    Object::default().and("LocalizedLabels", labels).and("UserLocalizedLabel", own)
}

/// A setting that a managed solution may lock: `{"Value":…,"CanBeChanged":…,"ManagedPropertyLogicalName":…}`.
pub(super) fn managed_property(value: impl Into<Node>, changeable: bool, name: &str) -> Object {
    Object::default()
        .and("Value", value)
        .and("CanBeChanged", changeable)
        .and("ManagedPropertyLogicalName", name)
}
