//! The tables of a package: a list to choose from, on a narrow screen a field.

use crate::components::{Field, Input, Select};
use crate::effects::go;
use crate::route::Route;
use crate::state::use_store;
use crate::texts::package as text;
use browser::protocol::ViewedTable;
use leptos::prelude::*;

#[component]
pub(super) fn Tables(tables: Vec<ViewedTable>, table: Memo<Option<String>>) -> impl IntoView {
    let wanted = RwSignal::new(String::new());
    let options: Vec<(String, String)> =
        tables.iter().map(|table| (table.name.clone(), table.display_name.clone())).collect();
    let fitting = move || {
        let wanted = wanted.get().trim().to_lowercase();
        tables.iter().filter(|table| is_called(table, &wanted)).cloned().collect::<Vec<_>>()
    };
    let fitting = Memo::new(move |_| fitting());
    view! {
        <nav class="viewer-tables" aria-label=text::TABLES>
            <Field id="find-table" label=text::FIND_TABLE input=Input::Search value=wanted />
            <ul class="table-list">
                <For
                    each=move || fitting.get()
                    key=|table| table.name.clone()
                    children=move |of| view! { <TableLink of table /> }
                />
            </ul>
            {move || fitting.get().is_empty().then(|| view! { <p class="quiet" role="status">{text::NO_TABLE_FITS}</p> })}
        </nav>
        <div class="viewer-table-choice">
            <Select
                id="viewed-table".to_owned()
                label=text::TABLE
                options
                value=Signal::derive(move || table.get().unwrap_or_default())
                on_change=move |name: String| go(Route::table(&name))
            />
        </div>
    }
}

fn is_called(table: &ViewedTable, wanted: &str) -> bool {
    table.name.to_lowercase().contains(wanted) || table.display_name.to_lowercase().contains(wanted)
}

#[component]
fn TableLink(of: ViewedTable, table: Memo<Option<String>>) -> impl IntoView {
    let store = use_store();
    let (name, records) = (of.name.clone(), of.records);
    let hits = store.select(move |model| {
        model.view.hits.as_ref().map(|hits| hits.get(&name).copied().unwrap_or_default())
    });
    let name = of.name.clone();
    let current = move || (table.get().as_deref() == Some(name.as_str())).then_some("true");
    let href = Route::table(&of.name).href();
    let links = (of.links > 0).then(|| text::links_of_table(of.links));
    view! {
        <li>
            <a
                class="table-item"
                class:nothing=move || hits.get().unwrap_or(records) == 0
                href=href
                aria-current=current
            >
                <span class="table-item-name">{of.display_name}</span>
                <span class="table-item-count">{move || text::records_in_table(records, hits.get())}</span>
                <span class="table-item-more">{of.name}</span>
                <span class="table-item-more table-item-count">{links}</span>
            </a>
        </li>
    }
}
