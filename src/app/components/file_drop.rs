//! Choosing a file: by dialog, by keyboard, or dropped.

use super::{Icon, Shape};
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, File, HtmlInputElement};

#[component]
pub(crate) fn FileDrop(
    /// The input's id.
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    /// File endings the dialog offers, e.g. `.zip`.
    accept: &'static str,
    #[prop(into, optional)] disabled: Signal<bool>,
    #[prop(into)] on_file: Callback<File>,
) -> impl IntoView {
    let over = RwSignal::new(false);
    let chosen = move |event: ev::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let Some(input) = input else { return };
        let file = input.files().and_then(|files| files.get(0));
        // Choosing the same file again is a choice too: the browser tells it only of an empty input.
        input.set_value("");
        if let Some(file) = file {
            on_file.run(file);
        }
    };
    let dropped = move |event: DragEvent| {
        event.prevent_default();
        over.set(false);
        let file = event.data_transfer().and_then(|data| data.files()).and_then(|files| files.get(0));
        if let Some(file) = file.filter(|_| !disabled.get_untracked()) {
            on_file.run(file);
        }
    };
    view! {
        <label
            class="file-drop"
            class:over=move || over.get()
            class:disabled=move || disabled.get()
            on:dragover=move |event| {
                event.prevent_default();
                over.set(true);
            }
            on:dragleave=move |_| over.set(false)
            on:drop=dropped
        >
            <Icon shape=Shape::File />
            <span class="file-drop-label">{label}</span>
            <span class="file-drop-hint" id=format!("{id}-hint")>{hint}</span>
            <input
                class="sr-only"
                type="file"
                id=id
                accept=accept
                aria-label=label
                aria-describedby=format!("{id}-hint")
                disabled=move || disabled.get()
                on:change=chosen
            />
        </label>
    }
}
