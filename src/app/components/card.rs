//! A framed part of a page with a heading of its own.

use leptos::prelude::*;

#[component]
pub(crate) fn Card(#[prop(into)] title: String, children: Children) -> impl IntoView {
    view! {
        <section class="card">
            <h2 class="card-title">{title}</h2>
            {children()}
        </section>
    }
}
