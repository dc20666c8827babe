//! One of a few that need more than a word each.

use super::{Tag, Tone};
use leptos::prelude::*;

/// What can be chosen.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Choice {
    pub(crate) key: String,
    pub(crate) label: String,
    /// A second line; may be empty.
    pub(crate) hint: String,
    /// A word about it; may be empty.
    pub(crate) tag: &'static str,
    pub(crate) disabled: bool,
}

#[component]
pub(crate) fn Choices(
    /// Common name of the buttons: no other group of the page has it.
    #[prop(into)]
    name: String,
    legend: &'static str,
    #[prop(into)] choices: Signal<Vec<Choice>>,
    /// The chosen key.
    #[prop(into)]
    value: Signal<String>,
    #[prop(into)] on_choose: Callback<String>,
) -> impl IntoView {
    let keys =
        Memo::new(move |_| choices.with(|all| all.iter().map(|one| one.key.clone()).collect::<Vec<_>>()));
    let item = move |key: String| {
        let name = name.clone();
        view! { <Item name key choices value on_choose /> }
    };
    view! {
        <fieldset class="choices">
            <legend>{legend}</legend>
            <For each=move || keys.get() key=Clone::clone children=item />
        </fieldset>
    }
}

#[component]
fn Item(
    name: String,
    key: String,
    choices: Signal<Vec<Choice>>,
    value: Signal<String>,
    on_choose: Callback<String>,
) -> impl IntoView {
    let of = key.clone();
    let choice = Memo::new(move |_| choices.with(|all| all.iter().find(|one| one.key == of).cloned()));
    let part = move |read: fn(&Choice) -> String| {
        move || choice.with(|choice| choice.as_ref().map(read).unwrap_or_default())
    };
    let disabled = move || choice.with(|choice| choice.as_ref().is_some_and(|choice| choice.disabled));
    let tag = Memo::new(move |_| choice.with(|choice| choice.as_ref().map_or("", |choice| choice.tag)));
    let id = format!("{name}-{key}");
    let [label_id, tag_id, hint_id] = ["label", "tag", "hint"].map(|part| format!("{id}-{part}"));
    let (chosen, pressed) = (key.clone(), key.clone());
    view! {
        <label class="choices-item" class:disabled=disabled>
            <input
                type="radio"
                id=id
                name=name
                value=key
                disabled=disabled
                aria-labelledby=format!("{label_id} {tag_id}")
                aria-describedby=hint_id.clone()
                prop:checked=move || value.get() == chosen
                on:change=move |_| on_choose.run(pressed.clone())
            />
            <span class="choices-label" id=label_id>{part(|choice| choice.label.clone())}</span>
            <span id=tag_id>{move || (!tag.get().is_empty()).then(|| view! { <Tag tone=Tone::Brand text=tag.get() /> })}</span>
            <span class="choices-hint" id=hint_id>{part(|choice| choice.hint.clone())}</span>
        </label>
    }
}
