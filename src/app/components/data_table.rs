//! A table of any length: only the rows in sight exist. Rows open their details below them, or are chosen.

use super::{Icon, Shape};
use leptos::{ev, html, prelude::*};
use std::borrow::Cow;
use wasm_bindgen::JsCast;

/// Rows kept ready above and below those in sight.
const MARGIN: u64 = 8;

/// A column's heading and the class that decides where it is shown.
pub(crate) type Heading = (Cow<'static, str>, &'static str);

/// What pressing a row does.
#[derive(Clone, Copy)]
pub(crate) enum OnRow {
    /// Its details open below it.
    Opens(Callback<u64, AnyView>),
    /// It is chosen: what belongs to it stands elsewhere.
    Chooses {
        /// Whether it is the chosen one.
        chosen: Callback<u64, bool>,
        choose: Callback<u64>,
    },
}

/// What is measured on screen, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Geometry {
    scrolled: f64,
    height: f64,
    row: f64,
    /// The opened row and the height of its details.
    open: Option<(u64, f64)>,
}

/// The rows that exist, and the room that the others would take.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Window {
    first: u64,
    last: u64,
    above: f64,
    below: f64,
}

impl Geometry {
    /// Where a row begins.
    fn top_of(&self, row: u64) -> f64 {
        let details = self.open.filter(|(open, _)| row > *open).map_or(0.0, |(_, height)| height);
        row as f64 * self.row + details
    }

    /// The row at a place from the top.
    fn row_at(&self, place: f64) -> u64 {
        let row = match self.open {
            Some((open, details)) if place > (open + 1) as f64 * self.row => {
                ((place - details) / self.row).max(open as f64)
            }
            _ => place / self.row,
        };
        row.max(0.0) as u64
    }

    /// All rows, or as many as are named.
    fn whole(&self, total: u64, most: u64) -> Window {
        let last = total.min(most);
        Window { first: 0, last, above: 0.0, below: (self.top_of(total) - self.top_of(last)).max(0.0) }
    }

    fn window(&self, total: u64) -> Window {
        let first = self.row_at(self.scrolled).saturating_sub(MARGIN).min(total);
        let last = (self.row_at(self.scrolled + self.height) + 1 + MARGIN).min(total);
        Window {
            first,
            last,
            above: self.top_of(first),
            below: (self.top_of(total) - self.top_of(last)).max(0.0),
        }
    }
}

#[component]
pub(crate) fn DataTable(
    label: &'static str,
    head: Vec<Heading>,
    /// Heading of the column that opens rows, for a screen reader.
    open_label: &'static str,
    /// How many rows there are.
    #[prop(into)]
    total: Signal<u64>,
    /// Changes when other rows are shown: the table goes back to its top.
    #[prop(into)]
    filter: Signal<String>,
    /// Rows `first..last` are about to be shown.
    #[prop(into)]
    on_need: Callback<(u64, u64)>,
    /// A row's label for its button.
    #[prop(into)]
    name: Callback<u64, String>,
    /// A row's cells.
    #[prop(into)]
    cells: Callback<u64, AnyView>,
    on_row: OnRow,
    /// Where it goes on paper: so many rows exist, in sight or not.
    #[prop(into, optional)]
    whole: Signal<Option<u64>>,
    /// How wide it has to be at least, as CSS says it; it scrolls sideways where there is less room.
    #[prop(optional, into)]
    width: String,
) -> impl IntoView {
    let frame = NodeRef::<html::Div>::new();
    let geometry = RwSignal::new(Geometry { scrolled: 0.0, height: 560.0, row: 44.0, open: None });
    let open = RwSignal::new(None::<u64>);
    let window = Memo::new(move |_| match whole.get() {
        Some(most) => geometry.get().whole(total.get(), most),
        None => geometry.get().window(total.get()),
    });
    let measure = move || {
        if let Some(frame) = frame.get_untracked() {
            let measured = measured(&frame, geometry.get_untracked(), open.get_untracked());
            geometry.maybe_update(|geometry| std::mem::replace(geometry, measured) != measured);
        }
    };
    Effect::new(move || {
        let window = window.get();
        if window.first < window.last {
            on_need.run((window.first, window.last));
        }
    });
    Effect::new(move || {
        filter.track();
        open.set(None);
        if let Some(frame) = frame.get_untracked() {
            frame.set_scroll_top(0);
        }
    });
    // What was just drawn is measured when it has its size.
    Effect::new(move || {
        open.track();
        window.track();
        request_animation_frame(measure);
    });
    let columns = head.len() + 1;
    let spacer = move |height: Signal<f64>| {
        view! {
            <tbody aria-hidden="true">
                <tr class="data-spacer" style:height=move || format!("{}px", height.get())>
                    <td colspan=columns></td>
                </tr>
            </tbody>
        }
    };
    let row = move |index: u64| {
        view! { <DataRow index columns open name cells on_row /> }
    };
    view! {
        <div class="data-frame" role="region" aria-label=label tabindex="0" node_ref=frame on:scroll=move |_| measure() on:keydown=move_between_rows>
            <table class="data-table" style:min-width=width aria-rowcount=move || (total.get() + 1).to_string()>
                <caption class="sr-only">{label}</caption>
                <thead>
                    <tr aria-rowindex="1">
                        <th scope="col" class="data-open"><span class="sr-only">{open_label}</span></th>
                        {head.into_iter().map(|(text, class)| view! { <th scope="col" class=class>{text}</th> }).collect_view()}
                    </tr>
                </thead>
                {spacer(Signal::derive(move || window.get().above))}
                <tbody>
                    <For each=move || window.get().first..window.get().last key=|index| *index children=row />
                </tbody>
                {spacer(Signal::derive(move || window.get().below))}
            </table>
        </div>
    }
}

