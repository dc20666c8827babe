//! The records of a table, and the search over all values.

use super::facts::SchemaFacts;
use crate::components::{Busy, DataTable, Field, Heading, Input, MessageBar, OnRow, ProblemBar, Tone};
use crate::effects::go;
use crate::route::{PackagePlace, Route};
use crate::state::{Store, use_store};
use crate::texts::package as text;
use browser::protocol::{RecordLine, ViewedColumn};
use leptos::prelude::*;

/// Width of a column of the table, in rem.
const COLUMN: f64 = 11.0;

#[component]
pub(super) fn Records(table: Memo<Option<String>>, place: Memo<PackagePlace>) -> impl IntoView {
    let store = use_store();
    let of = move |name: String| {
        let known = store.peek(|model| model.view.table(&name).cloned());
        match known {
            None => view! { <MessageBar tone=Tone::Warning title=text::NO_SUCH_TABLE /> }.into_any(),
            Some(table) => view! {
                <h2 id="records-title" tabindex="-1">
                    {table.display_name.clone()} <span class="logical">{table.name.clone()}</span>
                </h2>
                <SchemaFacts table=table.clone() />
                <Count all=table.records />
                <TableOfRecords table=table.name place />
            }
            .into_any(),
        }
    };
    view! {
        <div class="viewer-main">
            <Search />
            {move || table.get().map(of)}
        </div>
    }
}

/// Over the values of all tables.
#[component]
fn Search() -> impl IntoView {
    let store = use_store();
    let search = RwSignal::new(store.peek(|model| model.view.search.clone()));
    Effect::new(move |before: Option<String>| {
        let text = search.get();
        if before.is_some_and(|before| before != text) {
            store.search_package(text.clone());
        }
        text
    });
    let found = store.select(|model| {
        if model.view.search.is_empty() {
            return String::new();
        }
        let hits = model.view.hits.as_ref();
        hits.map_or_else(|| text::SEARCHING.to_owned(), |hits| text::found(hits.values().sum(), hits.len()))
    });
    view! {
        <div class="viewer-search">
            <Field id="search-values" label=text::SEARCH input=Input::Search value=search />
            <p class="quiet" role="status">{move || found.get()}</p>
        </div>
    }
}

/// How many records are on screen.
#[component]
fn Count(all: u64) -> impl IntoView {
    let store = use_store();
    let total = store.select(|model| model.view.records.total);
    view! { <p class="quiet viewer-count" role="status">{move || total.get().map(|total| text::shown(total, all))}</p> }
}

#[component]
fn TableOfRecords(table: String, place: Memo<PackagePlace>) -> impl IntoView {
    let store = use_store();
    let problem = store.select(|model| model.view.problem.clone());
    let columns = store.select(|model| model.view.columns.clone());
    let name_column = store.peek(|model| {
        let schema = model.view.table(&table).and_then(|table| table.schema.as_ref());
        schema.map(|schema| schema.primary_name.clone()).unwrap_or_default()
    });
    move || {
        if let Some(problem) = problem.get() {
            return view! { <ProblemBar title=text::NOT_READ problem /> }.into_any();
        }
        let (table, name_column) = (table.clone(), name_column.clone());
        match columns.get() {
            None => view! { <Busy text=text::READING /> }.into_any(),
            Some(columns) => view! { <Window table columns name_column place /> }.into_any(),
        }
    }
}

/// The records as a table of any length.
#[component]
fn Window(
    table: String,
    columns: Vec<ViewedColumn>,
    name_column: String,
    place: Memo<PackagePlace>,
) -> impl IntoView {
    let store = use_store();
    let total = store.select(|model| model.view.records.total.unwrap_or(0));
    let searched = store.select(|model| model.view.records.filter.search.clone());
    // The id stands behind the name; without a name it is what tells records apart.
    let id_at = usize::from(columns.first().is_some_and(|column| column.name == name_column));
    let head = heading(&columns, id_at);
    let (span, width) = (head.len(), format!("{}rem", head.len() as f64 * COLUMN));
    let cells = move |index: u64| cells(store, index, id_at, span);
    let chosen = move |index: u64| {
        let shown = place.get().record;
        shown.is_some() && line(store, index).map(|line| line.id) == shown
    };
    let choose = move |index: u64| {
        if let Some(line) = line(store, index) {
            go(Route::record(&table, line.id));
        }
    };
    let nothing = move || if searched.get().is_empty() { text::NO_RECORDS } else { text::NOTHING_FOUND };
    view! {
        <DataTable
            label=text::RECORDS
            head
            open_label=text::OPEN
            total
            filter=searched
            on_need=move |(first, last)| store.need_records(first, last)
            name=move |index| format!("{} {}", text::OPEN, name(store, index))
            cells
            on_row=OnRow::Chooses { chosen: Callback::new(chosen), choose: Callback::new(choose) }
            width
        />
        {move || (total.get() == 0).then(|| view! { <p class="no-rows" role="status">{nothing}</p> })}
    }
}

fn heading(columns: &[ViewedColumn], id_at: usize) -> Vec<Heading> {
    let mut head: Vec<Heading> =
        columns.iter().map(|column| (column.label.clone().into(), "column-value")).collect();
    head.insert(id_at, (text::ID.into(), "column-value"));
    head
}

fn cells(store: Store, index: u64, id_at: usize, span: usize) -> AnyView {
    let Some(line) = line(store, index) else {
        return view! { <td colspan=span class="quiet">{text::LOADING}</td> }.into_any();
    };
    let mut cells = line.cells;
    cells.insert(id_at.min(cells.len()), line.id.to_string());
    cells.into_iter().map(|cell| view! { <td>{cell}</td> }).collect_view().into_any()
}

/// What a record is called: its first value, or its id.
fn name(store: Store, index: u64) -> String {
    let line = line(store, index);
    let name = line.as_ref().and_then(|line| line.cells.first()).filter(|name| !name.is_empty()).cloned();
    name.or_else(|| line.map(|line| line.id.to_string())).unwrap_or_default()
}

/// The record at an index, as it comes.
fn line(store: Store, index: u64) -> Option<RecordLine> {
    store.read(|model| model.view.records.row(index).cloned())
}
