//! A message in the flow of the page.

use super::{Icon, Shape, Tone};
use leptos::prelude::*;

#[component]
pub(crate) fn MessageBar(
    tone: Tone,
    #[prop(into)] title: String,
    /// The title's id: the keyboard can be put there.
    #[prop(optional_no_strip)]
    title_id: Option<&'static str>,
    /// It interrupts a screen reader although nothing is wrong.
    #[prop(optional)]
    urgent: bool,
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
    // What waits for nobody interrupts nobody.
    let role = if tone == Tone::Danger || urgent { "alert" } else { "status" };
    view! {
        <div class=format!("message-bar {}", tone.class()) role=role>
            <Icon shape=shape />
            <div class="message-bar-text">
                <p class="message-bar-title" id=title_id tabindex=title_id.map(|_| "-1")>{title}</p>
                {children.map(|children| children())}
            </div>
            {action.map(|action| view! { <div class="message-bar-action">{action}</div> })}
        </div>
    }
}