#[component]
fn DataRow(
    index: u64,
    columns: usize,
    open: RwSignal<Option<u64>>,
    name: Callback<u64, String>,
    cells: Callback<u64, AnyView>,
    on_row: OnRow,
) -> impl IntoView {
    let is_open = Memo::new(move |_| open.get() == Some(index));
    let is_chosen = Memo::new(move |_| match on_row {
        OnRow::Opens(_) => false,
        OnRow::Chooses { chosen, .. } => chosen.run(index),
    });
    let opens = matches!(on_row, OnRow::Opens(_));
    let press = move |_| match on_row {
        OnRow::Opens(_) => open.update(|open| *open = (*open != Some(index)).then_some(index)),
        OnRow::Chooses { choose, .. } => choose.run(index),
    };
    let details = move || match on_row {
        OnRow::Opens(details) if is_open.get() => Some(details.run(index)),
        _ => None,
    };
    view! {
        <tr class="data-row" class:open=move || is_open.get() || is_chosen.get() aria-rowindex=(index + 2).to_string() on:click=press>
            <td class="data-open">
                <button
                    type="button"
                    class="data-toggle"
                    aria-expanded=move || opens.then(|| is_open.get().to_string())
                    aria-pressed=move || (!opens).then(|| is_chosen.get().to_string())
                    aria-label=move || name.run(index)
                >
                    <Icon shape=Shape::Chevron />
                </button>
            </td>
            {move || cells.run(index)}
        </tr>
        {move || {
            details().map(|details| view! {
                <tr class="data-details">
                    <td colspan=columns>{details}</td>
                </tr>
            })
        }}
    }
}

/// The arrow keys lead from row to row.
fn move_between_rows(event: ev::KeyboardEvent) {
    let step: fn(&web_sys::Element) -> Option<web_sys::Element> = match event.key().as_str() {
        "ArrowDown" => web_sys::Element::next_element_sibling,
        "ArrowUp" => web_sys::Element::previous_element_sibling,
        _ => return,
    };
    let at = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let row = at.and_then(|at| at.closest(".data-row").ok().flatten());
    let others = std::iter::successors(row, step).skip(1);
    // Between rows may stand the details of one.
    let mut buttons = others.filter_map(|row| row.query_selector(".data-toggle").ok().flatten());
    if let Some(button) = buttons.next().and_then(|button| button.dyn_into::<web_sys::HtmlElement>().ok()) {
        event.prevent_default();
        let _ = button.focus();
    }
}

/// Row heights follow the reader's font size, so they are measured, not assumed.
fn measured(frame: &web_sys::HtmlDivElement, before: Geometry, open: Option<u64>) -> Geometry {
    let height_of = |selector: &str| {
        let element = frame.query_selector(selector).ok().flatten()?;
        Some(f64::from(element.dyn_into::<web_sys::HtmlElement>().ok()?.offset_height()))
    };
    let details_before = before.open.filter(|(row, _)| open == Some(*row)).map_or(0.0, |(_, height)| height);
    Geometry {
        scrolled: f64::from(frame.scroll_top()),
        height: f64::from(frame.client_height()),
        row: height_of(".data-row").filter(|height| *height > 0.0).unwrap_or(before.row),
        open: open.map(|row| (row, height_of(".data-details").unwrap_or(details_before))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn geometry(scrolled: f64, open: Option<(u64, f64)>) -> Geometry {
        Geometry { scrolled, height: 400.0, row: 40.0, open }
    }

    #[test]
    fn only_the_rows_in_sight_and_a_margin_exist() {
        let window = geometry(40_000.0, None).window(100_000);
        assert_eq!((window.first, window.last), (1_000 - MARGIN, 1_011 + MARGIN));
    }

    #[test]
    fn the_whole_height_stays_the_same_while_scrolling() {
        for open in [None, Some((3, 120.0)), Some((995, 120.0)), Some((5_000, 120.0))] {
            for scrolled in [0.0, 100.0, 39_000.0, 40_000.0, 400_000.0] {
                let geometry = geometry(scrolled, open);
                let window = geometry.window(100_000);
                let opened = open.is_some_and(|(row, _)| (window.first..window.last).contains(&row));
                let shown = (window.last - window.first) as f64 * 40.0 + if opened { 120.0 } else { 0.0 };
                let expected = 4_000_000.0 + if open.is_some() { 120.0 } else { 0.0 };
                assert_eq!(window.above + shown + window.below, expected, "{open:?} at {scrolled}");
            }
        }
    }

    #[test]
    fn an_opened_row_pushes_the_following_down() {
        let geometry = geometry(0.0, Some((2, 200.0)));
        assert_eq!([119.0, 121.0, 319.0, 321.0].map(|place| geometry.row_at(place)), [2, 2, 2, 3]);
    }

    #[test]
    fn on_paper_go_rows_that_are_out_of_sight_too() {
        let window = geometry(40_000.0, None).whole(100_000, 2_000);
        assert_eq!((window.first, window.last, window.above), (0, 2_000, 0.0));
        assert_eq!(geometry(0.0, None).whole(3, 2_000).last, 3);
    }

    #[test]
    fn a_short_table_needs_no_room_beyond_its_rows() {
        let window = geometry(0.0, None).window(3);
        assert_eq!(window, Window { first: 0, last: 3, above: 0.0, below: 0.0 });
    }
}
