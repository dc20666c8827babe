//! How records are written.

use crate::components::{Checkbox, Details, Select};
use crate::state::{now, use_store};
use crate::texts::decisions as text;
use leptos::prelude::*;
use migration::ImportOptions;
use time::{OffsetDateTime, PrimitiveDateTime};

#[component]
pub(super) fn OptionsPart() -> impl IntoView {
    view! {
        <Details summary=text::OPTIONS>
            <Flag id="match-by-name" label=text::BY_NAME hint=text::BY_NAME_HINT
                get=|options| options.match_by_name set=|options, on| options.match_by_name = on />
            <Flag id="clear-empty" label=text::CLEAR hint=text::CLEAR_HINT
                get=|options| options.clear_empty set=|options, on| options.clear_empty = on />
            <Flag id="keep-created-on" label=text::CREATED_ON hint=text::CREATED_ON_HINT
                get=|options| options.keep_created_on set=|options, on| options.keep_created_on = on />
            <Flag id="move-dates" label=text::DATES hint=text::DATES_HINT
                get=|options| options.move_dates_to.is_some() set=move_dates />
            <Flag id="url-history" label=text::HISTORY hint=text::HISTORY_HINT
                get=|options| options.url_history set=|options, on| options.url_history = on />
            <Flag id="lift-attachments" label=text::LIFT hint=text::LIFT_HINT
                get=|options| options.lift_attachment_blocks set=|options, on| options.lift_attachment_blocks = on />
            <Owners />
            <PlugIns />
        </Details>
    }
}

/// One yes or no of the options.
#[component]
fn Flag(
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    get: fn(&ImportOptions) -> bool,
    set: fn(&mut ImportOptions, bool),
) -> impl IntoView {
    let store = use_store();
    let checked = store.select(move |model| get(&model.import.draft));
    let change = move |on: bool| store.decide(|options| set(options, on));
    view! { <Checkbox id label hint checked on_change=change /> }
}

/// Dates are moved to the moment at which that was decided.
fn move_dates(options: &mut ImportOptions, on: bool) {
    let seconds = (now() / 1000.0) as i64;
    let now = OffsetDateTime::from_unix_timestamp(seconds).ok();
    options.move_dates_to = now.filter(|_| on).map(|now| PrimitiveDateTime::new(now.date(), now.time()));
}

#[component]
fn Owners() -> impl IntoView {
    let store = use_store();
    let value = store.select(|model| format!("{:?}", model.import.draft.owners));
    let change = move |key: String| {
        store.decide(|options| options.owners = text::owners_named(&key).unwrap_or_default());
    };
    view! { <Select id="owners".to_owned() label=text::OWNERS options=text::owners() value on_change=change /> }
}

#[component]
fn PlugIns() -> impl IntoView {
    let store = use_store();
    let value = store.select(|model| format!("{:?}", model.import.draft.page_plug_ins));
    let change = move |key: String| {
        store.decide(|options| options.page_plug_ins = text::plug_ins_named(&key).unwrap_or_default());
    };
    view! { <Select id="plug-ins".to_owned() label=text::PLUG_INS options=text::plug_ins() value on_change=change /> }
}
