//! Where one is in a job, and the way back.

use super::{Icon, Shape};
use leptos::prelude::*;

/// A step.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StepItem {
    pub(crate) label: &'static str,
    pub(crate) href: String,
    /// It can be shown now.
    pub(crate) open: bool,
    pub(crate) done: bool,
    pub(crate) current: bool,
}

#[component]
pub(crate) fn Stepper(
    label: &'static str,
    /// What a screen reader hears of a step that is done.
    done: &'static str,
    /// What it hears of one that cannot be shown yet.
    locked: &'static str,
    #[prop(into)] steps: Signal<Vec<StepItem>>,
) -> impl IntoView {
    let step = move |(at, step): (usize, StepItem)| {
        let mark = if step.done && !step.current {
            view! { <Icon shape=Shape::Done /> }.into_any()
        } else {
            (at + 1).into_any()
        };
        let heard = if step.done { format!(" ({done})") } else { String::new() };
        let inner = view! {
            <span class="step-mark" aria-hidden="true">{mark}</span>
            <span class="step-label">{step.label}</span>
            <span class="sr-only">{if step.open { heard } else { format!(" ({locked})") }}</span>
        };
        let class = if step.done { "step done" } else { "step" };
        let current = step.current.then_some("step");
        if step.open {
            view! { <li><a class=class href=step.href aria-current=current>{inner}</a></li> }.into_any()
        } else {
            view! { <li><span class="step locked">{inner}</span></li> }.into_any()
        }
    };
    view! {
        <nav class="stepper" aria-label=label>
            <ol>{move || steps.get().into_iter().enumerate().map(step).collect_view()}</ol>
        </nav>
    }
}
