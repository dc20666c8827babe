//! What can be decided about one record of the plan: whether it goes along, and which row it is.

use crate::components::Button;
use crate::state::use_store;
use crate::texts::decisions as text;
use browser::protocol::Row;
use leptos::prelude::*;
use migration::{MappedRow, RowRef};
use uuid::Uuid;

#[component]
pub(super) fn RecordActions(row: Row) -> impl IntoView {
    let store = use_store();
    let record = RowRef { table: row.table.clone(), id: row.id };
    let of = record.clone();
    let left_out = store.select(move |model| model.import.draft.left_out.contains(&of));
    let of = record.clone();
    let toggle = move |()| {
        let of = of.clone();
        store.decide(|options| {
            if !options.left_out.remove(&of) {
                options.left_out.insert(of);
            }
        });
    };
    let mut candidates: Vec<(Uuid, String)> =
        row.problems.iter().flat_map(|problem| problem.place.candidates.clone()).collect();
    candidates.dedup();
    let label = move || if left_out.get() { text::TAKE_IN } else { text::LEAVE_OUT };
    view! {
        {(!candidates.is_empty()).then(|| view! { <Choose record name=row.name.clone() candidates /> })}
        <div class="record-actions">
            <Button on_press=toggle>{label}</Button>
            <span role="status">{move || left_out.get().then_some(text::LEFT_OUT)}</span>
        </div>
    }
}

/// Several rows of the target may be the record: one of them is.
#[component]
fn Choose(record: RowRef, name: String, candidates: Vec<(Uuid, String)>) -> impl IntoView {
    let store = use_store();
    let of = record.clone();
    let decided =
        store.select(move |model| model.import.draft.mapping.decision(&of).and_then(|row| row.target));
    let item = move |(id, label): (Uuid, String)| {
        let (source, name) = (record.clone(), name.clone());
        let choose = move |()| {
            let decision = MappedRow { source: source.clone(), name: name.clone(), target: Some(id) };
            store.decide(|options| options.mapping.decide(decision));
        };
        let pressed = move || (decided.get() == Some(id)).to_string();
        view! {
            <li>
                <button type="button" class="button" aria-pressed=pressed on:click=move |_| choose(())>
                    {label}" "<code>{id.to_string()}</code>
                </button>
            </li>
        }
    };
    view! {
        <p><strong>{text::CHOOSE}</strong></p>
        <ul class="decisions-found">{candidates.into_iter().map(item).collect_view()}</ul>
        <p role="status">{move || decided.get().is_some().then_some(text::CHOSEN)}</p>
    }
}
