//! Reads `data_schema.xml`.

use crate::finding::{Place, Subject};
use crate::form::{Before, Conventions, EventForm, Held, escaped_text};
use crate::schema::elements::Elements;
use crate::schema::form::{Node, SchemaForm, Step, TextNode};
use crate::schema::writer::start_tag;
use crate::xml::markup::{Markup, Tag, Token};
use crate::{
    Column, ColumnType, DateMode, Error, Finding, Limits, Part, Relationship, Schema, Severity, Table,
};

/// Reads a schema and what was unusual about it.
///
/// # Errors
/// [`Error::BrokenXml`] when the text is not well-formed or no schema.
pub(crate) fn read(xml: &[u8], limits: &Limits) -> Result<(Schema, Vec<Finding>), Error> {
    let mut reader = SchemaReader::new(xml, limits);
    reader.document()?;
    let findings = reader.markup.findings.take();
    Ok((reader.schema, findings))
}

/// As [`read`], with how the schema was written.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_with_form(xml: &[u8], limits: &Limits) -> Result<(Schema, SchemaForm), Error> {
    let mut reader = SchemaReader::new(xml, limits);
    reader.markup.keep(Conventions::of_schemas());
    reader.document()?;
    let mut conventions = reader.markup.conventions().cloned().unwrap_or_default();
    if let Some((keeper, _)) = reader.markup.keeper() {
        conventions.epilogue = keeper.take_gap();
    }
    Ok((reader.schema, SchemaForm { conventions, steps: reader.steps }))
}

/// As [`read`], with where its elements lie in the text. What a check of the schema tells better, because it knows
/// how to mend it ([`crate::editing`]), is no finding here.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_with_elements(
    xml: &[u8],
    limits: &Limits,
) -> Result<(Schema, Vec<Finding>, Elements), Error> {
    let mut reader = SchemaReader::new(xml, limits);
    reader.leaves_to_checks = true;
    reader.document()?;
    let findings = reader.markup.findings.take();
    Ok((reader.schema, findings, reader.elements))
}

struct SchemaReader<'x> {
    markup: Markup<&'x [u8]>,
    schema: Schema,
    /// Where the elements lie that were understood.
    elements: Elements,
    /// What the checks of an editor tell is not told here.
    leaves_to_checks: bool,
    /// The elements that were understood, where that is kept.
    steps: Vec<(Step, Option<EventForm>)>,
}

impl<'x> SchemaReader<'x> {
    fn new(xml: &'x [u8], limits: &Limits) -> Self {
        let markup = Markup::new(xml, Part::Schema, limits);
        SchemaReader {
            markup,
            schema: Schema::default(),
            elements: Elements::default(),
            leaves_to_checks: false,
            steps: Vec::new(),
        }
    }
}

