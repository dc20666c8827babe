//! Which website, and how many rows there are.

use crate::components::{
    Busy, Checkbox, Choice, Choices, Details, Head, ProblemBar, ProblemList, Table, Tile, Tiles,
};
use crate::state::{Answer, use_store};
use crate::texts::{self, export as text};
use browser::{protocol::Command, save_picker};
use leptos::prelude::*;
use migration::{ExportOptions, Survey, SurveyedTable, Website};

/// The key of all websites: no row has it.
const ALL: &str = "all";

#[component]
pub(super) fn SurveyPart() -> impl IntoView {
    let store = use_store();
    let websites = store
        .select(|model| model.export.check.got().map(|check| check.websites.clone()).unwrap_or_default());
    let survey = store.select(|model| model.export.survey.clone());
    view! {
        {move || (!websites.get().is_empty()).then(|| view! { <WebsiteChoice websites=websites.get() /> })}
        {move || match survey.get() {
            Answer::NotAsked => ().into_any(),
            Answer::Waiting => view! { <Busy text=text::COUNTING /> }.into_any(),
            Answer::Refused(problem) => view! { <ProblemBar title=text::COUNT_FAILED problem /> }.into_any(),
            Answer::Got(survey) => view! { <Counted survey /> }.into_any(),
        }}
        {save_picker::is_there().then(|| view! { <PlaceChoice /> })}
    }
}

#[component]
fn WebsiteChoice(websites: Vec<Website>) -> impl IntoView {
    let store = use_store();
    let free = store.select(crate::state::Model::is_free);
    let value = store.select(|model| {
        model.export.options.website.map_or_else(|| ALL.to_owned(), |website| website.to_string())
    });
    let choose = move |key: String| {
        store.send(Command::Survey { options: ExportOptions { website: key.parse().ok() } });
    };
    let choices = Signal::derive(move || {
        let choice = |key: String, label: &str, hint: &str| Choice {
            key,
            label: label.to_owned(),
            hint: hint.to_owned(),
            tag: "",
            disabled: !free.get(),
        };
        let all = choice(ALL.to_owned(), text::ALL_WEBSITES, text::ALL_WEBSITES_HINT);
        let sites = websites
            .iter()
            .map(|site| choice(site.id.to_string(), &site.name, site.domain.as_deref().unwrap_or_default()));
        sites.chain([all]).collect::<Vec<_>>()
    });
    view! {
        <Choices name="website" legend=text::WEBSITE choices value on_choose=choose />
        <p class="quiet">{text::WEBSITE_HINT}</p>
    }
}

#[component]
fn Counted(survey: Survey) -> impl IntoView {
    let refused: Vec<_> = survey.tables.iter().filter_map(|table| table.refused.clone()).collect();
    let strays: u64 = survey.tables.iter().filter_map(|table| table.strays).sum();
    let all_rows = text::all_rows(&survey.tables);
    let with_rows = survey.tables.iter().filter(|table| table.rows.rows() > 0).count() as u64;
    view! {
        <Tiles label=text::ROWS_TO_EXPORT>
            <Tile label=text::ROWS_TO_EXPORT value=all_rows />
            <Tile label=text::TABLES value=texts::number(with_rows) />
            {(strays > 0).then(|| view! { <Tile label=text::STRAYS value=texts::number(strays) /> })}
        </Tiles>
        {(!refused.is_empty()).then(|| view! {
            <h2>{text::CANNOT_BE_READ}</h2>
            <ProblemList problems=refused />
        })}
        <Details summary=text::PER_TABLE_COUNTED>
            <CountedTables tables=survey.tables />
        </Details>
    }
}

#[component]
fn CountedTables(tables: Vec<SurveyedTable>) -> impl IntoView {
    let row = |table: SurveyedTable| {
        view! {
            <tr>
                <th scope="row">{table.display_name.clone()} <span class="logical">{table.table.clone()}</span></th>
                <td class="number">{text::row_count(table.rows)}</td>
                <td>{text::survey_note(&table)}</td>
            </tr>
        }
    };
    view! {
        <Table
            label=text::PER_TABLE_COUNTED
            head=vec![
                Head::Text(texts::check::TABLE),
                Head::Number(text::ROWS_TO_EXPORT),
                Head::Text(text::NOTE),
            ]
        >
            {tables.into_iter().map(row).collect_view()}
        </Table>
    }
}

#[component]
fn PlaceChoice() -> impl IntoView {
    let store = use_store();
    let checked = store.select(|model| model.export.picks_place());
    let change = move |on: bool| store.pick_place(on);
    view! {
        <Checkbox id="pick-place" label=text::PICK_PLACE hint=text::PICK_PLACE_HINT checked on_change=change />
    }
}
