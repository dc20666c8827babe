//! A list to choose from, by the pattern "Listbox" of the ARIA Authoring Practices: one stop for the Tab key, arrows inside.

use super::{Tag, Tone};
use leptos::{ev, prelude::*};

/// So many rows a page key moves.
const PAGE: usize = 8;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ListRow {
    pub(crate) key: String,
    pub(crate) title: String,
    /// What else is to be known, each on its own.
    pub(crate) facts: Vec<String>,
    /// Words about it.
    pub(crate) tags: Vec<(Tone, String)>,
    /// It is shown, and cannot be chosen.
    pub(crate) disabled: bool,
}

#[component]
pub(crate) fn ListBox(
    #[prop(into)] id: String,
    #[prop(into)] label: Signal<String>,
    #[prop(into)] rows: Signal<Vec<ListRow>>,
    /// The id of the text that says how to choose.
    #[prop(into)]
    described_by: String,
    /// A row was pressed, or the Enter key on it.
    #[prop(into)]
    on_choose: Callback<String>,
) -> impl IntoView {
    let active = RwSignal::new(0_usize);
    // Other rows: the first one is next.
    Effect::new(move || {
        rows.track();
        active.set(0);
    });
    let of = id.clone();
    let option_id = move |at: usize| format!("{of}-{at}");
    let choose = move |at: usize| {
        active.set(at);
        let row =
            rows.with_untracked(|rows| rows.get(at).filter(|row| !row.disabled).map(|row| row.key.clone()));
        if let Some(key) = row {
            on_choose.run(key);
        }
    };
    let ids = option_id.clone();
    let pressed = move |event: ev::KeyboardEvent| {
        let last = rows.with_untracked(Vec::len).saturating_sub(1);
        let at = active.get_untracked();
        match event.key().as_str() {
            "Enter" | " " => choose(at),
            key => match moved(key, at, last) {
                Some(to) => {
                    active.set(to);
                    show(&ids(to));
                }
                None => return,
            },
        }
        event.prevent_default();
    };
    let ids = option_id.clone();
    let row = move |(at, row): (usize, ListRow)| {
        let is_active = Memo::new(move |_| active.get() == at);
        view! { <ListOption id=option_id(at) row is_active on_press=move |()| choose(at) /> }
    };
    view! {
        <div
            class="listbox"
            role="listbox"
            id=id
            tabindex="0"
            aria-label=move || label.get()
            aria-describedby=described_by
            aria-activedescendant=move || rows.with(|rows| (!rows.is_empty()).then(|| ids(active.get())))
            on:keydown=pressed
        >
            <For
                each=move || rows.get().into_iter().enumerate()
                key=|(at, row)| (*at, row.clone())
                children=row
            />
        </div>
    }
}

#[component]
fn ListOption(
    id: String,
    row: ListRow,
    is_active: Memo<bool>,
    #[prop(into)] on_press: Callback<()>,
) -> impl IntoView {
    let tag = |(tone, text): (Tone, String)| view! { " "<Tag tone text /> };
    let fact = |fact: String| view! { <span class="listbox-fact">{fact}</span>" " };
    view! {
        <div
            class="listbox-option"
            class:active=is_active
            role="option"
            id=id
            aria-selected=move || is_active.get().to_string()
            aria-disabled=row.disabled.to_string()
            on:click=move |_| on_press.run(())
        >
            <div class="listbox-title">
                <span>{row.title}</span>
                {row.tags.into_iter().map(tag).collect_view()}
            </div>
            <div class="listbox-facts">{row.facts.into_iter().map(fact).collect_view()}</div>
        </div>
    }
}

/// Where a key leads; `None`: it is not one of the list's.
fn moved(key: &str, at: usize, last: usize) -> Option<usize> {
    let to = match key {
        "ArrowDown" => at + 1,
        "ArrowUp" => at.saturating_sub(1),
        "PageDown" => at + PAGE,
        "PageUp" => at.saturating_sub(PAGE),
        "Home" => 0,
        "End" => last,
        _ => return None,
    };
    Some(to.min(last))
}

/// Scrolls no more than it takes.
fn show(id: &str) {
    if let Some(option) = document().get_element_by_id(id) {
        let nearest = web_sys::ScrollIntoViewOptions::new();
        nearest.set_block(web_sys::ScrollLogicalPosition::Nearest);
        option.scroll_into_view_with_scroll_into_view_options(&nearest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_lead_through_the_list_and_not_beyond_it() {
        let cases = [
            ("ArrowDown", 0, Some(1)),
            ("ArrowDown", 9, Some(9)),
            ("ArrowUp", 0, Some(0)),
            ("PageDown", 5, Some(9)),
            ("PageUp", 9, Some(1)),
            ("Home", 7, Some(0)),
            ("End", 7, Some(9)),
            ("a", 7, None),
        ];
        for (key, at, to) in cases {
            assert_eq!(moved(key, at, 9), to, "{key} at {at}");
        }
        assert_eq!(moved("ArrowDown", 0, 0), Some(0), "nowhere to go in a list of one, or of none");
    }
}
