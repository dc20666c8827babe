//! A message in the flow of the page.

use super::{Icon, Shape, Tone};
use leptos::prelude::*;

#[component]
pub(crate) fn MessageBar(
    tone: Tone,
    #[prop(into)] title: String,
    /// What can be done about it, on the right.
    #[prop(optional)]
    action: Option<AnyView>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let shape = match tone {
        Tone::Neutral | Tone::Brand => Shape::Info,
        Tone::Success => Shape::Done,
        Tone::Warning => Shape::Warning,
        Tone::Danger => Shape::Danger,
    };
    // Only what is wrong interrupts a screen reader.
    let role = if tone == Tone::Danger { "alert" } else { "status" };
    view! {
        <div class=format!("message-bar {}", tone.class()) role=role>
            <Icon shape=shape />
            <div class="message-bar-text">
                <p class="message-bar-title">{title}</p>
                {children.map(|children| children())}
            </div>
            {action.map(|action| view! { <div class="message-bar-action">{action}</div> })}
        </div>
    }
}
