//! The rows of the environment that records may be, asked for by a column of their key.

use super::cells::{Cell, condition, leads_to};
use super::key::{Key, is_empty};
use super::{Match, Matching, Pointing, Standing};
use crate::Problem;
use crate::package_index::{RecordAt, pointed_row};
use crate::paging::all_pages;
use crate::progress::Progress;
use crate::reading::row_id;
use crate::table_fit::TableFit;
use crate::values::{from_json, property};
use cmt::Value;
use dataverse::{Client, Clock, ColumnMetadata, Query, Row, TableMetadata, Transport};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// Most values a query, and most characters of them: they stand in an address.
const VALUES: usize = 50;
const CHARACTERS: usize = 8_000;

/// A row that a record may be.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) id: Uuid,
    pub(super) name: String,
    cells: HashMap<String, Cell>,
}

/// The rows of one table that came so far.
pub(super) struct Candidates<'a> {
    table: Option<&'a TableMetadata>,
    columns: Vec<&'a ColumnMetadata>,
    pub(super) rows: Vec<Candidate>,
    /// Rows that need no adding: they are here, or will be gone.
    known: HashSet<Uuid>,
    /// Which record has the row already. Rows are those that existed before the run: none is a record's of the same run.
    taken: HashMap<Uuid, usize>,
    /// Conditions that were asked.
    asked: HashSet<String>,
}

impl<'a> Candidates<'a> {
    pub(super) fn new(
        fit: Option<&TableFit<'a>>,
        keys: &[Key<'a>],
        taken: Vec<(Uuid, usize)>,
        gone: HashSet<Uuid>,
    ) -> Candidates<'a> {
        let mut columns: Vec<&ColumnMetadata> = Vec::new();
        for column in keys.iter().flat_map(|key| key.columns.iter().chain(&key.tie).chain(&key.newest_by)) {
            if columns.iter().all(|known| known.name != column.name) {
                columns.push(column);
            }
        }
        Candidates {
            table: fit.map(|fit| fit.metadata),
            columns,
            rows: Vec::new(),
            known: gone,
            taken: taken.into_iter().collect(),
            asked: HashSet::new(),
        }
    }

    /// From now on the row is that record's.
    pub(super) fn take(&mut self, id: Uuid, record: usize) {
        self.taken.insert(id, record);
    }

    /// The record that has the row.
    pub(super) fn taken_by(&self, id: Uuid) -> Option<usize> {
        self.taken.get(&id).copied()
    }

    fn add(&mut self, row: &Row) -> Result<(), Problem> {
        let Some(table) = self.table else { return Ok(()) };
        let Some(id) = row_id(row, &table.primary_id) else { return Ok(()) };
        if !self.known.insert(id) {
            return Ok(());
        }
        let mut cells = HashMap::new();
        for column in &self.columns {
            cells.insert(column.name.clone(), Cell::of(from_json(row, column)?.as_ref(), column));
        }
        let name = table.primary_name.as_deref().and_then(|name| row.get(name)?.as_str());
        self.rows.push(Candidate { id, name: name.unwrap_or_default().to_owned(), cells });
        Ok(())
    }

    /// What to ask for these conditions.
    fn queries(&self, conditions: &BTreeSet<String>) -> Vec<Query> {
        let Some(table) = self.table else { return Vec::new() };
        let names = std::iter::once(&table.primary_id).chain(&table.primary_name).cloned();
        let mut select: Vec<String> =
            names.chain(self.columns.iter().map(|column| property(column))).collect();
        let mut seen = BTreeSet::new();
        select.retain(|column| seen.insert(column.clone()));
        let filters = joined(conditions, " or ");
        let query = |filter| Query { select: select.clone(), filter: Some(filter), ..Query::of(&table.set) };
        filters.into_iter().map(query).collect()
    }
}

impl Candidate {
    /// Its value in a column, as text: moments in their order.
    pub(super) fn text(&self, column: &ColumnMetadata) -> &str {
        match self.cells.get(&column.name) {
            Some(Cell::Plain(text)) => text,
            _ => "",
        }
    }

    /// Its values in these columns.
    pub(super) fn cells(&self, columns: &[&ColumnMetadata]) -> Vec<Cell> {
        columns.iter().map(|column| self.cells.get(&column.name).cloned().unwrap_or(Cell::Empty)).collect()
    }
}

/// The conditions in as few filters as their number and length allow.
pub(in crate::planning) fn joined<'c>(
    conditions: impl IntoIterator<Item = &'c String>,
    with: &str,
) -> Vec<String> {
    let weighed = conditions.into_iter().map(|condition| (condition.len(), condition));
    let chunks = crate::reading::chunks(weighed, VALUES, CHARACTERS).into_iter();
    let text = |chunk: Vec<(usize, &String)>| {
        chunk.into_iter().map(|(_, condition)| condition.as_str()).collect::<Vec<_>>().join(with)
    };
    chunks.map(text).collect()
}

