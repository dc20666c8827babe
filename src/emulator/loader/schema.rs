//! `data_schema.xml`.

use crate::LoadError;
use crate::xml::{Element, Elements, Step};

/// What the schema file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    /// Tables in file order.
    pub tables: Vec<SchemaTable>,
}

/// `<entity>`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SchemaTable {
    /// `name`
    pub name: String,
    /// `displayname`
    pub display_name: String,
    /// `primaryidfield`; empty where missing.
    pub primary_id: String,
    /// `primarynamefield`; empty where missing.
    pub primary_name: String,
    /// Columns in file order.
    pub columns: Vec<SchemaColumn>,
    /// Many-to-many relationships.
    pub links: Vec<SchemaLink>,
}

/// `<field>`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SchemaColumn {
    /// `name`
    pub name: String,
    /// `displayname`
    pub display_name: String,
    /// `type`
    pub cmt_type: String,
    /// `lookupType`, split.
    pub targets: Vec<String>,
}

/// `<relationship>`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SchemaLink {
    /// `relatedEntityName`: the intersect table.
    pub intersect: String,
    /// `m2mTargetEntity`
    pub target: String,
}

impl Schema {
    /// Reads the file.
    ///
    /// # Errors
    /// Not well-formed XML, or XML of another kind.
    pub fn read(bytes: &[u8]) -> Result<Schema, LoadError> {
        let mut elements = Elements::new(bytes, "data_schema.xml");
        let (mut schema, mut is_schema) = (Schema::default(), false);
        loop {
            match elements.next()? {
                Step::Start(element) if element.name == "records" => {
                    return Err(LoadError::NoSchema("it has records, as the data of a package"));
                }
                Step::Start(element) => {
                    is_schema |= element.name == "entities";
                    schema.take(&element);
                }
                Step::Done if is_schema => return Ok(schema),
                Step::Done => return Err(LoadError::NoSchema("it has no <entities>")),
                Step::End(_) | Step::Text(_) => {}
            }
        }
    }

    fn take(&mut self, element: &Element) {
        match (element.name.as_str(), self.tables.last_mut()) {
            ("entity", _) => self.tables.push(SchemaTable {
                name: element.text("name"),
                display_name: element.text("displayname"),
                primary_id: element.text("primaryidfield"),
                primary_name: element.text("primarynamefield"),
                ..SchemaTable::default()
            }),
            ("field", Some(table)) => table.columns.push(SchemaColumn {
                name: element.text("name"),
                display_name: element.text("displayname"),
                cmt_type: element.text("type"),
                targets: targets(element.get("lookupType").unwrap_or_default()),
            }),
            ("relationship", Some(table)) if element.get("manyToMany") != Some("false") => {
                let intersect = element.get("relatedEntityName").or(element.get("name")).unwrap_or_default();
                let target = element.text("m2mTargetEntity");
                table.links.push(SchemaLink { intersect: intersect.to_owned(), target });
            }
            _ => {}
        }
    }
}

fn targets(list: &str) -> Vec<String> {
    list.split('|').filter(|t| !t.is_empty() && *t != "*").map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_columns_targets_and_relationships_are_read() {
        let xml = br#"<entities >
  <entity name="adx_webpage" displayname="Web Page" etc="10001" primaryidfield="adx_webpageid" primarynamefield="adx_name" disableplugins="true">
    <fields>
      <field displayname="Id" name="adx_webpageid" type="guid" primaryKey="true" />
      <field displayname="Parent" name="parentcustomerid" type="entityreference" lookupType="account|contact" />
    </fields>
    <relationships>
      <relationship name="adx_pagetag_webpage" manyToMany="true" relatedEntityName="adx_pagetag_webpage" m2mTargetEntity="adx_pagetag" m2mTargetEntityPrimaryKey="adx_pagetagid" />
    </relationships>
    <filter>&lt;fetch&gt;&#10; &lt;/fetch&gt;</filter>
  </entity>
</entities>"#;
        let schema = Schema::read(xml).unwrap();
        let [table] = &schema.tables[..] else { panic!("one table") };
        assert_eq!((table.name.as_str(), table.primary_id.as_str()), ("adx_webpage", "adx_webpageid"));
        assert_eq!(table.columns[1].targets, ["account", "contact"]);
        assert_eq!(
            table.links,
            [SchemaLink { intersect: "adx_pagetag_webpage".into(), target: "adx_pagetag".into() }]
        );
    }

    #[test]
    fn files_of_another_kind_are_refused() {
        let data = b"<entities><entity name=\"a\"><records /></entity></entities>";
        for (bytes, reason) in [
            (&data[..], "it has records, as the data of a package"),
            (b"<html></html>", "it has no <entities>"),
            (b"", "it has no <entities>"),
        ] {
            assert!(
                matches!(Schema::read(bytes), Err(LoadError::NoSchema(found)) if found == reason),
                "{reason}"
            );
        }
        assert_eq!(Schema::read(b"<entities />").unwrap(), Schema::default());
    }

    #[test]
    fn broken_xml_is_an_error_with_its_place() {
        let error = Schema::read(b"<entities><entity name=\"a\"></entities>").unwrap_err();
        assert!(matches!(error, LoadError::Xml { file: "data_schema.xml", position: 1.., .. }), "{error}");
    }
}
