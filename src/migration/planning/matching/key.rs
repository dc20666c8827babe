//! The columns by which a table's records are told apart, as they can be asked for in this environment.

use super::special_rules::{Alike, Only, SpecialRule};
use crate::table_fit::TableFit;
use crate::values::is_lookup;
use crate::{ImportOptions, MatchRule};
use cmt::{Record, Schema, Value};
use dataverse::{ColumnKind, ColumnMetadata};

/// Columns by which records of a table find their rows.
#[derive(Clone, Debug)]
pub(super) struct Key<'a> {
    /// What the plan says of a record that was found by it.
    pub(super) rule: MatchRule,
    /// The environment is asked for rows by this column's values.
    pub(super) asked_by: &'a ColumnMetadata,
    /// All of them are equal.
    pub(super) columns: Vec<&'a ColumnMetadata>,
    /// Where several rows are equal so far, these decide.
    pub(super) tie: Vec<&'a ColumnMetadata>,
    /// When rows were last changed, where the newest counts.
    pub(super) newest_by: Option<&'a ColumnMetadata>,
    /// What becomes of a further record with the same values.
    pub(super) further: Further,
    /// How many of the columns, from the first on, must have a value.
    needed: usize,
    only: Only,
}

/// What becomes of a further record with the same values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Further {
    /// It is the same row, whether the environment has it or not.
    SameRow,
    /// It is the same row where the environment has one.
    SameRowIfThere,
    /// It is another row.
    OtherRow,
    /// It is another row, whichever is free.
    AnyRow,
}

impl<'a> Key<'a> {
    /// The keys of a table, in the order in which they are tried: those of the schema and no other, where it names
    /// any; else the rule for the table; last the name, where the user asks for it.
    pub(super) fn of(schema: &'a Schema, fit: &TableFit<'a>, options: &ImportOptions) -> Vec<Key<'a>> {
        if options.taking_back || schema.tables.iter().any(|t| t.name == fit.metadata.name && t.force_create)
        {
            return Vec::new();
        }
        if let Some(key) = schema_key(fit) {
            return vec![key];
        }
        let special = SpecialRule::of(&fit.metadata.name).filter_map(|rule| special_key(rule, fit));
        special.chain(by_name(fit).filter(|_| options.matches_by_name(&fit.metadata.name))).collect()
    }

    /// Whether the record holds what the key needs.
    pub(super) fn applies(&self, record: &Record) -> bool {
        let held = |column: &&ColumnMetadata| record.value(&column.name).is_some_and(|v| !is_empty(v));
        let enough = match self.needed {
            0 => self.columns.iter().any(held),
            needed => self.columns[..needed].iter().all(held),
        };
        enough && held(&self.asked_by) && self.is_for(record)
    }

    fn is_for(&self, record: &Record) -> bool {
        match self.only {
            Only::Every => true,
            Only::Yes(column) => record.value(column) == Some(&Value::Bool(true)),
            Only::Of(column, table) => {
                matches!(record.value(column), Some(Value::Lookup(lookup)) if lookup.table == table)
            }
        }
    }
}

/// The key of a table's name.
pub(super) fn by_name<'a>(fit: &TableFit<'a>) -> Option<Key<'a>> {
    let name = fit.metadata.primary_name.as_deref().and_then(|name| readable(fit, name))?;
    (name.kind == ColumnKind::Text).then(|| Key {
        rule: MatchRule::Name,
        asked_by: name,
        columns: vec![name],
        tie: Vec::new(),
        newest_by: None,
        further: Further::SameRowIfThere,
        needed: 1,
        only: Only::Every,
    })
}

/// The columns that the schema calls unique, beside the primary id.
fn schema_key<'a>(fit: &TableFit<'a>) -> Option<Key<'a>> {
    let unique = fit.columns.iter().filter(|c| c.schema.update_compare);
    let unique =
        unique.filter_map(|c| c.metadata.filter(|m| m.readable && m.name != fit.metadata.primary_id));
    let columns: Vec<&ColumnMetadata> = unique.collect();
    let asked_by = columns.iter().copied().min_by_key(|column| selectivity(column.kind))?;
    Some(Key {
        rule: MatchRule::Keys(names(&columns)),
        asked_by,
        columns,
        tie: Vec::new(),
        newest_by: None,
        further: Further::SameRow,
        needed: 0,
        only: Only::Every,
    })
}

/// The rule, where the environment has its columns.
fn special_key<'a>(rule: &SpecialRule, fit: &TableFit<'a>) -> Option<Key<'a>> {
    let needed: Option<Vec<_>> = rule.columns.iter().map(|column| readable(fit, column)).collect();
    let mut columns = needed?;
    let (needed, asked_by) = (columns.len(), *columns.first()?);
    columns.extend(rule.and.iter().filter_map(|column| readable(fit, column)));
    let tie = rule.tie.iter().filter_map(|column| readable(fit, column)).collect();
    let further = match rule.alike {
        Alike::OneRow => Further::SameRow,
        Alike::Different => Further::OtherRow,
        Alike::Any | Alike::Newest => Further::AnyRow,
    };
    let newest_by = readable(fit, "modifiedon").filter(|_| rule.alike == Alike::Newest);
    let rule_name = MatchRule::Special(rule.columns.iter().map(|&column| column.to_owned()).collect());
    Some(Key { rule: rule_name, asked_by, columns, tie, newest_by, further, needed, only: rule.only })
}

fn readable<'a>(fit: &TableFit<'a>, column: &str) -> Option<&'a ColumnMetadata> {
    fit.metadata.column(column).filter(|column| column.readable)
}

fn names(columns: &[&ColumnMetadata]) -> Vec<String> {
    columns.iter().map(|column| column.name.clone()).collect()
}

/// The lower, the fewer rows a value can be expected to have.
fn selectivity(kind: ColumnKind) -> u8 {
    match kind {
        ColumnKind::Text | ColumnKind::Id => 0,
        ColumnKind::Integer | ColumnKind::Decimal | ColumnKind::Money | ColumnKind::Double => 1,
        ColumnKind::DateTime => 2,
        kind if is_lookup(kind) => 3,
        _ => 4,
    }
}

pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Text(text) => text.trim_end().is_empty(),
        Value::Choices(options) => options.is_empty(),
        _ => false,
    }
}
