//! What each derived type of attribute adds to the properties that all share.

use crate::answer::{Node, Object};
use crate::files::THUMBNAIL_SIDE;
use crate::metadata::Definitions;
use crate::metadata::label::managed_property;
use crate::tables::{Column, DateBehavior, Kind, Table};
use crate::values::{Cell, Fixed};
use serde_json::{Value, json};

impl Definitions<'_> {
    /// The derived type's own properties, without its option sets.
    pub(super) fn own_properties(&self, table: &Table, column: &Column) -> Object {
        match &column.kind {
            Kind::Text { max_length, memo } => text(&column.name, *max_length, *memo),
            Kind::Integer => integer(column),
            Kind::BigInt => {
                Object::default().and("MaxValue", json!(i64::MAX)).and("MinValue", json!(i64::MIN))
            }
            Kind::Decimal { digits } => decimal(column, *digits),
            Kind::Money { digits } => money(column, *digits),
            Kind::Double => double(column),
            Kind::Boolean => computable(Object::default().and("DefaultValue", false)),
            Kind::DateTime(behavior) => date(column, *behavior),
            Kind::Choice { .. } | Kind::Choices { .. } => choice(),
            Kind::State => Object::default().and("DefaultFormValue", state_default(table)),
            Kind::Status => Object::default().and("DefaultFormValue", -1),
            Kind::Lookup(lookup) => lookup_to(lookup.targets()),
            Kind::PartyList => lookup_to(vec!["account", "contact", "lead", "queue", "systemuser", "team"]),
            Kind::Image => image(table, column),
            Kind::File => Object::default().and("MaxSizeInKB", column.max_size_kb.unwrap_or(32_768)),
            Kind::EntityName => entity_name(),
            Kind::ManagedProperty => managed(column),
            Kind::Id => Object::default(),
        }
    }
}

/// Text and memo. A database keeps two bytes for each character.
pub(super) fn text(name: &str, max_length: u32, memo: bool) -> Object {
    let format = if memo { "TextArea" } else { text_format(name) };
    let object = Object::default()
        .and("MaxLength", max_length)
        .and("Format", format)
        .and("ImeMode", "Auto")
        .and("IsLocalizable", false)
        .and("FormatName", Object::default().and("Value", format));
    if memo {
        return object;
    }
    computable(object.and("YomiOf", Value::Null).and("DatabaseLength", max_length.saturating_mul(2)))
}

fn text_format(name: &str) -> &'static str {
    if name.starts_with("emailaddress") { "Email" } else { "Text" }
}

fn computable(object: Object) -> Object {
    object.and("FormulaDefinition", "").and("SourceTypeMask", 0)
}

fn integer(column: &Column) -> Object {
    let object = Object::default()
        .and("Format", "None")
        .and("MaxValue", most(column, json!(i32::MAX)))
        .and("MinValue", least(column, json!(i32::MIN)));
    computable(object)
}

fn decimal(column: &Column, digits: u8) -> Object {
    let object = Object::default()
        .and("MaxValue", most(column, json!(100_000_000_000_i64)))
        .and("MinValue", least(column, json!(-100_000_000_000_i64)))
        .and("Precision", json!(digits))
        .and("ImeMode", "Auto");
    computable(object)
}

fn money(column: &Column, digits: u8) -> Object {
    let amount = column.name.strip_suffix("_base");
    let object = Object::default()
        .and("ImeMode", "Auto")
        .and("MaxValue", most(column, json!(922_337_203_685_477_i64)))
        .and("MinValue", least(column, json!(-922_337_203_685_477_i64)))
        .and("Precision", json!(digits))
        .and("PrecisionSource", 2)
        .and("CalculationOf", amount)
        .and("IsBaseCurrency", amount.is_some());
    computable(object)
}

fn double(column: &Column) -> Object {
    Object::default()
        .and("ImeMode", "Auto")
        .and("MaxValue", most(column, json!(100_000_000_000_i64)))
        .and("MinValue", least(column, json!(-100_000_000_000_i64)))
        .and("Precision", 5)
}

fn most(column: &Column, otherwise: Value) -> Node {
    limit(column.range.map(|(_, most)| most), otherwise)
}

fn least(column: &Column, otherwise: Value) -> Node {
    limit(column.range.map(|(least, _)| least), otherwise)
}

fn limit(own: Option<Fixed>, otherwise: Value) -> Node {
    own.map_or(otherwise, |limit| Cell::Fixed(limit).to_json()).into()
}

fn date(column: &Column, behavior: DateBehavior) -> Object {
    let day_only = behavior == DateBehavior::DateOnly || column.name == "overriddencreatedon";
    let name = match behavior {
        DateBehavior::UserLocal => "UserLocal",
        DateBehavior::DateOnly => "DateOnly",
        DateBehavior::TimeZoneIndependent => "TimeZoneIndependent",
    };
    Object::default()
        .and("MinSupportedValue", "1753-01-01T00:00:00Z")
        .and("MaxSupportedValue", "9999-12-31T23:59:59Z")
        .and("Format", if day_only { "DateOnly" } else { "DateAndTime" })
        .and("ImeMode", "Inactive")
        .and("SourceTypeMask", 0)
        .and("FormulaDefinition", "")
        .and("DateTimeBehavior", Object::default().and("Value", name))
        .and("CanChangeDateTimeBehavior", managed_property(false, false, "canchangedatetimebehavior"))
}

fn choice() -> Object {
    let object = Object::default()
        .and("DefaultFormValue", -1)
        .and("ParentPicklistLogicalName", Value::Null)
        .and("ChildPicklistLogicalNames", json!([]));
    computable(object)
}

fn state_default(table: &Table) -> Option<i32> {
    table.default_state().map(|state| state.value)
}

fn lookup_to(targets: Vec<&str>) -> Object {
    Object::default().and("Targets", json!(targets)).and("Format", "None")
}

fn image(table: &Table, column: &Column) -> Object {
    let primary = table.primary_image();
    Object::default()
        .and("IsPrimaryImage", primary.is_some_and(|primary| primary.name == column.name))
        .and("MaxHeight", THUMBNAIL_SIDE)
        .and("MaxWidth", THUMBNAIL_SIDE)
        .and("MaxSizeInKB", column.max_size_kb.unwrap_or(10_240))
        .and("CanStoreFullImage", column.stores_full_image)
}

/// An entity name is an enumeration of tables.
pub(super) fn entity_name() -> Object {
    Object::default().and("DefaultFormValue", -1).and("IsEntityReferenceStored", false)
}

fn managed(column: &Column) -> Object {
    Object::default()
        .and("ManagedPropertyLogicalName", column.name.as_str())
        .and("ParentAttributeName", Value::Null)
        .and("ParentComponentType", 0)
        .and("ValueAttributeTypeCode", "Boolean")
}
