//! A labelled line of text.

use leptos::prelude::*;

/// What is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    Text,
    Url,
    /// Never shown, never remembered.
    Secret,
    Search,
}

impl Input {
    // `url` would make the browser insist on a scheme, which may be left out here.
    fn kind(self) -> &'static str {
        match self {
            Input::Text | Input::Url => "text",
            Input::Secret => "password",
            Input::Search => "search",
        }
    }

    fn mode(self) -> &'static str {
        match self {
            Input::Url => "url",
            Input::Text | Input::Secret => "text",
            Input::Search => "search",
        }
    }
}

#[component]
pub(crate) fn Field(
    /// The element's id: the label, hint and error refer to it.
    #[prop(into)]
    id: String,
    label: &'static str,
    input: Input,
    value: RwSignal<String>,
    #[prop(into, optional)] hint: Signal<String>,
    /// What is wrong with it; empty: nothing.
    #[prop(into, optional)]
    error: Signal<String>,
    #[prop(into, optional)] disabled: Signal<bool>,
) -> impl IntoView {
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let described_by = format!("{hint_id} {error_id}");
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                id=id
                type=input.kind()
                inputmode=input.mode()
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                disabled=move || disabled.get()
                aria-describedby=described_by
                aria-invalid=move || (!error.get().is_empty()).to_string()
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            />
            <p class="field-error" id=error_id>{move || error.get()}</p>
            <p class="field-hint" id=hint_id>{move || hint.get()}</p>
        </div>
    }
}
