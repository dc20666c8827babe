//! Second comparison: the target's own rows against the package as the emulator's loader reads it. Nothing of
//! the file crate, the client or the engines takes part, so a mistake made on both ways cannot cancel out.

use crate::difference::{Difference, Excused, WRITTEN_AS_CREATED};
use dataverse_emulator::loader::{DataField, DataLink, DataRecord, DataTable, Package};
use dataverse_emulator::{Cell, Environment, LoadError, Table};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What of the package is not in the environment's rows.
#[must_use]
pub fn compare(package: &Package, environment: &Environment, excused: &Excused) -> Vec<Difference> {
    let mut found = Vec::new();
    for data in &package.data.tables {
        for record in data.records.iter().filter(|r| !excused.record(&data.name, r.id)) {
            let differences = record_differences(package, environment, &data.name, record, excused);
            let place = |what| Difference { table: data.name.clone(), record: record.id, what };
            found.extend(differences.into_iter().map(place));
        }
    }
    found.extend(missing_links(package, environment, excused));
    found
}

fn record_differences(
    package: &Package,
    environment: &Environment,
    table: &str,
    record: &DataRecord,
    excused: &Excused,
) -> Vec<String> {
    let Some(metadata) = environment.table(table) else {
        return vec!["the table is not in the target".to_owned()];
    };
    let id = excused.target_id(table, record.id);
    let Some(row) = environment.row(table, id) else {
        return vec!["the row is not in the target".to_owned()];
    };
    let fields = record.fields.iter().filter(|f| !excused.column(table, record.id, &f.column));
    let compared = fields.filter_map(|field| {
        if !field.parties.is_empty() {
            let moved = parties_of(field, excused) == parties_in(environment, id, field);
            return (!moved).then(|| format!("{} has other parties than the package says", field.column));
        }
        if let Some(file) = field.file_name.as_ref() {
            let content = Uuid::try_parse(&field.text).ok().and_then(|file| package.files.get(&file));
            let there = environment.file(table, id, &field.column);
            let name = row.cell(&format!("{}_name", field.column)).cloned().unwrap_or_default();
            let moved = content.map(Vec::as_slice) == there && name == Cell::Text(file.clone());
            return (!moved).then(|| format!("the file of {} is not the package's", field.column));
        }
        let kept_in = if field.column == WRITTEN_AS_CREATED { "createdon" } else { &field.column };
        let cell = row.cell(kept_in).cloned().unwrap_or_default();
        match expected(package, metadata, record, field, kept_in, excused) {
            Ok(expected) => (expected != cell)
                .then(|| format!("{kept_in} of the row is not the package's {}", field.column)),
            Err(error) => Some(error.to_string()),
        }
    });
    compared.collect()
}

/// Who is in a list of the package, in the target's ids.
fn parties_of(field: &DataField, excused: &Excused) -> Vec<(Option<Uuid>, String)> {
    let text = |party: &DataRecord, column: &str| {
        party.fields.iter().find(|f| f.column == column).map(|f| f.text.clone()).unwrap_or_default()
    };
    let who = |party: &DataRecord| {
        let field = party.fields.iter().find(|f| f.column == "partyid")?;
        let id = Uuid::try_parse(&field.text).ok()?;
        Some(excused.target_id(field.target.as_deref().unwrap_or_default(), id))
    };
    let mut all: Vec<_> =
        field.parties.iter().map(|party| (who(party), text(party, "participationtypemask"))).collect();
    all.sort();
    all
}

/// Who takes part in the activity in the roles of that list.
fn parties_in(environment: &Environment, activity: Uuid, list: &DataField) -> Vec<(Option<Uuid>, String)> {
    let roles: BTreeSet<String> =
        parties_of(list, &Excused::default()).into_iter().map(|(_, role)| role).collect();
    let mut all = Vec::new();
    for row in environment.rows("activityparty") {
        let of_activity = matches!(row.cell("activityid"), Some(Cell::Lookup { id, .. }) if *id == activity);
        let who = match row.cell("partyid") {
            Some(Cell::Lookup { id, .. }) => Some(*id),
            _ => None,
        };
        let Some(Cell::Integer(role)) = row.cell("participationtypemask") else { continue };
        if of_activity && roles.contains(&role.to_string()) {
            all.push((who, role.to_string()));
        }
    }
    all.sort();
    all
}

/// What the loader reads from a field, as the column keeps it.
fn expected(
    package: &Package,
    metadata: &Table,
    record: &DataRecord,
    field: &DataField,
    kept_in: &str,
    excused: &Excused,
) -> Result<Cell, LoadError> {
    let no_column = || LoadError::Value {
        table: metadata.name.clone(),
        record: record.id.to_string(),
        column: kept_in.to_owned(),
        reason: "there is no such column".to_owned(),
    };
    let column = metadata.column(kept_in).ok_or_else(no_column)?;
    let cell = package.cell(&metadata.name, record, column, field)?;
    Ok(match cell {
        Cell::Id(id) if column.name == metadata.primary_id => Cell::Id(excused.target_id(&metadata.name, id)),
        Cell::Lookup { table, id } => Cell::Lookup { id: excused.target_id(&table, id), table },
        cell => cell,
    })
}

fn missing_links(package: &Package, environment: &Environment, excused: &Excused) -> Vec<Difference> {
    let mut found = Vec::new();
    for data in &package.data.tables {
        for link in &data.links {
            let there: BTreeSet<(Uuid, Uuid)> = environment.links(&link.intersect).into_iter().collect();
            for target in link.targets.iter().filter(|t| !excused.link(&link.intersect, link.source, **t)) {
                if !is_linked(environment, &there, data, link, *target, excused) {
                    let what = format!("the link to {target} is not in the target");
                    found.push(Difference { table: link.intersect.clone(), record: link.source, what });
                }
            }
        }
    }
    found
}