/// How elements are written.
impl SchemaReader<'_> {
    /// Takes the start tag read last: it is understood. What differs in it is found out once all of it is known.
    fn start(&mut self, node: Node) -> (usize, Held) {
        let held = self.hold(Step::Start(node));
        if let Some((keeper, _)) = self.markup.keeper() {
            if node == Node::Root {
                keeper.conventions.prologue = held.gap().to_owned();
            } else {
                keeper.conventions.learn_lines(held.gap(), node.level());
            }
        }
        self.steps.push((Step::Start(node), None));
        (self.steps.len() - 1, held)
    }

    /// The element read last is understood: it opens here.
    fn hold(&mut self, step: Step) -> Held {
        self.elements.open(step, self.markup.lies_at());
        self.markup.hold()
    }

    /// The element is known: how its start tag differs.
    fn keep(&mut self, node: Node, (step, held): (usize, Held)) {
        let before = if node == Node::Root { Before::Anything } else { Before::Level(node.level()) };
        let schema = &self.schema;
        self.steps[step].1 = self.markup.form_of(held, &before, |_| start_tag(node, schema));
    }

    /// The end tag read last, if there is one.
    fn keep_end(&mut self, node: Node, empty: bool) {
        self.elements.close(self.markup.lies_at());
        if empty {
            return;
        }
        let Some((keeper, _)) = self.markup.keeper() else { return };
        let name = node.element(&self.schema).trim_end();
        self.steps.push((Step::End(node), keeper.form_of_end(&Before::Level(node.level()), name)));
    }

    /// An element that holds only a text, whose end was read last.
    fn keep_text(&mut self, node: TextNode, held: Held) {
        self.elements.close(self.markup.lies_at());
        let ours = escaped_text(node.text(&self.schema));
        let Some((keeper, buffer)) = self.markup.keeper() else { return };
        let form =
            keeper.form_of_text(held, &Before::Level(TextNode::LEVEL), (node.element(), &ours), buffer);
        self.steps.push((Step::Text(node), form));
    }
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
        let empty = tag.empty;
        let start = self.start(Node::Root);
        self.schema.date_mode = self.date_mode(&mut tag, None);
        self.schema.declares_xsi = tag.take("xmlns:xsi").is_some();
        self.ignore_rest(&tag, None);
        self.keep(Node::Root, start);
        while let Token::Open(tag) = self.markup.next()? {
            match tag.name.as_str() {
                "entity" => self.entity(tag)?,
                "entityImportOrder" => self.import_order(&tag)?,
                _ => self.skip_unknown(&tag, None)?,
            }
        }
        self.keep_end(Node::Root, empty);
        Ok(())
    }

    fn import_order(&mut self, tag: &Tag) -> Result<(), Error> {
        if self.schema.tables.is_empty() {
            let text = "The <entityImportOrder> stands before the tables, not behind them.".to_owned();
            self.markup.findings.add(Severity::Note, tag.place, Subject::default(), text);
        }
        let start = self.start(Node::ImportOrder);
        self.keep(Node::ImportOrder, start);
        let empty = tag.empty;
        while let Token::Open(tag) = self.markup.next()? {
            match tag.name.as_str() {
                "entityName" => {
                    let held = self.hold(Step::Text(TextNode::ImportName(self.schema.import_order.len())));
                    let name = self.markup.text()?.trim().to_owned();
                    self.schema.import_order.push(name);
                    self.keep_text(TextNode::ImportName(self.schema.import_order.len() - 1), held);
                }
                _ => self.skip_unknown(&tag, None)?,
            }
        }
        self.keep_end(Node::ImportOrder, empty);
        Ok(())
    }

    fn entity(&mut self, mut tag: Tag) -> Result<(), Error> {
        let place = tag.place;
        let Some(name) = tag.take("name").filter(|name| !name.is_empty()) else {
            return Err(self.markup.broken(place, "an <entity> has no name"));
        };
        if !self.leaves_to_checks && self.schema.table(&name).is_some() {
            let text = format!("The table {name} is listed more than once.");
            self.markup.findings.add(Severity::Note, place, subject(&name), text);
        }
        let number = self.schema.tables.len();
        let start = self.start(Node::Table(number));
        let mut table = self.table(name, &mut tag);
        table.spelling.leaves_out_relationships = true;
        self.schema.tables.push(table);
        while let Token::Open(tag) = self.markup.next()? {
            self.entity_child(number, &tag)?;
        }
        self.complete(number, place);
        self.keep(Node::Table(number), start);
        self.keep_end(Node::Table(number), tag.empty);
        Ok(())
    }

    fn entity_child(&mut self, number: usize, tag: &Tag) -> Result<(), Error> {
        match tag.name.as_str() {
            "fields" => self.fields(number, tag),
            "relationships" => {
                self.schema.tables[number].spelling.leaves_out_relationships = false;
                self.relationships(number, tag)
            }
            "filter" => {
                let held = self.hold(Step::Text(TextNode::Filter(number)));
                let filter = self.markup.text()?;
                if !self.leaves_to_checks && !filter.trim_start().starts_with("<fetch") {
                    let text = "The filter is no whole <fetch> query; it is kept as it stands.".to_owned();
                    let table = self.schema.tables[number].name.clone();
                    self.markup.findings.add(Severity::Note, tag.place, subject(&table), text);
                }
                self.schema.tables[number].filter = Some(filter);
                self.keep_text(TextNode::Filter(number), held);
                Ok(())
            }
            "records" => {
                let words = "<records> stands here: this is a data.xml, not a schema";
                Err(self.markup.broken(tag.place, words))
            }
            _ => {
                let name = self.schema.tables[number].name.clone();
                self.skip_unknown(tag, Some(&name))
            }
        }
    }

    fn table(&mut self, name: String, tag: &mut Tag) -> Table {
        let mut table = Table {
            display_name: tag.take("displayname").unwrap_or_else(|| name.clone()),
            type_code: tag.take("etc"),
            primary_id: tag.take("primaryidfield").unwrap_or_default(),
            primary_name: tag.take("primarynamefield").unwrap_or_default(),
            ..Table::default()
        };
        for (missing, meaning) in [("etc", "no type code"), ("disableplugins", "false")] {
            let known = tag.has(missing) || (missing == "etc" && table.type_code.is_some());
            if !known {
                let text = format!("The attribute {missing} of <entity> is missing; {meaning} is taken.");
                self.markup.findings.add_once(Severity::Note, tag.place, Some(&name), text);
            }
        }
        table.disable_plugins = self.flag(tag, "disableplugins", &name);
        table.spelling.writes_skip_update = tag.has("skipupdate");
        table.skip_update = self.flag(tag, "skipupdate", &name);
        table.force_create = self.flag(tag, "forcecreate", &name);
        self.ignore_rest(tag, Some(&name));
        table.name = name;
        table
    }

    /// The id column is known even where the file does not name it.
    fn complete(&mut self, number: usize, place: Place) {
        let table = &mut self.schema.tables[number];
        if !table.primary_id.is_empty() {
            return;
        }
        let keys: Vec<&Column> = table.columns.iter().filter(|column| column.primary_key).collect();
        table.primary_id = match keys.as_slice() {
            [only] => only.name.clone(),
            _ => format!("{}id", table.name),
        };
        if self.leaves_to_checks {
            return;
        }
        let text =
            format!("The table {} names no primaryidfield; {} is taken.", table.name, table.primary_id);
        self.markup.findings.add(Severity::Warning, place, subject(&table.name), text);
    }

    fn fields(&mut self, number: usize, tag: &Tag) -> Result<(), Error> {
        let table = self.schema.tables[number].name.clone();
        let start = self.start(Node::Columns);
        self.keep(Node::Columns, start);
        let empty = tag.empty;
        while let Token::Open(mut tag) = self.markup.next()? {
            if tag.name != "field" {
                self.skip_unknown(&tag, Some(&table))?;
                continue;
            }
            let Some(column) = self.column(&mut tag, &table) else {
                self.markup.skip()?;
                continue;
            };
            let repeated = self.schema.tables[number].column(&column.name).is_some();
            if repeated && !self.leaves_to_checks {
                let text = format!("The column {} is listed more than once; the first counts.", column.name);
                self.markup.findings.add(Severity::Warning, tag.place, subject(&table), text);
            }
            let columns = &mut self.schema.tables[number].columns;
            columns.push(column);
            let node = Node::Column(number, columns.len() - 1);
            self.keep_leaf(node, tag.empty)?;
        }
        self.keep_end(Node::Columns, empty);
        Ok(())
    }

    /// An element whose attributes say all: what is inside it is passed over.
    fn keep_leaf(&mut self, node: Node, empty: bool) -> Result<(), Error> {
        let start = self.start(node);
        self.markup.skip()?;
        self.keep(node, start);
        self.keep_end(node, empty);
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
        if !(self.leaves_to_checks && column_type == ColumnType::Unknown) {
            self.markup.findings.add_once(severity, tag.place, Some(table), text);
        }
        column_type
    }

    fn relationships(&mut self, number: usize, tag: &Tag) -> Result<(), Error> {
        let table = self.schema.tables[number].name.clone();
        let (node, empty) = (Node::Relationships(number), tag.empty);
        let start = self.start(node);
        while let Token::Open(mut tag) = self.markup.next()? {
            if tag.name != "relationship" {
                self.skip_unknown(&tag, Some(&table))?;
                continue;
            }
            let understood = self.is_many_to_many(&mut tag, &table);
            match understood.then(|| self.relationship(&mut tag, &table)).flatten() {
                Some(relationship) => {
                    let relationships = &mut self.schema.tables[number].relationships;
                    relationships.push(relationship);
                    let node = Node::Relationship(number, relationships.len() - 1);
                    self.keep_leaf(node, tag.empty)?;
                }
                None => self.markup.skip()?,
            }
        }
        self.keep(node, start);
        self.keep_end(node, empty);
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
        if mode.is_none() && !self.leaves_to_checks {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::testing::sample_schema;

    fn with(original: &str, replacement: &str) -> (Schema, Vec<Finding>) {
        let xml = sample_schema();
        assert!(xml.contains(original), "the sample holds no {original}");
        Schema::parse(xml.replacen(original, replacement, 1).as_bytes()).unwrap()
    }

    /// Each row: what is changed in the sample, and what the one finding must speak of; nothing where it is empty.
    #[test]
    fn every_leniency_reads_the_same_and_is_told_once() {
        let (mut expected, findings) = with("<entities >", "<entities >");
        assert_eq!(findings, []);
        // How the root was spelled is not under test here.
        expected.declares_xsi = false;
        let cases = [
            ("<entities >", "\u{feff}<?xml version=\"1.0\"?><entities>", "byte order mark"),
            ("<entities >", "<entities xmlns:xsd=\"x\">", ""),
            ("<entities >", "<entities dateMode=\"Relative\">", "dateMode"),
            ("<entities >", "<entities version=\"1\">", "version"),
            ("\r\n", "\n", "LF"),
            (" disableplugins=\"false\"", "", "disableplugins"),
            (" disableplugins=\"false\"", " disableplugins=\"0\"", ""),
            (" disableplugins=\"false\"", " disableplugins=\"no\"", "neither true nor false"),
            (" primaryidfield=\"activityid\"", "", "no primaryidfield"),
            ("name=\"subject\" type=\"string\"", "name=\"subject\" type=\"memo\"", "memo"),
            ("name=\"subject\" type=\"string\"", "name=\"subject\" type=\"String\"", "String"),
            (
                "type=\"entityreference\" lookupType=\"account|contact\"",
                "type=\"customer\" lookupType=\"account|contact\"",
                "customer",
            ),
            ("<fields>", "<fields><unheard /><!-- of -->", "<unheard>"),
            ("primaryKey=\"true\" />", "primaryKey=\"true\" mood=\"fine\"></field>", "mood"),
            (" relatedEntityName=\"new_appointment_tag\"", "", ""),
            (
                "<relationships>",
                "<relationships><relationship name=\"a_b\" manyToMany=\"false\" />",
                "not many-to-many",
            ),
        ];
        for (original, replacement, told) in cases {
            let (schema, findings) = with(original, replacement);
            assert_eq!(schema, expected, "{replacement}");
            match told {
                "" => assert_eq!(findings, [], "{replacement}"),
                _ => assert!(
                    findings.len() == 1 && findings[0].text.contains(told),
                    "{replacement}: {findings:?}"
                ),
            }
        }
    }

    #[test]
    fn what_cannot_be_understood_is_left_out_and_told() {
        let (schema, findings) =
            with("name=\"subject\" type=\"string\"", "name=\"subject\" type=\"hologram\"");
        assert_eq!(schema.tables[0].columns[1].column_type, ColumnType::Unknown);
        assert!(findings.len() == 1 && findings[0].text.contains("hologram"), "{findings:?}");
        let (schema, findings) = with(" name=\"subject\"", "");
        assert_eq!(schema.tables[0].columns.len(), 19);
        assert_eq!((findings.len(), findings[0].severity, findings[0].line), (1, Severity::Error, 5));
        let (schema, findings) = with(" m2mTargetEntity=\"new_tag\"", "");
        assert_eq!(schema.tables[0].relationships, []);
        assert_eq!((findings.len(), findings[0].severity), (1, Severity::Error));
    }

    #[test]
    fn a_table_listed_twice_is_kept_twice_and_told() {
        let xml = sample_schema();
        let (start, end) = (xml.find("  <entity ").unwrap(), xml.find("</entities>").unwrap());
        let (schema, findings) =
            Schema::parse(format!("{}{}", &xml[..end], &xml[start..]).as_bytes()).unwrap();
        assert_eq!(schema.tables.len(), 2);
        assert!(findings.len() == 1 && findings[0].text.contains("more than once"), "{findings:?}");
    }

    #[test]
    fn a_filter_is_read_escaped_nested_or_as_cdata() {
        let cases = [
            ("&lt;fetch&gt;&lt;a b=&quot;1&quot; /&gt;&lt;/fetch&gt;", "<fetch><a b=\"1\" /></fetch>"),
            ("<![CDATA[<fetch top=\"1\" />]]>", "<fetch top=\"1\" />"),
            ("<fetch><a b=\"&lt;1\" /></fetch>", "<fetch><a b=\"&lt;1\"></a></fetch>"),
            ("&#60;fetch/&#x3E;", "<fetch/>"),
        ];
        for (written, filter) in cases {
            let (schema, findings) = with("</entity>", &format!("<filter>{written}</filter></entity>"));
            assert_eq!(schema.tables[0].filter.as_deref(), Some(filter));
            assert_eq!(findings, [], "{written}");
        }
    }

    #[test]
    fn what_is_no_schema_is_refused_with_its_place() {
        let cases = [
            ("", (1, 1), "no <entities>"),
            ("<html />", (1, 1), "<html> stands where"),
            ("<entities>\n  <entity name=\"a\">\n    <records />", (3, 5), "this is a data.xml"),
            ("<entities>\n  <entity />", (2, 3), "no name"),
            ("<entities />\n<entities />", (2, 1), "<entities> stands where"),
            ("<entities>\n  <entity name=\"a\">", (2, 20), "<entity> of line 2 is never closed"),
            ("<!DOCTYPE x>\n<entities />", (1, 1), "DTD"),
        ];
        for (xml, (line, column), words) in cases {
            let Err(Error::BrokenXml { part: Part::Schema, line: l, column: c, construct }) =
                Schema::parse(xml.as_bytes())
            else {
                panic!("{xml}")
            };
            assert_eq!((l, c), (line, column), "{xml}: {construct}");
            assert!(construct.contains(words), "{xml}: {construct}");
        }
    }
}
