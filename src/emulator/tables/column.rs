//! A column and what it holds.

use crate::values::Fixed;
use serde::{Deserialize, Serialize};

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// Logical name; lower case.
    pub name: String,
    /// Label.
    pub display_name: String,
    /// What it holds.
    pub kind: Kind,
    /// May be sent in a create.
    pub creatable: bool,
    /// May be sent in an update.
    pub updatable: bool,
    /// Whether a row can be without a value.
    pub required: Required,
    /// The least and the most a number may be, both included; the kind's own limits where it is `None`.
    pub range: Option<(Fixed, Fixed)>,
    /// The most a file or an image may have, in KiB; the service's own limit where it is `None`.
    pub max_size_kb: Option<u32>,
    /// Only whom a profile allows it reads and writes its values.
    #[serde(default)]
    pub is_secured: bool,
    /// Whether an image comes back in full size too. Else only its thumbnail does.
    #[serde(default = "stores_full_image")]
    pub stores_full_image: bool,
}

/// The service's own default is no. A package made from full images would then not come back from here.
fn stores_full_image() -> bool {
    true
}

/// How much a row needs a value in a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Required {
    /// Not at all.
    #[default]
    None,
    /// Forms mark it.
    Recommended,
    /// Forms ask for it; the Web API does not.
    Application,
    /// No row is without it.
    System,
}

/// One value of a choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionValue {
    /// What rows hold.
    pub value: i32,
    /// What people read.
    pub label: String,
}

impl OptionValue {
    /// A value that nobody named: it is called by its number.
    pub(crate) fn nameless(value: i32) -> OptionValue {
        OptionValue { value, label: value.to_string() }
    }
}

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Kind {
    /// String and Memo.
    Text {
        /// In UTF-16 units, as SQL Server's nvarchar counts.
        max_length: u32,
        /// Memo instead of String.
        memo: bool,
    },
    /// Edm.Int32
    Integer,
    /// Edm.Int64
    BigInt,
    /// A decimal number.
    Decimal {
        /// Digits kept after the point.
        digits: u8,
    },
    /// An amount of money.
    Money {
        /// Digits kept after the point.
        digits: u8,
    },
    /// Floating point.
    Double,
    /// Yes or no.
    Boolean,
    /// A date.
    DateTime(DateBehavior),
    /// Picklist.
    Choice {
        /// The values there are; `None` where they are not known, then every integer is taken.
        options: Option<Vec<OptionValue>>,
    },
    /// MultiSelectPicklist.
    Choices {
        /// As in [`Kind::Choice`].
        options: Option<Vec<OptionValue>>,
    },
    /// `statecode`
    State,
    /// `statuscode`
    Status,
    /// Uniqueidentifier.
    Id,
    /// Lookup, Customer, Owner.
    Lookup(Lookup),
    /// Parties of an activity.
    PartyList,
    /// A picture, base64 in JSON.
    Image,
    /// A file; its content goes other ways.
    File,
    /// A table's name.
    EntityName,
    /// Whether a part of a managed solution may be changed: an object with `Value` and `CanBeChanged`.
    ManagedProperty,
}

/// What a lookup may point to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lookup {
    /// These tables.
    Tables(Vec<String>),
    /// Account or contact.
    Customer,
    /// User or team.
    Owner,
}

/// How a date is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DateBehavior {
    /// An instant.
    UserLocal,
    /// A day.
    DateOnly,
    /// A wall-clock time.
    TimeZoneIndependent,
}

impl Kind {
    /// The least and the most that a number of this kind may be; `None` where it is no number.
    /// Source: Microsoft's page on column data types.
    pub(crate) fn limits(&self) -> Option<(Fixed, Fixed)> {
        let most = match self {
            Kind::Integer => return Some((Fixed::whole(i32::MIN.into()), Fixed::whole(i32::MAX.into()))),
            Kind::Decimal { .. } | Kind::Double => 100_000_000_000,
            Kind::Money { .. } => 922_337_203_685_477,
            _ => return None,
        };
        Some((Fixed::whole(-most), Fixed::whole(most)))
    }
}

impl Lookup {
    /// The tables it may point to.
    #[must_use]
    pub fn targets(&self) -> Vec<&str> {
        match self {
            Lookup::Tables(tables) => tables.iter().map(String::as_str).collect(),
            Lookup::Customer => vec!["account", "contact"],
            Lookup::Owner => vec!["systemuser", "team"],
        }
    }
}

impl Column {
    /// A column that may be written and left empty.
    pub(crate) fn new(name: &str, display_name: &str, kind: Kind) -> Column {
        Column {
            name: name.to_owned(),
            display_name: display_name.to_owned(),
            kind,
            creatable: true,
            updatable: true,
            required: Required::None,
            range: None,
            max_size_kb: None,
            is_secured: false,
            stores_full_image: stores_full_image(),
        }
    }

    /// The lookup, if it is one.
    #[must_use]
    pub fn lookup(&self) -> Option<&Lookup> {
        if let Kind::Lookup(lookup) = &self.kind { Some(lookup) } else { None }
    }

    /// The name of its value in JSON: `_x_value` for lookups, else the logical name.
    #[must_use]
    pub fn property(&self) -> String {
        if self.lookup().is_some() { format!("_{}_value", self.name) } else { self.name.clone() }
    }

    /// True where a row's JSON has a property for it: parties are rows of their own.
    pub(crate) fn has_property(&self) -> bool {
        self.kind != Kind::PartyList
    }
}
