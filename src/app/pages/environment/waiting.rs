//! While Microsoft's window is open: what to do there, the ways back, and help with what it may show.

use crate::components::{Button, Look};
use crate::effects;
use crate::pages::microsoft_says::MicrosoftSays;
use crate::state::Store;
use crate::texts::sign_in as text;
use leptos::prelude::*;

/// The title's id.
const TITLE: &str = "sign-in-waiting";

#[component]
pub(super) fn WaitingForWindow(store: Store) -> impl IntoView {
    let window = store.peek(|model| model.sign_in.window.clone());
    // The button that opened the window is gone.
    request_animation_frame(|| effects::focus(TITLE));
    window.map(|window| {
        let (cloud, tenant) = (window.cloud, window.tenant.clone());
        let cancel = move |()| {
            store.cancel_sign_in();
            effects::focus_the_sign_in();
        };
        let open_again = move |()| store.sign_in(window.cloud, window.tenant.clone());
        view! {
            <div class="sign-in-waiting">
                <div role="status">
                    <p class="sign-in-title" id=TITLE tabindex="-1">{text::WAITING}</p>
                    <p>{text::WAITING_TEXT}</p>
                </div>
                <progress class="progress" aria-label=text::WAITING></progress>
                <div class="sign-in-others">
                    <Button on_press=cancel>{text::CANCEL}</Button>
                    <span class="quiet" id="by-mistake">{text::BY_MISTAKE}</span>
                    <Button look=Look::Subtle described_by="by-mistake" on_press=open_again>{text::OPEN_AGAIN}</Button>
                </div>
            </div>
            <MicrosoftSays store cloud tenant />
        }
    })
}