/// Whether a pair is linked, seen from the side that the relationship has the declaring table on. Which side
/// of a relationship of a table with itself the file declares is not known: either will do.
fn is_linked(
    environment: &Environment,
    there: &BTreeSet<(Uuid, Uuid)>,
    data: &DataTable,
    link: &DataLink,
    target: Uuid,
    excused: &Excused,
) -> bool {
    let Some(relationship) = environment.relationship(&link.intersect) else { return false };
    let (source, target) =
        (excused.target_id(&data.name, link.source), excused.target_id(&link.target_table, target));
    let forward = relationship.first.table == data.name && there.contains(&(source, target));
    let backward = relationship.second.table == data.name && there.contains(&(target, source));
    forward || backward
}

#[cfg(test)]
mod tests {
    use super::compare;
    use crate::difference::Excused;
    use dataverse_emulator::Environment;
    use dataverse_emulator::loader::{Data, Package, Schema};
    use uuid::Uuid;

    const SCHEMA: &str = r#"<entities><entity name="a" displayname="A" primaryidfield="aid" primarynamefield="name">
        <fields><field displayname="Id" name="aid" type="guid" primaryKey="true"/><field displayname="N" name="name" type="string"/>
        <field displayname="B" name="b" type="entityreference" lookupType="b"/><field displayname="C" name="createdon" type="datetime"/>
        <field displayname="O" name="overriddencreatedon" type="datetime"/></fields>
        <relationships><relationship name="a_b" manyToMany="true" relatedEntityName="a_b" m2mTargetEntity="b" m2mTargetEntityPrimaryKey="bid"/>
        </relationships></entity><entity name="b" displayname="B" primaryidfield="bid" primarynamefield="name">
        <fields><field displayname="Id" name="bid" type="guid" primaryKey="true"/></fields></entity></entities>"#;

    /// A record of `a` with these fields, linked to the second row of `b`.
    fn data(id: u128, fields: &str, linked: u128) -> String {
        let (id, linked) = (Uuid::from_u128(id), Uuid::from_u128(linked));
        format!(
            r#"<entities timestamp="2024-01-01T00:00:00.0000000Z"><entity name="a" displayname="A"><records><record id="{id}">{fields}</record></records>
            <m2mrelationships><m2mrelationship sourceid="{id}" targetentityname="b" targetentitynameidfield="bid" m2mrelationshipname="a_b">
            <targetids><targetid>{linked}</targetid></targetids></m2mrelationship></m2mrelationships></entity>
            <entity name="b" displayname="B"><records><record id="{}"/><record id="{}"/></records></entity></entities>"#,
            Uuid::from_u128(11),
            Uuid::from_u128(12)
        )
    }

    fn lookup(to: u128) -> String {
        format!(r#"<field name="b" value="{}" lookupentity="b" lookupentityname=""/>"#, Uuid::from_u128(to))
    }

    fn found(held: &str, wanted: &str) -> Vec<String> {
        let builder = Environment::builder("T").tables_xml(SCHEMA.as_bytes()).data_xml(held.as_bytes());
        let environment = builder.build().unwrap();
        let package =
            Package::new(Schema::read(SCHEMA.as_bytes()).unwrap(), Data::read(wanted.as_bytes()).unwrap());
        compare(&package, &environment, &Excused::default()).into_iter().map(|d| d.what).collect()
    }

    #[test]
    fn what_a_package_says_is_found_in_the_rows_it_was_loaded_into() {
        let data = data(1, &format!(r#"<field name="name" value="&amp;lt;b&amp;gt;"/>{}"#, lookup(12)), 12);
        assert_eq!(found(&data, &data), [""; 0]);
    }

    #[test]
    fn every_value_lookup_link_and_row_that_differs_is_found() {
        let name = |text: &str| format!(r#"<field name="name" value="{text}"/>"#);
        let held = data(1, &format!("{}{}", name("one"), lookup(11)), 11);
        let name_differs = "name of the row is not the package's name";
        let link = format!("the link to {} is not in the target", Uuid::from_u128(12));
        let cases = [
            (data(1, &name("two"), 11), vec![name_differs.to_owned()]),
            (data(1, &name("one "), 11), vec![name_differs.to_owned()]),
            (data(1, &lookup(12), 11), vec!["b of the row is not the package's b".to_owned()]),
            (data(1, "", 12), vec![link]),
            (
                data(2, "", 11),
                vec![
                    "the row is not in the target".to_owned(),
                    format!("the link to {} is not in the target", Uuid::from_u128(11)),
                ],
            ),
        ];
        for (wanted, expected) in cases {
            assert_eq!(found(&held, &wanted), expected, "{wanted}");
        }
    }

    #[test]
    fn the_time_of_creation_is_where_the_service_keeps_it() {
        let field =
            |column: &str| format!(r#"<field name="{column}" value="2020-05-06T07:08:09.0000000Z"/>"#);
        let held = data(1, &field("createdon"), 11);
        assert_eq!(found(&held, &data(1, &field("overriddencreatedon"), 11)), [""; 0]);
        let held = data(1, "", 11);
        assert_eq!(
            found(&held, &data(1, &field("overriddencreatedon"), 11)),
            ["createdon of the row is not the package's overriddencreatedon"]
        );
    }
}
