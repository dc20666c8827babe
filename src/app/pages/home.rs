//! Home: what this is, and the ways in.

use crate::components::{Button, ButtonLink, Card, Look, MessageBar, Tone};
use crate::effects::go;
use crate::pages::kept_runs::KeptRuns;
use crate::route::{ExportStep, ImportStep, PackagePlace, Route};
use crate::state::{Model, use_store};
use crate::texts::home as text;
use leptos::prelude::*;

#[component]
pub(crate) fn HomePage() -> impl IntoView {
    let store = use_store();
    let demo = store.select(|model| model.demo);
    view! {
        <section class="hero">
            <h1 id="page-title" tabindex="-1">{text::TITLE}</h1>
            <p class="lead">{text::LEAD}</p>
            {move || if demo.get() { view! { <DemoOn /> }.into_any() } else { view! { <TryDemo /> }.into_any() }}
        </section>
        <KeptRuns />
        <div class="cards">
            <Card title=text::EXPORT_TITLE>
                <p>{text::EXPORT_TEXT}</p>
                <ButtonLink href=Route::Export(ExportStep::Environment).href()>{text::EXPORT_GO}</ButtonLink>
            </Card>
            <Card title=text::IMPORT_TITLE>
                <p>{text::IMPORT_TEXT}</p>
                <ButtonLink href=Route::Import(ImportStep::Environment).href()>{text::IMPORT_GO}</ButtonLink>
            </Card>
            <Card title=text::VIEW_TITLE>
                <p>{text::VIEW_TEXT}</p>
                <ButtonLink href=Route::Package(PackagePlace::default()).href()>{text::VIEW_GO}</ButtonLink>
            </Card>
        </div>
        <ul class="promises">
            {text::PROMISES.map(|(promise, how)| view! { <li><strong>{promise}</strong>" "{how}</li> }).collect_view()}
        </ul>
    }
}

#[component]
fn TryDemo() -> impl IntoView {
    let store = use_store();
    let free = store.select(Model::is_free);
    let start = move |()| {
        store.try_demo();
        go(Route::Export(ExportStep::Environment));
    };
    view! {
        <div class="hero-action">
            <Button
                look=Look::Primary
                disabled=Signal::derive(move || !free.get())
                described_by="try-hint"
                on_press=start
            >
                {text::TRY}
            </Button>
            <p class="quiet" id="try-hint">{text::TRY_HINT}</p>
        </div>
    }
}

#[component]
fn DemoOn() -> impl IntoView {
    let store = use_store();
    let free = store.select(Model::is_free);
    let reset = view! {
        <Button disabled=Signal::derive(move || !free.get()) on_press=move |()| store.reset_demo()>
            {text::RESET}
        </Button>
    };
    view! {
        <MessageBar tone=Tone::Brand title=text::DEMO_ON action=reset.into_any()>
            <p>{text::DEMO_ON_TEXT}</p>
        </MessageBar>
    }
}
