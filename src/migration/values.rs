//! Values as the Web API's JSON and as the data package's fields: one meaning, two spellings.

use crate::{Problem, ProblemKind, parties};
use cmt::{DateTime, FileRef, Lookup, Value};
use dataverse::{ColumnKind, ColumnMetadata, DateBehavior, Row};
use serde_json::{Number, Value as Json};
use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::{format_description, time};
use time::{Date, OffsetDateTime, PrimitiveDateTime, UtcOffset};
use uuid::Uuid;

const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");
/// The service keeps whole seconds. Time-zone-independent columns take the `Z` too; it means nothing there.
const INSTANT: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");

/// The annotations that tell the table and the name of the row that a lookup leads to.
pub(crate) const LOOKUP_TABLE: &str = "Microsoft.Dynamics.CRM.lookuplogicalname";
pub(crate) const LOOKUP_NAME: &str = "OData.Community.Display.V1.FormattedValue";

/// The property of a row that holds the column's value, as `$select` and the answer name it.
pub(crate) fn property(column: &ColumnMetadata) -> String {
    if is_lookup(column.kind) { format!("_{}_value", column.name) } else { column.name.clone() }
}

/// The property that tells the name of the file in a column.
pub(crate) fn file_name_property(column: &ColumnMetadata) -> String {
    format!("{}_name", column.name)
}

/// Whether the column points to a row.
pub(crate) fn is_lookup(kind: ColumnKind) -> bool {
    matches!(kind, ColumnKind::Lookup | ColumnKind::Customer | ColumnKind::Owner)
}

/// The JSON that writes `value` to `column`. `None` where the column takes no such value, and for lookups,
/// which are written by their navigation property instead.
pub(crate) fn to_json(value: &Value, column: &ColumnMetadata) -> Option<Json> {
    Some(match value {
        Value::Text(text) | Value::Image(text) => Json::from(text.as_str()),
        Value::Number(number) => Json::from(*number),
        Value::Decimal(digits) => Json::Number(digits.parse::<Number>().ok()?),
        Value::Float(float) => Json::Number(Number::from_f64(*float)?),
        Value::Bool(bool) => Json::from(*bool),
        Value::Choice(option) => Json::from(*option),
        Value::Choices(options) => {
            Json::from(options.iter().map(i32::to_string).collect::<Vec<_>>().join(","))
        }
        Value::Id(id) => Json::from(id.to_string()),
        Value::DateTime(moment) => {
            let format = if column.date_behavior == Some(DateBehavior::DateOnly) { DAY } else { INSTANT };
            Json::from(moment.at.format(format).ok()?)
        }
        Value::Empty => Json::Null,
        Value::Lookup(_) | Value::Parties(_) | Value::File(_) => return None,
    })
}

/// The value that `row` has in `column`; `None` where it is empty.
///
/// # Errors
/// Kind `Answer` where the JSON is not what a column of that kind gives.
pub(crate) fn from_json(row: &Row, column: &ColumnMetadata) -> Result<Option<Value>, Problem> {
    if column.kind == ColumnKind::PartyList {
        return Ok(parties::of_row(row, &column.name).map(Value::Parties));
    }
    let property = property(column);
    let json = match row.get(&property) {
        None | Some(Json::Null) => return Ok(None),
        Some(json) => json,
    };
    read(json, column, row, &property).map(Some).ok_or_else(|| unreadable(column))
}

/// What is said of JSON that is not what a column of that kind gives.
pub(crate) fn unreadable(column: &ColumnMetadata) -> Problem {
    Problem::new(
        ProblemKind::Answer,
        format!("The environment's value of {} is not a {:?}.", column.name, column.kind),
        "Leave this column out of the schema and report the case to the makers of this program.",
    )
    .at_column(&column.name)
}

fn read(json: &Json, column: &ColumnMetadata, row: &Row, property: &str) -> Option<Value> {
    Some(match column.kind {
        ColumnKind::Text | ColumnKind::EntityName => Value::Text(json.as_str()?.to_owned()),
        ColumnKind::Integer | ColumnKind::BigInt => Value::Number(json.as_i64()?),
        ColumnKind::Decimal | ColumnKind::Money => Value::Decimal(json.as_number()?.to_string()),
        ColumnKind::Double => Value::Float(json.as_f64()?),
        ColumnKind::Boolean => Value::Bool(json.as_bool()?),
        ColumnKind::Choice | ColumnKind::State | ColumnKind::Status => {
            Value::Choice(i32::try_from(json.as_i64()?).ok()?)
        }
        ColumnKind::Choices => Value::Choices(options(json.as_str()?)?),
        ColumnKind::Id => Value::Id(Uuid::parse_str(json.as_str()?).ok()?),
        ColumnKind::DateTime => Value::DateTime(moment(json.as_str()?, column.date_behavior)?),
        ColumnKind::Image => Value::Image(json.as_str()?.to_owned()),
        ColumnKind::Lookup | ColumnKind::Customer | ColumnKind::Owner => {
            Value::Lookup(lookup(json.as_str()?, row, property)?)
        }
        ColumnKind::File => Value::File(FileRef {
            id: Uuid::parse_str(json.as_str()?).ok()?,
            file_name: row
                .get(&file_name_property(column))
                .and_then(Json::as_str)
                .unwrap_or_default()
                .to_owned(),
        }),
        ColumnKind::PartyList | ColumnKind::Other => return None,
    })
}

