//! The tables with their counts; choosing one filters the records.

use super::tiles::{STATES, of_state, tone};
use crate::state::use_store;
use crate::texts::{self, import as text};
use browser::protocol::{RowState, RowsOf, TableCounts};
use leptos::prelude::*;
use migration::Counts;

#[component]
pub(super) fn TableList(of: RowsOf, tables: Vec<TableCounts>, counts: Counts) -> impl IntoView {
    let item = move |name: Option<String>, label: String, counts: Counts| {
        view! { <TableItem of name label counts /> }
    };
    let all = item(None, texts::ALL_TABLES.to_owned(), counts);
    let each = tables.into_iter().map(|table| item(Some(table.table), table.display_name, table.counts));
    view! {
        <ul class="table-list" aria-label=texts::check::ALL_TABLES>
            {all}
            {each.collect_view()}
        </ul>
    }
}

#[component]
fn TableItem(of: RowsOf, name: Option<String>, label: String, counts: Counts) -> impl IntoView {
    let store = use_store();
    let of_this = name.clone();
    let chosen = store.select(move |model| model.import.rows(of).filter.table == of_this);
    let choose = move |_| {
        let name = name.clone();
        store.filter_rows(of, |filter| filter.table = name);
    };
    let told = text::counts(of, &counts);
    view! {
        <li>
            <button
                type="button"
                class="table-item"
                aria-pressed=move || chosen.get().to_string()
                title=told.clone()
                on:click=choose
            >
                <span class="table-item-name">{label}</span>
                <span class="table-item-count">{texts::number(counts.total())}</span>
                <span class="sr-only">{format!(" ({told})")}</span>
                <Shares counts />
            </button>
        </li>
    }
}

/// The states' shares as a thin bar; the words stand beside it for those who do not see it.
#[component]
fn Shares(counts: Counts) -> impl IntoView {
    let share = move |state: RowState| {
        let n = of_state(&counts, state);
        let class = if state == RowState::Skip { "skip" } else { tone(state).class() };
        (n > 0).then(
            || view! { <span class=format!("share {class}") style:flex-grow=move || n.to_string()></span> },
        )
    };
    view! { <span class="shares" aria-hidden="true">{STATES.map(share).collect_view()}</span> }
}
