//! Yes or no.

use leptos::prelude::*;

#[component]
pub(crate) fn Checkbox(
    /// The element's id: label and hint refer to it.
    #[prop(into)]
    id: String,
    #[prop(into)] label: Signal<String>,
    /// What follows from it.
    #[prop(into, optional)]
    hint: Signal<String>,
    #[prop(into)] checked: Signal<bool>,
    #[prop(into, optional)] disabled: Signal<bool>,
    #[prop(into)] on_change: Callback<bool>,
) -> impl IntoView {
    let hint_id = format!("{id}-hint");
    view! {
        <div class="checkbox" class:disabled=move || disabled.get()>
            <input
                type="checkbox"
                id=id.clone()
                aria-describedby=hint_id.clone()
                disabled=move || disabled.get()
                prop:checked=move || checked.get()
                on:change=move |event| on_change.run(event_target_checked(&event))
            />
            <label for=id>{move || label.get()}</label>
            <p class="checkbox-hint" id=hint_id>{move || hint.get()}</p>
        </div>
    }
}
