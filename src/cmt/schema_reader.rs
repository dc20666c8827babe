//! Reads `data_schema.xml`.

use crate::findings::{Place, Subject};
use crate::markup::{Markup, Tag, Token};
use crate::{Column, ColumnType, DateMode, Error, Finding, Part, Relationship, Schema, Severity, Table};

/// Reads a schema and what was unusual about it.
///
/// # Errors
/// [`Error::BrokenXml`] when the text is not well-formed or no schema.
pub(crate) fn read(xml: &[u8]) -> Result<(Schema, Vec<Finding>), Error> {
    let mut reader = SchemaReader { markup: Markup::new(xml, Part::Schema), schema: Schema::default() };
    reader.document()?;
    let findings = reader.markup.findings.take();
    Ok((reader.schema, findings))
}

struct SchemaReader<'x> {
    markup: Markup<&'x [u8]>,
    schema: Schema,
}

impl SchemaReader<'_> {
    fn document(&mut self) -> Result<(), Error> {
        let mut found = false;
        loop {
            match self.markup.next()? {
                Token::Open(tag) if tag.name == "entities" && !found => {
                    found = true;
                    self.entities(tag)?;
                }
                // A wrapper that another tool puts around the root.
                Token::Open(tag) if tag.name == "ImportExportXml" && !found => self.told_unknown(&tag, None),
                Token::Open(tag) => {
                    let words = format!(
                        "<{}> stands where the one root <entities> of a schema is expected",
                        tag.name
                    );
                    return Err(self.markup.broken(tag.place, words));
                }
                Token::Close => {}
                Token::End if found => return Ok(()),
                Token::End => {
                    return Err(self
                        .markup
                        .broken(Place { line: 1, column: 1 }, "the file holds no <entities>"));
                }
            }
        }
    }

    fn entities(&mut self, mut tag: Tag) -> Result<(), Error> {
        self.schema.date_mode = self.date_mode(&mut tag, None);
        self.schema.declares_xsi = tag.take("xmlns:xsi").is_some();
        self.ignore_rest(&tag, None);
        while let Token::Open(tag) = self.markup.next()? {
            match tag.name.as_str() {
                "entity" => self.entity(tag)?,
                "entityImportOrder" => self.import_order()?,
                _ => self.skip_unknown(&tag, None)?,
            }
        }
        Ok(())
    }

    fn import_order(&mut self) -> Result<(), Error> {
        while let Token::Open(tag) = self.markup.next()? {
            match tag.name.as_str() {
                "entityName" => {
                    let name = self.markup.text()?.trim().to_owned();
                    self.schema.import_order.push(name);
                }
                _ => self.skip_unknown(&tag, None)?,
            }
        }
        Ok(())
    }

    fn entity(&mut self, mut tag: Tag) -> Result<(), Error> {
        let place = tag.place;
        let Some(name) = tag.take("name").filter(|name| !name.is_empty()) else {
            return Err(self.markup.broken(place, "an <entity> has no name"));
        };
        if self.schema.table(&name).is_some() {
            let text = format!("The table {name} is listed more than once.");
            self.markup.findings.add(Severity::Note, place, subject(&name), text);
        }
        let mut table = self.table(name, &mut tag);
        table.spelling.leaves_out_relationships = true;
        while let Token::Open(tag) = self.markup.next()? {
            match tag.name.as_str() {
                "fields" => self.fields(&mut table)?,
                "relationships" => {
                    table.spelling.leaves_out_relationships = false;
                    self.relationships(&mut table)?;
                }
                "filter" => table.filter = Some(self.markup.text()?),
                "records" => {
                    return Err(self
                        .markup
                        .broken(tag.place, "<records> stands here: this is a data.xml, not a schema"));
                }
                _ => self.skip_unknown(&tag, Some(&table.name))?,
            }
        }
        self.complete(&mut table, place);
        self.schema.tables.push(table);
        Ok(())
    }

    fn table(&mut self, name: String, tag: &mut Tag) -> Table {
        let mut table = Table {
            display_name: tag.take("displayname").unwrap_or_else(|| name.clone()),
            type_code: tag.take("etc"),
            primary_id: tag.take("primaryidfield").unwrap_or_default(),
            primary_name: tag.take("primarynamefield").unwrap_or_default(),
            ..Table::default()
        };
        table.disable_plugins = self.flag(tag, "disableplugins", &name);
        table.spelling.writes_skip_update = tag.has("skipupdate");
        table.skip_update = self.flag(tag, "skipupdate", &name);
        table.force_create = self.flag(tag, "forcecreate", &name);
        self.ignore_rest(tag, Some(&name));
        table.name = name;
        table
    }

    /// The id column is known even where the file does not name it.
    fn complete(&mut self, table: &mut Table, place: Place) {
        if !table.primary_id.is_empty() {
            return;
        }
        let keys: Vec<&Column> = table.columns.iter().filter(|column| column.primary_key).collect();
        table.primary_id = match keys.as_slice() {
            [only] => only.name.clone(),
            _ => format!("{}id", table.name),
        };
        let text =
            format!("The table {} names no primaryidfield; {} is taken.", table.name, table.primary_id);
        self.markup.findings.add(Severity::Warning, place, subject(&table.name), text);
    }

    fn fields(&mut self, table: &mut Table) -> Result<(), Error> {
        while let Token::Open(mut tag) = self.markup.next()? {
            if tag.name != "field" {
                self.skip_unknown(&tag, Some(&table.name))?;
                continue;
            }
            if let Some(column) = self.column(&mut tag, &table.name) {
                if table.column(&column.name).is_some() {
                    let text =
                        format!("The column {} is listed more than once; the first counts.", column.name);
                    self.markup.findings.add(Severity::Warning, tag.place, subject(&table.name), text);
                }
                table.columns.push(column);
            }
            self.markup.skip()?;
        }
        Ok(())
    }

    fn column(&mut self, tag: &mut Tag, table: &str) -> Option<Column> {
        let Some(name) = tag.take("name").filter(|name| !name.is_empty()) else {
            let text = "A <field> has no name and was left out.".to_owned();
            self.markup.findings.add(Severity::Error, tag.place, subject(table), text);
            return None;
        };
        let column = Column {
            display_name: tag.take("displayname").unwrap_or_else(|| name.clone()),
            column_type: self.column_type(tag, &name, table),
            primary_key: self.flag(tag, "primaryKey", table),
            lookup_targets: tag.take("lookupType").map(|targets| split_targets(&targets)).unwrap_or_default(),
            custom: self.flag(tag, "customfield", table),
            update_compare: self.flag(tag, "updateCompare", table),
            date_mode: self.date_mode(tag, Some(table)),
            name,
        };
        self.ignore_rest(tag, Some(table));
        Some(column)
    }

    fn column_type(&mut self, tag: &mut Tag, name: &str, table: &str) -> ColumnType {
        let written = tag.take("type").unwrap_or_default();
        if let Some(known) = ColumnType::named(&written) {
            return known;
        }
        let (severity, text, column_type) = match ColumnType::named_elsewhere(&written) {
            Some(known) => {
                let text = format!(
                    "The type \"{written}\", which the tool itself does not write, is read as {}.",
                    known.name()
                );
                (Severity::Note, text, known)
            }
            None => {
                let text =
                    format!("The column {name} has the unknown type \"{written}\"; its values are not sent.");
                (Severity::Warning, text, ColumnType::Unknown)
            }
        };
        self.markup.findings.add_once(severity, tag.place, Some(table), text);
        column_type
    }

    fn relationships(&mut self, table: &mut Table) -> Result<(), Error> {
        while let Token::Open(mut tag) = self.markup.next()? {
            if tag.name != "relationship" {
                self.skip_unknown(&tag, Some(&table.name))?;
                continue;
            }
            if self.is_many_to_many(&mut tag, &table.name) {
                let relationship = self.relationship(&mut tag, &table.name);
                table.relationships.extend(relationship);
            }
            self.markup.skip()?;
        }
        Ok(())
    }

    fn is_many_to_many(&mut self, tag: &mut Tag, table: &str) -> bool {
        let many_to_many = tag.take("manyToMany").is_none_or(|value| read_flag(&value) != Some(false));
        if !many_to_many {
            let text =
                "A relationship that is not many-to-many was left out: its lookup column carries the values."
                    .to_owned();
            self.markup.findings.add_once(Severity::Note, tag.place, Some(table), text);
        }
        many_to_many
    }

    fn relationship(&mut self, tag: &mut Tag, table: &str) -> Option<Relationship> {
        let (name, intersect) = (tag.take("name"), tag.take("relatedEntityName"));
        let (target, target_id) = (tag.take("m2mTargetEntity"), tag.take("m2mTargetEntityPrimaryKey"));
        let reflexive = tag.take("isreflexive").and_then(|value| read_flag(&value));
        let place = tag.place;
        self.ignore_rest(tag, Some(table));
        let (Some(any_name), Some(target_table)) = (name.clone().or_else(|| intersect.clone()), target)
        else {
            let text =
                "A many-to-many relationship names no intersect table or no target table and was left out."
                    .to_owned();
            self.markup.findings.add(Severity::Error, place, subject(table), text);
            return None;
        };
        Some(Relationship {
            intersect_table: intersect.unwrap_or_else(|| any_name.clone()),
            name: any_name,
            reflexive,
            target_primary_id: target_id.unwrap_or_else(|| format!("{target_table}id")),
            target_table,
        })
    }

    fn date_mode(&mut self, tag: &mut Tag, table: Option<&str>) -> Option<DateMode> {
        let written = tag.take("dateMode")?;
        let mode = DateMode::named(&written);
        if mode.is_none() {
            let text = format!("The dateMode \"{written}\" is unknown; dates stay as they are.");
            self.markup.findings.add_once(Severity::Warning, tag.place, table, text);
        }
        mode
    }

    fn flag(&mut self, tag: &mut Tag, name: &str, table: &str) -> bool {
        let Some(written) = tag.take(name) else { return false };
        read_flag(&written).unwrap_or_else(|| {
            let text = format!("{name}=\"{written}\" is neither true nor false and is read as false.");
            self.markup.findings.add_once(Severity::Warning, tag.place, Some(table), text);
            false
        })
    }

    fn skip_unknown(&mut self, tag: &Tag, table: Option<&str>) -> Result<(), Error> {
        self.told_unknown(tag, table);
        self.markup.skip()
    }

    fn told_unknown(&mut self, tag: &Tag, table: Option<&str>) {
        let text = format!("The element <{}> is not known here and was passed over.", tag.name);
        self.markup.findings.add_once(Severity::Warning, tag.place, table, text);
    }

    fn ignore_rest(&mut self, tag: &Tag, table: Option<&str>) {
        for name in tag.left_over().filter(|name| !name.starts_with("xmlns")) {
            let text = format!("The attribute {name} of <{}> is not known here and was ignored.", tag.name);
            self.markup.findings.add_once(Severity::Note, tag.place, table, text);
        }
    }
}

fn subject(table: &str) -> Subject<'_> {
    Subject { table: Some(table), record: None }
}

/// `true`, `false`, `1`, `0`, in any case.
fn read_flag(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

fn split_targets(targets: &str) -> Vec<String> {
    targets.split('|').map(str::trim).filter(|target| !target.is_empty()).map(str::to_owned).collect()
}
