//! A window over rows that stay in the worker: those of plan or report, or the records of a package.

use browser::protocol::{Row, RowState, RowsOf, RowsQuery, RuleFilter};

/// Rows asked for at once: several screens, so that scrolling seldom waits.
pub(crate) const WINDOW: u64 = 200;

/// What a table on screen shows, and what of it is here.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RowsView<F = Filter, R = Row> {
    /// What to show.
    pub(crate) filter: F,
    /// How many rows fit the filter; `None` before the first answer.
    pub(crate) total: Option<u64>,
    /// Index of the first row that is here.
    pub(crate) start: u64,
    /// The rows that are here.
    pub(crate) rows: Vec<R>,
    /// The newest question and its window: older answers are stale.
    asked: Option<(u32, Window)>,
}

/// Rows `start..start + count`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    /// Index of the first.
    pub(crate) start: u64,
    /// How many at most.
    pub(crate) count: u64,
}

impl Window {
    /// From the first row on.
    pub(crate) const FIRST: Window = Window { start: 0, count: WINDOW };

    /// Several screens around `first..last`, or all of these where they are more.
    fn around(first: u64, last: u64) -> Window {
        let wanted = last.saturating_sub(first);
        if wanted > WINDOW / 2 {
            Window { start: first, count: wanted.max(WINDOW) }
        } else {
            Window { start: first.saturating_sub(WINDOW / 4), count: WINDOW }
        }
    }

    fn covers(self, first: u64, last: u64) -> bool {
        self.start <= first && last <= self.start + self.count
    }
}

/// Which rows to show.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Filter {
    /// Logical name; `None`: all tables.
    pub(crate) table: Option<String>,
    /// `None`: all.
    pub(crate) state: Option<RowState>,
    /// How they found their row; `None`: however.
    pub(crate) rule: Option<RuleFilter>,
    /// Part of a name or id.
    pub(crate) search: String,
}

// Not derived: rows have no default.
impl<F: Default, R> Default for RowsView<F, R> {
    fn default() -> Self {
        RowsView { filter: F::default(), total: None, start: 0, rows: Vec::new(), asked: None }
    }
}

impl<F: Default, R> RowsView<F, R> {
    /// The row at an index of the filtered rows, if it is here.
    pub(crate) fn row(&self, index: u64) -> Option<&R> {
        self.rows.get(usize::try_from(index.checked_sub(self.start)?).ok()?)
    }

    /// The window to ask for, so that `first..last` is here; `None`: it is, or is on its way.
    pub(crate) fn missing(&self, first: u64, last: u64) -> Option<Window> {
        let last = last.min(self.total.unwrap_or(last));
        let on_its_way = self.asked.is_some_and(|(_, window)| window.covers(first, last));
        (!on_its_way && !self.is_here(first, last)).then(|| Window::around(first, last))
    }

    /// Whether all of `first..last` that there are is here.
    pub(crate) fn is_here(&self, first: u64, last: u64) -> bool {
        let here = Window { start: self.start, count: self.rows.len() as u64 };
        self.asked.is_none() && self.total.is_some_and(|total| here.covers(first, last.min(total)))
    }

    /// A question is on its way.
    pub(crate) fn asked(&mut self, ask: u32, start: u64, count: u64) {
        self.asked = Some((ask, Window { start, count }));
    }

    /// Whether this is the newest question's number.
    pub(crate) fn is_newest(&self, ask: u32) -> bool {
        self.asked.is_some_and(|(newest, _)| newest == ask)
    }

    /// Takes in an answer, if it is the one to the newest question.
    pub(crate) fn told(&mut self, ask: u32, total: u64, rows: Vec<R>) {
        let Some((_, window)) = self.asked.filter(|(newest, _)| *newest == ask) else { return };
        *self = RowsView {
            filter: std::mem::take(&mut self.filter),
            total: Some(total),
            start: window.start,
            rows,
            asked: None,
        };
    }
}

impl RowsView {
    /// The question for a window.
    pub(crate) fn query(&self, of: RowsOf, window: Window) -> RowsQuery {
        RowsQuery {
            of,
            table: self.filter.table.clone(),
            states: self.filter.state.into_iter().collect(),
            rule: self.filter.rule,
            search: self.filter.search.trim().to_owned(),
            start: window.start,
            count: window.count,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn row(n: u128) -> Row {
        Row {
            table: "adx_webpage".into(),
            id: Uuid::from_u128(n),
            name: format!("Page {n}"),
            state: RowState::Create,
            matched_by: None,
            changes: Vec::new(),
            problems: Vec::new(),
        }
    }

    fn filled() -> RowsView {
        let mut view: RowsView = RowsView::default();
        view.asked(7, 100, WINDOW);
        view.told(7, 1_000, (100..300).map(row).collect());
        view
    }

    #[test]
    fn a_row_is_found_by_its_index_among_all() {
        let view = filled();
        assert_eq!(view.row(100).map(|row| row.id), Some(Uuid::from_u128(100)));
        assert_eq!((view.row(99), view.row(300)), (None, None));
    }

    #[test]
    fn a_stale_answer_changes_nothing() {
        let mut view = filled();
        view.asked(8, 0, WINDOW);
        view.told(7, 1, vec![row(1)]);
        assert_eq!(view.total, Some(1_000));
    }

    #[test]
    fn only_a_window_that_is_not_here_is_asked_for() {
        let mut view = filled();
        assert_eq!(view.missing(120, 160), None);
        assert_eq!(view.missing(290, 320), Some(Window { start: 240, count: WINDOW }));
        view.asked(9, 240, WINDOW);
        assert_eq!(view.missing(290, 320), None, "it is on its way");
    }

    #[test]
    fn many_rows_are_asked_for_at_once_and_are_here_when_they_have_come() {
        let mut view = filled();
        assert_eq!(view.missing(0, 2_000), Some(Window { start: 0, count: 1_000 }));
        view.asked(8, 0, 1_000);
        assert!(!view.is_here(0, 2_000));
        view.told(8, 1_000, (0..1_000).map(row).collect());
        assert!(view.is_here(0, 2_000));
    }

    #[test]
    fn the_end_of_the_rows_is_not_asked_for_again() {
        let mut view: RowsView = RowsView::default();
        view.asked(1, 0, WINDOW);
        view.told(1, 3, (0..3).map(row).collect());
        assert_eq!(view.missing(0, 40), None);
    }

    #[test]
    fn no_rows_are_an_answer_too() {
        let mut view: RowsView = RowsView::default();
        assert_eq!(view.missing(0, 40), Some(Window::FIRST));
        view.asked(1, 0, WINDOW);
        view.told(1, 0, Vec::new());
        assert_eq!(view.missing(0, 40), None);
    }
}
