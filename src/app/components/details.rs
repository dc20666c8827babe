//! Detail on demand.

use leptos::prelude::*;

#[component]
pub(crate) fn Details(
    #[prop(into)] summary: Signal<String>,
    #[prop(optional)] open: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <details class="details" open=open>
            <summary>{move || summary.get()}</summary>
            <div class="details-body">{children()}</div>
        </details>
    }
}
