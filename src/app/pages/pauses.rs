//! Above every page: what waits until a person has signed in again, and tokens that are about to end.

use crate::components::{Button, Icon, Look, MessageBar, Shape, Tone};
use crate::pages::explained::{Explained, SupportDetails, attempt};
use crate::pages::microsoft_says::MicrosoftSays;
use crate::pages::pasted_token::{self, AnotherToken};
use crate::state::{Access, Model, Pause, Store, use_store};
use crate::texts::sign_in::Help;
use crate::texts::{pauses as text, sign_in, token};
use browser::clock::utc_now;
use browser::protocol::{Asker, End};
use browser::sign_in::{Cloud, Denied, Reason};
use leptos::prelude::*;

#[component]
pub(crate) fn Pauses() -> impl IntoView {
    view! {
        <PauseOf asker=Asker::End(End::Source) />
        <PauseOf asker=Asker::End(End::Target) />
        <TokenEnding end=End::Source />
        <TokenEnding end=End::Target />
    }
}

/// The same for a list of environments, where it is shown.
#[component]
pub(super) fn ListingPause(number: u32) -> impl IntoView {
    view! { <PauseOf asker=Asker::Listing(number) /> }
}

#[component]
fn PauseOf(asker: Asker) -> impl IntoView {
    let store = use_store();
    // Whether it is being lifted changes the buttons only: what is typed in between stays.
    let denied = store.select(move |model| model.sign_in.pause(asker).map(|pause| pause.denied.clone()));
    move || denied.get().map(|denied| view! { <Waits store asker denied /> })
}

#[component]
fn Waits(store: Store, asker: Asker, denied: Denied) -> impl IntoView {
    let (cloud, tenant) = store.peek(|model| whose(model, asker));
    let words = sign_in::beside_a_run(sign_in::denied(&denied, cloud));
    let account = store.peek(|model| account(model, asker));
    let title = format!("{}: {}", store.peek(|model| title(model, asker)), words.title);
    let attempt = attempt(store, cloud, tenant.clone());
    let by_window = a_window_may_lift(&denied, words.help);
    let in_run = store.peek(Model::is_running) && matches!(asker, Asker::End(_));
    view! {
        <MessageBar tone=Tone::Warning title=title urgent=true>
            {in_run.then(|| view! { <p>{text::KEPT}</p> })}
            {account.map(|account| view! { <p class="quiet">{text::account(&account)}</p> })}
            <Explained words attempt=attempt.clone() denied=denied.clone() />
            <Ways store asker denied=denied.clone() cloud tenant by_window in_run />
            <SupportDetails attempt denied at=utc_now() />
        </MessageBar>
    }
}

/// Which requests wait.
fn title(model: &Model, asker: Asker) -> String {
    match asker {
        // A plan only reads the target.
        Asker::End(end) => text::title(end == End::Target && model.is_writing(), &environment(model, end)),
        Asker::Listing(_) => text::LISTING.to_owned(),
    }
}

/// An end's environment by its name, or its address while it has none.
fn environment(model: &Model, end: End) -> String {
    let connection = model.end(end);
    match (connection.environment.got(), &connection.address) {
        (Some(environment), _) => environment.name.clone(),
        (None, Some(browser::protocol::Address::Web { url, .. })) => url.clone(),
        (None, _) => crate::texts::end(end).to_owned(),
    }
}

fn whose(model: &Model, asker: Asker) -> (Cloud, Option<String>) {
    match model.access(asker) {
        Some(Access::Account(account, tenant)) => (account.key.cloud, tenant),
        _ => (model.sign_in.cloud_of(asker), None),
    }
}

/// Who has to sign in again.
fn account(model: &Model, asker: Asker) -> Option<String> {
    match model.access(asker) {
        Some(Access::Account(account, _)) => Some(sign_in::person(&account)),
        _ => None,
    }
}

