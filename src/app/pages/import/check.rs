//! Does the target have what the package needs?

use crate::components::{Actions, Busy, Button, ButtonLink, Look, MessageBar, ProblemBar, Tone};
use crate::effects::go;
use crate::pages::{StepPage, check::CheckResult};
use crate::route::{ImportStep, Route};
use crate::state::{Answer, Model, use_store};
use crate::texts::{self, check as check_text, import as text};
use browser::protocol::Command;
use leptos::prelude::*;

#[component]
pub(super) fn CheckStep() -> impl IntoView {
    let store = use_store();
    let check = store.select(|model| model.import.check.clone());
    view! {
        <StepPage title=text::CHECK_TITLE>
            {move || match check.get() {
                Answer::NotAsked => view! {
                    <MessageBar tone=Tone::Brand title=check_text::NOT_MADE><p>{check_text::NOT_MADE_TEXT}</p></MessageBar>
                }.into_any(),
                Answer::Waiting => view! { <Busy text=check_text::CHECKING /> }.into_any(),
                Answer::Refused(problem) => view! { <ProblemBar title=check_text::FAILED problem /> }.into_any(),
                Answer::Got(check) => {
                    let some_fit = check.tables.iter().any(|table| table.present);
                    let misses_text = if some_fit { text::MISSES_TEXT } else { text::NOTHING_FITS };
                    view! {
                        <CheckResult
                            check fits=text::FITS misses=text::MISSES misses_text=misses_text with_records=true
                        />
                    }.into_any()
                }
            }}
            <PlanAction />
        </StepPage>
    }
}

#[component]
fn PlanAction() -> impl IntoView {
    let store = use_store();
    let checked = store.select(|model| model.import.check.got().is_some());
    let some_fit = store.select(|model| {
        model.import.check.got().is_some_and(|check| check.tables.iter().any(|table| table.present))
    });
    let free = store.select(Model::is_free);
    let plan = move |()| {
        store.plan();
        go(Route::Import(ImportStep::Plan));
    };
    let check = move |()| store.send(Command::CheckImport);
    view! {
        <Actions>
            <ButtonLink href=Route::Import(ImportStep::File).href()>{texts::BACK}</ButtonLink>
            {move || if checked.get() {
                view! {
                    <Button disabled=Signal::derive(move || !free.get()) on_press=check>{check_text::AGAIN}</Button>
                    <Button
                        look=Look::Primary
                        disabled=Signal::derive(move || !free.get() || !some_fit.get())
                        on_press=plan
                    >
                        {text::MAKE_PLAN}
                    </Button>
                }.into_any()
            } else {
                view! {
                    <Button look=Look::Primary disabled=Signal::derive(move || !free.get()) on_press=check>
                        {check_text::NOW}
                    </Button>
                }.into_any()
            }}
        </Actions>
    }
}
