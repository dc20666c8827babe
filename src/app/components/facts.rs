//! A short list of labelled facts.

use leptos::prelude::*;

#[component]
pub(crate) fn Facts(
    /// Label and value.
    facts: Vec<(&'static str, String)>,
) -> impl IntoView {
    let fact = |(label, value)| view! { <div class="fact"><dt>{label}</dt><dd>{value}</dd></div> };
    view! { <dl class="facts">{facts.into_iter().map(fact).collect_view()}</dl> }
}
