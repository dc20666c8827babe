//! What may happen to the rows of each table.

use crate::components::{Checkbox, Details, Head, Select, Table};
use crate::state::use_store;
use crate::texts::{decisions as text, import};
use browser::protocol::TableCounts;
use leptos::prelude::*;

#[component]
pub(super) fn TablesPart(tables: Vec<TableCounts>) -> impl IntoView {
    let head = [import::TABLE, text::MODE, text::MATCH_NAME, text::REMOVE_ROWS].map(Head::Text).to_vec();
    let tables: Vec<TableCounts> = tables.into_iter().filter(|table| table.counts.total() > 0).collect();
    view! {
        <Details summary=text::TABLES>
            <Table label=text::TABLES head>
                {tables.into_iter().map(|table| view! { <TableRow table /> }).collect_view()}
            </Table>
        </Details>
    }
}

#[component]
fn TableRow(table: TableCounts) -> impl IntoView {
    let store = use_store();
    let name = table.table.clone();
    let planned = table.mode;
    let of = name.clone();
    let mode = store.select(move |model| {
        let chosen = model.import.draft.tables.get(&of).and_then(|options| options.mode);
        format!("{:?}", chosen.unwrap_or(planned))
    });
    let of = name.clone();
    let choose = move |key: String| {
        let of = of.clone();
        store.decide(|options| options.tables.entry(of).or_default().mode = text::mode_named(&key));
    };
    view! {
        <tr>
            <th scope="row">{table.display_name.clone()}</th>
            <td><Select id=format!("mode-{name}") label=text::MODE options=text::modes() value=mode on_change=choose /></td>
            <td><SameNames name=name.clone() rows=table.same_names /></td>
            <td><RemoveRows name /></td>
        </tr>
    }
}

/// Offers matching by name where that would find something, or was chosen.
#[component]
fn SameNames(name: String, rows: u64) -> impl IntoView {
    let store = use_store();
    let of = name.clone();
    let checked = store.select(move |model| model.import.draft.matches_by_name(&of));
    let of = name.clone();
    let change = move |on: bool| {
        let of = of.clone();
        store.decide(|options| options.tables.entry(of).or_default().match_by_name = Some(on));
    };
    let told = (rows > 0).then(|| view! { <span class="quiet">{text::same_names(rows)}" "</span> });
    (rows > 0 || checked.get_untracked()).then(|| {
        view! {
            {told}
            <Checkbox id=format!("same-names-{name}") label=text::MATCH_THEM checked on_change=change />
        }
    })
}

#[component]
fn RemoveRows(name: String) -> impl IntoView {
    let store = use_store();
    let of = name.clone();
    let checked = store.select(move |model| model.import.draft.removals.rows.contains(&of));
    let of = name.clone();
    let change = move |on: bool| {
        let of = of.clone();
        store.decide(|options| {
            let rows = &mut options.removals.rows;
            if on {
                rows.insert(of)
            } else {
                rows.remove(&of)
            };
        });
    };
    view! { <Checkbox id=format!("remove-rows-{name}") label=text::REMOVE_THEM checked on_change=change /> }
}
