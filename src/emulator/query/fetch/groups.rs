//! `<fetch aggregate='true'>`

use super::criteria::Check;
use super::join::{Joined, cell, tests};
use super::plan::{Plan, attribute};
use super::query::{DatePart, Fetch, Purpose};
use crate::answer::Object;
use crate::api::Call;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::query::aggregate::{Function, Group, MOST_ROWS, check_rows, groups};
use crate::query::order::compare;
use crate::rows::Course;
use crate::tables::Kind;
use crate::values::Cell;
use std::collections::HashSet;
use time::OffsetDateTime;

/// A column of the outcome.
pub(super) struct Asked {
    scope: usize,
    table: usize,
    column: usize,
    alias: String,
    purpose: Purpose,
}

impl Environment {
    /// The rows of an aggregate query: in groups, sorted, without the values that are missing.
    pub(super) fn aggregated(
        &self,
        call: &Call,
        fetch: &Fetch,
        plan: &Plan<'_>,
    ) -> Result<Vec<Object>, Refusal> {
        let asked = self.asked(plan)?;
        let limit = fetch.aggregate_limit.unwrap_or(MOST_ROWS).min(MOST_ROWS);
        if let Some(count) = self.counted(plan) {
            check_rows(count, limit)?;
            if let Some(row) = only_counts(&asked, count) {
                return Ok(vec![self.outcome_row(call, &asked, row)]);
            }
        }
        let course = Course { numbers: self.numbers_of_root(plan), ..Course::default() };
        let joined = self.join_from(plan, course, limit.saturating_add(1));
        check_rows(joined.len(), limit)?;
        let by: Vec<&Asked> = asked.iter().filter(|a| matches!(a.purpose, Purpose::Group(_))).collect();
        let keys = joined.iter().map(|joined| by.iter().map(|asked| group_value(asked, joined)).collect());
        let outcomes = groups(keys, by.len());
        let mut rows: Vec<Vec<Cell>> =
            outcomes.iter().map(|group| self.outcome(&asked, group, &joined)).collect();
        self.sort_outcomes(fetch, plan, &asked, &mut rows)?;
        Ok(rows.into_iter().map(|row| self.outcome_row(call, &asked, row)).collect())
    }

    /// How many rows of a generated table there are, where that is known without looking at them.
    fn counted(&self, plan: &Plan<'_>) -> Option<usize> {
        let [root] = plan.scopes.as_slice() else { return None };
        let narrowed = self.narrowed(root.table, tests(&root.own))?;
        let is_plain = root.own.iter().all(Check::is_conjunction) && plan.late.is_empty();
        let count = narrowed.numbers.end.saturating_sub(narrowed.numbers.start);
        (narrowed.is_exact && is_plain).then(|| usize::try_from(count).unwrap_or(usize::MAX))
    }

    fn asked(&self, plan: &Plan<'_>) -> Result<Vec<Asked>, Refusal> {
        let (mut asked, mut aliases) = (Vec::new(), HashSet::new());
        for (position, scope) in plan.scopes.iter().enumerate() {
            let plain = scope.entity.attributes.iter().any(|a| a.purpose == Purpose::Value);
            if plain || scope.entity.all {
                let message = "Attributes can not be returned when aggregate operation is specified.";
                return Err(Refusal::new(400, "0x80041107", message));
            }
            for attribute_asked in &scope.entity.attributes {
                let table = &self.catalog.tables[scope.table];
                let column = attribute(table, &attribute_asked.name)?;
                check_purpose(attribute_asked.purpose, &table.columns[column])?;
                let alias = attribute_asked.alias.clone().filter(|alias| !alias.is_empty());
                let alias = alias.ok_or_else(|| {
                    Refusal::new(400, "0x80041109", "Invalid alias for aggregate operation.")
                })?;
                if !aliases.insert(alias.clone()) {
                    return Err(Refusal::new(400, "0x80041130", "FetchXML should have unique aliases."));
                }
                let purpose = attribute_asked.purpose;
                asked.push(Asked { scope: position, table: scope.table, column, alias, purpose });
            }
        }
        Ok(asked)
    }

