//! Conditions of FetchXML.

use super::comparison::{Test, literal};
use super::fetch_xml::Condition;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::tables::{Column, Table};
use crate::values::Cell;

/// The test a condition stands for.
pub(super) fn test(
    environment: &Environment,
    table: &Table,
    condition: &Condition,
) -> Result<(usize, Test), Refusal> {
    let position = attribute(table, &condition.attribute)?;
    let column = &table.columns[position];
    let first = || value(column, condition.values.first().map_or("", String::as_str));
    let text = || condition.values.first().cloned().unwrap_or_default();
    let all = || condition.values.iter().map(|text| value(column, text)).collect::<Result<Vec<_>, _>>();
    let test = match condition.operator.as_str() {
        "null" => Test::Empty,
        "not-null" => Test::NotEmpty,
        "eq" => Test::Equal(first()?),
        "ne" | "neq" => Test::NotEqual(first()?),
        "lt" | "before" => Test::Less(first()?),
        "le" | "on-or-before" => Test::LessOrEqual(first()?),
        "gt" | "after" => Test::Greater(first()?),
        "ge" | "on-or-after" => Test::GreaterOrEqual(first()?),
        "like" => Test::Like(text()),
        "not-like" => Test::NotLike(text()),
        "begins-with" => Test::Like(format!("{}%", text())),
        "not-begin-with" => Test::NotLike(format!("{}%", text())),
        "ends-with" => Test::Like(format!("%{}", text())),
        "not-end-with" => Test::NotLike(format!("%{}", text())),
        "in" => Test::In(all()?),
        "not-in" => Test::NotIn(all()?),
        "contain-values" => Test::Contains(condition.values.iter().filter_map(|v| v.parse().ok()).collect()),
        "eq-userid" => Test::Equal(Cell::Id(environment.identity.user)),
        "ne-userid" => Test::NotEqual(Cell::Id(environment.identity.user)),
        "eq-businessid" => Test::Equal(Cell::Id(environment.identity.business_unit)),
        other => return Err(Refusal::not_implemented(format_args!("the operator {other} in FetchXML"))),
    };
    Ok((position, test))
}

/// The column of a logical name; the service's words where there is none.
pub(super) fn attribute(table: &Table, name: &str) -> Result<usize, Refusal> {
    table.position(name).ok_or_else(|| {
        let message = format!(
            "'{}' entity doesn't contain attribute with Name = '{name}' and NameMapping = 'Logical' (look up attribute by \
             name is case-sensitive).",
            table.name
        );
        Refusal::new(400, "0x80041103", message)
    })
}

fn value(column: &Column, text: &str) -> Result<Cell, Refusal> {
    literal(column, text).ok_or_else(|| {
        let message = format!("The value '{text}' of the condition on '{}' is not valid.", column.name);
        Refusal::new(400, "0x80040203", message)
    })
}
