//! Sums, averages, least and greatest values, counts, and rows in groups.

use crate::error::Refusal;
use crate::tables::{Column, Kind};
use crate::values::{Cell, Fixed};
use std::collections::{HashMap, HashSet};

/// More rows than this are not aggregated (Microsoft's pages on aggregating data).
pub(super) const MOST_ROWS: usize = 50_000;
/// Digits that sums and averages of money have, as Microsoft's page on aggregating with OData prints them.
const MONEY_DIGITS: u8 = 9;

/// What becomes of the values of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Sum,
    Average,
    Least,
    Greatest,
    /// Rows, with a value or without.
    Rows,
    /// Rows with a value.
    Values,
    /// Different values.
    Different,
}

impl Function {
    /// Refuses a column the function cannot work on.
    pub(super) fn check(self, column: &Column) -> Result<(), Refusal> {
        let number = matches!(
            column.kind,
            Kind::Integer | Kind::BigInt | Kind::Decimal { .. } | Kind::Money { .. } | Kind::Double
        );
        let fits = match self {
            Function::Sum | Function::Average => number,
            Function::Least | Function::Greatest => number || matches!(column.kind, Kind::DateTime(_)),
            Function::Rows | Function::Values | Function::Different => true,
        };
        if fits {
            return Ok(());
        }
        let message = format!(
            "Aggregate {} is not supported for attribute of type {}.",
            self.name(),
            type_of(&column.kind)
        );
        Err(Refusal::new(400, "0x8004112f", message))
    }

    fn name(self) -> &'static str {
        match self {
            Function::Sum => "Sum",
            Function::Average => "Avg",
            Function::Least => "Min",
            Function::Greatest => "Max",
            Function::Rows => "Count",
            Function::Values | Function::Different => "CountColumn",
        }
    }

    /// Whether the outcome counts and is no value of the column's kind.
    pub(super) fn counts(self) -> bool {
        matches!(self, Function::Rows | Function::Values | Function::Different)
    }

    /// The outcome for a group; rows without a value count only as rows. The sum of nothing is zero, as Microsoft's
    /// page on aggregating with FetchXML shows; the rest of nothing is nothing.
    pub(super) fn of(self, kind: &Kind, cells: &[&Cell]) -> Cell {
        let values: Vec<&Cell> = cells.iter().copied().filter(|cell| !cell.is_empty()).collect();
        match self {
            Function::Rows => count(cells.len()),
            Function::Values => count(values.len()),
            Function::Different => count(values.iter().map(|cell| key(cell)).collect::<HashSet<_>>().len()),
            Function::Least => values.into_iter().min_by(|a, b| a.order(b)).cloned().unwrap_or_default(),
            Function::Greatest => values.into_iter().max_by(|a, b| a.order(b)).cloned().unwrap_or_default(),
            Function::Sum => sum(kind, &values),
            Function::Average => average(kind, &values),
        }
    }
}

fn count(number: usize) -> Cell {
    i64::try_from(number).map_or(Cell::Empty, Cell::Integer)
}

fn type_of(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text { memo: true, .. } => "Memo",
        Kind::Text { .. } => "String",
        Kind::Boolean => "Boolean",
        Kind::DateTime(_) => "DateTime",
        Kind::Choice { .. } => "Picklist",
        Kind::State => "State",
        Kind::Status => "Status",
        Kind::Id => "Uniqueidentifier",
        Kind::Lookup(_) => "Lookup",
        _ => "Virtual",
    }
}

/// Empty where the numbers outgrow their type.
fn sum(kind: &Kind, values: &[&Cell]) -> Cell {
    match kind {
        Kind::Double => Cell::Double(values.iter().filter_map(|cell| double(cell)).sum()),
        Kind::Decimal { digits } => {
            fixed_sum(values).and_then(|sum| sum.rescale(*digits)).map_or(Cell::Empty, Cell::Fixed)
        }
        Kind::Money { .. } => {
            fixed_sum(values).and_then(|sum| sum.rescale(MONEY_DIGITS)).map_or(Cell::Empty, Cell::Fixed)
        }
        _ => integer_sum(values).map_or(Cell::Empty, Cell::Integer),
    }
}

