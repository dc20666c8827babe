//! From the service's text of a row to the package's text of a record, value by value and with nothing in between.

use crate::Problem;
use crate::parties::{self, collection};
use crate::table_fit::TableFit;
use crate::values::{
    LOOKUP_NAME, LOOKUP_TABLE, file_name_property, is_lookup, moment, options, property, unreadable,
};
use cmt::{FileRef, RecordPen, Value, is_never_named};
use dataverse::{ColumnKind, ColumnMetadata, RawRow, Row, RowShape};
use std::borrow::Cow;
use uuid::Uuid;

/// The shadow of an owner.
const BUSINESS_UNIT: &str = "owningbusinessunit";

/// Knows where the values of a table's columns stand in its rows.
#[derive(Debug)]
pub(super) struct RowReader<'a> {
    shape: RowShape,
    id: usize,
    /// The schema's columns that can be read, in its order.
    columns: Vec<Place<'a>>,
}

/// Where the values of a column stand.
#[derive(Debug)]
struct Place<'a> {
    column: &'a ColumnMetadata,
    value: usize,
    /// The table that a lookup leads to.
    table: usize,
    /// The name of the row that a lookup leads to, or of a file; `None`: the format has none for this column.
    name: Option<usize>,
}

/// A file that a row has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FileOfRow {
    pub(super) column: String,
    /// The file's own id: it names the member of the zip.
    pub(super) file: Uuid,
}

/// The whole picture in a column, as base64, or why the service does not give it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Picture {
    pub(super) column: String,
    pub(super) base64: Result<String, Problem>,
}

impl Picture {
    /// How much of memory it takes.
    pub(super) fn length(&self) -> usize {
        self.base64.as_ref().map_or(0, String::len)
    }
}

/// What a row held beyond its text.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) files: Vec<FileOfRow>,
    pub(super) problems: Vec<Problem>,
}

impl<'a> RowReader<'a> {
    pub(super) fn new(fit: &TableFit<'a>) -> RowReader<'a> {
        let mut shape = RowShape::default();
        let id = shape.place(&fit.metadata.primary_id);
        let mut place = |column: &'a ColumnMetadata| {
            let property = match column.kind {
                ColumnKind::PartyList => collection(&fit.metadata.name),
                _ => property(column),
            };
            let name = match column.kind {
                ColumnKind::File => file_name_property(column),
                _ => format!("{property}@{LOOKUP_NAME}"),
            };
            // Newer packages do name business units.
            let named = column.name == BUSINESS_UNIT || !is_never_named(&fit.metadata.name, &column.name);
            let (value, name) = (shape.place(&property), named.then(|| shape.place(&name)));
            Place { column, value, name, table: shape.place(&format!("{property}@{LOOKUP_TABLE}")) }
        };
        let columns = fit.columns.iter().filter_map(|column| column.readable()).map(&mut place).collect();
        RowReader { shape, id, columns }
    }

    /// The wanted values of a row and its id; `None`: it is no row of this table.
    pub(super) fn read<'r>(&self, text: &'r str) -> Option<(Uuid, RawRow<'r>)> {
        let row = self.shape.read(text).ok()?;
        Some((row.value(self.id)?, row))
    }

    /// The row's id and its columns with images that the service keeps in full size; `None`: it has none.
    pub(super) fn pictures_of(&self, text: &str) -> Option<(Uuid, Vec<String>)> {
        let places = || self.columns.iter().filter(|place| place.column.stores_full_image());
        places().next()?;
        let (id, row) = self.read(text)?;
        let has_image = |place: &&Place<'_>| row.json(place.value).is_some();
        let columns: Vec<String> =
            places().filter(has_image).map(|place| place.column.name.clone()).collect();
        (!columns.is_empty()).then_some((id, columns))
    }

    /// Writes the columns that have a value. Rows hold small pictures: `pictures` has the whole ones. One that the
    /// service refuses is left out: the small one in its place would overwrite a whole one elsewhere.
    pub(super) fn write(&self, row: &RawRow<'_>, pictures: &[Picture], pen: &mut RecordPen) -> Told {
        let mut told = Told::default();
        for place in &self.columns {
            let name = &place.column.name;
            if let Some(picture) = pictures.iter().find(|picture| picture.column == *name) {
                match &picture.base64 {
                    Ok(base64) => pen.literal(name, base64),
                    Err(problem) => told.problems.push(problem.clone().at_column(name)),
                }
            } else if row.json(place.value).is_some() && place.write(row, pen, &mut told).is_none() {
                told.problems.push(unreadable(place.column));
            }
        }
        told
    }
}