/// The options of a multi-select column: `1,9`.
pub(crate) fn options(text: &str) -> Option<Vec<i32>> {
    text.split(',').map(|option| option.trim().parse().ok()).collect()
}

pub(crate) fn moment(text: &str, behavior: Option<DateBehavior>) -> Option<DateTime> {
    if let Ok(day) = Date::parse(text, DAY) {
        return Some(DateTime { at: PrimitiveDateTime::new(day, time!(0:00)), utc: false });
    }
    let instant = OffsetDateTime::parse(text, &Rfc3339).ok()?.to_offset(UtcOffset::UTC);
    let utc = behavior.is_none_or(|b| b == DateBehavior::UserLocal);
    Some(DateTime { at: PrimitiveDateTime::new(instant.date(), instant.time()), utc })
}

fn lookup(id: &str, row: &Row, property: &str) -> Option<Lookup> {
    let annotation =
        |name: &str| row.get(&format!("{property}@{name}")).and_then(Json::as_str).map(str::to_owned);
    Some(Lookup {
        id: Uuid::parse_str(id).ok()?,
        table: annotation(LOOKUP_TABLE)?,
        name: annotation(LOOKUP_NAME),
    })
}

#[cfg(test)]
mod tests {
    use super::{from_json, property, to_json};
    use crate::testing::column;
    use cmt::{DateTime, Lookup, Value};
    use dataverse::{ColumnKind, ColumnMetadata, DateBehavior, Row};
    use time::macros::datetime;
    use uuid::uuid;

    fn row(json: &str) -> Row {
        serde_json::from_str(json).unwrap()
    }

    fn date_column(behavior: DateBehavior) -> ColumnMetadata {
        ColumnMetadata { date_behavior: Some(behavior), ..column("x", ColumnKind::DateTime) }
    }

    #[test]
    fn every_kind_of_value_is_read_and_written_without_loss() {
        let evening = datetime!(2022-09-30 19:25:01);
        let midnight = datetime!(2026-04-01 00:00);
        let id = uuid!("a1b2c3d4-0000-0000-0000-000000000001");
        let cases = [
            (column("x", ColumnKind::Text), r#""Grüße\r\n""#, Value::Text("Grüße\r\n".into())),
            (column("x", ColumnKind::Integer), "-7", Value::Number(-7)),
            (column("x", ColumnKind::Decimal), "1.2300000000", Value::Decimal("1.2300000000".into())),
            (
                column("x", ColumnKind::Money),
                "92233720368547.5807",
                Value::Decimal("92233720368547.5807".into()),
            ),
            (column("x", ColumnKind::Double), "1789.4", Value::Float(1789.4)),
            (column("x", ColumnKind::Boolean), "true", Value::Bool(true)),
            (column("x", ColumnKind::Choice), "756150000", Value::Choice(756_150_000)),
            (column("x", ColumnKind::Choices), r#""1,9""#, Value::Choices(vec![1, 9])),
            (column("x", ColumnKind::Id), r#""a1b2c3d4-0000-0000-0000-000000000001""#, Value::Id(id)),
            (column("x", ColumnKind::Image), r#""iVBORw0KGgo=""#, Value::Image("iVBORw0KGgo=".into())),
            (
                date_column(DateBehavior::UserLocal),
                r#""2022-09-30T19:25:01Z""#,
                Value::DateTime(DateTime { at: evening, utc: true }),
            ),
            (
                date_column(DateBehavior::TimeZoneIndependent),
                r#""2022-09-30T19:25:01Z""#,
                Value::DateTime(DateTime { at: evening, utc: false }),
            ),
            (
                date_column(DateBehavior::DateOnly),
                r#""2026-04-01""#,
                Value::DateTime(DateTime { at: midnight, utc: false }),
            ),
        ];
        for (column, json, value) in cases {
            let row = row(&format!(r#"{{"x":{json}}}"#));
            assert_eq!(from_json(&row, &column), Ok(Some(value.clone())), "{json}");
            assert_eq!(to_json(&value, &column).map(|j| j.to_string()).as_deref(), Some(json), "{value:?}");
        }
    }

    #[test]
    fn a_lookup_is_read_with_its_table_and_its_name_where_there_is_one() {
        let column = column("ownerid", ColumnKind::Owner);
        assert_eq!(property(&column), "_ownerid_value");
        let named = r#"{"_ownerid_value":"a1b2c3d4-0000-0000-0000-000000000001",
            "_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname":"team",
            "_ownerid_value@OData.Community.Display.V1.FormattedValue":"Contoso"}"#;
        let id = uuid!("a1b2c3d4-0000-0000-0000-000000000001");
        let expected = Lookup { id, table: "team".into(), name: Some("Contoso".into()) };
        assert_eq!(from_json(&row(named), &column), Ok(Some(Value::Lookup(expected))));
    }

    #[test]
    fn empty_columns_have_no_value_and_wrong_json_is_a_problem() {
        let number = column("x", ColumnKind::Integer);
        assert_eq!(from_json(&row(r#"{"x":null}"#), &number), Ok(None));
        assert_eq!(from_json(&row("{}"), &number), Ok(None));
        let problem = from_json(&row(r#"{"x":"seven"}"#), &number).unwrap_err();
        assert_eq!(problem.place.column.as_deref(), Some("x"));
        assert!(!problem.what.contains("seven"), "{}", problem.what);
    }
}
