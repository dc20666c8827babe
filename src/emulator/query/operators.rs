//! The operators of conditions: FetchXML's by their names, the query functions of `$filter` by the same.

use super::comparison::{Relation, Test};
use super::like::Pattern;
use super::literal::{literal, moment};
use super::period::Period;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::tables::{Column, Kind};
use crate::values::Cell;

/// Operators with one value that compare: the name in FetchXML and the relation.
const RELATIONS: &[(&str, Relation)] = &[
    ("eq", Relation::Equal),
    ("ne", Relation::NotEqual),
    ("neq", Relation::NotEqual),
    ("lt", Relation::Less),
    ("le", Relation::LessOrEqual),
    ("gt", Relation::Greater),
    ("ge", Relation::GreaterOrEqual),
];

const DAY: i64 = 86_400;

/// The relation of that name in FetchXML.
pub(super) fn relation(operator: &str) -> Option<Relation> {
    RELATIONS.iter().find(|(name, _)| *name == operator).map(|(_, relation)| *relation)
}

impl Environment {
    /// The test that an operator makes of its values. Operators that need more than rows and columns, as fiscal
    /// calendars, teams and hierarchies do, are refused.
    pub(super) fn condition(
        &self,
        column: &Column,
        operator: &str,
        values: &[String],
    ) -> Result<Test, Refusal> {
        if let Some(relation) = relation(operator) {
            return Ok(relation.test(value(column, only(column, values)?)?));
        }
        if let Some(test) = text_test(column, operator, values)? {
            return Ok(test);
        }
        if let Some(test) = list_test(column, operator, values)? {
            return Ok(test);
        }
        if let Some(test) = self.caller_test(column, operator, values)? {
            return Ok(test);
        }
        self.date_test(column, operator, values)
    }

    /// Conditions about who asks.
    fn caller_test(
        &self,
        column: &Column,
        operator: &str,
        values: &[String],
    ) -> Result<Option<Test>, Refusal> {
        let user = Cell::Id(self.identity.user);
        let unit = Cell::Id(self.identity.business_unit);
        let test = match operator {
            "eq-userid" => Test::Equal(user),
            "ne-userid" => Test::NotEqual(user),
            "eq-businessid" => Test::Equal(unit),
            "ne-businessid" => Test::NotEqual(unit),
            _ => return Ok(None),
        };
        none(column, values)?;
        fits(column, operator, matches!(column.kind, Kind::Id | Kind::Lookup(_)))?;
        Ok(Some(test))
    }

    fn date_test(&self, column: &Column, operator: &str, values: &[String]) -> Result<Test, Refusal> {
        let known = ["on", "on-or-after", "on-or-before"].contains(&operator);
        if !known && Period::named(operator, 1, self.now()).is_none() {
            return Err(Refusal::not_implemented(format_args!("the condition operator {operator}")));
        }
        fits(column, operator, matches!(column.kind, Kind::DateTime(_)))?;
        if known {
            let text = only(column, values)?;
            let second = moment(text).ok_or_else(|| not_valid(column, text))?;
            let midnight = second - second.rem_euclid(DAY);
            let day = Period::day(midnight, operator == "on-or-before", operator == "on-or-after");
            return Ok(Test::Within(day));
        }
        let count = if Period::counts(operator) { count(column, values)? } else { 0 };
        if count == 0 {
            none(column, values)?;
        }
        let period = Period::named(operator, count, self.now());
        period.map(Test::Within).ok_or_else(|| not_valid(column, &count.to_string()))
    }
}

fn text_test(column: &Column, operator: &str, values: &[String]) -> Result<Option<Test>, Refusal> {
    let (negated, name) = match operator {
        "not-like" => (true, "like"),
        "not-begin-with" => (true, "begins-with"),
        "not-end-with" => (true, "ends-with"),
        other => (false, other),
    };
    let (before, after) = match name {
        "like" => ("", ""),
        "begins-with" => ("", "%"),
        "ends-with" => ("%", ""),
        _ => return Ok(None),
    };
    fits(column, operator, matches!(column.kind, Kind::Text { .. } | Kind::EntityName))?;
    let pattern = Pattern::new(&format!("{before}{}{after}", only(column, values)?));
    Ok(Some(if negated { Test::NotLike(pattern) } else { Test::Like(pattern) }))
}

fn list_test(column: &Column, operator: &str, values: &[String]) -> Result<Option<Test>, Refusal> {
    let cells = || values.iter().map(|text| value(column, text)).collect::<Result<Vec<_>, _>>();
    let test = match operator {
        "null" => Test::Empty,
        "not-null" => Test::NotEmpty,
        "in" => Test::In(cells()?),
        "not-in" => Test::NotIn(cells()?),
        "between" | "not-between" => {
            let [from, to] = values else { return Err(incorrect(column, "it takes two values")) };
            let (from, to) = (value(column, from)?, value(column, to)?);
            if operator == "between" { Test::Between(from, to) } else { Test::NotBetween(from, to) }
        }
        "contain-values" => Test::Contains(choices(column, operator, values)?),
        "not-contain-values" => Test::ContainsNone(choices(column, operator, values)?),
        _ => return Ok(None),
    };
    match operator {
        "null" | "not-null" => none(column, values)?,
        _ if values.is_empty() => return Err(incorrect(column, "it takes values")),
        _ => {}
    }
    Ok(Some(test))
}

fn choices(column: &Column, operator: &str, values: &[String]) -> Result<Vec<i32>, Refusal> {
    fits(column, operator, matches!(column.kind, Kind::Choices { .. }))?;
    values.iter().map(|text| text.trim().parse().map_err(|_| not_valid(column, text))).collect()
}

/// The x of `last-x-days`: a whole number above zero.
fn count(column: &Column, values: &[String]) -> Result<i64, Refusal> {
    let text = only(column, values)?;
    let count = text.trim().parse().ok().filter(|count: &i64| *count > 0);
    count.ok_or_else(|| Refusal::new(400, "0x8004110c", "A value greater than zero must be specified."))
}

fn value(column: &Column, text: &str) -> Result<Cell, Refusal> {
    literal(column, text).ok_or_else(|| not_valid(column, text))
}

fn only<'a>(column: &Column, values: &'a [String]) -> Result<&'a str, Refusal> {
    let [only] = values else { return Err(incorrect(column, "it takes one value")) };
    Ok(only)
}

fn none(column: &Column, values: &[String]) -> Result<(), Refusal> {
    if values.is_empty() { Ok(()) } else { Err(incorrect(column, "it takes no value")) }
}

fn fits(column: &Column, operator: &str, fits: bool) -> Result<(), Refusal> {
    if fits {
        return Ok(());
    }
    Err(incorrect(column, &format!("the operator {operator} is not for a column of its type")))
}

fn not_valid(column: &Column, text: &str) -> Refusal {
    let message = format!("The value '{text}' of the condition on '{}' is not valid.", column.name);
    Refusal::new(400, "0x80040203", message)
}

/// The code is the service's, the reason this environment's.
fn incorrect(column: &Column, reason: &str) -> Refusal {
    let message =
        format!("Incorrect filter condition or conditions. The condition on '{}': {reason}.", column.name);
    Refusal::new(400, "0x80041106", message)
}
