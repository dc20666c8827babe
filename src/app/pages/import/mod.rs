//! The import: Environment > File > Check > Plan > Run > Report.

mod check;
mod decisions;
mod file;
mod plan;
mod record;
mod record_actions;
mod records;
mod report;
mod run;
mod tables;
mod take_along;
mod tiles;

use crate::components::Stepper;
use crate::pages::{environment::EnvironmentStep, steps};
use crate::route::{ImportStep, Route};
use crate::state::use_store;
use crate::texts;
use browser::protocol::End;
use leptos::prelude::*;

#[component]
pub(crate) fn ImportPage(step: ImportStep) -> impl IntoView {
    let store = use_store();
    let items = store.select(move |model| steps(model, step, texts::import::step));
    view! {
        <Stepper label=texts::STEPS done=texts::STEP_DONE locked=texts::STEP_LOCKED steps=items />
        {match step {
            ImportStep::Environment => {
                view! { <EnvironmentStep end=End::Target next=Route::Import(ImportStep::File) /> }.into_any()
            }
            ImportStep::File => view! { <file::FileStep /> }.into_any(),
            ImportStep::Check => view! { <check::CheckStep /> }.into_any(),
            ImportStep::Plan => view! { <plan::PlanStep /> }.into_any(),
            ImportStep::Run => view! { <run::RunStep /> }.into_any(),
            ImportStep::Report => view! { <report::ReportStep /> }.into_any(),
        }}
    }
}
