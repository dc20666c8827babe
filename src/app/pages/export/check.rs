//! Does the source have what the schema names?

use super::survey;
use crate::components::{Actions, Busy, Button, ButtonLink, Look, MessageBar, ProblemBar, Tone};
use crate::effects::go;
use crate::pages::{StepPage, check::CheckResult};
use crate::route::{ExportStep, Route};
use crate::state::{Answer, Model, use_store};
use crate::texts::{self, check as check_text, export as text};
use browser::protocol::Command;
use leptos::prelude::*;

#[component]
pub(super) fn CheckStep() -> impl IntoView {
    let store = use_store();
    let check = store.select(|model| model.export.check.clone());
    let present = store.select(|model| model.export.tables_present());
    view! {
        <StepPage title=text::CHECK_TITLE>
            {move || match check.get() {
                Answer::NotAsked => view! {
                    <MessageBar tone=Tone::Brand title=check_text::NOT_MADE><p>{check_text::NOT_MADE_TEXT}</p></MessageBar>
                }.into_any(),
                Answer::Waiting => view! { <Busy text=check_text::CHECKING /> }.into_any(),
                Answer::Refused(problem) => view! { <ProblemBar title=check_text::FAILED problem /> }.into_any(),
                Answer::Got(check) => {
                    let misses_text = if present.get() > 0 { text::LEFT_OUT } else { text::NOTHING_LEFT };
                    view! {
                        <CheckResult
                            check=check.check fits=text::FITS misses=text::MISSES misses_text=misses_text with_records=false
                        />
                        <survey::SurveyPart />
                    }.into_any()
                }
            }}
            <ExportAction />
        </StepPage>
    }
}

#[component]
fn ExportAction() -> impl IntoView {
    let store = use_store();
    let present = store.select(|model| model.export.tables_present());
    let checked = store.select(|model| model.export.check.got().is_some());
    let free = store.select(Model::is_free);
    let counted = store.select(|model| model.export.survey.got().is_some());
    let export =
        move |()| store.export(text::PACKAGE_FILE, text::no_place, || go(Route::Export(ExportStep::Run)));
    let check = move |()| store.send(Command::CheckExport);
    view! {
        <Actions>
            <ButtonLink href=Route::Export(ExportStep::Schema).href()>{texts::BACK}</ButtonLink>
            {move || if checked.get() {
                view! {
                    <Button disabled=Signal::derive(move || !free.get()) on_press=check>{check_text::AGAIN}</Button>
                    <Button
                        look=Look::Primary
                        disabled=Signal::derive(move || !free.get() || !counted.get() || present.get() == 0)
                        on_press=export
                    >
                        {move || text::export(present.get())}
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
