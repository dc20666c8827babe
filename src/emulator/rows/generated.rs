//! Tables whose rows are made when they are read: a million of them take no memory.
//!
//! A row follows from its number. Ids, times of creation and change and versions rise with it, so that a page or a
//! range of them is found without looking at the rows before it.

use super::{Course, Key, Row};
use crate::random::fingerprint;
use crate::tables::{Kind, Table};
use crate::values::{Cell, Fixed, LongText};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use uuid::Uuid;

/// Seconds from one row to the next: a million rows are two years.
const SPACING: i64 = 60;
/// Bits of an id that count its row.
const NUMBER_BITS: u32 = 48;
/// Julian day of 2020-01-01.
const FIRST_DAY: i32 = 2_458_850;

/// What is said of the rows of a generated table.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Generated {
    pub(crate) rows: u64,
    /// The column with a long text, and its length in characters.
    pub(crate) text: Option<(usize, u32)>,
    /// When the last row was created, in seconds since 1970.
    pub(crate) until: i64,
    /// The version of the first row.
    pub(crate) first_version: u64,
    pub(crate) user: Uuid,
    pub(crate) business_unit: Uuid,
    pub(crate) organization: Uuid,
    pub(crate) currency: Uuid,
}

/// How the cells of a column follow from a row's number.
#[derive(Clone, Debug)]
enum Recipe {
    Same(Cell),
    Id,
    Version,
    Moment,
    Text { label: String, longest: usize },
    Long { seed: u64, length: u32 },
    Integer,
    Fixed { digits: u8 },
    Double,
    Boolean,
    Day,
    Choice(Vec<i32>),
}

/// A generated table.
#[derive(Clone, Debug)]
pub(crate) struct GeneratedTable {
    pub(super) said: Generated,
    recipes: Vec<Recipe>,
    /// What all its ids begin with.
    head: u128,
}

impl GeneratedTable {
    pub(super) fn new(table: &Table, said: Generated) -> GeneratedTable {
        let seed = fingerprint(&table.name);
        let head =
            uuid::Builder::from_random_bytes(Uuid::from_u64_pair(seed, seed.rotate_left(32)).into_bytes());
        let head = head.into_uuid().as_u128() >> NUMBER_BITS << NUMBER_BITS;
        let recipes = (0..table.columns.len()).map(|column| Recipe::of(table, column, &said)).collect();
        GeneratedTable { said, recipes, head }
    }

    /// How many rows there are.
    pub(crate) fn rows(&self) -> u64 {
        self.said.rows
    }

    fn id(&self, number: u64) -> Uuid {
        Uuid::from_u128(self.head | u128::from(number + 1))
    }

    /// The number of the row with that id.
    pub(super) fn number(&self, id: Uuid) -> Option<u64> {
        let number = u64::try_from(id.as_u128().checked_sub(self.head)?).ok()?.checked_sub(1)?;
        (number < self.said.rows).then_some(number)
    }

    pub(super) fn row(&self, number: u64) -> Row {
        let cells = self.recipes.iter().map(|recipe| self.cell(recipe, number)).collect();
        Row { id: self.id(number), version: self.said.first_version + number, cells }
    }

    fn cell(&self, recipe: &Recipe, number: u64) -> Cell {
        let whole = i64::try_from(number).unwrap_or(i64::MAX);
        match recipe {
            Recipe::Same(cell) => cell.clone(),
            Recipe::Id => Cell::Id(self.id(number)),
            Recipe::Version => {
                Cell::Integer(i64::try_from(self.said.first_version + number).unwrap_or(i64::MAX))
            }
            Recipe::Moment => {
                let later = i64::try_from(self.said.rows - 1 - number).unwrap_or(i64::MAX);
                Cell::Instant(self.said.until.saturating_sub(later.saturating_mul(SPACING)))
            }
            Recipe::Text { label, longest } => {
                Cell::Text(format!("{label} {}", number + 1).chars().take(*longest).collect())
            }
            Recipe::Long { seed, length } => Cell::Long(LongText { seed: seed ^ number, length: *length }),
            Recipe::Integer => Cell::Integer(whole % 1000),
            Recipe::Fixed { digits } => {
                let amount = Fixed::parse(&format!("{}.{:02}", whole % 5000, whole % 100));
                amount.and_then(|amount| amount.rescale(*digits)).map_or(Cell::Empty, Cell::Fixed)
            }
            Recipe::Double => {
                i32::try_from(whole % 1000).map_or(Cell::Empty, |n| Cell::Double(f64::from(n) / 8.0))
            }
            Recipe::Boolean => Cell::Boolean(number % 2 == 1),
            Recipe::Day => i32::try_from(whole % 2000).map_or(Cell::Empty, |day| Cell::Day(FIRST_DAY + day)),
            Recipe::Choice(values) => {
                let chosen =
                    usize::try_from(number).ok().and_then(|n| values.get(n.checked_rem(values.len())?));
                chosen.map_or(Cell::Empty, |value| Cell::Integer(i64::from(*value)))
            }
        }
    }

