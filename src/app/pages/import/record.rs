//! One record of the plan or report: its line, and its details when it is opened.

use super::record_actions::RecordActions;
use super::tiles::tone;
use crate::components::{Head, Table, Tag};
use crate::texts::{self, import as text};
use browser::protocol::{Row, RowState, RowsOf};
use leptos::prelude::*;
use migration::{Change, Problem};

/// The cells of a record's line.
pub(super) fn cells(of: RowsOf, row: &Row, table: String) -> AnyView {
    let name = if row.name.is_empty() { text::NO_NAME.to_owned() } else { row.name.clone() };
    if of == RowsOf::FailedLinks {
        return view! {
            <td class="column-name">{name}</td>
            <td class="column-table">{table}</td>
            <td class="column-detail">{summary(row)}</td>
        }
        .into_any();
    }
    view! {
        <td class="column-name">{name}</td>
        <td class="column-table">{table}</td>
        <td class="column-state"><Tag tone=tone(row.state) text=text::state(of, row.state) /></td>
        <td class="column-rule">{text::rule(row.matched_by.as_ref())}</td>
        <td class="column-detail">{summary(row)}</td>
    }
    .into_any()
}

/// The cells of a line that is still on its way.
pub(super) fn empty_cells() -> AnyView {
    view! { <td colspan="5" class="quiet">{text::LOADING}</td> }.into_any()
}

/// What matters most about a record, in one line.
fn summary(row: &Row) -> String {
    let columns: Vec<String> = row.changes.iter().map(|change| change.column.clone()).collect();
    match row.problems.first() {
        Some(problem) => problem.what.clone(),
        None if !columns.is_empty() => text::changes(&columns),
        None => String::new(),
    }
}

/// What there is to say about a record, with what to do: in one line, for elsewhere.
pub(super) fn details(row: &Row) -> String {
    let problems = row.problems.iter().map(|problem| format!("{} {}", problem.what, problem.remedy));
    let columns: Vec<String> = row.changes.iter().map(|change| change.column.clone()).collect();
    let changes = (!columns.is_empty()).then(|| text::changes(&columns));
    problems.chain(changes).collect::<Vec<_>>().join(" ")
}

/// Everything about a record.
#[component]
pub(super) fn RecordDetails(of: RowsOf, row: Row) -> impl IntoView {
    let without_changes = row.changes.is_empty() && row.problems.is_empty();
    view! {
        <div class="record">
            {(!row.problems.is_empty()).then(|| view! { <Problems problems=row.problems.clone() /> })}
            {(!row.changes.is_empty()).then(|| view! { <Changes of changes=row.changes.clone() /> })}
            {without_changes.then(|| text::no_changes(of, row.state)).filter(|said| !said.is_empty()).map(|said| view! {
                <p>{said}</p>
            })}
            {(of == RowsOf::Plan).then(|| view! { <RecordActions row=row.clone() /> })}
            <p class="quiet">{text::RECORD_ID}" "<code>{row.id.to_string()}</code></p>
        </div>
    }
}

#[component]
fn Problems(problems: Vec<Problem>) -> impl IntoView {
    let item = |problem: Problem| {
        let column = problem.place.column.map(|column| view! { <code>{column}</code>" " });
        view! { <li><p>{column}{problem.what}</p><p class="problem-remedy">{problem.remedy}</p></li> }
    };
    view! { <ul class="record-problems">{problems.into_iter().map(item).collect_view()}</ul> }
}

#[component]
fn Changes(of: RowsOf, changes: Vec<Change>) -> impl IntoView {
    // The report names the columns; their values stood in the plan.
    let with_values = changes.iter().any(|change| change.before.is_some() || change.after.is_some());
    if !with_values {
        let names: Vec<String> = changes.into_iter().map(|change| change.column).collect();
        return view! { <p>{text::changes(&names)}</p> }.into_any();
    }
    let before = if of == RowsOf::Plan { text::BEFORE } else { text::BEFORE_RUN };
    let value = |value: Option<String>| match value {
        Some(value) => view! { <span class="value">{value}</span> }.into_any(),
        None => view! { <span class="quiet">{text::EMPTY}</span> }.into_any(),
    };
    let row = move |change: Change| {
        view! {
            <tr>
                <th scope="row"><code>{change.column}</code></th>
                <td>{value(change.before)}</td>
                <td>{value(change.after)}</td>
            </tr>
        }
    };
    view! {
        <Table
            label=texts::check::COLUMNS
            head=vec![Head::Text(text::COLUMN), Head::Text(before), Head::Text(text::AFTER)]
        >
            {changes.into_iter().map(row).collect_view()}
        </Table>
    }
    .into_any()
}

/// What the button that opens a record is called.
pub(super) fn name(row: Option<&Row>) -> String {
    let name = row.map(|row| row.name.as_str()).filter(|name| !name.is_empty()).unwrap_or(text::NO_NAME);
    format!("{} {name}", text::MORE)
}

/// The states a filter can ask for.
pub(super) const FILTERS: [RowState; 8] = [
    RowState::Create,
    RowState::Adopt,
    RowState::Update,
    RowState::Unchanged,
    RowState::Skip,
    RowState::Failed,
    RowState::Unconfirmed,
    RowState::Warning,
];
