//! The records by state, as big numbers that filter the table below.

use crate::components::{Tile, Tiles, Tone};
use crate::state::use_store;
use crate::texts::{self, import as text};
use browser::protocol::{LinkCounts, RowState, RowsOf};
use leptos::prelude::*;
use migration::Counts;

/// The states that add up to the package, in the order of reading.
pub(super) const STATES: [RowState; 6] = [
    RowState::Create,
    RowState::Update,
    RowState::Unchanged,
    RowState::Skip,
    RowState::Failed,
    RowState::Unconfirmed,
];

/// Those of the states that have a tile: what is seldom is shown where there is some.
fn states(counts: &Counts) -> impl Iterator<Item = RowState> {
    let unconfirmed = counts.unconfirmed;
    STATES.into_iter().filter(move |state| *state != RowState::Unconfirmed || unconfirmed > 0)
}

/// How many records are in a state.
pub(super) fn of_state(counts: &Counts, state: RowState) -> u64 {
    match state {
        RowState::Create => counts.created,
        RowState::Update => counts.updated,
        RowState::Unchanged => counts.unchanged,
        RowState::Skip => counts.skipped,
        RowState::Failed => counts.failed,
        RowState::Unconfirmed => counts.unconfirmed,
        // These are counted by their action, or are no records of the package.
        RowState::Adopt | RowState::Warning | RowState::Remove => 0,
    }
}

/// The colour of a state.
pub(super) fn tone(state: RowState) -> Tone {
    match state {
        RowState::Create | RowState::Adopt => Tone::Success,
        RowState::Update => Tone::Brand,
        RowState::Unchanged | RowState::Skip => Tone::Neutral,
        RowState::Warning | RowState::Remove | RowState::Unconfirmed => Tone::Warning,
        RowState::Failed => Tone::Danger,
    }
}

#[component]
pub(super) fn StateTiles(of: RowsOf, counts: Counts, links: Vec<LinkCounts>) -> impl IntoView {
    let sum = |part: fn(&LinkCounts) -> u64| links.iter().map(part).sum::<u64>();
    let (made, there, failed) =
        (sum(|links| links.created), sum(|links| links.unchanged), sum(|links| links.failed));
    view! {
        <Tiles label=text::RECORDS_TITLE>
            {states(&counts).map(|state| view! { <StateTile of state n=of_state(&counts, state) /> }).collect_view()}
            {(!links.is_empty()).then(|| view! {
                <Tile
                    label=text::links_label(of)
                    value=texts::number(made)
                    hint=text::links_hint(there, failed)
                    tone={if failed > 0 { Tone::Warning } else { Tone::Neutral }}
                />
            })}
        </Tiles>
    }
}

#[component]
fn StateTile(of: RowsOf, state: RowState, n: u64) -> impl IntoView {
    let store = use_store();
    let pressed = store.select(move |model| model.import.rows(of).filter.state == Some(state));
    let press = Callback::new(move |()| {
        let wanted = (!pressed.get_untracked()).then_some(state);
        store.filter_rows(of, |filter| filter.state = wanted);
    });
    // A nought is no news: it keeps quiet.
    let tone = if n > 0 { tone(state) } else { Tone::Neutral };
    view! {
        <Tile
            label=text::state(of, state)
            value=texts::number(n)
            hint=text::state_hint(of, state)
            tone=tone
            pressed=pressed
            on_press=press
        />
    }
}
