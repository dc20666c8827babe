//! The import as it goes on.

use crate::components::{Actions, ButtonLink, Look, MessageBar, ProblemBar, Tile, Tiles, Tone};
use crate::pages::kept_runs::{GoOnHere, KeptHint};
use crate::pages::{StepPage, run::RunProgress};
use crate::route::{ImportStep, Route};
use crate::state::{Answer, use_store};
use crate::texts::{self, import as text};
use browser::protocol::RowsOf;
use leptos::prelude::*;

use super::tiles::{STATES, of_state, tone};

#[component]
pub(super) fn RunStep() -> impl IntoView {
    let store = use_store();
    let progress = store.select(|model| model.import.writing.clone());
    let running = store.select(|model| model.import.report.is_waiting());
    let check = store.peek(|model| model.import.check.got().cloned());
    let lead = move || if running.get() { text::RUN_KEEP_OPEN } else { "" }.to_owned();
    view! {
        <StepPage title=text::RUN_TITLE lead=Signal::derive(lead)>
            <Outcome />
            <GoOnHere />
            <CountsSoFar />
            <RunProgress progress running pausable=true check />
            {move || running.get().then(|| view! { <p class="quiet">{text::STOP_HINT}</p><KeptHint /> })}
            <Next />
        </StepPage>
    }
}

/// The records so far, as the run tells them.
#[component]
fn CountsSoFar() -> impl IntoView {
    let store = use_store();
    let counts = store.select(|model| model.import.writing.counts);
    let tile = move |state| {
        let n = Memo::new(move |_| counts.get().map_or(0, |counts| of_state(&counts, state)));
        view! {
            <Tile
                label=text::state(RowsOf::Report, state)
                value=Signal::derive(move || texts::number(n.get()))
                tone=Signal::derive(move || if n.get() > 0 { tone(state) } else { Tone::Neutral })
            />
        }
    };
    let told = store.select(|model| model.import.writing.counts.is_some());
    view! {
        {move || told.get().then(|| view! {
            <Tiles label=text::RECORDS_TITLE>{STATES.map(tile).collect_view()}</Tiles>
        })}
    }
}

#[component]
fn Outcome() -> impl IntoView {
    let store = use_store();
    let problem = store.select(|model| model.import.report.refused().cloned());
    let idle = store.select(|model| model.import.report == Answer::NotAsked);
    let over = store.select(|model| model.import.report.got().is_some());
    view! {
        {move || problem.get().map(|problem| view! { <ProblemBar title=text::RUN_FAILED problem /> })}
        {move || idle.get().then(|| view! {
            <MessageBar tone=Tone::Brand title=text::RUN_READY><p>{text::RUN_READY_TEXT}</p></MessageBar>
        })}
        {move || over.get().then(|| view! { <MessageBar tone=Tone::Brand title=text::RUN_OVER /> })}
    }
}

#[component]
fn Next() -> impl IntoView {
    let store = use_store();
    let running = store.select(|model| model.import.report.is_waiting());
    let over = store.select(|model| model.import.report.got().is_some());
    let actions = move || {
        let over = over.get();
        view! {
            <Actions>
                <ButtonLink href=Route::Import(ImportStep::Plan).href()>{text::TO_PLAN}</ButtonLink>
                {over.then(|| view! {
                    <ButtonLink look=Look::Primary href=Route::Import(ImportStep::Report).href()>
                        {text::TO_REPORT}
                    </ButtonLink>
                })}
            </Actions>
        }
    };
    move || (!running.get()).then(actions)
}
