//! First comparison: what was imported against what was exported, both as the file crate reads them.

use crate::difference::{Difference, Excused, WRITTEN_AS_CREATED};
use cmt::{Field, Party, Record, Value};
use migration::LoadedPackage;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// What of `imported` is not in `exported`.
#[must_use]
pub fn compare(imported: &LoadedPackage, exported: &LoadedPackage, excused: &Excused) -> Vec<Difference> {
    let mut found = Vec::new();
    for table in &imported.tables {
        let rows = records_of(exported, &table.name);
        for record in table.records.iter().filter(|r| !excused.record(&table.name, r.id)) {
            compare_record(
                &table.name,
                record,
                rows.get(&excused.target_id(&table.name, record.id)).copied(),
                excused,
                &mut found,
            );
            found.extend(other_contents(imported, exported, &table.name, record, excused));
        }
    }
    found.extend(missing_links(imported, exported, excused));
    found
}

/// Files of the record that came out with another content, or none.
fn other_contents(
    imported: &LoadedPackage,
    exported: &LoadedPackage,
    table: &str,
    record: &Record,
    excused: &Excused,
) -> Vec<Difference> {
    let id = excused.target_id(table, record.id);
    let row = exported.table(table).and_then(|t| t.records.iter().find(|r| r.id == id));
    let content = |package: &LoadedPackage, value: Option<&Value>| match value {
        Some(Value::File(file)) => package.files.content(file.id).ok().flatten(),
        _ => None,
    };
    let fields = record.fields.iter().filter(|f| !excused.column(table, record.id, &f.column));
    let others = fields.filter(|field| {
        let went_in = content(imported, Some(&field.value));
        went_in.is_some() && went_in != content(exported, row.and_then(|row| row.value(&field.column)))
    });
    let what = |field: &Field| format!("the file of {} was not exported as it is", field.column);
    others.map(|field| Difference { table: table.to_owned(), record: record.id, what: what(field) }).collect()
}

fn records_of<'p>(package: &'p LoadedPackage, table: &str) -> HashMap<Uuid, &'p Record> {
    package.table(table).iter().flat_map(|t| &t.records).map(|r| (r.id, r)).collect()
}

fn compare_record(
    table: &str,
    record: &Record,
    row: Option<&Record>,
    excused: &Excused,
    found: &mut Vec<Difference>,
) {
    let difference = |what: String| Difference { table: table.to_owned(), record: record.id, what };
    let Some(row) = row else {
        found.push(difference("the record was not exported".to_owned()));
        return;
    };
    // A row that was there already keeps its own id, in its key too.
    let is_own_key =
        |f: &&Field| f.value == Value::Id(record.id) && row.value(&f.column) == Some(&Value::Id(row.id));
    let fields = record.fields.iter().filter(|f| !excused.column(table, record.id, &f.column));
    for field in fields.filter(|f| !is_own_key(f)) {
        if let Some(what) = field_difference(field, row, excused) {
            found.push(difference(format!("exported {} {what}", field.column)));
        }
    }
}

fn field_difference(field: &Field, row: &Record, excused: &Excused) -> Option<String> {
    if field.column == WRITTEN_AS_CREATED {
        // Exported only if the schema has that column; the target's rows are compared in any case.
        let created = row.value("createdon")?;
        return (!same(&field.value, created, excused)).then(|| "did not become createdon".to_owned());
    }
    match row.value(&field.column) {
        Some(value) => (!same(&field.value, value, excused)).then(|| "has another value".to_owned()),
        None if is_empty(&field.value) => None,
        None => Some("has no value".to_owned()),
    }
}

/// The service keeps empty text as no value.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Text(text) | Value::Image(text) => text.is_empty(),
        Value::Choices(choices) => choices.is_empty(),
        Value::Parties(parties) => parties.is_empty(),
        _ => false,
    }
}

fn same(left: &Value, right: &Value, excused: &Excused) -> bool {
    match (left, right) {
        (Value::DateTime(left), Value::DateTime(right)) => {
            // The service keeps whole seconds.
            let second = |at: time::PrimitiveDateTime| at.replace_nanosecond(0).ok();
            second(left.at) == second(right.at)
        }
        (Value::Decimal(left), Value::Decimal(right)) => digits(left) == digits(right),
        (Value::Choices(left), Value::Choices(right)) => {
            left.iter().collect::<BTreeSet<_>>() == right.iter().collect::<BTreeSet<_>>()
        }
        (Value::Lookup(left), Value::Lookup(right)) => {
            left.table == right.table && excused.target_id(&left.table, left.id) == right.id
        }
        // A file in another environment has another id.
        (Value::File(left), Value::File(right)) => left.file_name == right.file_name,
        (Value::Parties(left), Value::Parties(right)) => {
            participants(left, |table, id| excused.target_id(table, id)) == participants(right, |_, id| id)
        }
        (left, right) => left == right,
    }
}

