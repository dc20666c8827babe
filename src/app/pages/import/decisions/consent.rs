//! What concerns everybody needs a word of consent before anything is written.

use crate::components::{Checkbox, Field, Input, MessageBar, Tone};
use crate::pages::import::records::RecordTable;
use crate::state::use_store;
use crate::texts::{decisions as text, import};
use browser::protocol::{PlanSummary, RowsOf};
use leptos::prelude::*;

/// Whether something is switched off for everybody, or removed.
pub(crate) fn needs_consent(plan: &PlanSummary) -> bool {
    switches(plan) || removes(plan)
}

fn switches(plan: &PlanSummary) -> bool {
    !plan.switches.is_empty()
}

fn removes(plan: &PlanSummary) -> bool {
    let removals = &plan.removals;
    removals.first + removals.links + removals.rows > 0
}

#[component]
pub(crate) fn Consent(plan: PlanSummary) -> impl IntoView {
    needs_consent(&plan).then(|| view! { <Asked plan /> })
}

#[component]
fn Asked(plan: PlanSummary) -> impl IntoView {
    let store = use_store();
    let (switches, removes) = (switches(&plan), removes(&plan));
    let switched = RwSignal::new(!switches);
    let typed = RwSignal::new(String::new());
    Effect::new(move || {
        let confirmed = !removes || typed.get().trim() == text::CONFIRM_WORD;
        store.agree(switched.get() && confirmed);
    });
    let label =
        text::switched_off(plan.switches.steps.len(), plan.switches.rules.len(), &plan.switches.attachments);
    let rows = plan.removals.first + plan.removals.rows;
    let links = plan.removals.links;
    view! {
        <section>
            <h2>{text::CONSENT}</h2>
            {switches.then(|| view! {
                <Checkbox id="consent-switches" label checked=switched on_change=move |on| switched.set(on) />
            })}
            {removes.then(|| view! {
                <MessageBar tone=Tone::Warning title=text::removed(rows, links)>
                    <p>{text::REMOVALS_LEAD}</p>
                </MessageBar>
                <h3>{import::REMOVALS}</h3>
                <RecordTable of=RowsOf::Removals labels=std::sync::Arc::default() />
                <Field id="consent-removals" label=text::CONFIRM input=Input::Text value=typed />
            })}
        </section>
    }
}
