//! The package that was built.

use crate::components::{
    Actions, Button, ButtonLink, Details, Head, Look, MessageBar, ProblemList, Table, Tile, Tiles, Tone,
};
use crate::effects::go;
use crate::pages::StepPage;
use crate::pages::package::look_into;
use crate::route::{ExportStep, ImportStep, Route};
use crate::state::{Model, export_is_whole, use_store};
use crate::texts::{self, export as text};
use browser::protocol::{Artifact, Command, ExportSummary, ViewSource};
use leptos::prelude::*;
use migration::ExportedTable;

#[component]
pub(super) fn ResultStep() -> impl IntoView {
    let store = use_store();
    let result = store.select(|model| model.export.result.got().cloned());
    view! {
        {move || result.get().map(|export| view! {
            <StepPage title=text::RESULT_TITLE lead=export.file_name.clone()>
                <Verdict export=export.clone() />
                <Numbers export=export.clone() />
                <p class="quiet">{if export.saved { text::SAVED_HINT } else { text::DOWNLOAD_HINT }}</p>
                {(!export.report.problems.is_empty()).then(|| view! {
                    <h2>{text::NOT_READ}</h2>
                    <ProblemList problems=export.report.problems.clone() />
                })}
                {export.report.links_left_out.iter().map(|left_out| view! {
                    <p>{text::links_left_out(left_out)}</p>
                }).collect_view()}
                <ExportedTables tables=export.report.tables />
                <Next />
            </StepPage>
        })}
    }
}

/// Never calls a package complete that lacks something the schema names.
#[component]
fn Verdict(export: ExportSummary) -> impl IntoView {
    let store = use_store();
    let left_out = store.peek(|model| model.export.check.got().map_or(0, |check| check.check.problems.len()));
    let (records, links) = totals(&export);
    let with_rows = export.report.tables.iter().filter(|table| table.records > 0).count();
    if !export_is_whole(&export, left_out) {
        let gaps = text::gaps(export.report.problems.len(), left_out);
        view! { <MessageBar tone=Tone::Warning title=text::NOT_WHOLE><p>{gaps}</p></MessageBar> }
    } else if records == 0 {
        view! { <MessageBar tone=Tone::Warning title=text::EMPTY><p>{text::EMPTY_TEXT}</p></MessageBar> }
    } else {
        let sentence = text::result(records, links, with_rows);
        view! { <MessageBar tone=Tone::Success title=text::WHOLE><p>{sentence}</p></MessageBar> }
    }
}

#[component]
fn Numbers(export: ExportSummary) -> impl IntoView {
    let (records, links) = totals(&export);
    let with_rows = export.report.tables.iter().filter(|table| table.records > 0).count();
    view! {
        <Tiles label=text::RESULT_TITLE>
            <Tile label=text::RECORDS value=texts::number(records) />
            <Tile label=text::LINKS value=texts::number(links) />
            <Tile label=text::TABLES value=texts::number(with_rows as u64) />
            {(export.report.files > 0).then(|| view! {
                <Tile label=text::FILES value=texts::number(export.report.files) />
            })}
            <Tile label=text::SIZE value=texts::bytes(export.bytes) />
            <Tile label=text::TIME value=texts::duration(export.seconds) />
            <Tile label=text::REQUESTS value=texts::number(export.requests) />
        </Tiles>
    }
}

fn totals(export: &ExportSummary) -> (u64, u64) {
    let tables = &export.report.tables;
    (tables.iter().map(|table| table.records).sum(), tables.iter().map(|table| table.links).sum())
}

#[component]
fn ExportedTables(tables: Vec<ExportedTable>) -> impl IntoView {
    let (filled, empty): (Vec<_>, Vec<_>) =
        tables.into_iter().partition(|table| table.records + table.links + table.expected.rows() > 0);
    let row = |table: ExportedTable| {
        view! {
            <tr>
                <th scope="row">{table.display_name.clone()} <span class="logical">{table.table.clone()}</span></th>
                <td class="number">{text::row_count(table.expected)}</td>
                <td class="number">{texts::number(table.records)}</td>
                <td class="number">{texts::number(table.links)}</td>
                <td>{text::exported_note(&table)}</td>
            </tr>
        }
    };
    let empty_names =
        empty.into_iter().map(|table| view! { <li>{table.display_name}</li> }).collect::<Vec<_>>();
    let empty_count = empty_names.len();
    view! {
        <h2>{text::PER_TABLE}</h2>
        <Table
            label=text::PER_TABLE
            head=vec![
                Head::Text(texts::check::TABLE),
                Head::Number(text::EXPECTED),
                Head::Number(text::RECORDS),
                Head::Number(text::LINKS),
                Head::Text(text::NOTE),
            ]
        >
            {filled.into_iter().map(row).collect_view()}
        </Table>
        {(empty_count > 0).then(|| view! {
            <Details summary=format!("{} ({empty_count})", text::EMPTY_TABLES)>
                <ul class="list columns">{empty_names}</ul>
            </Details>
        })}
    }
}

#[component]
fn Next() -> impl IntoView {
    let store = use_store();
    let free = store.select(Model::is_free);
    let import = move |()| {
        store.send(Command::OpenPackage);
        go(Route::Import(ImportStep::File));
    };
    view! {
        <Actions>
            <ButtonLink href=Route::Export(ExportStep::Check).href()>{texts::BACK}</ButtonLink>
            <Button on_press=move |()| store.send(Command::Save(Artifact::Package))>{text::DOWNLOAD}</Button>
            <Button
                disabled=Signal::derive(move || !free.get())
                on_press=move |()| look_into(store, ViewSource::Exported)
            >
                {texts::package::LOOK_INTO}
            </Button>
            <Button look=Look::Primary disabled=Signal::derive(move || !free.get()) on_press=import>
                {text::IMPORT_IT}
            </Button>
        </Actions>
    }
}
