//! Reads an `<m2mrelationship>`: the rows that one row is linked to.

use crate::data::open_table::ElementReader;
use crate::finding::Place;
use crate::value::reader as value_reader;
use crate::xml::markup::{Tag, Token};
use crate::{Error, LinkSet, Relationship, Severity};
use std::io::BufRead;
use uuid::Uuid;

impl<'s, R: BufRead> ElementReader<'_, 's, R> {
    /// Reads the element whose start tag was just read. `None`: it names no row or relationship and was left out.
    ///
    /// # Errors
    /// [`Error::BrokenXml`], [`Error::DamagedZip`].
    pub(crate) fn links(mut self, mut tag: Tag) -> Result<Option<LinkSet>, Error> {
        let place = tag.place;
        self.record = tag.take("sourceid").and_then(|text| value_reader::id(&text).ok()).map(|(id, _)| id);
        let (relationship, table) = (tag.take("m2mrelationshipname"), tag.take("targetentityname"));
        let target_id = tag.take("targetentitynameidfield");
        // Newer tools also write the relationship's schema name, which says nothing more.
        tag.take("m2mrelationshipschemaname");
        self.ignore_rest(&tag);
        let targets = self.targets()?;
        let (Some(source), Some(relationship)) = (self.record, relationship) else {
            let text =
                "An <m2mrelationship> has no readable sourceid or no m2mrelationshipname and was left out.";
            self.tell(Severity::Error, place, text);
            return Ok(None);
        };
        let declared = self.declared(place, &relationship);
        let target_table = table.or(declared.map(|d| d.target_table.clone())).unwrap_or_default();
        let target_primary_id =
            target_id.or(declared.map(|d| d.target_primary_id.clone())).unwrap_or_default();
        Ok(Some(LinkSet { relationship, source, target_table, target_primary_id, targets }))
    }

    fn declared(&mut self, place: Place, name: &str) -> Option<&'s Relationship> {
        let found = self.table.relationship(name);
        if found.is_none() {
            let text = format!(
                "The relationship {name} is not in the schema; Microsoft's tool fails on such a package."
            );
            self.tell_once(Severity::Warning, place, text);
        }
        found
    }

    /// The ids up to the end of the element opened last, whatever wraps them.
    fn targets(&mut self) -> Result<Vec<Uuid>, Error> {
        let mut targets = Vec::new();
        while let Token::Open(tag) = self.markup.next()? {
            match tag.name.as_str() {
                "targetids" => targets.extend(self.targets()?),
                "targetid" => match value_reader::id(&self.markup.text()?) {
                    Ok((id, _)) => targets.push(id),
                    Err(misfit) => {
                        let text = format!("A targetid was left out: {misfit} is expected.");
                        self.tell(Severity::Error, tag.place, text);
                    }
                },
                _ => self.pass_over(&tag)?,
            }
        }
        Ok(targets)
    }
}