    /// Whether the values of a column rise from row to row.
    pub(crate) fn rises(&self, column: usize) -> bool {
        matches!(self.recipes[column], Recipe::Id | Recipe::Version | Recipe::Moment)
    }

    /// The rows whose value in a rising column is below a limit, or `through` it: all of them come first.
    pub(crate) fn until(&self, column: usize, limit: &Cell, through: bool) -> u64 {
        self.first_where(|number| {
            let order = self.cell(&self.recipes[column], number).order(limit);
            order.is_gt() || (order.is_eq() && !through)
        })
    }

    /// The rows before a key, and with it.
    fn before(&self, key: Key, and_with: bool) -> u64 {
        self.first_where(|number| {
            let here = Key::of(self.id(number));
            here > key || (here == key && !and_with)
        })
    }

    /// The rows that a course leads to.
    pub(super) fn numbers(&self, course: &Course) -> Range<u64> {
        let wanted = course.numbers.clone().unwrap_or(0..self.said.rows);
        match (course.after.map(Key::of), course.backwards) {
            (None, _) => wanted,
            (Some(key), false) => wanted.start.max(self.before(key, true))..wanted.end,
            (Some(key), true) => wanted.start..wanted.end.min(self.before(key, false)),
        }
    }

    /// The first number from which on something is so.
    fn first_where(&self, is_so: impl Fn(u64) -> bool) -> u64 {
        let Range { mut start, mut end } = 0..self.said.rows;
        while start < end {
            let middle = start + (end - start) / 2;
            if is_so(middle) { end = middle } else { start = middle + 1 }
        }
        start
    }
}

impl Recipe {
    fn of(table: &Table, column: usize, said: &Generated) -> Recipe {
        let described = &table.columns[column];
        let seed = fingerprint(&format!("{}.{}", table.name, described.name)) << 20;
        if described.name == table.primary_id {
            return Recipe::Id;
        }
        if let Some((_, length)) = said.text.filter(|(long, _)| *long == column) {
            return Recipe::Long { seed, length };
        }
        service_column(&described.name, table, said)
            .unwrap_or_else(|| Recipe::of_kind(&described.kind, &described.display_name))
    }

    /// Lookups, files and pictures stay empty.
    fn of_kind(kind: &Kind, label: &str) -> Recipe {
        match kind {
            Kind::Text { max_length, .. } => Recipe::Text {
                label: label.to_owned(),
                longest: usize::try_from(*max_length).unwrap_or(usize::MAX),
            },
            Kind::Integer => Recipe::Integer,
            Kind::Decimal { digits } | Kind::Money { digits } => Recipe::Fixed { digits: *digits },
            Kind::Double => Recipe::Double,
            Kind::Boolean => Recipe::Boolean,
            Kind::DateTime(crate::tables::DateBehavior::DateOnly) => Recipe::Day,
            Kind::DateTime(_) => Recipe::Moment,
            Kind::Choice { options: Some(options) } => {
                Recipe::Choice(options.iter().map(|option| option.value).collect())
            }
            _ => Recipe::Same(Cell::Empty),
        }
    }
}

/// What the service fills in by itself.
fn service_column(name: &str, table: &Table, said: &Generated) -> Option<Recipe> {
    let to = |target: &str, id: Uuid| Cell::Lookup { table: target.to_owned(), id };
    let state = table.default_state();
    let cell = match name {
        "createdon" | "modifiedon" => return Some(Recipe::Moment),
        "versionnumber" => return Some(Recipe::Version),
        "createdby" | "modifiedby" | "ownerid" | "owninguser" => to("systemuser", said.user),
        "owningbusinessunit" => to("businessunit", said.business_unit),
        "organizationid" => to("organization", said.organization),
        "transactioncurrencyid" => to("transactioncurrency", said.currency),
        "exchangerate" => Fixed::ONE.rescale(12).map_or(Cell::Empty, Cell::Fixed),
        "statecode" => state.map_or(Cell::Empty, |state| Cell::Integer(i64::from(state.value))),
        "statuscode" => state.map_or(Cell::Empty, |state| Cell::Integer(i64::from(state.default_status))),
        "overriddencreatedon" | "importsequencenumber" => Cell::Empty,
        _ => return None,
    };
    Some(Recipe::Same(cell))
}
