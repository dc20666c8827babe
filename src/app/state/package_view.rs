//! A package that is looked into: what of it is here.

use super::{Answer, RowsView};
use browser::protocol::{Command, Event, RecordLine, ViewedColumn, ViewedPackage, ViewedRecord, ViewedTable};
use migration::Problem;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The records of a table that a window is over.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct RecordsFilter {
    /// Logical name of the table.
    pub(crate) table: String,
    /// Only records with this in a value; empty: all.
    pub(crate) search: String,
}

/// A record that was asked for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AskedRecord {
    ask: u32,
    /// Logical name of its table.
    pub(crate) table: String,
    pub(crate) id: Uuid,
    /// `None`: the package has none of this id.
    pub(crate) record: Answer<Option<Box<ViewedRecord>>>,
}

/// What is here of a package that is looked into.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct PackageView {
    pub(crate) package: Answer<ViewedPackage>,
    /// The columns of the table on screen, once they are known.
    pub(crate) columns: Option<Vec<ViewedColumn>>,
    pub(crate) records: RowsView<RecordsFilter, RecordLine>,
    /// What is looked for in all values; empty: nothing.
    pub(crate) search: String,
    /// How many records have it, by table; `None` while nobody knows.
    pub(crate) hits: Option<BTreeMap<String, u64>>,
    /// The newest search.
    searching: Option<u32>,
    /// The record beside the table.
    pub(crate) record: Option<AskedRecord>,
    /// Why records cannot be read or searched.
    pub(crate) problem: Option<Problem>,
}

impl PackageView {
    /// A table of the package.
    pub(crate) fn table(&self, name: &str) -> Option<&ViewedTable> {
        self.package.got()?.tables.iter().find(|table| table.name == name)
    }

    /// What people call a table.
    pub(crate) fn label(&self, name: &str) -> String {
        self.table(name).map_or_else(|| name.to_owned(), |table| table.display_name.clone())
    }

    /// The table to begin with: the first that has records.
    pub(crate) fn first_table(&self) -> Option<String> {
        let tables = &self.package.got()?.tables;
        let first = tables.iter().find(|table| table.records > 0).or_else(|| tables.first());
        first.map(|table| table.name.clone())
    }

    /// All records again; an answer that is on its way is stale.
    pub(super) fn forget_search(&mut self) {
        (self.hits, self.searching) = (None, None);
        self.records.filter.search.clear();
    }

    /// A command was sent.
    pub(super) fn asked(&mut self, command: &Command) {
        match command {
            Command::ViewPackage(_) => {
                *self = PackageView { package: Answer::Waiting, ..PackageView::default() };
            }
            Command::SearchPackage { ask, .. } => (self.searching, self.hits) = (Some(*ask), None),
            Command::ViewRecords { ask, query } => self.records.asked(*ask, query.start, query.count),
            Command::ViewRecord { ask, table, id } => {
                let record = Answer::Waiting;
                self.record = Some(AskedRecord { ask: *ask, table: table.clone(), id: *id, record });
            }
            _ => {}
        }
    }

    /// The engine told something.
    pub(super) fn told(&mut self, event: Event) {
        match event {
            Event::PackageViewed(package) => self.package = Answer::Got(*package),
            Event::PackageSearched { ask, hits } if self.searching == Some(ask) => match hits {
                Ok(hits) => self.hits = Some(hits.into_iter().collect()),
                Err(problem) => self.problem = Some(problem),
            },
            Event::RecordsViewed { ask, records } if self.records.is_newest(ask) => match records {
                Ok(records) => {
                    self.problem = None;
                    self.columns = Some(records.columns);
                    self.records.told(ask, records.total, records.lines);
                }
                Err(problem) => self.problem = Some(problem),
            },
            Event::RecordViewed { ask, record } => {
                if let Some(asked) = self.record.as_mut().filter(|asked| asked.ask == ask) {
                    asked.record = record.map_or_else(Answer::Refused, Answer::Got);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use browser::protocol::{RecordsQuery, ViewSource, ViewedRecords};

    fn ask_records(view: &mut PackageView, ask: u32) {
        let query = RecordsQuery { table: "account".into(), search: String::new(), start: 0, count: 200 };
        view.asked(&Command::ViewRecords { ask, query });
    }

    fn answer(ask: u32, total: u64) -> Event {
        Event::RecordsViewed { ask, records: Ok(ViewedRecords { total, ..ViewedRecords::default() }) }
    }

    #[test]
    fn only_the_answer_to_the_newest_question_is_shown() {
        let mut view = PackageView::default();
        ask_records(&mut view, 1);
        ask_records(&mut view, 2);
        view.told(answer(1, 10));
        assert_eq!((view.records.total, view.columns.is_none()), (None, true));
        view.told(answer(2, 20));
        assert_eq!(view.records.total, Some(20));
    }

    #[test]
    fn an_older_search_tells_nothing_any_more() {
        let mut view = PackageView::default();
        view.asked(&Command::SearchPackage { ask: 1, text: "a".into() });
        view.asked(&Command::SearchPackage { ask: 2, text: "ab".into() });
        view.told(Event::PackageSearched { ask: 1, hits: Ok(vec![("account".into(), 5)]) });
        assert_eq!(view.hits, None);
        view.told(Event::PackageSearched { ask: 2, hits: Ok(vec![("account".into(), 1)]) });
        assert_eq!(view.hits.unwrap().get("account"), Some(&1));
    }

    #[test]
    fn another_package_takes_everything_of_the_one_before_away() {
        let mut view = PackageView { search: "news".into(), ..PackageView::default() };
        ask_records(&mut view, 1);
        view.told(answer(1, 10));
        view.asked(&Command::ViewRecord { ask: 3, table: "account".into(), id: Uuid::nil() });
        view.asked(&Command::ViewPackage(ViewSource::File));
        assert_eq!(view, PackageView { package: Answer::Waiting, ..PackageView::default() });
    }
}
