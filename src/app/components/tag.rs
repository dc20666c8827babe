//! A word with a colour.

use super::Tone;
use leptos::prelude::*;

#[component]
pub(crate) fn Tag(tone: Tone, #[prop(into)] text: String) -> impl IntoView {
    view! { <span class=format!("tag {}", tone.class())>{text}</span> }
}
