//! A table that is shown whole.

use leptos::prelude::*;

/// A column's heading.
#[derive(Clone, Copy)]
pub(crate) enum Head {
    Text(&'static str),
    /// Numbers stand to the right.
    Number(&'static str),
}

#[component]
pub(crate) fn Table(
    /// What it is about, for a screen reader.
    label: &'static str,
    head: Vec<Head>,
    children: Children,
) -> impl IntoView {
    let column = |head| match head {
        Head::Text(text) => view! { <th scope="col">{text}</th> }.into_any(),
        Head::Number(text) => view! { <th scope="col" class="number">{text}</th> }.into_any(),
    };
    view! {
        <div class="table-frame" role="region" aria-label=label tabindex="0">
            <table class="table">
                <caption class="sr-only">{label}</caption>
                <thead>
                    <tr>{head.into_iter().map(column).collect_view()}</tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}