/// Whole numbers have a whole average, as SQL Server's.
fn average(kind: &Kind, values: &[&Cell]) -> Cell {
    let Some(length) = i64::try_from(values.len()).ok().filter(|length| *length > 0) else {
        return Cell::Empty;
    };
    let by_length = |sum: Fixed, digits: u8| {
        Fixed::parse(&length.to_string()).and_then(|length| sum.divided_by(length, digits))
    };
    let fixed = |digits: u8| fixed_sum(values).and_then(|sum| by_length(sum, digits));
    match (kind, sum(kind, values)) {
        (_, Cell::Integer(sum)) => Cell::Integer(sum / length),
        (_, Cell::Double(sum)) => {
            u32::try_from(length).map_or(Cell::Empty, |n| Cell::Double(sum / f64::from(n)))
        }
        (Kind::Decimal { digits }, _) => fixed(*digits).map_or(Cell::Empty, Cell::Fixed),
        _ => fixed(MONEY_DIGITS).map_or(Cell::Empty, Cell::Fixed),
    }
}

fn integer_sum(values: &[&Cell]) -> Option<i64> {
    values.iter().filter_map(|cell| cell.integer()).try_fold(0_i64, i64::checked_add)
}

fn fixed_sum(values: &[&Cell]) -> Option<Fixed> {
    let mut sum = Fixed::parse("0")?;
    for cell in values {
        if let Cell::Fixed(number) = cell {
            sum = sum.plus(*number)?;
        }
    }
    Some(sum)
}

fn double(cell: &Cell) -> Option<f64> {
    if let Cell::Double(number) = cell { Some(*number) } else { None }
}

/// What is equal to the database: text without its case.
pub(super) fn key(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.to_lowercase(),
        other => other.to_json().to_string(),
    }
}

/// A group: what its members have in common, and their positions.
pub(super) struct Group {
    pub(super) values: Vec<Cell>,
    pub(super) members: Vec<usize>,
}

/// Puts rows into groups by their values, in the order of these. Without columns to group by there is one group,
/// though it may have no rows.
pub(super) fn groups(rows: impl Iterator<Item = Vec<Cell>>, columns: usize) -> Vec<Group> {
    let (mut groups, mut positions) = (Vec::<Group>::new(), HashMap::new());
    for (row, values) in rows.enumerate() {
        let keys: Vec<String> = values.iter().map(key).collect();
        let position = *positions.entry(keys).or_insert(groups.len());
        if position == groups.len() {
            groups.push(Group { values, members: Vec::new() });
        }
        groups[position].members.push(row);
    }
    if groups.is_empty() && columns == 0 {
        groups.push(Group { values: Vec::new(), members: Vec::new() });
    }
    let ascending = vec![false; columns];
    groups.sort_by(|a, b| super::order::compare(&a.values, &b.values, &ascending));
    groups
}

/// More rows than may be aggregated.
pub(super) fn check_rows(rows: usize, limit: usize) -> Result<(), Refusal> {
    if rows <= limit {
        return Ok(());
    }
    let message = "AggregateQueryRecordLimit exceeded. Cannot perform this operation.";
    Err(Refusal::new(400, "0x8004e023", message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_and_averages_keep_the_type_of_their_column() {
        let cells = [Cell::Integer(1), Cell::Integer(2), Cell::Empty];
        let cells: Vec<&Cell> = cells.iter().collect();
        assert_eq!(Function::Sum.of(&Kind::Integer, &cells), Cell::Integer(3));
        assert_eq!(Function::Average.of(&Kind::Integer, &cells), Cell::Integer(1));
        assert_eq!(Function::Rows.of(&Kind::Integer, &cells), Cell::Integer(3));
        assert_eq!(Function::Values.of(&Kind::Integer, &cells), Cell::Integer(2));
        let money = [Cell::Fixed(Fixed::parse("10.5").unwrap()), Cell::Fixed(Fixed::parse("2.25").unwrap())];
        let money: Vec<&Cell> = money.iter().collect();
        let kind = Kind::Money { digits: 4 };
        assert_eq!(Function::Sum.of(&kind, &money).to_json().to_string(), "12.750000000");
        assert_eq!(Function::Average.of(&kind, &money).to_json().to_string(), "6.375000000");
        assert_eq!(Function::Least.of(&kind, &money).to_json().to_string(), "2.25");
        assert_eq!(Function::Average.of(&kind, &[]), Cell::Empty);
    }
}
