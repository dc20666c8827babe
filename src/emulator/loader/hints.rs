//! What the values of a data package tell about their columns. A schema names a type only; lengths, digits, options
//! and the behaviour of dates are learned here.

use super::{Data, DataField, Schema, SchemaColumn, html};
use crate::tables::{DateBehavior, Kind, Lookup, OptionValue, StatePair, Table};
use std::collections::{BTreeMap, BTreeSet};

/// Learned from data, by table and column.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hints {
    columns: BTreeMap<(String, String), ColumnHints>,
    /// (state, status) pairs by table.
    states: BTreeMap<String, Vec<StatePair>>,
    /// True once any data was seen: then what was not seen is not there.
    any: bool,
}

#[derive(Clone, Debug, Default)]
struct ColumnHints {
    longest: u32,
    several_lines: bool,
    digits: u8,
    without_zone: bool,
    only_midnight: bool,
    numbers: BTreeSet<i32>,
    targets: Vec<String>,
}

impl Hints {
    /// Looks at every value once.
    pub(crate) fn of(schema: &Schema, data: &Data) -> Hints {
        let mut hints = Hints { any: true, ..Hints::default() };
        let types: BTreeMap<(&str, &str), &str> = schema
            .tables
            .iter()
            .flat_map(|t| {
                t.columns.iter().map(move |c| ((t.name.as_str(), c.name.as_str()), c.cmt_type.as_str()))
            })
            .collect();
        for table in &data.tables {
            for record in &table.records {
                for field in &record.fields {
                    let cmt_type = types.get(&(table.name.as_str(), field.column.as_str())).copied();
                    hints.learn(&table.name, field, cmt_type.unwrap_or_default());
                }
                hints.learn_state(&table.name, &record.fields);
            }
        }
        hints
    }

    pub(crate) fn merge(&mut self, other: Hints) {
        self.any |= other.any;
        for (key, column) in other.columns {
            let known = self
                .columns
                .entry(key)
                .or_insert_with(|| ColumnHints { only_midnight: true, ..Default::default() });
            known.longest = known.longest.max(column.longest);
            known.several_lines |= column.several_lines;
            known.digits = known.digits.max(column.digits);
            known.without_zone |= column.without_zone;
            known.only_midnight &= column.only_midnight;
            known.numbers.extend(column.numbers);
            known.targets.extend(column.targets);
        }
        for (table, pairs) in other.states {
            self.states.entry(table).or_default().extend(pairs);
        }
    }

    fn learn(&mut self, table: &str, field: &DataField, cmt_type: &str) {
        let key = (table.to_owned(), field.column.clone());
        let hints = self
            .columns
            .entry(key)
            .or_insert_with(|| ColumnHints { only_midnight: true, ..Default::default() });
        match cmt_type {
            "string" => hints.learn_text(&html::decode(&field.text)),
            "datetime" => hints.learn_date(&field.text),
            "decimal" | "money" => {
                let digits = field.text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
                hints.digits = hints.digits.max(u8::try_from(digits).unwrap_or(10));
            }
            "optionsetvalue" => hints.numbers.extend(field.text.parse::<i32>()),
            "optionsetvaluecollection" => {
                let numbers =
                    field.text.trim_matches(['[', ']']).split(',').filter_map(|n| n.trim().parse().ok());
                hints.numbers.extend(numbers.filter(|n: &i32| *n != -1));
            }
            "entityreference" => {
                if let Some(target) = field.target.as_ref().filter(|t| !hints.targets.contains(t)) {
                    hints.targets.push(target.clone());
                }
            }
            _ => {}
        }
    }

    fn learn_state(&mut self, table: &str, fields: &[DataField]) {
        let number =
            |column: &str| fields.iter().find(|f| f.column == column).and_then(|f| f.text.parse().ok());
        let pair = (number("statecode"), number("statuscode"));
        let pairs = self.states.entry(table.to_owned()).or_default();
        if !pairs.contains(&pair) {
            pairs.push(pair);
        }
    }

    /// The (state, status) pairs that the data showed; `None` without data.
    pub(crate) fn states(&self, table: &str) -> Option<&[StatePair]> {
        self.states.get(table).map(Vec::as_slice)
    }

    /// Tables that values of the column point to.
    pub(crate) fn targets(&self, table: &str, column: &str) -> &[String] {
        self.column(table, column).map_or(&[], |hints| hints.targets.as_slice())
    }

    fn column(&self, table: &str, column: &str) -> Option<&ColumnHints> {
        self.columns.get(&(table.to_owned(), column.to_owned()))
    }