impl Place<'_> {
    /// `None` where the JSON is not what a column of that kind gives.
    fn write(&self, row: &RawRow<'_>, pen: &mut RecordPen, told: &mut Told) -> Option<()> {
        let name = self.column.name.as_str();
        match self.column.kind {
            ColumnKind::Text | ColumnKind::EntityName => pen.text(name, &self.text(row)?),
            ColumnKind::Image => pen.literal(name, &self.text(row)?),
            ColumnKind::Decimal | ColumnKind::Money => {
                row.value::<f64>(self.value)?;
                pen.literal(name, row.json(self.value)?);
            }
            kind if is_lookup(kind) => {
                let table: Cow<'_, str> = text(row, self.table)?;
                pen.lookup(name, row.value(self.value)?, &table, self.name(row).as_deref());
            }
            _ => pen.value(name, &self.other(row, told)?),
        }
        Some(())
    }

    fn other(&self, row: &RawRow<'_>, told: &mut Told) -> Option<Value> {
        Some(match self.column.kind {
            ColumnKind::Integer | ColumnKind::BigInt => Value::Number(row.value(self.value)?),
            ColumnKind::Double => Value::Float(row.value(self.value)?),
            ColumnKind::Boolean => Value::Bool(row.value(self.value)?),
            ColumnKind::Choice | ColumnKind::State | ColumnKind::Status => {
                Value::Choice(row.value(self.value)?)
            }
            ColumnKind::Choices => Value::Choices(options(&self.text(row)?)?),
            ColumnKind::Id => Value::Id(row.value(self.value)?),
            ColumnKind::DateTime => Value::DateTime(moment(&self.text(row)?, self.column.date_behavior)?),
            ColumnKind::File => {
                let file: Uuid = row.value(self.value)?;
                told.files.push(FileOfRow { column: self.column.name.clone(), file });
                let file_name = self.name(row).unwrap_or_default().into_owned();
                Value::File(FileRef { id: file, file_name })
            }
            ColumnKind::PartyList => {
                let list = serde_json::from_str(row.json(self.value)?).ok()?;
                // The collection is all that is looked at.
                let row: Row = std::iter::once((parties::collection(""), list)).collect();
                Value::Parties(parties::of_row(&row, &self.column.name)?)
            }
            _ => return None,
        })
    }

    fn name<'r>(&self, row: &RawRow<'r>) -> Option<Cow<'r, str>> {
        text(row, self.name?)
    }

    fn text<'r>(&self, row: &RawRow<'r>) -> Option<Cow<'r, str>> {
        text(row, self.value)
    }
}

/// The text at a place, copied only where it is escaped.
fn text<'r>(row: &RawRow<'r>, place: usize) -> Option<Cow<'r, str>> {
    let json = row.json(place)?;
    let plain = json.strip_prefix('"')?.strip_suffix('"')?;
    if plain.contains('\\') { row.value::<String>(place).map(Cow::Owned) } else { Some(Cow::Borrowed(plain)) }
}

#[cfg(test)]
mod tests {
    use super::{Picture, RowReader};
    use crate::table_fit::TableFit;
    use crate::testing::{schema_table, table};
    use crate::values::from_json;
    use cmt::{ColumnType, RecordPen, Schema};
    use dataverse::{ColumnKind, Row};
    use uuid::Uuid;

