//! What several test modules need: packages in memory, read and written through the front door.

use crate::tools::copy::file_ids;
use crate::{DataItem, DataPackage, Error, Finding, PackageWriter, Schema};
use std::collections::BTreeSet;
use std::io::Cursor;

/// Everything that a pass over a package yields.
#[derive(Debug, PartialEq)]
pub(crate) struct Content {
    pub(crate) timestamp: Option<String>,
    pub(crate) items: Vec<DataItem>,
}

/// A zip of these members, not compressed: tests open thousands of them.
pub(crate) fn zip_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in members {
        zip.start_file(*name, stored).unwrap();
        std::io::Write::write_all(&mut zip, bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

pub(crate) fn read(package: &DataPackage) -> (Content, Vec<Finding>) {
    let mut reader = package.read().unwrap();
    let items = reader.by_ref().map(|item| item.unwrap()).collect();
    (Content { timestamp: reader.timestamp().map(str::to_owned), items }, reader.take_findings())
}

/// A package of this content; a file column's file is a few bytes.
pub(crate) fn write(schema: &Schema, content: &Content) -> Vec<u8> {
    let timestamp = content.timestamp.as_deref().unwrap_or_default();
    let mut writer = PackageWriter::new(Cursor::new(Vec::new()), schema, timestamp).unwrap();
    let mut files = BTreeSet::new();
    for item in &content.items {
        match item {
            DataItem::Table { name, display_name } => writer.start_table(name, display_name).unwrap(),
            DataItem::Record(record) => {
                files.extend(file_ids(record));
                writer.record(record).unwrap();
            }
            DataItem::Links(links) => writer.links(links).unwrap(),
        }
    }
    files.iter().for_each(|id| writer.file(*id, &mut b"a file".as_slice()).unwrap());
    writer.finish().unwrap().into_inner()
}

/// A member's bytes, by the zip library alone.
pub(crate) fn member(zip: &[u8], name: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let mut bytes = Vec::new();
    std::io::copy(&mut archive.by_name(name).unwrap(), &mut bytes).unwrap();
    bytes
}

/// What a pass yields before it ends or fails.
pub(crate) fn read_to_error(zip: Vec<u8>) -> Result<(Content, Vec<Finding>), Error> {
    let package = DataPackage::open(zip)?;
    let mut reader = package.read()?;
    let items = reader.by_ref().collect::<Result<Vec<DataItem>, Error>>()?;
    Ok((Content { timestamp: reader.timestamp().map(str::to_owned), items }, reader.take_findings()))
}

/// A package of these two parts, with the file that the sample's record refers to.
pub(crate) fn package_of(schema: &str, data: &str) -> DataPackage {
    let members: [(&str, &[u8]); 3] = [
        ("data.xml", data.as_bytes()),
        ("data_schema.xml", schema.as_bytes()),
        ("files/5e59d62c-584b-4f11-a317-0022480bd0f4.bin", b"the minutes"),
    ];
    DataPackage::open(zip_of(&members)).unwrap()
}

/// A package in memory, indexed.
pub(crate) fn spooled(zip: Vec<u8>) -> crate::SpooledPackage<Vec<u8>> {
    crate::SpooledPackage::index(&DataPackage::open(zip).unwrap(), Vec::new()).unwrap()
}

/// A schema with a column of every type, in the tool's own bytes.
pub(crate) fn sample_schema() -> String {
    SAMPLE_SCHEMA.trim_start().replace('\n', "\r\n")
}

/// A record with a value of every type, and links, in the tool's own bytes.
pub(crate) fn sample_data() -> String {
    SAMPLE_DATA.replace('\n', "\r\n")
}

const SAMPLE_SCHEMA: &str = r#"
<entities >
  <entity name="appointment" displayname="Appointment" etc="4201" primaryidfield="activityid" primarynamefield="subject" disableplugins="false">
    <fields>
      <field updateCompare="true" displayname="Appointment" name="activityid" type="guid" primaryKey="true" />
      <field displayname="Subject" name="subject" type="string" />
      <field displayname="Regarding" name="regardingobjectid" type="entityreference" lookupType="account|contact" />
      <field displayname="Owner" name="ownerid" type="owner" />
      <field displayname="Organizer" name="organizer" type="partylist" />
      <field displayname="Optional" name="optionalattendees" type="partylist" />
      <field displayname="Minutes" name="actualdurationminutes" type="number" />
      <field displayname="Version" name="versionnumber" type="bigint" />
      <field displayname="Rate" name="exchangerate" type="decimal" />
      <field displayname="Cost" name="new_cost" type="money" customfield="true" />
      <field displayname="Latitude" name="new_latitude" type="float" customfield="true" />
      <field displayname="All Day" name="isalldayevent" type="bool" />
      <field displayname="Start" name="scheduledstart" type="datetime" />
      <field displayname="Day" name="new_day" type="datetime" customfield="true" dateMode="absolute" />
      <field displayname="Priority" name="prioritycode" type="optionsetvalue" />
      <field displayname="Topics" name="new_topics" type="optionsetvaluecollection" customfield="true" />
      <field displayname="State" name="statecode" type="state" />
      <field displayname="Status" name="statuscode" type="status" />
      <field displayname="Picture" name="new_picture" type="imagedata" customfield="true" />
      <field displayname="Minutes of it" name="new_minutes" type="filedata" customfield="true" />
    </fields>
    <relationships>
      <relationship name="new_appointment_tag" manyToMany="true" isreflexive="false" relatedEntityName="new_appointment_tag" m2mTargetEntity="new_tag" m2mTargetEntityPrimaryKey="new_tagid" />
    </relationships>
  </entity>
</entities>"#;

const SAMPLE_DATA: &str = r#"
<entities xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" timestamp="2024-07-26T15:51:30.5429904Z">
  <entity name="appointment" displayname="Appointment">
    <records>
      <record id="2d59d62c-584b-4f11-a317-0022480bd0f0">
        <field name="activityid" value="2d59d62c-584b-4f11-a317-0022480bd0f0" />
        <field name="subject" value="Tea &amp;amp; &amp;lt;cake&amp;gt; at Zo&amp;#235;&amp;#39;s&#xD;&#xA;一" />
        <field name="regardingobjectid" value="1a59d62c-584b-4f11-a317-0022480bd0f1" lookupentity="account" lookupentityname="Café &amp; &quot;Bar&quot;" />
        <field name="ownerid" value="3c59d62c-584b-4f11-a317-0022480bd0f2" lookupentity="systemuser" lookupentityname="Sam" />
        <field name="organizer" value="" lookupentity="" lookupentityname="">
          <activitypointerrecords id="4d59d62c-584b-4f11-a317-0022480bd0f3">
            <field name="partyid" value="3c59d62c-584b-4f11-a317-0022480bd0f2" lookupentity="systemuser" lookupentityname="Sam" />
            <field name="activityid" value="2d59d62c-584b-4f11-a317-0022480bd0f0" lookupentity="activitypointer" />
            <field name="participationtypemask" value="7" />
            <field name="ispartydeleted" value="False" />
            <field name="addressused" value="sam@contoso.example" />
            <field name="activitypartyid" value="4d59d62c-584b-4f11-a317-0022480bd0f3" />
          </activitypointerrecords>
        </field>
        <field name="optionalattendees" value="" />
        <field name="actualdurationminutes" value="-30" />
        <field name="versionnumber" value="9007199254740993" />
        <field name="exchangerate" value="1.0000000000" />
        <field name="new_cost" value="12.5000" />
        <field name="new_latitude" value="57.7089" />
        <field name="isalldayevent" value="True" />
        <field name="scheduledstart" value="2024-07-26T15:00:00.0000000Z" />
        <field name="new_day" value="2024-07-26T00:00:00.0000000" />
        <field name="prioritycode" value="1" />
        <field name="new_topics" value="[-1,100000000,100000001,-1]" />
        <field name="statecode" value="3" />
        <field name="statuscode" value="5" />
        <field name="new_picture" value="iVBORw0KGgo=" />
        <field name="new_minutes" value="5e59d62c-584b-4f11-a317-0022480bd0f4" filename="minutes &amp; notes.txt" />
      </record>
      <record id="2d59d62c-584b-4f11-a317-0022480bd0f5" />
    </records>
    <m2mrelationships>
      <m2mrelationship sourceid="2d59d62c-584b-4f11-a317-0022480bd0f0" targetentityname="new_tag" targetentitynameidfield="new_tagid" m2mrelationshipname="new_appointment_tag">
        <targetids>
          <targetid>6f59d62c-584b-4f11-a317-0022480bd0f6</targetid>
          <targetid>7a59d62c-584b-4f11-a317-0022480bd0f7</targetid>
        </targetids>
      </m2mrelationship>
    </m2mrelationships>
  </entity>
</entities>"#;
