//! What this browser keeps of this app, and how to be rid of it.

use crate::components::{Button, Card, Confirm, Facts, Look, MessageBar, Tone};
use crate::effects;
use crate::pages::StepPage;
use crate::state::{Model, use_store};
use crate::texts::{self, kept_data as text, kept_runs};
use leptos::prelude::*;

#[component]
pub(crate) fn KeptDataPage() -> impl IntoView {
    view! {
        <StepPage title=text::TITLE lead=text::LEAD>
            <WasDeleted />
            <Kept />
            <Card title=text::NEVER><p>{text::NEVER_TEXT}</p></Card>
            <Delete />
        </StepPage>
    }
}

#[component]
fn Kept() -> impl IntoView {
    let store = use_store();
    let runs = store.select(|model| model.kept.listed.as_ref().map(Vec::len));
    let recent = store.select(|model| model.recent.len());
    let runs = move || match runs.get() {
        None => text::NO_STORAGE.to_owned(),
        Some(0) => text::NO_RUNS.to_owned(),
        Some(n) => kept_runs::runs(n as u64),
    };
    view! {
        <Card title=text::KEPT>
            {move || view! {
                <Facts facts=vec![
                    (text::RUNS, format!("{}. {}", runs(), text::RUNS_TEXT)),
                    (text::RECENT, format!("{}. {}", text::recent(recent.get()), text::RECENT_TEXT)),
                    (text::REGISTRATION, text::REGISTRATION_TEXT.to_owned()),
                    (text::DEMO, text::DEMO_TEXT.to_owned()),
                ] />
            }}
        </Card>
    }
}

#[component]
fn Delete() -> impl IntoView {
    let store = use_store();
    let free = store.select(Model::is_free);
    let busy = Signal::derive(move || !free.get());
    let left_off =
        store.select(|model| model.kept.listed.iter().flatten().any(|listed| !listed.left_off.is_empty()));
    view! {
        {move || view! {
            <Confirm
                label=text::DELETE
                look=Look::Secondary
                question=if left_off.get() { text::DELETE_QUESTION_OFF } else { text::DELETE_QUESTION }
                yes=text::DELETE_YES
                no=text::DELETE_NO
                disabled=busy
                on_yes=move |()| store.delete_local_data()
            />
        }}
        {move || busy.get().then(|| view! { <p class="quiet">{text::BUSY}</p> })}
    }
}

#[component]
fn WasDeleted() -> impl IntoView {
    let store = use_store();
    let deleted = store.select(|model| model.kept.deleted);
    move || {
        deleted.get().map(|(deleted, entries)| {
            let (tone, title, what) = match deleted.in_use {
                0 => (Tone::Success, text::DELETED, text::RELOAD_TEXT),
                _ => (Tone::Warning, text::NOT_ALL, text::NOT_ALL_TEXT),
            };
            let reload = view! { <Button on_press=|()| effects::reload()>{texts::RELOAD}</Button> };
            view! {
                <MessageBar tone title action=reload.into_any()>
                    <p>{text::deleted(deleted, entries)}</p>
                    <p>{what}</p>
                </MessageBar>
            }
        })
    }
}
