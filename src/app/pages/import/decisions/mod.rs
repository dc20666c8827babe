//! What the user decides about the import: the plan is made with it.

mod consent;
mod mapping;
mod options;
mod removals;
mod searching;
mod tables;

pub(super) use consent::{Consent, needs_consent};

use crate::components::{Button, Look, MessageBar, Tone};
use crate::state::{Model, use_store};
use crate::texts::{decisions as text, import};
use browser::protocol::PlanSummary;
use leptos::prelude::*;
use mapping::MappingPart;
use options::OptionsPart;
use removals::RemovalsPart;
use tables::TablesPart;

#[component]
pub(super) fn Decisions(plan: PlanSummary) -> impl IntoView {
    view! {
        <section class="decisions" aria-labelledby="decisions-title">
            <h2 id="decisions-title">{text::TITLE}</h2>
            <p>{text::LEAD}</p>
            <MappingPart proposals=plan.proposals.clone() />
            <TablesPart tables=plan.tables.clone() />
            <OptionsPart />
            <RemovalsPart plan />
        </section>
    }
}

/// The plan on screen was made with other decisions.
#[component]
pub(super) fn Outdated() -> impl IntoView {
    let store = use_store();
    let outdated = store.select(|model| model.import.is_outdated());
    let free = store.select(Model::is_free);
    let action = move || {
        view! {
            <Button
                look=Look::Primary
                disabled=Signal::derive(move || !free.get())
                on_press=move |()| store.plan()
            >
                {import::PLAN_AGAIN}
            </Button>
        }
    };
    view! {
        {move || outdated.get().then(|| view! {
            <MessageBar tone=Tone::Brand title=text::OUTDATED action=action().into_any()>
                <p>{text::OUTDATED_TEXT}</p>
            </MessageBar>
        })}
    }
}