/// Who takes part as what, in whatever order: the service gives parties ids of its own, and writes down the address
/// that a row has at the moment.
fn participants(parties: &[Party], id_of: impl Fn(&str, Uuid) -> Uuid) -> Vec<String> {
    let value = |party: &Party, column: &str| {
        let field = party.fields.iter().find(|field| field.column == column)?;
        Some(match &field.value {
            Value::Lookup(row) => format!("{} {}", row.table, id_of(&row.table, row.id)),
            other => other.literal(),
        })
    };
    let who = |party: &Party| value(party, "partyid").or_else(|| value(party, "addressused"));
    let mut all: Vec<String> = parties
        .iter()
        .map(|party| format!("{:?} as {:?}", who(party), value(party, "participationtypemask")))
        .collect();
    all.sort();
    all
}

/// A decimal number without the zeros that say nothing: sign, digits before and after the point.
fn digits(number: &str) -> (bool, &str, &str) {
    let (negative, number) = number.strip_prefix('-').map_or((false, number), |n| (true, n));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    (negative && !(whole.is_empty() && fraction.is_empty()), whole, fraction)
}

type Pairs = BTreeSet<(String, Uuid, Uuid)>;

fn missing_links(imported: &LoadedPackage, exported: &LoadedPackage, excused: &Excused) -> Vec<Difference> {
    let there = pairs(exported, |_, id| id);
    let wanted = pairs(imported, |table, id| excused.target_id(table, id));
    let missing = wanted.into_iter().filter(|(name, source, target)| {
        !excused.link(name, *source, *target) && !there.contains(&(name.clone(), *source, *target))
    });
    let what = |target| format!("the link to {target} was not exported");
    missing.map(|(table, record, target)| Difference { table, record, what: what(target) }).collect()
}

fn pairs(package: &LoadedPackage, id_of: impl Fn(&str, Uuid) -> Uuid) -> Pairs {
    let mut pairs = Pairs::new();
    for table in &package.tables {
        for set in &table.links {
            for target in &set.targets {
                let (source, target) = (id_of(&table.name, set.source), id_of(&set.target_table, *target));
                pairs.insert((set.relationship.clone(), source, target));
            }
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::{compare, same};
    use crate::difference::Excused;
    use cmt::{Field, LinkSet, Lookup, Record, Value};
    use migration::{LoadedPackage, LoadedTable};
    use uuid::Uuid;

    fn package(fields: &[(&str, Value)], targets: &[u128]) -> LoadedPackage {
        let fields =
            fields.iter().map(|(column, value)| Field { column: (*column).into(), value: value.clone() });
        let record = Record { id: Uuid::from_u128(1), fields: fields.collect() };
        let links = LinkSet {
            relationship: "a_b".into(),
            source: record.id,
            target_table: "b".into(),
            target_primary_id: "bid".into(),
            targets: targets.iter().map(|n| Uuid::from_u128(*n)).collect(),
        };
        let table =
            LoadedTable { name: "a".into(), records: vec![record], links: vec![links], ..Default::default() };
        LoadedPackage { tables: vec![table], ..Default::default() }
    }

    fn text(text: &str) -> Value {
        Value::Text(text.into())
    }

    fn lookup(id: u128) -> Value {
        Value::Lookup(Lookup { id: Uuid::from_u128(id), table: "b".into(), name: None })
    }

    #[test]
    fn values_are_the_same_when_the_service_keeps_them_as_the_same() {
        let cases = [
            (Value::Decimal("1.5000".into()), Value::Decimal("1.5".into()), true),
            (Value::Decimal("-0.0".into()), Value::Decimal("0".into()), true),
            (Value::Decimal("-1".into()), Value::Decimal("1".into()), false),
            (Value::Decimal("10".into()), Value::Decimal("1".into()), false),
            (Value::Choices(vec![2, 1]), Value::Choices(vec![1, 2]), true),
            (Value::Choices(vec![1]), Value::Choices(vec![1, 2]), false),
            (text("a"), text("a "), false),
            (lookup(1), lookup(1), true),
            (lookup(1), lookup(2), false),
            (Value::Number(1), Value::Choice(1), false),
        ];
        for (left, right, expected) in cases {
            assert_eq!(same(&left, &right, &Excused::default()), expected, "{left:?} {right:?}");
        }
    }

    #[test]
    fn every_loss_is_found_and_only_what_is_excused_is_passed_over() {
        let imported = package(
            &[("name", text("n")), ("empty", text("")), ("b", lookup(7)), ("createdon", text("t"))],
            &[8, 9],
        );
        assert_eq!(compare(&imported, &imported, &Excused::default()), []);
        let exported = package(&[("name", text("m")), ("createdon", text("u"))], &[8]);
        let mut excused = Excused::default();
        excused.not_writable.entry("a".into()).or_default().insert("createdon".into());
        let found: Vec<String> =
            compare(&imported, &exported, &excused).into_iter().map(|d| d.what).collect();
        let lost = Uuid::from_u128(9);
        let expected = [
            "exported name has another value",
            "exported b has no value",
            &format!("the link to {lost} was not exported"),
        ];
        assert_eq!(found, expected);
        excused.lookups.insert(("a".into(), Uuid::from_u128(1), "b".into()));
        excused.links.insert(("a_b".into(), Uuid::from_u128(1), lost));
        assert_eq!(compare(&imported, &exported, &excused).len(), 1);
        assert_eq!(
            compare(&imported, &LoadedPackage::default(), &excused)[0].what,
            "the record was not exported"
        );
    }
}
