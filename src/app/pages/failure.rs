//! Why the last sign-in did not succeed, and the ways on.

use crate::components::{Button, Look, MessageBar, Tone};
use crate::effects;
use crate::pages::explained::{Explained, SupportDetails, attempt};
use crate::state::{Failure, Store, use_store};
use crate::texts::sign_in as text;
use browser::sign_in::Cloud;
use leptos::prelude::*;
use text::{Help, Words};

/// The title's id: after the window closed, the keyboard goes there.
const TITLE: &str = "sign-in-failure";

#[component]
pub(super) fn SignInFailure(
    /// Whose access was wanted where, if it was for an environment.
    #[prop(into)]
    about: Signal<Option<String>>,
) -> impl IntoView {
    let store = use_store();
    let failure = store.select(|model| model.sign_in.failure.clone());
    Effect::new(move |before: Option<bool>| {
        let there = failure.with(Option::is_some);
        if there && before == Some(false) {
            request_animation_frame(|| effects::focus(TITLE));
        }
        there
    });
    move || failure.get().map(|failure| view! { <Told store failure about /> })
}

#[component]
fn Told(store: Store, failure: Failure, about: Signal<Option<String>>) -> impl IntoView {
    let Failure { cloud, tenant, denied, at } = failure;
    let words = text::denied(&denied, cloud);
    let attempt = attempt(store, cloud, tenant.clone());
    view! {
        <MessageBar tone=tone(&words) title=words.title.clone() title_id=Some(TITLE) urgent=true>
            {move || about.get().map(|about| view! { <p class="quiet">{about}</p> })}
            <Explained words=words.clone() attempt=attempt.clone() denied=denied.clone() />
            <Ways store words cloud tenant />
            <SupportDetails attempt denied at />
        </MessageBar>
    }
}

/// What the person did is no fault.
fn tone(words: &Words) -> Tone {
    if words.help == Help::Again { Tone::Warning } else { Tone::Danger }
}

#[component]
fn Ways(store: Store, words: Words, cloud: Cloud, tenant: Option<String>) -> impl IntoView {
    let again = matches!(words.help, Help::Again | Help::OnThisPage | Help::Ask(_) | Help::Address);
    let ready = store.select(move |model| model.sign_in.ready.contains(&cloud));
    let on_this_page = words.help == Help::OnThisPage;
    let (window_tenant, page_tenant) = (tenant.clone(), tenant);
    let open = move |()| store.sign_in(cloud, window_tenant.clone());
    let close = move |()| {
        store.dismiss_failure();
        effects::focus_the_sign_in();
    };
    let leave = move |()| store.sign_in_on_this_page(cloud, page_tenant.clone());
    view! {
        {on_this_page.then(|| view! { <p id="on-this-page">{text::ON_THIS_PAGE_TEXT}</p> })}
        <div class="sign-in-others">
            {again.then(|| view! {
                <Button disabled=Signal::derive(move || !ready.get()) on_press=open>{text::TRY_AGAIN}</Button>
            })}
            {on_this_page.then(|| view! {
                <Button described_by="on-this-page" on_press=leave>{text::ON_THIS_PAGE}</Button>
            })}
            <Button look=Look::Subtle on_press=close>{text::CLOSE}</Button>
        </div>
    }
}
