//! The pages: each step reads the store and sends commands.

mod check;
mod environment;
mod explained;
mod export;
mod failure;
mod home;
mod import;
mod kept_data;
mod kept_runs;
mod microsoft_says;
mod package;
mod pasted_token;
mod pauses;
mod run;

pub(crate) use export::ExportPage;
pub(crate) use home::HomePage;
pub(crate) use import::ImportPage;
pub(crate) use kept_data::KeptDataPage;
pub(crate) use kept_runs::KeptRunBars;
pub(crate) use package::PackagePage;
pub(crate) use pauses::Pauses;

use crate::components::{Details, StepItem};
use crate::route::Step;
use crate::state::Model;
use crate::texts;
use leptos::prelude::*;
use std::sync::Arc;

/// A step's heading and sentence, then what it is about.
#[component]
fn StepPage(
    #[prop(into)] title: Signal<String>,
    #[prop(into, optional)] lead: Signal<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <h1 id="page-title" tabindex="-1">{move || title.get()}</h1>
        <p class="lead">{move || lead.get()}</p>
        {children()}
    }
}

/// What was unusual about a file, on demand.
#[component]
fn Findings(title: &'static str, findings: Vec<cmt::Finding>) -> impl IntoView {
    let finding = |finding: cmt::Finding| {
        let place = texts::place_in_file(finding.part.name(), finding.line);
        view! { <li>{finding.text}" "<span class="quiet">{place}</span></li> }
    };
    let count = findings.len();
    (count > 0).then(|| {
        view! {
            <Details summary=format!("{title} ({count})")>
                <ul class="list">{findings.into_iter().map(finding).collect_view()}</ul>
            </Details>
        }
    })
}

/// The stepper's items as they stand.
fn steps<S: Step>(model: &Model, current: S, label: fn(S) -> &'static str) -> Vec<StepItem> {
    let furthest = S::furthest(model);
    let item = |step: &S| StepItem {
        label: label(*step),
        href: step.route().href(),
        open: *step <= furthest,
        done: *step < furthest,
        current: *step == current,
    };
    S::ALL.iter().map(item).collect()
}

/// Labels of tables by logical name, as the check read them from the schema.
fn check_labels(check: Option<&migration::Check>) -> run::Labels {
    let tables = check.map(|check| check.tables.as_slice()).unwrap_or_default();
    Arc::new(tables.iter().map(|table| (table.table.clone(), table.display_name.clone())).collect())
}

/// A moment in the reader's own time and language; as written where it is no date.
fn local_time(written: &str) -> String {
    let date = js_sys::Date::new(&written.into());
    if date.get_time().is_nan() {
        return written.to_owned();
    }
    date.to_locale_string("default", &wasm_bindgen::JsValue::UNDEFINED).into()
}

/// The same for milliseconds since 1970.
fn local_time_at(milliseconds: u64) -> String {
    let date = js_sys::Date::new(&(milliseconds as f64).into());
    date.to_locale_string("default", &wasm_bindgen::JsValue::UNDEFINED).into()
}

/// The same for seconds since 1970: only the time, a token ends today.
fn local_time_of(seconds: i64) -> String {
    let date = js_sys::Date::new(&(seconds as f64 * 1000.0).into());
    date.to_locale_time_string("default").into()
}

/// Tables and their numbers, on demand.
#[component]
fn PerTable(
    /// Heading of the numbers.
    number: &'static str,
    tables: Vec<(String, u64)>,
) -> impl IntoView {
    use crate::components::{Head, Table};
    let row = |(name, n): (String, u64)| {
        view! { <tr><th scope="row">{name}</th><td class="number">{texts::number(n)}</td></tr> }
    };
    view! {
        <Details summary=format!("{} ({})", texts::import::PER_TABLE, tables.len())>
            <Table label=texts::import::PER_TABLE head=vec![Head::Text(texts::check::TABLE), Head::Number(number)]>
                {tables.into_iter().map(row).collect_view()}
            </Table>
        </Details>
    }
}
