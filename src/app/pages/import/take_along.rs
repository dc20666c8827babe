//! Taking the records that fit the filter elsewhere: to the clipboard, or on paper.

use super::record;
use crate::components::{Button, Look, to_clipboard};
use crate::pages::run::Labels;
use crate::state::{Store, use_store};
use crate::texts::import as text;
use browser::protocol::{Row, RowsOf};
use leptos::task::spawn_local;
use leptos::{ev, prelude::*};

/// So many records are taken at most: what a printer or a mail can bear. The files hold all.
pub(super) const MOST_TAKEN: u64 = 2_000;

/// Where to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Copy,
    Print,
}

#[component]
pub(super) fn TakeAlong(
    of: RowsOf,
    labels: Labels,
    /// Set while the records stand in the page for printing.
    on_paper: RwSignal<bool>,
) -> impl IntoView {
    let store = use_store();
    let wanted = RwSignal::new(None::<Way>);
    let said = RwSignal::new(String::new());
    let here = store.select(move |model| model.import.rows(of).is_here(0, MOST_TAKEN));
    // Nobody knows how long the dialog stays open; only its end is told.
    let printed = window_event_listener(ev::afterprint, move |_| on_paper.set(false));
    on_cleanup(move || printed.remove());
    Effect::new(move || {
        let Some(way) = wanted.get().filter(|_| here.get()) else { return };
        wanted.set(None);
        match way {
            Way::Copy => copy(lines(store, of, &labels), total(store, of), said),
            Way::Print => print(on_paper),
        }
    });
    let take = move |way| {
        said.set(String::new());
        wanted.set(Some(way));
        store.need_rows(of, 0, MOST_TAKEN);
    };
    view! {
        <div class="take-along">
            <Button look=Look::Subtle on_press=move |()| take(Way::Copy)>{text::COPY}</Button>
            <Button look=Look::Subtle on_press=move |()| take(Way::Print)>{text::PRINT}</Button>
            <span role="status">{move || said.get()}</span>
        </div>
    }
}

fn copy(lines: String, total: u64, said: RwSignal<String>) {
    spawn_local(async move {
        let copied = to_clipboard(&lines).await.is_ok();
        said.set(if copied { text::copied(total, MOST_TAKEN) } else { text::COPY_REFUSED.to_owned() });
    });
}

/// The rows are drawn first: one frame later they are there.
fn print(on_paper: RwSignal<bool>) {
    on_paper.set(true);
    request_animation_frame(move || {
        request_animation_frame(|| {
            let _ = window().print();
        });
    });
}

fn total(store: Store, of: RowsOf) -> u64 {
    store.peek(|model| model.import.rows(of).total.unwrap_or(0))
}

/// The records as lines with tabs, which spreadsheets and mails take as a table.
fn lines(store: Store, of: RowsOf, labels: &Labels) -> String {
    let head = [text::NAME, text::TABLE, state_heading(of), text::MATCHED_BY, text::DETAIL, text::RECORD_ID];
    let mut all = vec![head.join("\t")];
    store.peek(|model| {
        let rows = model.import.rows(of);
        let taken = (0..MOST_TAKEN).map_while(|index| rows.row(index));
        all.extend(taken.map(|row| line(of, row, labels)));
    });
    all.join("\n")
}

fn state_heading(of: RowsOf) -> &'static str {
    if of == RowsOf::Plan { text::ACTION } else { text::FATE }
}

fn line(of: RowsOf, row: &Row, labels: &Labels) -> String {
    let table = labels.get(&row.table).unwrap_or(&row.table).clone();
    let cells = [
        row.name.clone(),
        table,
        text::state(of, row.state).to_owned(),
        text::rule(row.matched_by.as_ref()),
        record::details(row),
        row.id.to_string(),
    ];
    cells.map(|cell| cell.replace(['\t', '\n', '\r'], " ")).join("\t")
}
