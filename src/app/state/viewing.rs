//! What a page that looks into a package asks for.

use super::Store;
use super::rows::Window;
use browser::protocol::{Command, RecordsQuery, ViewSource};
use leptos::prelude::*;
use uuid::Uuid;
use wasm_bindgen::JsValue;

impl Store {
    /// Looks into a package.
    pub(crate) fn view_package(self, source: ViewSource, file: Option<JsValue>) {
        self.send_with(Command::ViewPackage(source), file);
    }

    /// Shows a table of it.
    pub(crate) fn show_table(self, table: &str) {
        if self.peek(|model| model.view.records.filter.table == table) {
            return;
        }
        self.model.update(|model| {
            model.view.records = Default::default();
            model.view.columns = None;
            model.view.records.filter.table = table.to_owned();
            if model.view.hits.is_some() {
                model.view.records.filter.search = model.view.search.clone();
            }
        });
        self.ask_records(Window::FIRST);
    }

    /// Shows a record beside the table, or none.
    pub(crate) fn show_record(self, place: Option<(String, Uuid)>) {
        let shown = |table: &str, id| {
            self.peek(|model| model.view.record.as_ref().is_some_and(|r| r.table == table && r.id == id))
        };
        match place {
            None if self.peek(|model| model.view.record.is_some()) => {
                self.model.update(|model| model.view.record = None);
            }
            Some((table, id)) if !shown(&table, id) => {
                self.send(Command::ViewRecord { ask: self.next_ask(), table, id });
            }
            _ => {}
        }
    }

    /// Sees to it that `first..last` of the records is here.
    pub(crate) fn need_records(self, first: u64, last: u64) {
        if let Some(window) = self.peek(|model| model.view.records.missing(first, last)) {
            self.ask_records(window);
        }
    }

    /// Looks for text in all values.
    pub(crate) fn search_package(self, text: String) {
        let wanted = text.trim().to_owned();
        self.model.update(|model| model.view.search = wanted.clone());
        if !wanted.is_empty() {
            self.send(Command::SearchPackage { ask: self.next_ask(), text: wanted });
        } else {
            self.model.update(|model| model.view.forget_search());
            self.ask_records(Window::FIRST);
        }
    }

    /// Narrows the table on screen to what was found.
    pub(super) fn show_found(self) {
        let (text, found) = self.peek(|model| (model.view.search.clone(), model.view.hits.is_some()));
        if found && !self.peek(|model| model.view.records.filter.table.is_empty()) {
            self.model.update(|model| model.view.records.filter.search = text);
            self.ask_records(Window::FIRST);
        }
    }

    fn ask_records(self, window: Window) {
        let filter = self.peek(|model| model.view.records.filter.clone());
        let query = RecordsQuery {
            table: filter.table,
            search: filter.search,
            start: window.start,
            count: window.count,
        };
        self.send(Command::ViewRecords { ask: self.next_ask(), query });
    }

    fn next_ask(self) -> u32 {
        self.asks.update_value(|ask| *ask += 1);
        self.asks.get_value()
    }
}
