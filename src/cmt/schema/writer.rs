//! Writes `data_schema.xml` as the tool does (two spaces a level, CR LF, attributes in its order, flags only
//! where they are set, no line end at the end), or as it was written before.

use crate::form::{Attribute, Conventions, EventForm, Pen};
use crate::schema::form::{Node, SchemaForm, Step, TextNode, usual_steps};
use crate::{Column, DateMode, Relationship, Schema, Table};

/// The bytes of `data_schema.xml`.
pub(crate) fn write(schema: &Schema) -> Vec<u8> {
    let form = SchemaForm { conventions: Conventions::of_schemas(), steps: usual_steps(schema) };
    write_as(schema, &form)
}

/// The bytes of `data_schema.xml` in the form of the file that the schema was read from.
pub(crate) fn write_as(schema: &Schema, form: &SchemaForm) -> Vec<u8> {
    let mut pen = Pen::with(form.conventions.clone());
    pen.prologue();
    for (step, form) in &form.steps {
        match step {
            Step::Start(node) => start(&mut pen, *node, schema, form.as_ref()),
            Step::End(node) => {
                pen.gap(form.as_ref(), node.level());
                pen.close(form.as_ref(), node.element(schema).trim_end());
            }
            Step::Text(node) => text(&mut pen, *node, schema, form.as_ref()),
        }
    }
    pen.epilogue();
    pen.out
}

fn start(pen: &mut Pen, node: Node, schema: &Schema, form: Option<&EventForm>) {
    if node != Node::Root {
        pen.gap(form, node.level());
    }
    let (name, attributes, empty) = start_tag(node, schema);
    pen.open(form, name, &attributes, empty);
}

fn text(pen: &mut Pen, node: TextNode, schema: &Schema, form: Option<&EventForm>) {
    pen.gap(form, TextNode::LEVEL);
    if pen.open(form, node.element(), &[], false) {
        pen.text(form, node.text(schema));
        pen.close(form, node.element());
    }
}

/// A start tag as we would write it: its name, its attributes, whether it is an empty element.
pub(crate) fn start_tag(node: Node, schema: &Schema) -> (&'static str, Vec<Attribute<'_>>, bool) {
    let table = |number: usize| schema.tables.get(number);
    let (attributes, empty) = match node {
        Node::Root => (root_attributes(schema), false),
        Node::Table(number) => (table(number).map(table_attributes).unwrap_or_default(), false),
        Node::Columns | Node::ImportOrder => (Vec::new(), false),
        Node::Column(number, column) => {
            let column = table(number).and_then(|table| table.columns.get(column));
            (column.map(column_attributes).unwrap_or_default(), true)
        }
        Node::Relationships(number) => {
            (Vec::new(), table(number).is_some_and(|table| table.relationships.is_empty()))
        }
        Node::Relationship(number, other) => {
            let relationship = table(number).and_then(|table| table.relationships.get(other));
            (relationship.map(relationship_attributes).unwrap_or_default(), true)
        }
    };
    (node.element(schema), attributes, empty)
}

pub(super) fn root_attributes(schema: &Schema) -> Vec<Attribute<'_>> {
    let xsi = ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance".into());
    let mut attributes: Vec<Attribute<'_>> = Vec::from_iter(schema.declares_xsi.then_some(xsi));
    attributes.extend(date_mode(schema.date_mode));
    attributes
}

pub(super) fn table_attributes(table: &Table) -> Vec<Attribute<'_>> {
    let mut attributes: Vec<Attribute<'_>> =
        vec![("name", table.name.as_str().into()), ("displayname", table.display_name.as_str().into())];
    attributes.extend(table.type_code.as_deref().map(|code| ("etc", code.into())));
    attributes.push(("primaryidfield", table.primary_id.as_str().into()));
    attributes.push(("primarynamefield", table.primary_name.as_str().into()));
    attributes.push(("disableplugins", flag(table.disable_plugins).into()));
    if table.skip_update || table.spelling.writes_skip_update {
        attributes.push(("skipupdate", flag(table.skip_update).into()));
    }
    attributes.extend(set("forcecreate", table.force_create));
    attributes
}

pub(super) fn column_attributes(column: &Column) -> Vec<Attribute<'_>> {
    let mut attributes = Vec::from_iter(set("updateCompare", column.update_compare));
    attributes.push(("displayname", column.display_name.as_str().into()));
    attributes.push(("name", column.name.as_str().into()));
    attributes.push(("type", column.column_type.name().into()));
    attributes.extend(set("primaryKey", column.primary_key));
    if !column.lookup_targets.is_empty() {
        attributes.push(("lookupType", column.lookup_targets.join("|").into()));
    }
    attributes.extend(set("customfield", column.custom));
    attributes.extend(date_mode(column.date_mode));
    attributes
}

pub(super) fn relationship_attributes(relationship: &Relationship) -> Vec<Attribute<'_>> {
    let mut attributes: Vec<Attribute<'_>> =
        vec![("name", relationship.name.as_str().into()), ("manyToMany", "true".into())];
    attributes.extend(relationship.reflexive.map(|reflexive| ("isreflexive", flag(reflexive).into())));
    attributes.push(("relatedEntityName", relationship.intersect_table.as_str().into()));
    attributes.push(("m2mTargetEntity", relationship.target_table.as_str().into()));
    attributes.push(("m2mTargetEntityPrimaryKey", relationship.target_primary_id.as_str().into()));
    attributes
}

