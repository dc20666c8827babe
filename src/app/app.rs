//! The shell around every page.

use crate::components::{Button, EnvironmentChip, Look, ProblemBar, Rail, RailItem, Shape, Tone};
use crate::effects;
use crate::pages::{ExportPage, HomePage, ImportPage, KeptDataPage, KeptRunBars, PackagePage, Pauses};
use crate::route::{ExportStep, ImportStep, PackagePlace, Route};
use crate::state::{Access, Answer, Model, Store, use_store};
use crate::texts;
use browser::protocol::End;
use leptos::prelude::*;

/// Puts the app in the place of what index.html shows while it loads.
pub(crate) fn mount() {
    if let Some(loading) = document().get_element_by_id("loading") {
        loading.remove();
    }
    leptos::mount::mount_to_body(App);
}

#[component]
fn App() -> impl IntoView {
    let store = Store::start();
    provide_context(store);
    let route = effects::follow_url(store);
    effects::show_reachable_step_in_url(route);
    effects::name_the_tab(store, route);
    let page = Memo::new(move |_| route.get().page());
    effects::focus_the_heading(page);
    effects::open_result_when_exported(store, route);
    effects::open_report_when_imported(store, route);
    effects::open_run_when_taken_up(store);
    effects::warn_before_leaving_a_run(store);
    effects::stay_awake_in_a_run(store);
    view! {
        <button type="button" class="skip-link button" on:click=move |_| effects::focus("content")>
            {texts::SKIP_TO_CONTENT}
        </button>
        <TopBar />
        <Pages route />
        <main class="content" id="content" tabindex="-1">
            <Pauses />
            <Notices />
            <KeptRunBars />
            {move || match page.get() {
                Route::Home => view! { <HomePage /> }.into_any(),
                Route::Export(step) => view! { <ExportPage step /> }.into_any(),
                Route::Import(step) => view! { <ImportPage step /> }.into_any(),
                Route::Package(_) => view! { <PackagePage route /> }.into_any(),
                Route::KeptData => view! { <KeptDataPage /> }.into_any(),
            }}
        </main>
    }
}

#[component]
fn TopBar() -> impl IntoView {
    view! {
        <header class="top-bar">
            <a class="brand" href=Route::Home.href()>{texts::PRODUCT}</a>
            <div class="chips" role="group" aria-label=texts::ENVIRONMENTS>
                <End end=End::Source href=Route::Export(ExportStep::Environment).href() />
                <End end=End::Target href=Route::Import(ImportStep::Environment).href() />
            </div>
        </header>
    }
}

/// One end of the move, as a chip.
#[component]
fn End(end: End, href: String) -> impl IntoView {
    let store = use_store();
    let environment = store.select(move |model| model.end(end).environment.clone());
    let name = move || match environment.get() {
        Answer::Got(environment) => environment.name,
        Answer::Waiting => texts::CONNECTING.to_owned(),
        Answer::NotAsked | Answer::Refused(_) => texts::NOT_CONNECTED.to_owned(),
    };
    let tone = move || match environment.get() {
        Answer::Got(_) => Tone::Success,
        Answer::Waiting => Tone::Brand,
        Answer::Refused(_) => Tone::Danger,
        Answer::NotAsked => Tone::Neutral,
    };
    let person = store.select(move |model| signed_in_there(model, end).unwrap_or_default());
    view! {
        <EnvironmentChip end=texts::end(end) person=person name=Signal::derive(name) tone=Signal::derive(tone) href=href />
    }
}

/// What the person at an end signs in with.
fn signed_in_there(model: &Model, end: End) -> Option<String> {
    let connection = model.end(end);
    let login = connection.environment.got()?.user.login.clone();
    login.or_else(|| match &connection.access {
        Some(Access::Account(account, _)) => Some(account.username.clone()),
        _ => None,
    })
}

/// The rail; each job opens where it was left.
#[component]
fn Pages(route: Memo<Route>) -> impl IntoView {
    let export = RwSignal::new(Route::Export(ExportStep::Environment));
    let import = RwSignal::new(Route::Import(ImportStep::Environment));
    let package = RwSignal::new(Route::Package(PackagePlace::default()));
    Effect::new(move || match route.get() {
        Route::Home | Route::KeptData => {}
        at @ Route::Export(_) => export.set(at),
        at @ Route::Import(_) => import.set(at),
        at @ Route::Package(_) => package.set(at),
    });
    let item =
        |label, shape, href: Signal<String>, current: Signal<bool>| RailItem { label, shape, href, current };
    let items = vec![
        item(
            texts::HOME,
            Shape::Home,
            Signal::stored(Route::Home.href()),
            Signal::derive(move || route.get() == Route::Home),
        ),
        item(
            texts::EXPORT,
            Shape::Export,
            Signal::derive(move || export.get().href()),
            Signal::derive(move || matches!(route.get(), Route::Export(_))),
        ),
        item(
            texts::IMPORT,
            Shape::Import,
            Signal::derive(move || import.get().href()),
            Signal::derive(move || matches!(route.get(), Route::Import(_))),
        ),
        item(
            texts::package::SHORT,
            Shape::Package,
            Signal::derive(move || package.get().href()),
            Signal::derive(move || matches!(route.get(), Route::Package(_))),
        ),
        item(
            texts::kept_data::SHORT,
            Shape::Drawer,
            Signal::stored(Route::KeptData.href()),
            Signal::derive(move || route.get() == Route::KeptData),
        ),
    ];
    view! { <Rail label=texts::PAGES items=items /> }
}

/// What concerns every page.
#[component]
fn Notices() -> impl IntoView {
    let store = use_store();
    let lost = store.select(|model| model.lost.clone());
    let notice = store.select(|model| model.notice.clone());
    view! {
        {move || lost.get().map(|problem| view! {
            <ProblemBar title=texts::LOST_TITLE problem=problem>
                <Button look=Look::Secondary on_press=|()| effects::reload()>{texts::RELOAD}</Button>
            </ProblemBar>
        })}
        {move || notice.get().map(|problem| view! { <ProblemBar title=texts::NOTICE_TITLE problem=problem /> })}
    }
}
