//! How far something is.

use leptos::prelude::*;

#[component]
pub(crate) fn ProgressBar(
    #[prop(into)] label: String,
    #[prop(into)] done: Signal<u64>,
    #[prop(into)] total: Signal<u64>,
    /// Something of it failed.
    #[prop(into, optional)]
    failed: Signal<bool>,
) -> impl IntoView {
    view! {
        <progress
            class="progress"
            class:danger=move || failed.get()
            aria-label=label
            max=move || total.get().max(1).to_string()
            value=move || done.get().to_string()
        ></progress>
    }
}

/// Something is under way and tells no numbers.
#[component]
pub(crate) fn Busy(text: &'static str) -> impl IntoView {
    view! {
        <div class="busy" role="status">
            <progress class="progress" aria-label=text></progress>
            <p>{text}</p>
        </div>
    }
}
