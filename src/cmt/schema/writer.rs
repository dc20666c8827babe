//! Writes `data_schema.xml` as the tool does: two spaces a level, CR LF, attributes in its order, flags only
//! where they are set, no line end at the end.

use crate::xml::escape::{push_attribute, push_text};
use crate::{Column, DateMode, Relationship, Schema, Table};

/// The bytes of `data_schema.xml`.
pub(crate) fn write(schema: &Schema) -> Vec<u8> {
    let mut xml = SchemaXml { out: Vec::new() };
    // The stray space is the tool's own.
    xml.out.extend_from_slice(if schema.declares_xsi { b"<entities" } else { b"<entities " });
    if schema.declares_xsi {
        xml.attribute("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance");
    }
    xml.attribute_if("dateMode", schema.date_mode.map(DateMode::name));
    xml.out.extend_from_slice(b">\r\n");
    for table in &schema.tables {
        xml.entity(table);
    }
    if !schema.import_order.is_empty() {
        xml.line(1, "<entityImportOrder>");
        for name in &schema.import_order {
            xml.text_element(2, "entityName", name);
        }
        xml.line(1, "</entityImportOrder>");
    }
    xml.out.extend_from_slice(b"</entities>");
    xml.out
}

struct SchemaXml {
    out: Vec<u8>,
}

impl SchemaXml {
    fn entity(&mut self, table: &Table) {
        self.open(1, "entity");
        self.attribute("name", &table.name);
        self.attribute("displayname", &table.display_name);
        self.attribute_if("etc", table.type_code.as_deref());
        self.attribute("primaryidfield", &table.primary_id);
        self.attribute("primarynamefield", &table.primary_name);
        self.attribute("disableplugins", if table.disable_plugins { "true" } else { "false" });
        let skip_update = table.skip_update || table.spelling.writes_skip_update;
        self.attribute_if("skipupdate", skip_update.then(|| table.skip_update.to_string()));
        self.flag("forcecreate", table.force_create);
        self.out.extend_from_slice(b">\r\n");
        self.line(2, "<fields>");
        for column in &table.columns {
            self.field(column);
        }
        self.line(2, "</fields>");
        if !(table.relationships.is_empty() && table.spelling.leaves_out_relationships) {
            self.relationships(&table.relationships);
        }
        if let Some(filter) = &table.filter {
            self.text_element(2, "filter", filter);
        }
        self.line(1, "</entity>");
    }

    fn field(&mut self, column: &Column) {
        self.open(3, "field");
        self.flag("updateCompare", column.update_compare);
        self.attribute("displayname", &column.display_name);
        self.attribute("name", &column.name);
        self.attribute("type", column.column_type.name());
        self.flag("primaryKey", column.primary_key);
        self.attribute_if(
            "lookupType",
            Some(column.lookup_targets.join("|")).filter(|targets| !targets.is_empty()),
        );
        self.flag("customfield", column.custom);
        self.attribute_if("dateMode", column.date_mode.map(DateMode::name));
        self.out.extend_from_slice(b" />\r\n");
    }

    fn relationships(&mut self, relationships: &[Relationship]) {
        if relationships.is_empty() {
            return self.line(2, "<relationships />");
        }
        self.line(2, "<relationships>");
        for relationship in relationships {
            self.open(3, "relationship");
            self.attribute("name", &relationship.name);
            self.attribute("manyToMany", "true");
            self.attribute_if("isreflexive", relationship.reflexive.map(|reflexive| reflexive.to_string()));
            self.attribute("relatedEntityName", &relationship.intersect_table);
            self.attribute("m2mTargetEntity", &relationship.target_table);
            self.attribute("m2mTargetEntityPrimaryKey", &relationship.target_primary_id);
            self.out.extend_from_slice(b" />\r\n");
        }
        self.line(2, "</relationships>");
    }

    fn indent(&mut self, level: usize) {
        self.out.extend(std::iter::repeat_n(b' ', 2 * level));
    }

    fn open(&mut self, level: usize, name: &str) {
        self.indent(level);
        self.out.push(b'<');
        self.out.extend_from_slice(name.as_bytes());
    }

    fn line(&mut self, level: usize, markup: &str) {
        self.indent(level);
        self.out.extend_from_slice(markup.as_bytes());
        self.out.extend_from_slice(b"\r\n");
    }

    fn text_element(&mut self, level: usize, name: &str, text: &str) {
        self.open(level, name);
        self.out.push(b'>');
        push_text(&mut self.out, text);
        self.out.extend_from_slice(format!("</{name}>\r\n").as_bytes());
    }

    fn attribute(&mut self, name: &str, value: &str) {
        push_attribute(&mut self.out, name, value);
    }

    fn attribute_if(&mut self, name: &str, value: Option<impl AsRef<str>>) {
        if let Some(value) = value {
            self.attribute(name, value.as_ref());
        }
    }

    fn flag(&mut self, name: &str, set: bool) {
        if set {
            self.attribute(name, "true");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PORTAL_BLANK: &[u8] = include_bytes!("../../../schemas/portal-blank.xml");

    #[test]
    fn the_ready_made_portal_schema_is_read_without_remark_and_written_as_it_stands() {
        let (schema, findings) = Schema::parse(PORTAL_BLANK).unwrap();
        assert_eq!(findings, []);
        assert_eq!(
            String::from_utf8(write(&schema)).unwrap(),
            String::from_utf8(PORTAL_BLANK.to_vec()).unwrap()
        );
    }

    #[test]
    fn the_ready_made_portal_schema_matches_by_key_and_bypasses_plugins() {
        let (schema, _) = Schema::parse(PORTAL_BLANK).unwrap();
        assert_eq!(schema.tables.len(), 34);
        for table in &schema.tables {
            let compared: Vec<&str> =
                table.columns.iter().filter(|c| c.update_compare).map(|c| c.name.as_str()).collect();
            assert_eq!(compared, [table.primary_id.as_str()], "{}", table.name);
            assert!(table.disable_plugins && table.column(&table.primary_name).is_some(), "{}", table.name);
        }
    }

    /// What a lookup or link of the schema points to is in the schema: a site moves whole.
    #[test]
    fn the_ready_made_portal_schema_is_closed() {
        let (schema, _) = Schema::parse(PORTAL_BLANK).unwrap();
        for table in &schema.tables {
            let lookups = table.columns.iter().flat_map(|column| &column.lookup_targets);
            let links = table.relationships.iter().map(|relationship| &relationship.target_table);
            for target in lookups.chain(links) {
                assert!(schema.table(target).is_some(), "{} points to {target}", table.name);
            }
        }
        let notes = schema.table("annotation").and_then(|notes| notes.filter.as_deref()).unwrap();
        assert!(notes.starts_with("<fetch>\n") && notes.contains("to=\"objectid\""), "{notes}");
    }

    #[test]
    fn every_property_of_a_schema_survives() {
        let xml = b"<entities  dateMode=\"relativeDaily\">\r\n  \
            <entity name=\"a\" displayname=\"A &lt;&quot;&amp;'\" primaryidfield=\"aid\" primarynamefield=\"\" disableplugins=\"false\" skipupdate=\"true\" forcecreate=\"true\">\r\n    \
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