    fn outcome(&self, asked: &[Asked], group: &Group, joined: &[Joined<'_>]) -> Vec<Cell> {
        let mut common = group.values.iter();
        let each = asked.iter().map(|asked| match asked.purpose {
            Purpose::Aggregate(function) => {
                let members = group.members.iter().map(|at| cell(&joined[*at], asked.scope, asked.column));
                let cells: Vec<&Cell> = members.collect();
                function.of(&self.catalog.tables[asked.table].columns[asked.column].kind, &cells)
            }
            _ => common.next().cloned().unwrap_or_default(),
        });
        each.collect()
    }

    fn sort_outcomes(
        &self,
        fetch: &Fetch,
        plan: &Plan<'_>,
        asked: &[Asked],
        rows: &mut [Vec<Cell>],
    ) -> Result<(), Refusal> {
        let (mut columns, mut directions) = (Vec::new(), Vec::new());
        for order in plan.scopes.iter().flat_map(|scope| &scope.entity.orders) {
            let alias = order.alias.as_deref().ok_or_else(|| {
                let message = "An attribute cannot be specified for an order clause for an aggregate Query. Use an alias.";
                Refusal::new(400, "0x80041131", message)
            })?;
            let column = asked.iter().position(|asked| asked.alias == alias);
            columns.push(
                column.ok_or_else(|| {
                    Refusal::new(400, "0x80041109", "Invalid alias for aggregate operation.")
                })?,
            );
            directions.push(order.descending);
        }
        if columns.is_empty() {
            return Ok(());
        }
        let key = |row: &[Cell], column: usize| match asked[column].purpose {
            Purpose::Group(None) => {
                self.sort_key((asked[column].table, asked[column].column), &row[column], !fetch.raw_order)
            }
            _ => row[column].clone(),
        };
        let keys = |row: &[Cell]| columns.iter().map(|column| key(row, *column)).collect::<Vec<_>>();
        rows.sort_by(|a, b| compare(&keys(a), &keys(b), &directions));
        Ok(())
    }

    fn outcome_row(&self, call: &Call, asked: &[Asked], row: Vec<Cell>) -> Object {
        let mut object = Object::default();
        for (asked, cell) in asked.iter().zip(row).filter(|(_, cell)| !cell.is_empty()) {
            let is_value = match asked.purpose {
                Purpose::Aggregate(function) => !function.counts(),
                Purpose::Group(part) => part.is_none(),
                Purpose::Value => true,
            };
            if is_value {
                let place = (asked.table, asked.column);
                self.push_cell(&mut object, &call.prefer, place, &asked.alias, cell, None);
            } else {
                self.push_number(&mut object, &call.prefer, &asked.alias, &cell);
            }
        }
        object
    }
}

/// The outcome where nothing but rows is counted.
fn only_counts(asked: &[Asked], rows: usize) -> Option<Vec<Cell>> {
    let count = Cell::Integer(i64::try_from(rows).ok()?);
    let counts = |asked: &Asked| asked.purpose == Purpose::Aggregate(Function::Rows);
    asked.iter().all(counts).then(|| vec![count; asked.len()])
}

fn check_purpose(purpose: Purpose, column: &crate::tables::Column) -> Result<(), Refusal> {
    match purpose {
        Purpose::Aggregate(function) => function.check(column),
        Purpose::Group(Some(_)) if !matches!(column.kind, Kind::DateTime(_)) => {
            let message = "An invalid value was specified for dategrouping.";
            Err(Refusal::new(400, "0x80041135", message))
        }
        _ => Ok(()),
    }
}

/// The value to group by: of a date the part asked for.
fn group_value(asked: &Asked, joined: &Joined<'_>) -> Cell {
    let cell = cell(joined, asked.scope, asked.column);
    match asked.purpose {
        Purpose::Group(Some(part)) => {
            date_of(cell).map_or(Cell::Empty, |date| Cell::Integer(of_date(part, date)))
        }
        _ => cell.clone(),
    }
}

fn date_of(cell: &Cell) -> Option<time::Date> {
    match cell {
        Cell::Instant(second) => OffsetDateTime::from_unix_timestamp(*second).ok().map(OffsetDateTime::date),
        Cell::Day(day) => time::Date::from_julian_day(*day).ok(),
        _ => None,
    }
}

/// Weeks as SQL Server counts them: the first has January 1 in it, each begins on Sunday.
fn of_date(part: DatePart, date: time::Date) -> i64 {
    match part {
        DatePart::Day => i64::from(date.day()),
        DatePart::Month => i64::from(u8::from(date.month())),
        DatePart::Quarter => i64::from((u8::from(date.month()) - 1) / 3 + 1),
        DatePart::Year => i64::from(date.year()),
        DatePart::Week => {
            let day = i64::from(date.ordinal()) - 1;
            let first = i64::from(date.weekday().number_days_from_sunday()) - day;
            (day + first.rem_euclid(7)) / 7 + 1
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{fetch, path, site};
    use super::*;
    use crate::testing::{id, refused};
    use serde_json::{Value, json};

    #[test]
    fn weeks_are_counted_as_in_microsofts_example() {
        for (year, ordinal, week) in
            [(2023, 84, 12), (2023, 239, 35), (2024, 1, 1), (2024, 7, 2), (2024, 6, 1)]
        {
            let date = time::Date::from_ordinal_date(year, ordinal).unwrap();
            assert_eq!(of_date(DatePart::Week, date), week, "{date}");
        }
    }

    #[test]
    fn rows_are_grouped_and_aggregated() {
        let mut environment = site();
        let xml = |inside: &str| {
            format!("<fetch aggregate='true'><entity name='adx_webpage'>{inside}</entity></fetch>")
        };
        for (inside, expected) in [
            (
                "<attribute name='adx_displayorder' alias='sum' aggregate='sum'/><attribute name='adx_displayorder' alias='avg' aggregate='avg'/>\
                 <attribute name='adx_webpageid' alias='n' aggregate='count'/><attribute name='adx_websiteid' alias='sites' aggregate='countcolumn'/>\
                 <attribute name='adx_websiteid' alias='kinds' aggregate='countcolumn' distinct='true'/>\
                 <attribute name='adx_displayorder' alias='least' aggregate='min'/><attribute name='adx_displayorder' alias='most' aggregate='max'/>",
                json!([{"sum": 21, "avg": 7, "n": 3, "sites": 2, "kinds": 1, "least": 6, "most": 8}]),
            ),
            (
                "<attribute name='adx_websiteid' alias='site' groupby='true'/><attribute name='adx_webpageid' alias='n' aggregate='count'/>\
                 <order alias='n' descending='true'/>",
                json!([{"site": id(90), "n": 2}, {"n": 1}]),
            ),
            (
                "<attribute name='createdon' alias='year' groupby='true' dategrouping='year'/><attribute name='adx_name' alias='n' aggregate='count'/>",
                json!([{"year": 2024, "n": 3}]),
            ),
            (
                "<attribute name='adx_name' alias='n' aggregate='count'/><link-entity name='adx_website' from='adx_websiteid' to='adx_websiteid' alias='s'>\
                 <attribute name='adx_name' alias='site' groupby='true'/></link-entity>",
                json!([{"n": 2, "site": "S"}]),
            ),
        ] {
            let mut answer = fetch(&mut environment, "adx_webpages", &xml(inside));
            if let Some(year) = answer["value"][0].get_mut("year") {
                assert!(year.is_i64());
                *year = 2024.into();
            }
            assert_eq!(answer["value"], expected, "{inside}");
        }
        for (inside, code) in [
            ("<attribute name='adx_name'/>", "0x80041107"),
            ("<attribute name='adx_name' aggregate='count'/>", "0x80041109"),
            ("<attribute name='adx_name' alias='a' aggregate='sum'/>", "0x8004112f"),
            ("<attribute name='adx_name' alias='a' aggregate='median'/>", "0x8004111a"),
            ("<attribute name='adx_name' alias='a' aggregate='count' groupby='true'/>", "0x80041137"),
            ("<attribute name='adx_name' alias='a' groupby='true' dategrouping='year'/>", "0x80041135"),
            ("<attribute name='createdon' alias='a' groupby='true' dategrouping='eon'/>", "0x80041135"),
            (
                "<attribute name='adx_name' alias='a' aggregate='count'/><order attribute='adx_name'/>",
                "0x80041131",
            ),
            (
                "<attribute name='adx_name' alias='a' aggregate='count'/><attribute name='adx_name' alias='a' groupby='true'/>",
                "0x80041130",
            ),
        ] {
            let found = refused(&mut environment, "GET", &path("adx_webpages", &xml(inside)), &Value::Null);
            assert_eq!((found.0, found.1.as_str()), (400, code), "{inside}");
        }
        let limited = xml("<attribute name='adx_name' alias='a' aggregate='count'/>")
            .replace("<fetch", "<fetch aggregatelimit='2'");
        let found = refused(&mut environment, "GET", &path("adx_webpages", &limited), &Value::Null);
        assert_eq!(found.1, "0x8004e023");
    }
}
