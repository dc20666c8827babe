//! The records of plan or report: tables beside them, filters above.

use super::record::{self, FILTERS, RecordDetails};
use super::tables::TableList;
use super::take_along::{MOST_TAKEN, TakeAlong};
use crate::components::{Button, DataTable, Field, Heading, Input, Look, OnRow, Select};
use crate::pages::run::Labels;
use crate::state::{Filter, Store, use_store};
use crate::texts::{self, import as text};
use browser::protocol::{Row, RowState, RowsOf, RuleFilter, TableCounts};
use leptos::prelude::*;
use migration::Counts;
use std::sync::Arc;

#[component]
pub(super) fn Records(of: RowsOf, tables: Vec<TableCounts>, counts: Counts) -> impl IntoView {
    let label = |table: &TableCounts| (table.table.clone(), table.display_name.clone());
    let labels: Labels = Arc::new(tables.iter().map(label).collect());
    let options: Vec<(String, String)> = tables.iter().map(label).collect();
    let all = counts.total();
    let on_paper = RwSignal::new(false);
    let names = labels.clone();
    view! {
        <section class="records">
            <h2>{text::RECORDS_TITLE}</h2>
            <div class="records-layout">
                <TableList of tables counts />
                <div class="records-main">
                    <Filters of options all />
                    <RecordTable of labels on_paper />
                    <TakeAlong of labels=names on_paper />
                </div>
            </div>
        </section>
    }
}

/// The rows as a table of any length.
#[component]
pub(super) fn RecordTable(
    of: RowsOf,
    labels: Labels,
    /// Whether it is being printed.
    #[prop(into, optional)]
    on_paper: Signal<bool>,
) -> impl IntoView {
    let store = use_store();
    let total = store.select(move |model| model.import.rows(of).total);
    let filter = store.select(move |model| format!("{:?}", model.import.rows(of).filter));
    let need = move |(first, last)| store.need_rows(of, first, last);
    // The first window: before it nobody knows how many rows there are.
    need((0, 1));
    let cells = move |index: u64| match row(store, of, index) {
        Some(row) => {
            let table = labels.get(&row.table).cloned().unwrap_or_else(|| row.table.clone());
            record::cells(of, &row, table)
        }
        None => record::empty_cells(),
    };
    let details = move |index: u64| match row(store, of, index) {
        Some(row) => view! { <RecordDetails of row /> }.into_any(),
        None => ().into_any(),
    };
    let name = move |index: u64| record::name(row(store, of, index).as_ref());
    let (label, head) = heading(of);
    view! {
        <DataTable
            label
            head
            open_label=text::OPEN
            total=Signal::derive(move || total.get().unwrap_or(0))
            filter
            on_need=need
            name
            cells
            on_row=OnRow::Opens(Callback::new(details))
            whole=Signal::derive(move || on_paper.get().then_some(MOST_TAKEN))
        />
        {move || (total.get() == Some(0)).then(|| view! { <p class="no-rows" role="status">{text::NO_ROWS}</p> })}
        <p class="print-only">{move || match on_paper.get() {
            true => text::printed(total.get().unwrap_or(0), MOST_TAKEN),
            false => text::PRINTED.to_owned(),
        }}</p>
    }
}

/// What a table is called and its columns: links have no action of their own, they only failed.
fn heading(of: RowsOf) -> (&'static str, Vec<Heading>) {
    let state = match of {
        RowsOf::FailedLinks => {
            let columns = [
                (text::LINK, "column-name"),
                (text::RELATIONSHIP, "column-table"),
                (text::WHY, "column-detail"),
            ];
            return (text::FAILED_LINKS, columns.map(in_its_place).to_vec());
        }
        RowsOf::Removals => {
            let columns = [(text::NAME, "column-name"), (text::TABLE, "column-table")];
            return (text::REMOVALS, columns.map(in_its_place).to_vec());
        }
        RowsOf::Plan => text::ACTION,
        RowsOf::Report => text::FATE,
    };
    let columns = [
        (text::NAME, "column-name"),
        (text::TABLE, "column-table"),
        (state, "column-state"),
        (text::MATCHED_BY, "column-rule"),
        (text::DETAIL, "column-detail"),
    ];
    (text::RECORDS_TITLE, columns.map(in_its_place).to_vec())
}

