//! The bar at the end of a step: back on the left, the one primary action on the right.

use leptos::prelude::*;

#[component]
pub(crate) fn Actions(children: Children) -> impl IntoView {
    view! { <div class="actions">{children()}</div> }
}
