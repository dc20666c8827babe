//! Labels and managed properties: the two small shapes that all definitions are made of.

use super::{Definitions, named_id};
use crate::answer::{Node, Object};
use serde_json::Value;

impl Definitions<'_> {
    /// No label in any language.
    pub(super) fn no_label(&self) -> Object {
        localized(Vec::new(), Value::Null.into())
    }

    /// A label in the organization's language. What makers leave empty is no label; the service's own tables have one
    /// without text, as recorded.
    pub(super) fn label(&self, text: &str, managed: bool) -> Object {
        if text.is_empty() && !managed {
            return self.no_label();
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