    const COLUMNS: [(&str, ColumnType, ColumnKind); 12] = [
        ("name", ColumnType::Text, ColumnKind::Text),
        ("count", ColumnType::Number, ColumnKind::Integer),
        ("factor", ColumnType::Decimal, ColumnKind::Decimal),
        ("revenue", ColumnType::Money, ColumnKind::Money),
        ("share", ColumnType::Float, ColumnKind::Double),
        ("active", ColumnType::Bool, ColumnKind::Boolean),
        ("sort", ColumnType::Choice, ColumnKind::Choice),
        ("hobbies", ColumnType::Choices, ColumnKind::Choices),
        ("since", ColumnType::DateTime, ColumnKind::DateTime),
        ("picture", ColumnType::Image, ColumnKind::Image),
        ("ownerid", ColumnType::Owner, ColumnKind::Owner),
        ("plan", ColumnType::File, ColumnKind::File),
    ];
    const ROW: &str = r#"{"@odata.etag":"W/\"1\"","aid":"a1b2c3d4-0000-0000-0000-000000000001","name":"Grüße \"&\"\r\n",
        "count":-7,"factor":1.2300000000,"revenue":92233720368547.5807,"share":1789.4,"active":true,"sort":3,
        "hobbies":"1,9","since":"2022-09-30T19:25:01Z","picture":"c21hbGw=","other":[1,{"x":null}],
        "_ownerid_value":"a1b2c3d4-0000-0000-0000-000000000002",
        "_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname":"team",
        "_ownerid_value@OData.Community.Display.V1.FormattedValue":"A & B",
        "plan":"a1b2c3d4-0000-0000-0000-000000000003","plan_name":"plän.pdf"}"#;

    /// The record that the row becomes, and the same written from values.
    fn both_ways(row: &str, pictures: &[Picture]) -> (String, String) {
        let schema_columns = COLUMNS.map(|(name, column_type, _)| (name, column_type));
        let schema = Schema { tables: vec![schema_table("a", &schema_columns)], ..Default::default() };
        let metadata = table("a", &COLUMNS.map(|(name, _, kind)| (name, kind)));
        let reader = RowReader::new(&TableFit::new(&schema, &metadata).unwrap());
        let (id, raw) = reader.read(row).unwrap();
        let mut pen = RecordPen::default();
        pen.begin(id);
        assert_eq!(reader.write(&raw, pictures, &mut pen).problems, []);
        let direct = String::from_utf8(pen.end().to_vec()).unwrap();
        let built: Row = serde_json::from_str(row).unwrap();
        pen.begin(id);
        for column in &metadata.columns[1..] {
            if let Some(value) = from_json(&built, column).unwrap() {
                pen.value(&column.name, &value);
            }
        }
        (direct, String::from_utf8(pen.end().to_vec()).unwrap())
    }

    #[test]
    fn a_row_becomes_the_record_that_its_values_make() {
        for row in [ROW, r#"{"aid":"a1b2c3d4-0000-0000-0000-000000000001","name":null,"count":0}"#] {
            let (direct, built) = both_ways(row, &[]);
            assert_eq!(direct, built);
        }
    }

    #[test]
    fn a_whole_picture_stands_for_the_small_one_and_files_are_told() {
        let picture = Picture { column: "picture".into(), base64: Ok("d2hvbGU=".into()) };
        let (direct, small) = both_ways(ROW, &[picture]);
        assert_eq!(direct, small.replace("c21hbGw=", "d2hvbGU="));
    }

    #[test]
    fn what_is_no_value_of_its_column_is_a_problem_of_that_column() {
        let schema = Schema {
            tables: vec![schema_table("a", &[("count", ColumnType::Number)])],
            ..Default::default()
        };
        let metadata = table("a", &[("count", ColumnKind::Integer)]);
        let reader = RowReader::new(&TableFit::new(&schema, &metadata).unwrap());
        let (id, row) =
            reader.read(r#"{"aid":"a1b2c3d4-0000-0000-0000-000000000001","count":"secret"}"#).unwrap();
        assert_eq!(id, Uuid::from_u128(0xa1b2_c3d4_0000_0000_0000_0000_0000_0001));
        let mut pen = RecordPen::default();
        pen.begin(id);
        let told = reader.write(&row, &[], &mut pen);
        assert_eq!(told.problems[0].place.column.as_deref(), Some("count"));
        assert!(!told.problems[0].what.contains("secret"), "{}", told.problems[0].what);
        assert!(reader.read("[]").is_none() && reader.read(r#"{"count":1}"#).is_none());
    }
}
