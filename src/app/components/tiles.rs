//! Big numbers first.

use super::Tone;
use leptos::prelude::*;

/// Tiles side by side.
#[component]
pub(crate) fn Tiles(label: &'static str, children: Children) -> impl IntoView {
    view! { <div class="tiles" role="group" aria-label=label>{children()}</div> }
}

/// One number. With `on_press` it is a filter that can be switched.
#[component]
pub(crate) fn Tile(
    label: &'static str,
    #[prop(into)] value: Signal<String>,
    #[prop(into, optional)] hint: Signal<String>,
    #[prop(into, optional)] tone: Signal<Tone>,
    #[prop(into, optional)] pressed: Signal<bool>,
    #[prop(optional)] on_press: Option<Callback<()>>,
) -> impl IntoView {
    let inner = view! {
        <span class="tile-label">{label}</span>
        <span class="tile-value">{move || value.get()}</span>
        <span class="tile-hint">{move || hint.get()}</span>
    };
    let class = move || format!("tile {}", tone.get().class());
    match on_press {
        Some(on_press) => view! {
            <button
                type="button"
                class=class
                aria-pressed=move || pressed.get().to_string()
                on:click=move |_| on_press.run(())
            >
                {inner}
            </button>
        }
        .into_any(),
        None => view! { <div class=class>{inner}</div> }.into_any(),
    }
}
