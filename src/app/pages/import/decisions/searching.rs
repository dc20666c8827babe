//! Looking for a row of the target by its name.

use super::mapping::{map, named};
use crate::components::{Button, Field, Input, Look, ProblemBar, SubmitButton};
use crate::effects::focus;
use crate::state::{Answer, use_store};
use crate::texts::{decisions as text, import};
use leptos::prelude::*;
use migration::Proposal;
use uuid::Uuid;

/// The field for the name.
const NAME: &str = "find-row";

#[component]
pub(super) fn Searching(searching: RwSignal<Option<Proposal>>) -> impl IntoView {
    view! { {move || searching.get().map(|proposal| view! { <Search proposal searching /> })} }
}

#[component]
fn Search(proposal: Proposal, searching: RwSignal<Option<Proposal>>) -> impl IntoView {
    let store = use_store();
    let name = RwSignal::new(proposal.name.clone());
    let table = proposal.source.table.clone();
    let find = move || store.find_rows(table.clone(), name.get_untracked());
    let found = store.select(|model| model.import.found.clone());
    let title = text::looking_for(&named(&proposal));
    // Chosen in a table above, perhaps far away: the keyboard goes on here.
    request_animation_frame(|| focus(NAME));
    view! {
        <div class="decisions-search" role="group" aria-label=title.clone()>
            <p><strong>{title.clone()}</strong></p>
            <form
                on:submit=move |event| {
                    event.prevent_default();
                    find();
                }
            >
                <Field id=NAME label=text::FIND_NAME input=Input::Search value=name />
                <SubmitButton look=Look::Primary>{text::FIND}</SubmitButton>
                " "
                <Button look=Look::Subtle on_press=move |()| searching.set(None)>{text::CANCEL}</Button>
            </form>
            <div role="status">
                {move || match found.get().map(|(_, found)| found) {
                    Some(Answer::Waiting) => view! { <p>{import::LOADING}</p> }.into_any(),
                    Some(Answer::Refused(problem)) => view! { <ProblemBar title=text::FIND problem /> }.into_any(),
                    Some(Answer::Got(rows)) => view! { <Found rows proposal=proposal.clone() searching /> }.into_any(),
                    _ => ().into_any(),
                }}
            </div>
        </div>
    }
}

#[component]
fn Found(
    rows: Vec<(Uuid, String)>,
    proposal: Proposal,
    searching: RwSignal<Option<Proposal>>,
) -> impl IntoView {
    let store = use_store();
    let nothing = rows.is_empty().then(|| view! { <p>{text::FOUND_NOTHING}</p> });
    let item = move |(id, name): (Uuid, String)| {
        let of = proposal.clone();
        let choose = move |()| {
            map(store, of.source.clone(), &of.name, Some(id));
            searching.set(None);
        };
        // Two of the same name are told apart by their ids.
        view! { <li><Button on_press=choose>{name}" "<code>{id.to_string()}</code></Button></li> }
    };
    view! {
        {nothing}
        <ul class="decisions-found">{rows.into_iter().map(item).collect_view()}</ul>
    }
}
