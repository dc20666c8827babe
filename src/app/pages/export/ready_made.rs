//! The ready-made schemas: the one that fits the source is proposed, and each tells what it is.

use crate::components::{Busy, Button, Card, Choice, Choices, Details, MessageBar, ProblemBar, Tone};
use crate::state::{Answer, Model, use_store};
use crate::texts::ready_made as text;
use browser::protocol::{Command, ReadyMadeSchemas, SchemaSource};
use leptos::prelude::*;
use migration::{LeftOut, ReadyMadeSchema, SchemaProposal, SchemaSourceNote};

#[component]
pub(super) fn ReadyMade() -> impl IntoView {
    let store = use_store();
    let listed = store.select(|model| model.export.ready_made.clone());
    let wanted = store.select(|model| model.export.ready_made == Answer::NotAsked && model.is_free());
    let list = move |()| store.send(Command::ListSchemas);
    Effect::new(move || {
        if wanted.get() {
            list(());
        }
    });
    view! {
        <Card title=text::TITLE>
            {move || match listed.get() {
                Answer::NotAsked | Answer::Waiting => view! { <Busy text=text::LISTING /> }.into_any(),
                Answer::Refused(problem) => view! {
                    <ProblemBar title=text::NOT_LISTED problem />
                    <Button on_press=list>{text::AGAIN}</Button>
                }.into_any(),
                Answer::Got(listed) => view! { <Listed listed /> }.into_any(),
            }}
        </Card>
    }
}

#[component]
fn Listed(listed: ReadyMadeSchemas) -> impl IntoView {
    let store = use_store();
    let schema = store.select(|model| model.export.ready_made_schema().cloned());
    let free = store.select(Model::is_free);
    let open = move |()| {
        if let Some(schema) = schema.get_untracked() {
            store.send(Command::OpenSchema(SchemaSource::ReadyMade(schema.file)));
        }
    };
    let ReadyMadeSchemas { schemas, proposal } = listed;
    let proposed = schemas.iter().find(|schema| Some(&schema.id) == proposal.schema.as_ref());
    let title =
        proposed.map_or_else(|| text::NONE_PROPOSED.to_owned(), |schema| text::proposed(&schema.title));
    view! {
        <Proposal title proposal=proposal.clone() />
        <Which schemas proposed=proposal.schema />
        {move || schema.get().map(|schema| view! { <About schema /> })}
        <Button
            disabled=Signal::derive(move || !free.get() || schema.with(Option::is_none))
            on_press=open
        >
            {text::USE}
        </Button>
    }
}

#[component]
fn Proposal(title: String, proposal: SchemaProposal) -> impl IntoView {
    let tone = if proposal.schema.is_some() { Tone::Brand } else { Tone::Neutral };
    view! {
        <MessageBar tone title><p>{proposal.reason}</p></MessageBar>
        {proposal.enhanced.map(|enhanced| view! {
            <MessageBar tone=Tone::Warning title=text::ENHANCED><p>{enhanced}</p></MessageBar>
        })}
    }
}

#[component]
fn Which(schemas: Vec<ReadyMadeSchema>, proposed: Option<String>) -> impl IntoView {
    let store = use_store();
    let value = store
        .select(|model| model.export.ready_made_schema().map(|schema| schema.id.clone()).unwrap_or_default());
    let choice = |schema: &ReadyMadeSchema| Choice {
        key: schema.id.clone(),
        label: schema.title.clone(),
        hint: schema.for_whom.clone(),
        tag: if Some(&schema.id) == proposed.as_ref() { text::PROPOSED } else { "" },
        disabled: false,
    };
    let choices: Vec<Choice> = schemas.iter().map(choice).collect();
    let look = move |id: String| store.look_at_schema(id);
    view! { <Choices name="ready-made" legend=text::WHICH choices=Signal::stored(choices) value on_choose=look /> }
}

/// What people should know of a schema before they choose it.
#[component]
fn About(schema: ReadyMadeSchema) -> impl IntoView {
    let summary = text::holds(&schema);
    let holds = schema.holds.into_iter().map(|part| view! { <li>{part}</li> }).collect_view();
    let left_out = |left: LeftOut| view! { <li><strong>{left.what}</strong>". "{left.why}</li> };
    let source = |source: SchemaSourceNote| {
        view! { <li>{source.from.clone()}" "<span class="quiet">{text::about(&source)}</span></li> }
    };
    view! {
        <Details summary><ul class="list">{holds}</ul></Details>
        <Details summary=text::LEAVES_OUT>
            <ul class="list">{schema.leaves_out.into_iter().map(left_out).collect_view()}</ul>
        </Details>
        <Details summary=text::SOURCES>
            <ul class="list">{schema.sources.into_iter().map(source).collect_view()}</ul>
        </Details>
    }
}
