//! Reads an `<m2mrelationship>`: the rows that one row is linked to.

use crate::data::open_table::{ElementReader, Started};
use crate::data::piece::{gap_before_target, gap_behind_targets, level, links_attributes};
use crate::finding::Place;
use crate::form::Before;
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
    pub(crate) fn links(&mut self, mut tag: Tag) -> Result<Option<LinkSet>, Error> {
        let place = tag.place;
        self.record = self.take_id(&mut tag, "sourceid");
        let (relationship, table) = (tag.take("m2mrelationshipname"), tag.take("targetentityname"));
        let target_id = tag.take("targetentitynameidfield");
        // Newer tools also write the relationship's schema name, which says nothing more.
        tag.take("m2mrelationshipschemaname");
        let started = self.start(&tag, self.record.is_none() || relationship.is_none());
        self.ignore_rest(&tag);
        let mut targets = Vec::new();
        self.targets(&mut targets)?;
        let (Some(source), Some(relationship)) = (self.record, relationship) else {
            let text =
                "An <m2mrelationship> has no readable sourceid or no m2mrelationshipname and was left out.";
            self.tell(Severity::Error, place, text);
            self.leave_out(started);
            return Ok(None);
        };
        let declared = self.declared(place, &relationship);
        let target_table = table.or(declared.map(|d| d.target_table.clone())).unwrap_or_default();
        let target_primary_id =
            target_id.or(declared.map(|d| d.target_primary_id.clone())).unwrap_or_default();
        let links = LinkSet { relationship, source, target_table, target_primary_id, targets };
        self.keep_links(started, &links);
        Ok(Some(links))
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

    /// Keeps how the element was written: what wraps its targets stands in the gaps between them.
    fn keep_links(&mut self, started: Started, links: &LinkSet) {
        let any = !links.targets.is_empty();
        let behind = |conventions: &_| Before::Text(gap_behind_targets(conventions, any));
        self.keep_behind(started, level::RECORD, behind, |_| {
            ("m2mrelationship", links_attributes(links), false)
        });
    }

    /// The ids up to the end of the element opened last, whatever wraps them.
    fn targets(&mut self, targets: &mut Vec<Uuid>) -> Result<(), Error> {
        while let Token::Open(tag) = self.markup.next()? {
            match tag.name.as_str() {
                "targetids" => self.targets(targets)?,
                "targetid" => self.target(&tag, targets)?,
                _ => self.pass_over(&tag)?,
            }
        }
        Ok(())
    }

    fn target(&mut self, tag: &Tag, targets: &mut Vec<Uuid>) -> Result<(), Error> {
        let held = self.markup.hold();
        let text = self.markup.text()?;
        match value_reader::id(&text) {
            Ok((id, habit)) => {
                if let Some(habit) = habit {
                    self.tell_once(Severity::Note, tag.place, format!("In <targetid>, {habit}."));
                }
                if let Some((keeper, buffer)) = self.markup.keeper() {
                    let before = Before::Text(gap_before_target(&keeper.conventions, targets.is_empty()));
                    let form = keeper.form_of_text(held, &before, ("targetid", &id.to_string()), buffer);
                    self.form.add(self.position, form);
                }
                self.position += 1;
                targets.push(id);
            }
            Err(misfit) => {
                let text = format!("A targetid was left out: {misfit} is expected.");
                self.tell(Severity::Error, tag.place, text);
                if let Some((keeper, buffer)) = self.markup.keeper() {
                    keeper.release(held, buffer);
                }
            }
        }
        Ok(())
    }
}
