//! The pages, on the left; on a narrow screen below.

use super::{Icon, Shape};
use leptos::prelude::*;

/// A page in the rail.
#[derive(Clone)]
pub(crate) struct RailItem {
    pub(crate) label: &'static str,
    pub(crate) shape: Shape,
    /// Where it leads now.
    pub(crate) href: Signal<String>,
    pub(crate) current: Signal<bool>,
}

#[component]
pub(crate) fn Rail(label: &'static str, items: Vec<RailItem>) -> impl IntoView {
    let item = |item: RailItem| {
        view! {
            <li>
                <a
                    class="rail-link"
                    href=move || item.href.get()
                    aria-current=move || item.current.get().then_some("page")
                >
                    <Icon shape=item.shape />
                    <span>{item.label}</span>
                </a>
            </li>
        }
    };
    view! {
        <nav class="rail" aria-label=label>
            <ul>{items.into_iter().map(item).collect_view()}</ul>
        </nav>
    }
}
