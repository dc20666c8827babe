//! An environment chip: which end, which environment, always in sight.

use super::Tone;
use leptos::prelude::*;

#[component]
pub(crate) fn EnvironmentChip(
    /// Source or target.
    end: &'static str,
    /// The environment's name, or that there is none.
    #[prop(into)]
    name: Signal<String>,
    #[prop(into)] tone: Signal<Tone>,
    /// Where it is chosen.
    href: String,
) -> impl IntoView {
    view! {
        <a class=move || format!("chip {}", tone.get().class()) href=href title=move || name.get()>
            <span class="chip-end">{end}": "</span>
            <span class="chip-dot" aria-hidden="true"></span>
            <span class="chip-name">{move || name.get()}</span>
        </a>
    }
}
