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
    /// Who is signed in there; empty: nobody needs to be.
    #[prop(into)]
    person: Signal<String>,
    #[prop(into)] tone: Signal<Tone>,
    /// Where it is chosen.
    href: String,
) -> impl IntoView {
    let title = move || {
        [name.get(), person.get()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    };
    view! {
        <a class=move || format!("chip {}", tone.get().class()) href=href title=title>
            <span class="chip-end">{end}": "</span>
            <span class="chip-dot" aria-hidden="true"></span>
            <span class="chip-name">{move || name.get()}</span>
            {move || (!person.get().is_empty()).then(|| view! { <span class="chip-person">{person.get()}</span> })}
        </a>
    }
}