/// A heading with the class of its column.
fn in_its_place((text, class): (&'static str, &'static str)) -> Heading {
    (text.into(), class)
}

/// The row at an index, as it comes.
fn row(store: Store, of: RowsOf, index: u64) -> Option<Row> {
    store.read(|model| model.import.rows(of).row(index).cloned())
}

#[component]
fn Filters(of: RowsOf, options: Vec<(String, String)>, all: u64) -> impl IntoView {
    let store = use_store();
    let filter = store.select(move |model| model.import.rows(of).filter.clone());
    let total = store.select(move |model| model.import.rows(of).total);
    let search = RwSignal::new(store.peek(|model| model.import.rows(of).filter.search.clone()));
    Effect::new(move |before: Option<String>| {
        let text = search.get();
        if before.is_some_and(|before| before != text) {
            let wanted = text.clone();
            store.filter_rows(of, |filter| filter.search = wanted);
        }
        text
    });
    let states = std::iter::once((String::new(), text::ALL.to_owned()))
        .chain(FILTERS.iter().map(|state| (format!("{state:?}"), text::state(of, *state).to_owned())));
    let tables = std::iter::once((String::new(), texts::ALL_TABLES.to_owned())).chain(options);
    let clear = move |()| {
        search.set(String::new());
        store.filter_rows(of, |filter| *filter = Filter::default());
    };
    view! {
        <div class="filters">
            <Field id=format!("{of:?}-search") label=text::SEARCH input=Input::Search value=search />
            <Select
                id=format!("{of:?}-state")
                label=text::SHOW
                options={states.collect::<Vec<_>>()}
                value=Signal::derive(move || filter.get().state.map(|state| format!("{state:?}")).unwrap_or_default())
                on_change=move |name: String| store.filter_rows(of, |filter| filter.state = state_named(&name))
            />
            {(of != RowsOf::FailedLinks).then(|| view! { <RuleSelect of /> })}
            <div class="filters-table">
                <Select
                    id=format!("{of:?}-table")
                    label=text::TABLE
                    options={tables.collect::<Vec<_>>()}
                    value=Signal::derive(move || filter.get().table.unwrap_or_default())
                    on_change=move |name: String| {
                        store.filter_rows(of, |filter| filter.table = (!name.is_empty()).then_some(name));
                    }
                />
            </div>
            <p class="filters-count" role="status">
                {move || total.get().map_or_else(|| text::LOADING.to_owned(), |total| text::shown(total, all))}
            </p>
            {move || (filter.get() != Filter::default()).then(|| view! {
                <Button look=Look::Subtle on_press=clear>{text::CLEAR_FILTER}</Button>
            })}
        </div>
    }
}

/// Only records that found their row so.
#[component]
fn RuleSelect(of: RowsOf) -> impl IntoView {
    let store = use_store();
    let rule = store.select(move |model| model.import.rows(of).filter.rule);
    let options = std::iter::once((String::new(), text::ANY_RULE.to_owned()))
        .chain(RULES.iter().map(|(rule, label)| (format!("{rule:?}"), (*label).to_owned())));
    let change = move |name: String| {
        let chosen = RULES.iter().map(|(rule, _)| *rule).find(|rule| format!("{rule:?}") == name);
        store.filter_rows(of, |filter| filter.rule = chosen);
    };
    view! {
        <Select
            id=format!("{of:?}-rule")
            label=text::RULE
            options={options.collect::<Vec<_>>()}
            value=Signal::derive(move || rule.get().map(|rule| format!("{rule:?}")).unwrap_or_default())
            on_change=change
        />
    }
}

/// How records find their rows.
const RULES: [(RuleFilter, &str); 6] = [
    (RuleFilter::Id, "Id"),
    (RuleFilter::Keys, "Unique columns"),
    (RuleFilter::Name, "Name"),
    (RuleFilter::Special, "Rule for the table"),
    (RuleFilter::Mapped, "Mapping"),
    (RuleFilter::New, "New"),
];

fn state_named(name: &str) -> Option<RowState> {
    FILTERS.into_iter().find(|state| format!("{state:?}") == name)
}
