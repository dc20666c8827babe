//! The check's result, the same for export and import.

use crate::components::{Details, Head, MessageBar, ProblemList, Table, Tag, Tone};
use crate::texts::{self, check as text};
use leptos::prelude::*;
use migration::{Check, CheckedTable};

/// What a check comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) present: usize,
    pub(super) missing: usize,
    pub(super) missing_columns: usize,
}

impl Found {
    pub(super) fn of(check: &Check) -> Found {
        let present = check.tables.iter().filter(|table| table.present).count();
        // The columns of a missing table are missing with it: they are not told twice.
        let with_table = check.tables.iter().filter(|table| table.present);
        Found {
            present,
            missing: check.tables.len() - present,
            missing_columns: with_table.map(|table| table.missing_columns.len()).sum(),
        }
    }
}

/// The check in a sentence, what is missing, and all tables on demand.
#[component]
pub(super) fn CheckResult(
    check: Check,
    /// When everything is there.
    fits: &'static str,
    /// When something is missing.
    misses: &'static str,
    /// What follows from that.
    misses_text: &'static str,
    /// Whether the numbers of records are worth a column.
    with_records: bool,
) -> impl IntoView {
    let found = Found::of(&check);
    let sentence = text::found(found.present, found.missing, found.missing_columns);
    let whole = check.problems.is_empty();
    view! {
        {if whole {
            view! { <MessageBar tone=Tone::Success title=fits><p>{sentence}</p></MessageBar> }.into_any()
        } else {
            view! {
                <MessageBar tone=Tone::Warning title=misses>
                    <p>{sentence}</p>
                    <p>{misses_text}</p>
                </MessageBar>
            }.into_any()
        }}
        {(!whole).then(|| view! {
            <h2>{text::PROBLEMS}</h2>
            <ProblemList problems=check.problems />
        })}
        <Details summary=format!("{} ({})", text::ALL_TABLES, check.tables.len())>
            <CheckedTables tables=check.tables with_records />
        </Details>
    }
}

#[component]
fn CheckedTables(mut tables: Vec<CheckedTable>, with_records: bool) -> impl IntoView {
    // What needs a look stands first; the rest keeps its order.
    tables.sort_by_key(|table| (table.present, table.missing_columns.is_empty()));
    let mut head = vec![Head::Text(text::TABLE), Head::Text(text::STATE), Head::Number(text::COLUMNS)];
    if with_records {
        head.push(Head::Number(text::RECORDS));
    }
    head.push(Head::Text(text::MISSING_COLUMNS));
    let row = move |table: CheckedTable| {
        let missing = if table.present { texts::some_of(&table.missing_columns, 5) } else { String::new() };
        let tag = if !table.present {
            view! { <Tag tone=Tone::Danger text=text::MISSING /> }
        } else if table.missing_columns.is_empty() {
            view! { <Tag tone=Tone::Success text=text::PRESENT /> }
        } else {
            view! { <Tag tone=Tone::Warning text=text::PRESENT /> }
        };
        view! {
            <tr>
                <th scope="row">{table.display_name} <span class="logical">{table.table}</span></th>
                <td>{tag}</td>
                <td class="number">{texts::number(table.columns as u64)}</td>
                {with_records.then(|| view! { <td class="number">{texts::number(table.records as u64)}</td> })}
                <td>{missing}</td>
            </tr>
        }
    };
    view! {
        <Table label=text::ALL_TABLES head=head>{tables.into_iter().map(row).collect_view()}</Table>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(present: bool, missing: usize) -> CheckedTable {
        CheckedTable {
            table: "adx_webpage".into(),
            display_name: "Web Page".into(),
            present,
            columns: 10,
            missing_columns: vec!["adx_copy".into(); missing],
            not_writable: Vec::new(),
            records: 0,
        }
    }

    #[test]
    fn the_columns_of_a_missing_table_are_not_told_twice() {
        let check = Check { tables: vec![table(true, 2), table(false, 10)], problems: Vec::new() };
        assert_eq!(Found::of(&check), Found { present: 1, missing: 1, missing_columns: 2 });
    }
}
