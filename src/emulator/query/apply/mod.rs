//! `$apply`: filter, group, aggregate.

mod parse;

use super::aggregate::{Group, MOST_ROWS, check_rows, groups};
use super::order::compare;
use super::{LARGEST_PAGE, Path};
use crate::answer::{Answer, Object};
use crate::api::{Call, applied};
use crate::environment::Environment;
use crate::error::Refusal;
use crate::rows::Row;
use crate::values::Cell;
use parse::{Apply, Measure};

impl Environment {
    /// `GET set?$apply=…`
    pub(crate) fn apply(&self, call: &Call, table: usize, text: &str) -> Result<Answer, Refusal> {
        call.options.allow(&["$apply", "$orderby"])?;
        let apply = Apply::parse(self, table, text, &call.options)?;
        let rows = self.store.rows(table).filter(|row| apply.filters.iter().all(|f| f.passes(self, row)));
        let rows: Vec<&Row> = rows.take(MOST_ROWS + 1).collect();
        check_rows(rows.len(), MOST_ROWS)?;
        let values = |row: &Row| apply.by.iter().map(|path| path.cell(self, row).clone()).collect();
        let mut found = groups(rows.iter().map(|row| values(row)), apply.by.len());
        self.sort_groups(call, table, &apply, &mut found)?;
        if found.len() > call.prefer.page_size.unwrap_or(LARGEST_PAGE).min(LARGEST_PAGE) {
            return Err(Refusal::not_implemented("more groups than a page has"));
        }
        let mut body = Object::default();
        body.push("@odata.context", call.context(&self.catalog.tables[table].entity_set));
        let objects: Vec<Object> =
            found.iter().map(|group| self.group_object(call, &apply, group, &rows)).collect();
        body.push("value", objects);
        Ok(applied(call, Answer::json(200, &body)))
    }

    /// `$orderby` takes what rows are grouped by, not what is aggregated.
    fn sort_groups(
        &self,
        call: &Call,
        table: usize,
        apply: &Apply,
        found: &mut [Group],
    ) -> Result<(), Refusal> {
        let (mut columns, mut directions) = (Vec::new(), Vec::new());
        for part in call.options.list("$orderby") {
            let (name, direction) = part.split_once(' ').unwrap_or((part, "asc"));
            if apply.measures.iter().any(|measure| measure.alias == name) {
                let message = "The query node SingleValueOpenPropertyAccess is not supported.";
                return Err(Refusal::new(400, "0x80060888", message));
            }
            let path = Path::parse(&self.catalog, table, name)?;
            let column = apply.by.iter().position(|by| *by == path);
            let column =
                column.ok_or_else(|| Refusal::no_property(name, &self.catalog.tables[table].name))?;
            columns.push(column);
            directions.push(match direction.trim() {
                "asc" => false,
                "desc" => true,
                _ => return Err(parse::syntax(part)),
            });
        }
        let key = |group: &Group| -> Vec<Cell> {
            let each = columns.iter();
            each.map(|column| {
                let path = &apply.by[*column];
                self.sort_key((path.table, path.column), &group.values[*column], false)
            })
            .collect()
        };
        found.sort_by(|a, b| compare(&key(a), &key(b), &directions));
        Ok(())
    }

    /// Values that are missing are left out.
    fn group_object(&self, call: &Call, apply: &Apply, group: &Group, rows: &[&Row]) -> Object {
        let mut object = Object::default();
        self.push_common(&mut object, call, apply, group, false);
        for measure in &apply.measures {
            self.push_measure(&mut object, call, measure, group, rows);
        }
        self.push_common(&mut object, call, apply, group, true);
        object
    }

    /// What the rows of a group have in common; columns of other rows come at the end, named after their table.
    fn push_common(&self, object: &mut Object, call: &Call, apply: &Apply, group: &Group, far: bool) {
        for (path, cell) in apply.by.iter().zip(&group.values) {
            if path.is_far() != far || cell.is_empty() {
                continue;
            }
            let column = path.described(&self.catalog);
            let name = if far {
                format!("{}_{}", self.catalog.tables[path.table].name, column.name)
            } else {
                column.property()
            };
            let place = (path.table, path.column);
            self.push_cell(object, &call.prefer, place, &name, cell.clone(), None);
        }
    }

