//! Choosing an environment: from the list of a signed-in account, by its URL, or one of the demo's.

mod accounts;
mod connected;
mod demo;
mod desk;
mod here;
mod listing;
mod microsoft;
mod recent;
mod registration;
mod typed;
mod waiting;

use crate::components::{Actions, Busy, Button, ProblemBar};
use crate::effects;
use crate::pages::StepPage;
use crate::pages::failure::SignInFailure;
use crate::route::Route;
use crate::state::{Access, Connection, use_store};
use crate::texts::{environment as text, sign_in};
use browser::protocol::{Address, End};
use desk::Desk;
use leptos::prelude::*;
use migration::ProblemKind;

#[component]
pub(crate) fn EnvironmentStep(end: End, next: Route) -> impl IntoView {
    let store = use_store();
    let environment = store.select(move |model| model.end(end).environment.clone());
    let changing = RwSignal::new(false);
    // A new connection ends the choosing.
    Effect::new(move || {
        if environment.get().is_waiting() {
            changing.set(false);
        }
    });
    // The ways stay as they are while the environment is asked: a refused token is not to be pasted again.
    let connected = Memo::new(move |_| environment.get().got().cloned().filter(|_| !changing.get()));
    // Whoever pressed a button that is gone now hears that it worked.
    Effect::new(move |before: Option<bool>| {
        let there = connected.with(Option::is_some);
        if there && before == Some(false) {
            request_animation_frame(|| effects::focus(connected::STATE));
        }
        there
    });
    let lead = match end {
        End::Source => text::LEAD_SOURCE,
        End::Target => text::LEAD_TARGET,
    };
    view! {
        <StepPage title=text::title(end) lead=lead>
            {move || match connected.get() {
                Some(environment) => {
                        let next = next.clone();
                        view! { <connected::Connected end environment next changing /> }.into_any()
                    }
                None => view! { <Ways end changing /> }.into_any(),
            }}
        </StepPage>
    }
}

/// The id of the title that says why it could not be connected.
const REFUSED: &str = "refused";

/// The ways to an environment.
#[component]
fn Ways(end: End, changing: RwSignal<bool>) -> impl IntoView {
    let store = use_store();
    let desk = Desk::new(end, store);
    // What the words about the sign-in say already is not said again, nor when they were closed.
    let told = Memo::new(move |before: Option<&bool>| {
        store.read(|model| {
            let asking = model.end(end).environment.is_waiting();
            !asking && (model.sign_in.failure.is_some() || before == Some(&true))
        })
    });
    let refused = store.select(move |model| {
        let refused = model.end(end).environment.refused().cloned();
        refused.filter(|problem| !told.get() || problem.kind != ProblemKind::SignIn)
    });
    // The button that was pressed may be far below what is said about it.
    Effect::new(move |before: Option<bool>| {
        let there = refused.with(Option::is_some);
        if there && before == Some(false) {
            request_animation_frame(|| effects::focus(REFUSED));
        }
        there
    });
    let asked = store.select(move |model| asked_host(model.end(end)));
    let about = store.select(move |model| {
        let connection = model.end(end);
        connection.environment.refused().and_then(|_| about(connection))
    });
    let waiting = store.select(move |model| model.end(end).environment.is_waiting());
    view! {
        <SignInFailure about />
        {move || refused.get().map(|problem| {
            let title = text::refused(asked.get_untracked().as_deref());
            view! { <ProblemBar title problem title_id=Some(REFUSED) /> }
        })}
        {move || waiting.get().then(|| view! { <Busy text=text::CONNECTING /> })}
        <div class="ways">
            <div>
                <here::Here desk />
                <microsoft::Microsoft desk />
            </div>
            <div>
                <recent::RecentlyUsed desk />
                <typed::Typed desk />
                <demo::Demo desk />
            </div>
        </div>
        {move || changing.get().then(|| view! {
            <Actions>
                <Button on_press=move |()| changing.set(false)>{text::KEEP}</Button>
            </Actions>
        })}
    }
}

/// The host of the environment that was asked for.
fn asked_host(connection: &Connection) -> Option<String> {
    match &connection.address {
        Some(Address::Web { url, .. }) => Some(listing::host(url)),
        _ => None,
    }
}

/// Whose access was wanted to which environment.
fn about(connection: &Connection) -> Option<String> {
    let person = match &connection.access {
        Some(Access::Account(account, _)) => Some(sign_in::person(account)),
        _ => None,
    };
    asked_host(connection).map(|host| text::about(&host, person.as_deref()))
}
