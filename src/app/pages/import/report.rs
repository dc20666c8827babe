//! What became of every record.

use super::plan::{FailedLinks, Notes, Warnings};
use super::records::Records;
use super::tiles::StateTiles;
use crate::components::{Actions, Button, ButtonLink, Details, Look, MessageBar, Tone};
use crate::pages::StepPage;
use crate::pages::kept_runs::GoOnHere;
use crate::route::{ImportStep, Route};
use crate::state::{Verdict, use_store};
use crate::texts::import as text;
use browser::protocol::{Artifact, Command, ReportSummary, RowState, RowsOf, TableCounts};
use leptos::prelude::*;

#[component]
pub(super) fn ReportStep() -> impl IntoView {
    let store = use_store();
    let report = store.select(|model| model.import.report.got().cloned());
    view! {
        {move || report.get().map(|report| {
            let failed_links: u64 = report.links.iter().map(|links| links.failed).sum();
            let anything_failed = report.counts.failed + failed_links + report.warnings > 0;
            view! {
            <StepPage title=text::REPORT_TITLE>
                <VerdictBar report=report.clone() />
                <GoOnHere />
                <StateTiles of=RowsOf::Report counts=report.counts links=report.links.clone() />
                <Notes of=RowsOf::Report notes=report.notes.clone() />
                {(report.warnings > 0).then(|| view! { <Warnings of=RowsOf::Report n=report.warnings /> })}
                <FailedLinks links=report.links />
                <Records of=RowsOf::Report tables=report.tables.clone() counts=report.counts />
                <NotWritable tables=report.tables />
                <Afterwards anything_failed />
                <Next />
            </StepPage>
        }})}
    }
}

/// What failed can be imported again, and what was done can be taken back.
#[component]
fn Afterwards(anything_failed: bool) -> impl IntoView {
    let store = use_store();
    let save = move |artifact| move |()| store.send(Command::Save(artifact));
    view! {
        <section class="afterwards">
            <h2>{text::AFTERWARDS}</h2>
            {anything_failed.then(|| view! {
                <p>{text::SAVE_FAILED_TEXT}</p>
                <Button on_press=save(Artifact::FailedPackage)>{text::SAVE_FAILED}</Button>
            })}
            <p>{text::UNDO_TEXT}</p>
            <Button on_press=save(Artifact::UndoPackage)>{text::SAVE_UNDO}</Button>
        </section>
    }
}

#[component]
fn VerdictBar(report: ReportSummary) -> impl IntoView {
    let verdict = Verdict::of(&report);
    let tone = match verdict {
        Verdict::Complete | Verdict::NothingToDo => Tone::Success,
        Verdict::WithWarnings { .. } => Tone::Warning,
        Verdict::Stopped | Verdict::Failed { .. } | Verdict::DoesNotAddUp { .. } => Tone::Danger,
    };
    let stopped = report.stopped.clone().map(|problem| {
        view! { <p>{problem.what}</p><p class="problem-remedy">{problem.remedy}</p> }
    });
    let store = use_store();
    let show = move |()| store.filter_rows(RowsOf::Report, |filter| filter.state = Some(RowState::Failed));
    let show =
        (report.counts.failed > 0).then(|| view! { <Button on_press=show>{text::SHOW_FAILED}</Button> });
    view! {
        <MessageBar tone=tone title=text::verdict(verdict) action=show.into_any()>
            {stopped}
            <p>{text::verdict_text(verdict, &report)}</p>
        </MessageBar>
    }
}

/// Columns that Dataverse sets itself: said once, so that nobody looks for their values.
#[component]
fn NotWritable(tables: Vec<TableCounts>) -> impl IntoView {
    let tables: Vec<_> = tables.into_iter().filter(|table| !table.not_writable.is_empty()).collect();
    let item = |table: TableCounts| {
        view! { <li><strong>{table.display_name}</strong>" "{table.not_writable.join(", ")}</li> }
    };
    (!tables.is_empty()).then(|| {
        view! {
            <Details summary=text::not_writable(tables.len())>
                <p>{text::NOT_WRITABLE_TEXT}</p>
                <ul class="list">{tables.into_iter().map(item).collect_view()}</ul>
            </Details>
        }
    })
}

#[component]
fn Next() -> impl IntoView {
    let store = use_store();
    let save = move |artifact| move |()| store.send(Command::Save(artifact));
    view! {
        <Actions>
            <ButtonLink href=Route::Import(ImportStep::Plan).href()>{text::TO_PLAN}</ButtonLink>
            <Button on_press=save(Artifact::ReportCsv)>{text::SAVE_CSV}</Button>
            <Button on_press=save(Artifact::ReportJson)>{text::SAVE_JSON}</Button>
            <ButtonLink look=Look::Primary href=Route::Import(ImportStep::File).href()>{text::ANOTHER}</ButtonLink>
        </Actions>
    }
}
