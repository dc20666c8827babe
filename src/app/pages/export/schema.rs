//! Choosing what to export.

use super::ready_made::ReadyMade;
use crate::components::{Actions, Busy, Button, ButtonLink, Card, Details, FileDrop, Look, ProblemBar};
use crate::effects::go;
use crate::pages::{Findings, StepPage};
use crate::route::{ExportStep, Route};
use crate::state::{Answer, Model, use_store};
use crate::texts::{self, export as text};
use browser::protocol::{Command, SchemaSource, SchemaSummary};
use leptos::prelude::*;

#[component]
pub(super) fn SchemaStep() -> impl IntoView {
    let store = use_store();
    let schema = store.select(|model| model.export.schema.clone());
    view! {
        <StepPage title=text::SCHEMA_TITLE lead=text::SCHEMA_LEAD>
            {move || match schema.get() {
                Answer::NotAsked => ().into_any(),
                Answer::Waiting => view! { <Busy text=text::OPENING /> }.into_any(),
                Answer::Refused(problem) => view! { <ProblemBar title=text::OPEN_FAILED problem /> }.into_any(),
                Answer::Got(schema) => view! { <Chosen schema /> }.into_any(),
            }}
            <Choices />
            <CheckAction />
        </StepPage>
    }
}

/// The schemas there are to choose from.
#[component]
fn Choices() -> impl IntoView {
    let store = use_store();
    let free = store.select(Model::is_free);
    let busy = Signal::derive(move || !free.get());
    let own = move |file: web_sys::File| {
        store.send_with(Command::OpenSchema(SchemaSource::File), Some(file.into()));
    };
    view! {
        <ReadyMade />
        <Card title=text::OWN>
            <FileDrop
                id="schema-file"
                label=text::DROP
                hint=text::DROP_HINT
                accept=".xml,.zip"
                disabled=busy
                on_file=own
            />
        </Card>
    }
}

#[component]
fn Chosen(schema: SchemaSummary) -> impl IntoView {
    let tables = schema.tables.iter().map(|name| view! { <li>{name.clone()}</li> }).collect_view();
    view! {
        <Card title=text::CHOSEN>
            <p><strong>{schema.name.clone()}</strong></p>
            <p>{text::holds(&schema)}</p>
            <Details summary=text::ITS_TABLES><ul class="list columns">{tables}</ul></Details>
            <Findings title=text::FINDINGS findings=schema.findings />
        </Card>
    }
}

#[component]
fn CheckAction() -> impl IntoView {
    let store = use_store();
    let ready = store.select(|model| model.export.schema.got().is_some() && model.is_free());
    let source = store.select(|model| model.source.environment.got().map(|source| source.name.clone()));
    let check = move |()| {
        store.send(Command::CheckExport);
        go(Route::Export(ExportStep::Check));
    };
    view! {
        <Actions>
            <ButtonLink href=Route::Export(ExportStep::Environment).href()>{texts::BACK}</ButtonLink>
            <Button look=Look::Primary disabled=Signal::derive(move || !ready.get()) on_press=check>
                {move || text::check_against(&source.get().unwrap_or_default())}
            </Button>
        </Actions>
    }
}
