//! Choosing the data package.

use crate::components::{
    Actions, Busy, Button, ButtonLink, Card, Facts, FileDrop, Look, MessageBar, ProblemBar, Tile, Tiles, Tone,
};
use crate::effects::go;
use crate::pages::package::look_into;
use crate::pages::{Findings, PerTable, StepPage, local_time};
use crate::route::{ImportStep, Route};
use crate::state::{Answer, Model, use_store};
use crate::texts::{self, import as text};
use browser::protocol::{Command, PackageSummary, ViewSource};
use leptos::prelude::*;

#[component]
pub(super) fn FileStep() -> impl IntoView {
    let store = use_store();
    let package = store.select(|model| model.import.package.clone());
    view! {
        <StepPage title=text::FILE_TITLE lead=text::FILE_LEAD>
            {move || match package.get() {
                Answer::NotAsked => view! { <MessageBar tone=Tone::Brand title=text::NO_TABLES_MADE /> }.into_any(),
                Answer::Waiting => view! { <Busy text=text::OPENING /> }.into_any(),
                Answer::Refused(problem) => view! { <ProblemBar title=text::OPEN_FAILED problem /> }.into_any(),
                Answer::Got(package) => view! { <Chosen package /> }.into_any(),
            }}
            <Choices />
            <CheckAction />
        </StepPage>
    }
}

#[component]
fn Choices() -> impl IntoView {
    let store = use_store();
    let free = store.select(Model::is_free);
    let busy = Signal::derive(move || !free.get());
    let exported = store.select(|model| model.export.result.got().map(|export| export.file_name.clone()));
    let open = move |file: web_sys::File| store.send_with(Command::OpenPackage, Some(file.into()));
    view! {
        <FileDrop
            id="package-file"
            label=text::DROP
            hint=text::DROP_HINT
            accept=".zip"
            disabled=busy
            on_file=open
        />
        {move || exported.get().map(|name| view! {
            <div class="choice">
                <p class="quiet">{name}</p>
                <Button disabled=busy on_press=move |()| store.send(Command::OpenPackage)>{text::USE_EXPORTED}</Button>
            </div>
        })}
    }
}

#[component]
fn Chosen(package: PackageSummary) -> impl IntoView {
    let exported_at =
        package.timestamp.as_deref().map(|timestamp| (text::EXPORTED_AT, local_time(timestamp)));
    let tables = package.tables.len() as u64;
    let store = use_store();
    let free = store.select(Model::is_free);
    let busy = Signal::derive(move || !free.get());
    let facts = [Some((text::SIZE, texts::bytes(package.bytes))), exported_at];
    let undo = package.is_undo.then(|| {
        view! { <MessageBar tone=Tone::Brand title=text::IS_UNDO><p>{text::IS_UNDO_TEXT}</p></MessageBar> }
    });
    view! {
        {undo}
        <Card title=text::CHOSEN>
            <p><strong>{package.name}</strong></p>
            <Tiles label=text::CHOSEN>
                <Tile label=text::RECORDS value=texts::number(package.records) />
                <Tile label=text::TABLES value=texts::number(tables) />
                <Tile label=text::LINKS value=texts::number(package.links) />
            </Tiles>
            <Facts facts=facts.into_iter().flatten().collect() />
            <PerTable number=text::RECORDS tables=package.tables />
            <Findings title=text::FINDINGS findings=package.findings />
            <Button disabled=busy on_press=move |()| look_into(store, ViewSource::Import)>{texts::package::LOOK_INTO}</Button>
        </Card>
    }
}

#[component]
fn CheckAction() -> impl IntoView {
    let store = use_store();
    let ready = store.select(|model| model.import.package.got().is_some() && model.is_free());
    let target = store.select(|model| model.target.environment.got().map(|target| target.name.clone()));
    let check = move |()| {
        store.send(Command::CheckImport);
        go(Route::Import(ImportStep::Check));
    };
    view! {
        <Actions>
            <ButtonLink href=Route::Import(ImportStep::Environment).href()>{texts::BACK}</ButtonLink>
            <Button look=Look::Primary disabled=Signal::derive(move || !ready.get()) on_press=check>
                {move || text::check_against(&target.get().unwrap_or_default())}
            </Button>
        </Actions>
    }
}