/// What is asked for a record.
enum Question {
    /// Rows with this value.
    Ask(String),
    /// Nothing, since the record is settled without.
    Settled(Match),
    /// Nothing yet.
    NotYet,
}

impl<'a> Matching<'_, 'a> {
    /// Asks for rows that waiting records may be, as far as their keys can be asked by now; whether any record got on.
    ///
    /// # Errors
    /// Where the environment cannot be asked any more, or the run was stopped.
    pub(super) async fn ask<T: Transport, C: Clock>(
        &mut self,
        client: &Client<T, C>,
        progress: &mut Progress<'_>,
    ) -> Result<bool, Problem> {
        let (mut got_on, mut wanted) = (false, BTreeMap::<usize, BTreeSet<String>>::new());
        for at in self.waiting(false) {
            match self.question(at) {
                Question::NotYet => continue,
                Question::Settled(found) => self.settle(at, found),
                Question::Ask(condition) => {
                    if self.tables[at.table].candidates.asked.insert(condition.clone()) {
                        wanted.entry(at.table).or_default().insert(condition);
                    }
                    if let Standing::Waiting { asked, .. } = &mut self.tables[at.table].standing[at.record] {
                        *asked = true;
                    }
                }
            }
            got_on = true;
        }
        let of_table = |(&table, conditions): (&usize, &BTreeSet<String>)| {
            let queries = self.tables[table].candidates.queries(conditions);
            queries.into_iter().map(move |query| (table, query)).collect::<Vec<_>>()
        };
        let (tables, queries): (Vec<usize>, Vec<Query>) = wanted.iter().flat_map(of_table).unzip();
        let mut refused = Vec::new();
        let take = |host: &mut (&mut Self, &mut Progress<'_>),
                    query: usize,
                    rows: Result<Vec<Row>, Problem>| {
            let candidates = &mut host.0.tables[tables[query]].candidates;
            let added = rows.and_then(|rows| rows.iter().try_for_each(|row| candidates.add(row)));
            match added.map_err(|refusal| refusal.in_table(&host.0.index.package.tables[tables[query]].name))
            {
                Err(refusal) if refusal.ends_the_run() => return Err(refusal),
                Err(refusal) => refused.push((tables[query], refusal)),
                Ok(()) => {}
            }
            Ok(())
        };
        all_pages(client, &queries, &mut (&mut *self, progress), |host| host.1.go_on(), take).await?;
        refused.into_iter().for_each(|(table, refusal)| self.refused(table, &refusal));
        Ok(got_on)
    }

    /// The waiting records, for whose rows the environment was asked or not.
    pub(super) fn waiting(&self, wanted: bool) -> Vec<RecordAt> {
        let tables = self.tables.iter().enumerate();
        let of_table = |(table, matching): (usize, &super::TableMatching<'_>)| {
            let standing = matching.standing.iter().enumerate();
            let waits = standing.filter(
                |(_, standing)| matches!(standing, Standing::Waiting { asked, .. } if *asked == wanted),
            );
            waits.map(move |(record, _)| RecordAt { table, record }).collect::<Vec<_>>()
        };
        tables.flat_map(of_table).collect()
    }

    /// The key that is to tell a waiting record.
    pub(super) fn key(&self, at: RecordAt) -> Option<&Key<'a>> {
        match self.tables[at.table].standing[at.record] {
            Standing::Waiting { key, .. } => self.tables[at.table].keys.get(key),
            Standing::Settled(_) => None,
        }
    }

    fn question(&self, at: RecordAt) -> Question {
        let Some(key) = self.key(at) else { return Question::NotYet };
        let column = key.asked_by;
        let asked = match self.index.record(at).value(&column.name).filter(|value| !is_empty(value)) {
            Some(Value::Lookup(lookup)) => {
                let Some(fit) = &self.index.fits[at.table] else { return Question::NotYet };
                match self.pointing(&pointed_row(lookup, &column.name, fit.metadata)) {
                    Pointing::At(row) => leads_to(column, row.id),
                    Pointing::Nowhere => return Question::Settled(Match::New),
                    Pointing::Open => return Question::NotYet,
                    Pointing::Unknown(problem) => return Question::Settled(Match::Unknown(problem)),
                }
            }
            Some(value) => condition(value, column),
            None => None,
        };
        asked.map_or(Question::Settled(Match::New), Question::Ask)
    }

    /// A refused question is no answer for any record that waits for its table's rows.
    fn refused(&mut self, table: usize, refusal: &Problem) {
        let waiting: Vec<RecordAt> = self.waiting(true).into_iter().filter(|at| at.table == table).collect();
        waiting.into_iter().for_each(|at| self.settle(at, Match::Unknown(refusal.clone())));
    }
}
