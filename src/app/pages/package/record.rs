//! The record beside the table: every value with its column, and the rows it is linked to.

use super::record_value::{RowLink, Value};
use crate::components::{Busy, ButtonLink, Details, Look, MessageBar, ProblemBar, Tone};
use crate::effects::{focus, go};
use crate::route::{PackagePlace, Route};
use crate::state::{Answer, use_store};
use crate::texts::package as text;
use browser::protocol::{ViewedField, ViewedLinks, ViewedRecord};
use leptos::{ev, prelude::*};

/// The record that the URL names, if it names one.
#[component]
pub(super) fn Beside(place: Memo<PackagePlace>) -> impl IntoView {
    let store = use_store();
    let record = store.select(|model| model.view.record.as_ref().map(|asked| asked.record.clone()));
    follow_by_keyboard(place, Memo::new(move |_| matches!(record.get(), Some(Answer::Got(Some(_))))));
    let back = move || Route::table(&place.get_untracked().table.unwrap_or_default());
    let pressed = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" {
            go(back());
        }
    };
    let shown = move |record: Answer<Option<Box<ViewedRecord>>>| {
        match record {
        Answer::NotAsked | Answer::Waiting => view! { <Busy text=text::READING_RECORD /> }.into_any(),
        Answer::Refused(problem) => view! { <ProblemBar title=text::RECORD_NOT_READ problem /> }.into_any(),
        Answer::Got(None) => view! {
            <MessageBar tone=Tone::Warning title=text::NO_SUCH_RECORD><p>{text::NO_SUCH_RECORD_TEXT}</p></MessageBar>
        }
        .into_any(),
        Answer::Got(Some(record)) => view! { <Record record=*record /> }.into_any(),
    }
    };
    move || {
        record.get().map(|record| {
            view! {
                <section class="viewer-record card" aria-labelledby="record-title" on:keydown=pressed>
                    <div class="viewer-close">
                        <ButtonLink look=Look::Subtle href=back().href()>{text::CLOSE}</ButtonLink>
                    </div>
                    {shown(record)}
                </section>
            }
        })
    }
}

/// The keyboard stands at the record that was opened, and at the table when it is closed.
fn follow_by_keyboard(place: Memo<PackagePlace>, is_here: Memo<bool>) {
    Effect::new(move |before: Option<Option<uuid::Uuid>>| {
        let (now, is_here) = (place.get().record, is_here.get());
        if now.is_some() && is_here {
            request_animation_frame(|| focus("record-title"));
        } else if now.is_none() && before.flatten().is_some() {
            request_animation_frame(|| focus("records-title"));
        }
        now
    });
}

#[component]
fn Record(record: ViewedRecord) -> impl IntoView {
    let store = use_store();
    let label = store.peek(|model| model.view.label(&record.table));
    let title = if record.name.is_empty() { text::NO_NAME.to_owned() } else { record.name.clone() };
    let without = record.without_value.clone();
    let of = record.clone();
    let field = move |field: ViewedField| view! { <ValueRow record=of.clone() field /> };
    view! {
        <h2 class="card-title" id="record-title" tabindex="-1">{title}</h2>
        <p class="quiet">{label}" "<code>{record.id.to_string()}</code></p>
        {(!record.links.is_empty()).then(|| view! { <Links links=record.links.clone() /> })}
        <h3>{text::VALUES}</h3>
        <dl class="values">{record.fields.clone().into_iter().map(field).collect_view()}</dl>
        {(!without.is_empty()).then(|| view! {
            <Details summary=format!("{} ({})", text::WITHOUT_VALUE, without.len())>
                <ul class="list">
                    {without.iter().map(|column| view! {
                        <li>{column.label.clone()}" "<code>{column.name.clone()}</code></li>
                    }).collect_view()}
                </ul>
            </Details>
        })}
    }
}

#[component]
fn ValueRow(record: ViewedRecord, field: ViewedField) -> impl IntoView {
    let column_type = field.column_type.map(text::column_type);
    view! {
        <div class="value-row">
            <dt>
                {field.column.label.clone()}
                <span class="values-type"><code>{field.column.name.clone()}</code>" "{column_type}</span>
            </dt>
            <dd><Value record field /></dd>
        </div>
    }
}

#[component]
fn Links(links: Vec<ViewedLinks>) -> impl IntoView {
    let store = use_store();
    let set = move |links: ViewedLinks| {
        let table = links.rows.first().map(|row| store.peek(|model| model.view.label(&row.table)));
        let summary = text::relationship(links.rows.len(), &table.unwrap_or_default());
        view! {
            <div class="links">
                <p>{summary}<span class="values-type"><code>{links.relationship}</code></span></p>
                <ul class="list">
                    {links.rows.into_iter().map(|row| view! { <li><RowLink row with_table=false /></li> }).collect_view()}
                </ul>
            </div>
        }
    };
    view! {
        <h3>{text::LINKS}</h3>
        {links.into_iter().map(set).collect_view()}
    }
}
