//! Looking into a package: any package, with no environment.
//!
//! Its records lie in a spool; what the page sees of them is read when it asks. Long looks go a stretch at a time, so
//! that other commands are heard in between, and end early when the page has asked for something else.

mod columns;
mod contents;
mod links;
mod opened;
mod opening;
mod record;
mod rows;
mod search;
mod summary;
#[cfg(test)]
mod tests;
mod values;
mod window;

use crate::too_early::too_early;
use browser::{clock, files, protocol::*, spool::RecordSpool};
use cmt::DataPackage;
use migration::{Place, Problem, ProblemKind};
use opened::Opened;
pub(crate) use opening::{from_export, from_file};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::JsValue;

/// So many records are looked at before other commands are heard.
const STRETCH: usize = 500;

/// The package that is looked into.
#[derive(Default)]
pub(crate) struct Viewer {
    opened: RefCell<Option<Rc<Opened<RecordSpool>>>>,
    /// The newest question of each kind that takes long: older ones end early.
    search: Cell<u32>,
    window: Cell<u32>,
}

impl Viewer {
    /// Lays the records of a package down. What was looked into before is closed.
    pub(crate) async fn open(&self, name: String, bytes: u64, zip: DataPackage) -> Result<Event, Problem> {
        // Its room is needed.
        self.opened.replace(None);
        let opened = Opened::read(name, bytes, &zip, RecordSpool::open().await)?;
        let summary = summary::package(&opened);
        self.opened.replace(Some(Rc::new(opened)));
        Ok(Event::PackageViewed(Box::new(summary)))
    }

    /// Looks for text in all values; `None`: something else is looked for by now.
    pub(crate) async fn search(&self, ask: u32, text: &str) -> Option<Event> {
        self.search.set(ask);
        let hits = self.hits(ask, text).await.transpose()?;
        Some(Event::PackageSearched { ask, hits })
    }

    async fn hits(&self, ask: u32, text: &str) -> Result<Option<Vec<(String, u64)>>, Problem> {
        let opened = self.opened()?;
        let mut search = opened.search(text);
        while search.look(&opened, STRETCH)? {
            clock::sleep(Duration::ZERO).await;
            if self.search.get() != ask {
                return Ok(None);
            }
        }
        Ok(Some(opened.found(search)))
    }

    /// A window of records; `None`: another one is asked for by now.
    pub(crate) async fn records(&self, ask: u32, query: &RecordsQuery) -> Option<Event> {
        self.window.set(ask);
        let records = self.window(ask, query).await.transpose()?;
        Some(Event::RecordsViewed { ask, records })
    }

    async fn window(&self, ask: u32, query: &RecordsQuery) -> Result<Option<ViewedRecords>, Problem> {
        let opened = self.opened()?;
        let mut filled = opened.filled_columns(&query.table);
        while filled.look(&opened, STRETCH)? {
            clock::sleep(Duration::ZERO).await;
            if self.window.get() != ask {
                return Ok(None);
            }
        }
        Ok(Some(window::records(&opened, query, filled)?))
    }

    /// One record.
    pub(crate) fn record(&self, ask: u32, table: &str, id: uuid::Uuid) -> Event {
        let record = self.opened().and_then(|opened| Ok(record::view(&opened, table, id)?));
        Event::RecordViewed { ask, record: record.map(|record| record.map(Box::new)) }
    }

    /// The name and blob of a picture or file that stands in a value.
    pub(crate) fn file(&self, place: &ValuePlace) -> Result<(String, JsValue), Problem> {
        let (name, bytes) = contents::of(&*self.opened()?, place)?.ok_or_else(gone)?;
        Ok((name, files::blob(&bytes, "application/octet-stream").ok_or_else(no_room)?))
    }

    fn opened(&self) -> Result<Rc<Opened<RecordSpool>>, Problem> {
        self.opened.borrow().clone().ok_or_else(|| too_early("No package is open.", "Choose a file first."))
    }
}

fn gone() -> Problem {
    Problem {
        kind: ProblemKind::File,
        place: Place::default(),
        what: "The package does not hold this file's content.".into(),
        remedy: "Export the package again, with the file column in its schema.".into(),
    }
}

fn no_room() -> Problem {
    Problem {
        kind: ProblemKind::Internal,
        place: Place::default(),
        what: "The browser has no room for the file.".into(),
        remedy: "Close other tabs and save again.".into(),
    }
}