    fn push_measure(
        &self,
        object: &mut Object,
        call: &Call,
        measure: &Measure,
        group: &Group,
        rows: &[&Row],
    ) {
        let Some(path) = &measure.path else {
            let count = i64::try_from(group.members.len()).unwrap_or(i64::MAX);
            self.push_number(object, &call.prefer, &measure.alias, &Cell::Integer(count));
            return;
        };
        let cells: Vec<&Cell> = group.members.iter().map(|at| path.cell(self, rows[*at])).collect();
        let cell = measure.function.of(&path.described(&self.catalog).kind, &cells);
        if measure.function.counts() {
            self.push_number(object, &call.prefer, &measure.alias, &cell);
        } else if !cell.is_empty() {
            let place = (path.table, path.column);
            self.push_cell(object, &call.prefer, place, &measure.alias, cell, None);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::Environment;
    use crate::testing::{ACCOUNT, CONTACT, get, id, portal, post, refused, send};
    use serde_json::{Value, json};

    /// Accounts: 10.5 and 2 active, 4 and one without revenue inactive; a contact belongs to the third.
    fn accounts() -> Environment {
        let mut environment = portal();
        send(&mut environment, "DELETE", &format!("accounts({ACCOUNT})"), &[], &Value::Null);
        for (number, name, revenue, state) in
            [(1, "A", json!(10.5), 0), (2, "a", json!(2), 0), (3, "B", json!(4), 1), (4, "C", json!(null), 1)]
        {
            let body = json!({"accountid": id(number), "name": name, "revenue": revenue});
            let account = format!("accounts({})", post(&mut environment, "accounts", &body));
            send(&mut environment, "PATCH", &account, &[], &json!({"statecode": state}));
        }
        let body = json!({"parentcustomerid_account@odata.bind": format!("/accounts({})", id(3))});
        send(&mut environment, "PATCH", &format!("contacts({CONTACT})"), &[], &body);
        environment
    }

    #[test]
    fn rows_are_grouped_and_their_values_aggregated() {
        let mut environment = accounts();
        for (apply, expected) in [
            ("groupby((statuscode))", json!([{"statuscode": 1}, {"statuscode": 2}])),
            (
                "groupby((statuscode),aggregate($count as count,revenue with sum as total))",
                json!([
                    {"statuscode": 1, "count": 2, "total": 12.5},
                    {"statuscode": 2, "count": 2, "total": 4.0},
                ]),
            ),
            ("aggregate(revenue with average as mean)", json!([{"mean": 5.5}])),
            (
                "aggregate(revenue with min as least,revenue with max as most)",
                json!([{"least": 2.0, "most": 10.5}]),
            ),
            ("aggregate(name with countdistinct as names)", json!([{"names": 3}])),
            ("filter(name eq 'C')/aggregate($count as n,revenue with max as most)", json!([{"n": 1}])),
            ("filter(name eq 'none')/groupby((name))", json!([])),
        ] {
            let answer = get(&mut environment, &format!("accounts?$apply={apply}"));
            let context = "https://contoso.crm.dynamics.com/api/data/v9.2/$metadata#accounts";
            assert_eq!(answer["@odata.context"], context);
            assert_eq!(numbers(&answer["value"]), numbers(&expected), "{apply}");
        }
    }

    /// Numbers by their value, so that `4.000000000` is `4.0`.
    fn numbers(value: &Value) -> Value {
        match value {
            Value::Array(values) => values.iter().map(numbers).collect(),
            Value::Object(map) => {
                Value::Object(map.iter().map(|(name, value)| (name.clone(), numbers(value))).collect())
            }
            Value::Number(number) => number.as_f64().unwrap().to_string().into(),
            other => other.clone(),
        }
    }

    #[test]
    fn money_comes_with_nine_digits_and_formatted() {
        let headers = [("Prefer", "odata.include-annotations=\"OData.Community.Display.V1.FormattedValue\"")];
        let path = "accounts?$apply=aggregate(revenue with sum as total,$count as n)";
        let (_, _, answer) = send(&mut accounts(), "GET", path, &headers, &Value::Null);
        let text = String::from_utf8(answer.body().clone()).unwrap();
        let expected = "\"value\":[{\"total@OData.Community.Display.V1.FormattedValue\":\"$16.50\",\"total\":16.500000000,\
                        \"n@OData.Community.Display.V1.FormattedValue\":\"4\",\"n\":4}]}";
        assert!(text.ends_with(expected), "{text}");
    }

    #[test]
    fn a_column_of_another_row_is_named_after_its_table() {
        let mut environment = accounts();
        let path = "contacts?$apply=groupby((parentcustomerid_account/name),aggregate($count as n))";
        assert_eq!(get(&mut environment, path)["value"], json!([{"n": 1, "account_name": "B"}]));
    }

    #[test]
    fn groups_are_ordered_by_what_they_have_in_common_only() {
        let mut environment = accounts();
        let path = "accounts?$apply=groupby((statuscode),aggregate($count as n))&$orderby=";
        let answer = get(&mut environment, &format!("{path}statuscode desc"));
        assert_eq!(answer["value"][0]["statuscode"], 2);
        let (status, _, message) = refused(&mut environment, "GET", &format!("{path}n"), &Value::Null);
        let expected = "The query node SingleValueOpenPropertyAccess is not supported.";
        assert_eq!((status, message.as_str()), (400, expected));
    }

    #[test]
    fn what_cannot_be_aggregated_is_refused() {
        let mut environment = accounts();
        for (apply, status, code) in [
            ("groupby((createdon))", 400, "0x80060888"),
            ("aggregate(name with sum as n)", 400, "0x8004112f"),
            ("aggregate(revenue with sum as n,$count as n)", 400, "0x80060888"),
            ("aggregate(revenue with sum as name)", 400, "0x80060888"),
            ("aggregate(revenue with median as m)", 400, "0x80060888"),
            ("groupby((Name))", 400, "0x0"),
            ("groupby(name)", 400, "0x80060888"),
            ("groupby((name)", 400, "0x80060888"),
            ("aggregate($count as n)/filter(n gt 1)", 501, "0x80040203"),
            ("topcount(2,revenue)", 501, "0x80040203"),
            ("groupby((year(createdon)))", 501, "0x80040203"),
        ] {
            let path = format!("accounts?$apply={apply}");
            let (found, found_code, _) = refused(&mut environment, "GET", &path, &Value::Null);
            assert_eq!((found, found_code.as_str()), (status, code), "{apply}");
        }
        for options in ["$select=name", "$filter=name eq 'A'", "$top=1", "$count=true", "$expand=ownerid"] {
            let path = format!("accounts?$apply=aggregate($count as n)&{options}");
            assert_eq!(refused(&mut environment, "GET", &path, &Value::Null).0, 400, "{options}");
        }
    }

    #[test]
    fn more_than_50000_rows_are_not_aggregated() {
        let mut environment = portal();
        let table = environment.catalog.position("adx_pagetag").unwrap();
        for number in 0..50_001_u128 {
            let row = environment.blank_row(table, uuid::Uuid::from_u128(number + 1));
            environment.store.put(table, row);
        }
        environment.store.keep();
        let limit = (
            400,
            "0x8004e023".to_owned(),
            "AggregateQueryRecordLimit exceeded. Cannot perform this operation.".to_owned(),
        );
        let path = "adx_pagetags?$apply=aggregate($count as n)";
        assert_eq!(refused(&mut environment, "GET", path, &Value::Null), limit);
        let first = format!("adx_pagetags({})", id(1));
        send(&mut environment, "DELETE", &first, &[], &Value::Null);
        assert_eq!(get(&mut environment, path)["value"], json!([{"n": 50_000}]));
    }
}