fn date_mode(mode: Option<DateMode>) -> Option<Attribute<'static>> {
    mode.map(|mode| ("dateMode", mode.name().into()))
}

fn flag(set: bool) -> &'static str {
    if set { "true" } else { "false" }
}

/// A flag that is left out where it is not set.
fn set(name: &'static str, set: bool) -> Option<Attribute<'static>> {
    set.then(|| (name, "true".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ready-made schemas, with their file names.
    fn ready_made() -> Vec<(String, Vec<u8>)> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../schemas");
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let schemas = files.filter(|file| file.extension().is_some_and(|extension| extension == "xml"));
        let read = |file: std::path::PathBuf| (file.display().to_string(), std::fs::read(&file).unwrap());
        let schemas: Vec<_> = schemas.map(read).collect();
        assert!(!schemas.is_empty(), "there is no schema in {folder}");
        schemas
    }

    #[test]
    fn the_ready_made_schemas_are_read_without_remark_and_written_as_they_stand() {
        for (file, text) in ready_made() {
            let (schema, findings) = Schema::parse(&text).unwrap();
            assert_eq!(findings, [], "{file}");
            assert_eq!(String::from_utf8(write(&schema)), String::from_utf8(text), "{file}");
        }
    }

    #[test]
    fn the_ready_made_schemas_match_by_key_and_bypass_plugins() {
        for (file, text) in ready_made() {
            let (schema, _) = Schema::parse(&text).unwrap();
            assert!(schema.tables.len() >= 34, "{file}");
            for table in &schema.tables {
                let compared = table.columns.iter().filter(|column| column.update_compare);
                let compared: Vec<&str> = compared.map(|column| column.name.as_str()).collect();
                assert_eq!(compared, [table.primary_id.as_str()], "{file}: {}", table.name);
                let is_named = table.column(&table.primary_name).is_some();
                assert!(table.disable_plugins && is_named, "{file}: {}", table.name);
            }
        }
    }

    /// What a lookup or link of a schema points to is in the schema: a site moves whole.
    #[test]
    fn the_ready_made_schemas_are_closed() {
        for (file, text) in ready_made() {
            let (schema, _) = Schema::parse(&text).unwrap();
            for table in &schema.tables {
                let lookups = table.columns.iter().flat_map(|column| &column.lookup_targets);
                let links = table.relationships.iter().map(|relationship| &relationship.target_table);
                for target in lookups.chain(links) {
                    assert!(schema.table(target).is_some(), "{file}: {} points to {target}", table.name);
                }
            }
            let notes = schema.table("annotation").and_then(|notes| notes.filter.as_deref()).unwrap();
            assert!(notes.starts_with("<fetch>\n") && notes.contains("to=\"objectid\""), "{notes}");
        }
    }

    #[test]
    fn every_property_of_a_schema_survives() {
        let xml = b"<entities  dateMode=\"relativeDaily\">\r\n  \
            <entity name=\"a\" displayname=\"A &lt;&quot;&amp;'\" etc=\"7\" primaryidfield=\"aid\" primarynamefield=\"\" disableplugins=\"false\" skipupdate=\"true\" forcecreate=\"true\">\r\n    \
            <fields>\r\n      \
            <field updateCompare=\"true\" displayname=\"A\" name=\"aid\" type=\"guid\" primaryKey=\"true\" />\r\n      \
            <field displayname=\"P\" name=\"p\" type=\"entityreference\" lookupType=\"b|c\" customfield=\"true\" />\r\n      \
            <field displayname=\"D\" name=\"d\" type=\"datetime\" dateMode=\"absolute\" />\r\n      \
            <field displayname=\"U\" name=\"u\" type=\"Unknown\" />\r\n    \
            </fields>\r\n    \
            <relationships>\r\n      \
            <relationship name=\"a_a\" manyToMany=\"true\" isreflexive=\"true\" relatedEntityName=\"a_a\" m2mTargetEntity=\"a\" m2mTargetEntityPrimaryKey=\"aid\" />\r\n      \
            <relationship name=\"a_b\" manyToMany=\"true\" relatedEntityName=\"a_b\" m2mTargetEntity=\"b\" m2mTargetEntityPrimaryKey=\"bid\" />\r\n    \
            </relationships>\r\n    \
            <filter>&lt;fetch&gt;\r\n  &lt;a v=\"1\" /&gt;&lt;/fetch&gt;</filter>\r\n  \
            </entity>\r\n  \
            <entityImportOrder>\r\n    <entityName>a</entityName>\r\n  </entityImportOrder>\r\n\
            </entities>";
        let (schema, findings) = Schema::parse(xml).unwrap();
        assert_eq!(findings, []);
        assert_eq!(String::from_utf8(write(&schema)).unwrap(), String::from_utf8(xml.to_vec()).unwrap());
    }
}
