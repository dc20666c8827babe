//! One of a few.

use leptos::prelude::*;

#[component]
pub(crate) fn Select(
    /// The element's id.
    id: String,
    label: &'static str,
    /// Value and label.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_change: Callback<String>,
) -> impl IntoView {
    let option = move |(key, label): (String, String)| {
        let of = key.clone();
        view! { <option value=key prop:selected=move || value.get() == of>{label}</option> }
    };
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select id=id on:change=move |event| on_change.run(event_target_value(&event))>
                {move || options.get().into_iter().map(option).collect_view()}
            </select>
        </div>
    }
}
