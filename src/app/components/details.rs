//! Detail on demand.

use leptos::prelude::*;

#[component]
pub(crate) fn Details(
    #[prop(into)] summary: Signal<String>,
    #[prop(into, optional)] open: Signal<bool>,
    children: Children,
) -> impl IntoView {
    view! {
        <details class="details" open=move || open.get()>
            <summary>{move || summary.get()}</summary>
            <div class="details-body">{children()}</div>
        </details>
    }
}
