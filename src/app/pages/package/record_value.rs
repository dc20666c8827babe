//! A value of a record. Whatever it holds is shown as text: nothing of it is run, and pictures are only `<img>`.

use crate::components::Button;
use crate::route::Route;
use crate::state::use_store;
use crate::texts::package as text;
use browser::protocol::{Command, ValuePlace, ViewedField, ViewedFile, ViewedRecord, ViewedRow, ViewedValue};
use leptos::prelude::*;

/// A text with more characters or lines scrolls in a frame of its own.
const SHORT: (usize, usize) = (400, 8);

#[component]
pub(super) fn Value(record: ViewedRecord, field: ViewedField) -> impl IntoView {
    let label = field.column.label.clone();
    match field.value {
        ViewedValue::Text(text) => view! { <Text label text /> }.into_any(),
        ViewedValue::Plain(value) => value.into_any(),
        ViewedValue::Row(row) => view! { <RowLink row /> }.into_any(),
        ViewedValue::Parties(parties) => view! { <Parties parties /> }.into_any(),
        ViewedValue::Hidden => view! { <span class="quiet">{text::HIDDEN}</span> }.into_any(),
        ViewedValue::File(file) => {
            let place = ValuePlace { table: record.table, id: record.id, column: field.column.name };
            let alt = text::picture(&label, &record.name);
            view! { <File file place alt /> }.into_any()
        }
    }
}

#[component]
fn Text(label: String, text: String) -> impl IntoView {
    let (characters, lines) = SHORT;
    if text.len() <= characters && text.lines().count() <= lines {
        return view! { <span class="value">{text}</span> }.into_any();
    }
    view! { <pre class="value-text" tabindex="0" role="region" aria-label=label>{text}</pre> }.into_any()
}

/// A row, with a way to it where the package holds it.
#[component]
pub(super) fn RowLink(row: ViewedRow, #[prop(default = true)] with_table: bool) -> impl IntoView {
    let store = use_store();
    let table = with_table.then(|| store.peek(|model| model.view.label(&row.table)));
    let name = if row.name.is_empty() { row.id.to_string() } else { row.name.clone() };
    let id = (!row.here && !row.name.is_empty()).then(|| view! { <code>{row.id.to_string()}</code> });
    let shown = if row.here {
        view! { <a href=Route::record(&row.table, row.id).href()>{name}</a> }.into_any()
    } else {
        view! { {name}" "<span class="quiet">{text::NOT_HERE}</span> }.into_any()
    };
    view! {
        {shown}
        <span class="values-type">{table.filter(|table| !table.is_empty())}" "{id}</span>
    }
}

#[component]
fn Parties(parties: Vec<(String, ViewedRow)>) -> impl IntoView {
    let party = |(role, row): (String, ViewedRow)| {
        view! { <li>{text::party(&role).to_owned()}": "<RowLink row /></li> }
    };
    view! { <ul class="list">{parties.into_iter().map(party).collect_view()}</ul> }
}

#[component]
fn File(file: ViewedFile, place: ValuePlace, alt: String) -> impl IntoView {
    let store = use_store();
    let save = move |()| store.send(Command::SaveValue(place.clone()));
    let size = file.bytes;
    view! {
        {file.picture.map(|url| view! { <img class="value-picture" src=url alt=alt /> })}
        <div class="value-file">
            <span>{size.map_or_else(|| file.name.clone(), |size| text::file(&file.name, size))}</span>
            {match size {
                Some(_) => view! { <Button on_press=save>{text::SAVE}</Button> }.into_any(),
                None => view! { <span class="quiet">{text::NO_CONTENT}</span> }.into_any(),
            }}
        </div>
    }
}
