//! Records that a file tells in parts: a table that schema and data list twice, each time with other columns.

use crate::LoadedTable;
use cmt::{Finding, Part, Record, Severity, Value};
use std::collections::HashMap;

/// Makes one record of those that have the same id and do not contradict each other, where the first of them
/// stands. A record that contradicts an earlier one stays on its own: the plan blocks it.
///
/// Brings the finding to tell, if any records were joined.
pub(crate) fn join_parts(table: &mut LoadedTable) -> Option<Finding> {
    let all = std::mem::take(&mut table.records);
    let before = all.len();
    let mut first_of = HashMap::new();
    for record in all {
        let first = *first_of.entry(record.id).or_insert(table.records.len());
        match table.records.get_mut(first) {
            Some(known) if !contradict(known, &record) => add_fields(known, record),
            _ => table.records.push(record),
        }
    }
    let joined = before - table.records.len();
    (joined > 0).then(|| finding(&table.name, joined))
}

/// Whether a column has one value here and another one there.
fn contradict(known: &Record, part: &Record) -> bool {
    part.fields.iter().any(|field| known.value(&field.column).is_some_and(|value| !same(value, &field.value)))
}

fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        // The name is only for people.
        (Value::Lookup(one), Value::Lookup(other)) => (one.id, &one.table) == (other.id, &other.table),
        (one, other) => one == other,
    }
}

fn add_fields(known: &mut Record, part: Record) {
    for field in part.fields {
        if known.value(&field.column).is_none() {
            known.fields.push(field);
        }
    }
}

fn finding(table: &str, joined: usize) -> Finding {
    Finding {
        severity: Severity::Warning,
        part: Part::Data,
        line: 0,
        column: 0,
        table: Some(table.to_owned()),
        record: None,
        text: format!(
            "{joined} <record> elements repeat the id of an earlier one and do not contradict it; each pair was \
             read as one record with the columns of both"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::join_parts;
    use crate::LoadedTable;
    use cmt::{Field, Lookup, Record, Severity, Value};
    use uuid::Uuid;

    fn text(column: &str, text: &str) -> Field {
        Field { column: column.into(), value: Value::Text(text.into()) }
    }

    fn lookup(name: &str) -> Field {
        let lookup = Lookup { id: Uuid::from_u128(9), table: "b".into(), name: Some(name.into()) };
        Field { column: "b".into(), value: Value::Lookup(lookup) }
    }

    fn record(id: u128, fields: Vec<Field>) -> Record {
        Record { id: Uuid::from_u128(id), fields }
    }

    #[test]
    fn parts_of_a_record_are_joined_where_the_first_stands() {
        let records = vec![
            record(1, vec![text("name", "one"), lookup("Nine")]),
            record(2, vec![text("name", "two")]),
            record(1, vec![text("name", "one"), lookup("9"), text("city", "Bern")]),
        ];
        let mut table = LoadedTable { name: "a".into(), records, ..Default::default() };
        let finding = join_parts(&mut table).unwrap();
        let joined = record(1, vec![text("name", "one"), lookup("Nine"), text("city", "Bern")]);
        assert_eq!(table.records, [joined, record(2, vec![text("name", "two")])]);
        assert_eq!((finding.severity, finding.table.as_deref()), (Severity::Warning, Some("a")));
        assert!(finding.text.starts_with("1 <record>"), "{}", finding.text);
    }

    #[test]
    fn a_record_that_contradicts_an_earlier_one_stays_as_it_is() {
        let records = vec![
            record(1, vec![text("name", "one")]),
            record(1, vec![text("name", "uno"), text("city", "Bern")]),
        ];
        let mut table = LoadedTable { records: records.clone(), ..Default::default() };
        assert_eq!(join_parts(&mut table), None);
        assert_eq!(table.records, records);
    }
}
