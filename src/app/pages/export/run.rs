//! The export as it goes on.

use crate::components::{Actions, Button, ButtonLink, Look, MessageBar, ProblemBar, Tone};
use crate::pages::{StepPage, run::RunProgress};
use crate::route::{ExportStep, Route};
use crate::state::{Answer, Model, use_store};
use crate::texts::{self, export as text};
use leptos::prelude::*;

#[component]
pub(super) fn RunStep() -> impl IntoView {
    let store = use_store();
    let progress = store.select(|model| model.export.progress.clone());
    let running = store.select(|model| model.export.result.is_waiting());
    let check = store.peek(|model| model.export.check.got().map(|check| check.check.clone()));
    view! {
        <StepPage title=text::RUN_TITLE>
            <Outcome />
            <RunProgress progress running check />
            <Next />
        </StepPage>
    }
}

/// How it ended, when it ended otherwise than with a package.
#[component]
fn Outcome() -> impl IntoView {
    let store = use_store();
    let problem = store.select(|model| model.export.result.refused().cloned());
    let idle = store.select(|model| model.export.result == Answer::NotAsked);
    view! {
        {move || problem.get().map(|problem| view! {
            <ProblemBar title=text::RUN_FAILED problem><p>{text::RUN_FAILED_TEXT}</p></ProblemBar>
        })}
        {move || idle.get().then(|| view! { <MessageBar tone=Tone::Brand title=text::RUN_READY /> })}
    }
}

#[component]
fn Next() -> impl IntoView {
    let store = use_store();
    let running = store.select(|model| model.export.result.is_waiting());
    let done = store.select(|model| model.export.result.got().is_some());
    let free = store.select(Model::is_free);
    let export = move |()| store.export(text::PACKAGE_FILE, text::no_place, || ());
    let actions = move || {
        let done = done.get();
        view! {
            <Actions>
                <ButtonLink href=Route::Export(ExportStep::Check).href()>{texts::BACK}</ButtonLink>
                <Button
                    look=if done { Look::Secondary } else { Look::Primary }
                    disabled=Signal::derive(move || !free.get())
                    on_press=export
                >
                    {text::RUN_AGAIN}
                </Button>
                {done.then(|| view! {
                    <ButtonLink look=Look::Primary href=Route::Export(ExportStep::Result).href()>
                        {text::TO_RESULT}
                    </ButtonLink>
                })}
            </Actions>
        }
    };
    move || (!running.get()).then(actions)
}
