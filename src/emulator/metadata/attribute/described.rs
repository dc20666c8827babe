//! What a kind of column is called: its code, its type's name and the derived type that describes it.

use crate::tables::{DateBehavior, Kind, Lookup};

/// The names of a type of attribute.
#[derive(Clone, Copy, Debug)]
pub(super) struct Described {
    /// `AttributeType`
    pub(super) code: &'static str,
    /// `AttributeTypeName`
    pub(super) type_name: &'static str,
    /// The derived type. Recorded: unique identifiers and virtual name columns have none.
    pub(super) derived: Option<&'static str>,
    /// Calculated and rollup columns can be of this type.
    pub(super) can_be_computed: bool,
}

const fn derived(code: &'static str, type_name: &'static str, derived: &'static str) -> Described {
    Described { code, type_name, derived: Some(derived), can_be_computed: false }
}

const fn computed(code: &'static str, type_name: &'static str, derived: &'static str) -> Described {
    Described { code, type_name, derived: Some(derived), can_be_computed: true }
}

const fn plain(code: &'static str, type_name: &'static str) -> Described {
    Described { code, type_name, derived: None, can_be_computed: false }
}

/// The text that shows a lookup's name.
pub(super) const NAME: Described = computed("String", "StringType", "StringAttributeMetadata");
/// The text that shows an option's label.
pub(super) const VIRTUAL: Described = plain("Virtual", "VirtualType");
/// The table that a lookup with many targets points to.
pub(super) const TABLE: Described = derived("EntityName", "EntityNameType", "EntityNameAttributeMetadata");

pub(super) fn described(kind: &Kind) -> Described {
    match kind {
        Kind::Text { memo: false, .. } => NAME,
        Kind::Text { memo: true, .. } => derived("Memo", "MemoType", "MemoAttributeMetadata"),
        Kind::Integer => computed("Integer", "IntegerType", "IntegerAttributeMetadata"),
        Kind::BigInt => derived("BigInt", "BigIntType", "BigIntAttributeMetadata"),
        Kind::Decimal { .. } => computed("Decimal", "DecimalType", "DecimalAttributeMetadata"),
        Kind::Money { .. } => computed("Money", "MoneyType", "MoneyAttributeMetadata"),
        Kind::Double => derived("Double", "DoubleType", "DoubleAttributeMetadata"),
        Kind::Boolean => computed("Boolean", "BooleanType", "BooleanAttributeMetadata"),
        Kind::DateTime(_) => computed("DateTime", "DateTimeType", "DateTimeAttributeMetadata"),
        Kind::Choice { .. } => computed("Picklist", "PicklistType", "PicklistAttributeMetadata"),
        Kind::Choices { .. } => {
            computed("Virtual", "MultiSelectPicklistType", "MultiSelectPicklistAttributeMetadata")
        }
        Kind::State => derived("State", "StateType", "StateAttributeMetadata"),
        Kind::Status => derived("Status", "StatusType", "StatusAttributeMetadata"),
        Kind::Id => plain("Uniqueidentifier", "UniqueidentifierType"),
        Kind::Lookup(Lookup::Tables(_)) => derived("Lookup", "LookupType", "LookupAttributeMetadata"),
        Kind::Lookup(Lookup::Customer) => derived("Customer", "CustomerType", "LookupAttributeMetadata"),
        Kind::Lookup(Lookup::Owner) => derived("Owner", "OwnerType", "LookupAttributeMetadata"),
        Kind::PartyList => derived("PartyList", "PartyListType", "LookupAttributeMetadata"),
        Kind::Image => derived("Virtual", "ImageType", "ImageAttributeMetadata"),
        Kind::File => derived("Virtual", "FileType", "FileAttributeMetadata"),
        Kind::EntityName => TABLE,
        Kind::ManagedProperty => {
            derived("ManagedProperty", "ManagedPropertyType", "ManagedPropertyAttributeMetadata")
        }
    }
}

/// One kind of each derived type.
fn kinds() -> [Kind; 18] {
    [
        Kind::Text { max_length: 100, memo: false },
        Kind::Text { max_length: 100, memo: true },
        Kind::Integer,
        Kind::BigInt,
        Kind::Decimal { digits: 2 },
        Kind::Money { digits: 2 },
        Kind::Double,
        Kind::Boolean,
        Kind::DateTime(DateBehavior::UserLocal),
        Kind::Choice { options: None },
        Kind::Choices { options: None },
        Kind::State,
        Kind::Status,
        Kind::Lookup(Lookup::Customer),
        Kind::Image,
        Kind::File,
        Kind::EntityName,
        Kind::ManagedProperty,
    ]
}

/// A kind that the derived type describes.
pub(in crate::metadata) fn sample(derived: &str) -> Option<Kind> {
    kinds().into_iter().find(|kind| described(kind).derived == Some(derived))
}

/// The derived types that columns can be of.
pub(in crate::metadata) fn attribute_types() -> impl Iterator<Item = &'static str> {
    kinds().into_iter().filter_map(|kind| described(&kind).derived)
}

/// Whether attributes can be cast to a type of that name. The service has a type for unique identifiers that, as the
/// recorded lists show, none of its columns is of.
pub(in crate::metadata) fn is_attribute_type(name: &str) -> bool {
    name == "UniqueIdentifierAttributeMetadata" || sample(name).is_some()
}
