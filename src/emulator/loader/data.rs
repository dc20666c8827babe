//! `data.xml`.

use crate::LoadError;
use crate::xml::{Element, Elements, Step};
use uuid::Uuid;

/// What the data file says. Values are as written, only XML-unescaped: what they mean depends on their column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Data {
    /// `timestamp`, as written.
    pub timestamp: Option<String>,
    /// Tables in file order; a table can come twice.
    pub tables: Vec<DataTable>,
}

/// `<entity>`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataTable {
    /// `name`
    pub name: String,
    /// Its records.
    pub records: Vec<DataRecord>,
    /// Its links.
    pub links: Vec<DataLink>,
}

/// `<record>` or `<activitypointerrecords>`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataRecord {
    /// `id`; nil where it is no id.
    pub id: Uuid,
    /// Its fields.
    pub fields: Vec<DataField>,
}

/// `<field>`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataField {
    /// `name`
    pub column: String,
    /// `value`
    pub text: String,
    /// `lookupentity`
    pub target: Option<String>,
    /// `lookupentityname`
    pub target_name: Option<String>,
    /// `filename` of a file.
    pub file_name: Option<String>,
    /// Parties of an activity.
    pub parties: Vec<DataRecord>,
}

/// `<m2mrelationship>`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataLink {
    /// `m2mrelationshipname`: the intersect table.
    pub intersect: String,
    /// `sourceid`
    pub source: Uuid,
    /// `targetentityname`
    pub target_table: String,
    /// `targetid`s
    pub targets: Vec<Uuid>,
}

impl Data {
    /// Reads the file.
    ///
    /// # Errors
    /// Not well-formed XML.
    pub fn read(bytes: &[u8]) -> Result<Data, LoadError> {
        let mut elements = Elements::new(bytes, "data.xml");
        let mut reading = Reading::default();
        loop {
            match elements.next()? {
                Step::Start(element) => reading.take(&element),
                Step::Text(text) => reading.take_text(&text),
                Step::End(name) => reading.close(&name),
                Step::Done => return Ok(reading.data),
            }
        }
    }
}

/// What is read so far, and inside of what the reader stands.
#[derive(Default)]
struct Reading {
    data: Data,
    in_target: bool,
    in_party: bool,
}

impl Reading {
    fn take(&mut self, element: &Element) {
        self.in_target = element.name == "targetid";
        match element.name.as_str() {
            "entities" => self.data.timestamp = element.get("timestamp").map(str::to_owned),
            "entity" => {
                self.data.tables.push(DataTable { name: element.text("name"), ..DataTable::default() });
            }
            "record" => {
                if let Some(table) = self.data.tables.last_mut() {
                    table.records.push(DataRecord { id: id(element), fields: Vec::new() });
                }
            }
            "field" => self.take_field(element),
            "activitypointerrecords" => {
                if let Some(field) = self.last_field() {
                    field.parties.push(DataRecord { id: id(element), fields: Vec::new() });
                    self.in_party = true;
                }
            }
            "m2mrelationship" => {
                if let Some(table) = self.data.tables.last_mut() {
                    table.links.push(DataLink {
                        intersect: element.text("m2mrelationshipname"),
                        source: element.get("sourceid").and_then(parse_id).unwrap_or_default(),
                        target_table: element.text("targetentityname"),
                        targets: Vec::new(),
                    });
                }
            }
            _ => {}
        }
    }

    fn take_field(&mut self, element: &Element) {
        let field = DataField {
            column: element.text("name"),
            text: element.text("value"),
            target: element.get("lookupentity").filter(|t| !t.is_empty()).map(str::to_owned),
            target_name: element.get("lookupentityname").map(str::to_owned),
            file_name: element.get("filename").map(str::to_owned),
            parties: Vec::new(),
        };
        let open = if self.in_party {
            self.last_field().and_then(|f| f.parties.last_mut())
        } else {
            self.data.tables.last_mut().and_then(|t| t.records.last_mut())
        };
        if let Some(record) = open {
            record.fields.push(field);
        }
    }

    fn take_text(&mut self, text: &str) {
        if !self.in_target {
            return;
        }
        let link = self.data.tables.last_mut().and_then(|t| t.links.last_mut());
        if let (Some(link), Some(target)) = (link, parse_id(text.trim())) {
            link.targets.push(target);
        }
    }

    fn close(&mut self, name: &str) {
        self.in_target = false;
        if name == "activitypointerrecords" {
            self.in_party = false;
        }
    }

    fn last_field(&mut self) -> Option<&mut DataField> {
        self.data.tables.last_mut()?.records.last_mut()?.fields.last_mut()
    }
}

fn id(element: &Element) -> Uuid {
    element.get("id").and_then(parse_id).unwrap_or_default()
}

fn parse_id(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_parties_and_links_are_read() {
        let xml = br#"<entities timestamp="2022-12-01T20:35:05.9759478Z"><entity name="appointment" displayname="A"><records>
<record id="00000000-0000-0000-0000-000000000001">
 <field name="subject" value="a&amp;lt;b&#xA;c" />
 <field name="requiredattendees" value="" lookupentity="" lookupentityname="">
  <activitypointerrecords id="00000000-0000-0000-0000-000000000002">
   <field name="partyid" value="00000000-0000-0000-0000-000000000003" lookupentity="contact" lookupentityname="C" />
  </activitypointerrecords>
 </field>
 <field name="statecode" value="3" />
</record></records>
<m2mrelationships><m2mrelationship sourceid="00000000-0000-0000-0000-000000000001" targetentityname="contact" targetentitynameidfield="contactid" m2mrelationshipname="x_y"><targetids><targetid>00000000-0000-0000-0000-000000000004</targetid></targetids></m2mrelationship></m2mrelationships></entity></entities>"#;
        let data = Data::read(xml).unwrap();
        let table = &data.tables[0];
        let fields = &table.records[0].fields;
        assert_eq!(
            fields.iter().map(|f| f.column.as_str()).collect::<Vec<_>>(),
            ["subject", "requiredattendees", "statecode"]
        );
        assert_eq!(fields[0].text, "a&lt;b\nc");
        assert_eq!(fields[1].parties[0].fields[0].target.as_deref(), Some("contact"));
        assert_eq!(table.links[0].targets.len(), 1);
        assert_eq!(data.timestamp.as_deref(), Some("2022-12-01T20:35:05.9759478Z"));
    }
}
