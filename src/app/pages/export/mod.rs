//! The export: Environment > Schema > Check > Run > Result.

mod check;
mod ready_made;
mod result;
mod run;
mod schema;
mod survey;

use crate::components::Stepper;
use crate::pages::{environment::EnvironmentStep, steps};
use crate::route::{ExportStep, Route};
use crate::state::use_store;
use crate::texts;
use browser::protocol::End;
use leptos::prelude::*;

#[component]
pub(crate) fn ExportPage(step: ExportStep) -> impl IntoView {
    let store = use_store();
    let items = store.select(move |model| steps(model, step, texts::export::step));
    view! {
        <Stepper label=texts::STEPS done=texts::STEP_DONE locked=texts::STEP_LOCKED steps=items />
        {match step {
            ExportStep::Environment => {
                view! { <EnvironmentStep end=End::Source next=Route::Export(ExportStep::Schema) /> }.into_any()
            }
            ExportStep::Schema => view! { <schema::SchemaStep /> }.into_any(),
            ExportStep::Check => view! { <check::CheckStep /> }.into_any(),
            ExportStep::Run => view! { <run::RunStep /> }.into_any(),
            ExportStep::Result => view! { <result::ResultStep /> }.into_any(),
        }}
    }
}
