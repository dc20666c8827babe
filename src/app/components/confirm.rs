//! A button for what cannot be undone: it asks in its own place before it does it.

use super::{Button, Look};
use leptos::{html, prelude::*};

#[component]
pub(crate) fn Confirm(
    /// What the button does.
    label: &'static str,
    #[prop(default = Look::Subtle)] look: Look,
    /// Of what, for who hears it only.
    #[prop(into, optional)]
    of: String,
    /// What is asked then.
    #[prop(into)]
    question: String,
    /// The button that does it.
    yes: &'static str,
    /// The button that leaves everything as it is.
    no: &'static str,
    #[prop(into, optional)] disabled: Signal<bool>,
    #[prop(into)] on_yes: Callback<()>,
) -> impl IntoView {
    let asking = RwSignal::new(false);
    let question_asked = NodeRef::<html::Div>::new();
    // The button that had the keyboard is gone.
    Effect::new(move || {
        if let Some(element) = question_asked.get() {
            let _ = element.focus();
        }
    });
    let done = move |()| {
        asking.set(false);
        on_yes.run(());
    };
    move || {
        if asking.get() {
            view! {
                <div class="confirm" role="group" tabindex="-1" aria-label=question.clone() node_ref=question_asked>
                    <p class="confirm-question">{question.clone()}</p>
                    <Button disabled=disabled on_press=done>{yes}</Button>
                    <Button look=Look::Subtle on_press=move |()| asking.set(false)>{no}</Button>
                </div>
            }
            .into_any()
        } else {
            let of = of.clone();
            view! {
                <Button look=look disabled=disabled on_press=move |()| asking.set(true)>
                    {label}<span class="sr-only">" "{of}</span>
                </Button>
            }
            .into_any()
        }
    }
}