    /// What a column of the schema holds.
    pub(crate) fn kind(&self, table: &str, column: &SchemaColumn) -> Kind {
        let hints = self.column(table, &column.name);
        let options = || hints.filter(|h| !h.numbers.is_empty()).map(ColumnHints::options);
        match column.cmt_type.as_str() {
            "number" | "integer" => Kind::Integer,
            "bigint" => Kind::BigInt,
            "decimal" => Kind::Decimal { digits: self.digits(hints, column, 10) },
            "money" => Kind::Money { digits: self.digits(hints, column, 4) },
            "float" | "double" => Kind::Double,
            "bool" => Kind::Boolean,
            "datetime" => Kind::DateTime(hints.map_or(DateBehavior::UserLocal, ColumnHints::behavior)),
            "optionsetvalue" => Kind::Choice { options: options() },
            "optionsetvaluecollection" => Kind::Choices { options: options() },
            "state" => Kind::State,
            "status" => Kind::Status,
            "guid" => Kind::Id,
            "entityreference" => Kind::Lookup(lookup(&column.targets)),
            "owner" => Kind::Lookup(Lookup::Owner),
            "partylist" => Kind::PartyList,
            "imagedata" => Kind::Image,
            "filedata" | "file" => Kind::File,
            _ if column.name.ends_with("typecode") => Kind::EntityName,
            _ => hints.map_or(Kind::Text { max_length: LONGEST, memo: true }, ColumnHints::text),
        }
    }

    /// A column that is known holds what the data showed all the same: the environment that a package comes from may
    /// have made it longer or given it more options.
    pub(crate) fn widen(&self, table: &mut Table) {
        for column in &mut table.columns {
            if let Some(hints) = self.column(&table.name, &column.name) {
                hints.widen(&mut column.kind);
            }
        }
    }

    fn digits(&self, hints: Option<&ColumnHints>, column: &SchemaColumn, usual: u8) -> u8 {
        // Environments of before October 2022 have ten digits (seen in packages); there is none without any.
        let usual = if column.name == "exchangerate" { 12 } else { usual };
        hints.map(|h| h.digits).filter(|digits| *digits > 0).unwrap_or(usual)
    }
}

/// Customer where the targets are exactly its two.
fn lookup(targets: &[String]) -> Lookup {
    let mut sorted: Vec<&str> = targets.iter().map(String::as_str).collect();
    sorted.sort_unstable();
    if sorted == ["account", "contact"] { Lookup::Customer } else { Lookup::Tables(targets.to_vec()) }
}

/// A memo's most.
const LONGEST: u32 = 1_048_576;
/// Usual lengths of text columns.
const LENGTHS: [u32; 5] = [100, 200, 500, 1000, 4000];

impl ColumnHints {
    fn widen(&self, kind: &mut Kind) {
        match kind {
            Kind::Text { max_length, memo } if self.longest > *max_length => {
                *kind = match self.text() {
                    Kind::Text { max_length, memo: false } if *memo => Kind::Text { max_length, memo: true },
                    longer => longer,
                };
            }
            Kind::Decimal { digits } | Kind::Money { digits } => *digits = self.digits.max(*digits),
            Kind::Choice { options: Some(options) } | Kind::Choices { options: Some(options) } => {
                let news = self.options().into_iter().filter(|o| options.iter().all(|k| k.value != o.value));
                let news: Vec<OptionValue> = news.collect();
                options.extend(news);
            }
            _ => {}
        }
    }

    fn learn_text(&mut self, text: &str) {
        let length = u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX);
        self.longest = self.longest.max(length);
        self.several_lines |= text.contains('\n');
    }

    fn learn_date(&mut self, text: &str) {
        let iso = text.as_bytes().get(4) == Some(&b'-');
        self.without_zone |= iso && !text.ends_with('Z');
        self.only_midnight &= text.contains("T00:00:00");
    }

    fn behavior(&self) -> DateBehavior {
        match (self.without_zone, self.only_midnight) {
            (true, true) => DateBehavior::DateOnly,
            (true, false) => DateBehavior::TimeZoneIndependent,
            (false, _) => DateBehavior::UserLocal,
        }
    }

    /// The numbers seen, which no file names.
    fn options(&self) -> Vec<OptionValue> {
        self.numbers.iter().copied().map(OptionValue::nameless).collect()
    }

    /// The next usual length that holds the longest text seen.
    fn text(&self) -> Kind {
        let usual = LENGTHS.iter().copied().find(|length| *length >= self.longest);
        match usual {
            Some(max_length) if !self.several_lines => Kind::Text { max_length, memo: false },
            _ => Kind::Text { max_length: LONGEST.max(self.longest), memo: true },
        }
    }
}