/// What tells this pause's elements from another's.
fn element(asker: Asker) -> String {
    match asker {
        Asker::End(end) => crate::texts::end(end).to_lowercase(),
        Asker::Listing(number) => number.to_string(),
    }
}

/// A window helps nobody who is offline, or whom only an administrator can help.
fn a_window_may_lift(denied: &Denied, help: Help) -> bool {
    match denied {
        Denied::SignIn(error) => error.reason() != Reason::Network && !matches!(help, Help::OnlyAsk(_)),
        Denied::TokenEnded | Denied::SessionEnded => false,
    }
}

/// What can be done about it.
#[component]
fn Ways(
    store: Store,
    asker: Asker,
    denied: Denied,
    cloud: Cloud,
    tenant: Option<String>,
    /// Whether Microsoft's window can lift it.
    by_window: bool,
    /// Whether rows are being moved: giving up leaves something half done.
    in_run: bool,
) -> impl IntoView {
    let lifting =
        store.select(move |model| model.sign_in.pause(asker).is_some_and(|pause: &Pause| pause.lifting));
    let pasted_at = match asker {
        Asker::End(end) if denied == Denied::TokenEnded => Some(end),
        _ => None,
    };
    let give_up_id = format!("give-up-{}", element(asker));
    let id = give_up_id.clone();
    let idle = move || {
        view! {
            {by_window.then(|| view! {
                <Button look=Look::Primary on_press=move |()| store.sign_in_again(asker)>{text::SIGN_IN_AGAIN}</Button>
            })}
            {pasted_at.is_none().then(|| view! {
                <Button on_press=move |()| store.try_again(asker)>{text::TRY_AGAIN}</Button>
            })}
            <Button look=Look::Subtle described_by=give_up_id.clone() on_press=move |()| store.give_up(asker)>{text::GIVE_UP}</Button>
        }
    };
    view! {
        {pasted_at.map(|end| view! { <AnotherToken end /> })}
        {move || lifting.get().then(|| view! { <p role="status">{text::LIFTING}</p> })}
        <div class="sign-in-others">
            {move || if lifting.get() {
                view! { <Button on_press=move |()| store.cancel_again(asker)>{text::CANCEL}</Button> }.into_any()
            } else {
                idle().into_any()
            }}
        </div>
        {move || lifting.get().then(|| view! { <MicrosoftSays store cloud tenant=tenant.clone() /> })}
        {move || (in_run && !lifting.get()).then(|| view! {
            <p class="quiet" id=id.clone()>{text::GIVE_UP_TEXT}</p>
        })}
    }
}

/// A pasted token that ends soon: the next one can be pasted before anything has to wait.
#[component]
fn TokenEnding(end: End) -> impl IntoView {
    let store = use_store();
    let ends = store.select(move |model| match &model.end(end).access {
        Some(Access::Pasted(Some(claims))) if model.end(end).environment.got().is_some() => {
            Some(claims.expires as i64)
        }
        _ => None,
    });
    move || ends.get().map(|ends| view! { <EndsAt store end ends /> })
}

#[component]
fn EndsAt(store: Store, end: End, ends: i64) -> impl IntoView {
    let clock = pasted_token::clock();
    let paused = store.select(move |model| model.sign_in.pause(Asker::End(end)).is_some());
    let warning = Memo::new(move |_| {
        let left = ends - pasted_token::seconds(clock.get());
        let name = store.read(|model| environment(model, end));
        (left <= token::SOON && !paused.get()).then(|| token::ends_soon(&name, left))
    });
    let shown = Memo::new(move |_| warning.get().is_some());
    move || {
        shown.get().then(|| {
            view! {
                <section class="message-bar warning" aria-label=token::PASTE_ANOTHER>
                    <Icon shape=Shape::Warning />
                    <div class="message-bar-text">
                        <p class="message-bar-title" role="status">{move || warning.get()}</p>
                        <p>{token::ENDS_SOON_TEXT}</p>
                        <AnotherToken end />
                    </div>
                </section>
            }
        })
    }
}
