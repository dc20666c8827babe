//! Looking into a package: any file, with no environment. Which table and record are shown stands in the URL.

mod facts;
mod opening;
mod record;
mod record_value;
mod records;
mod tables;

pub(in crate::pages) use opening::look_into;

use crate::components::{Busy, MessageBar, ProblemBar, Tone};
use crate::pages::StepPage;
use crate::route::{PackagePlace, Route};
use crate::state::{Answer, use_store};
use crate::texts::package as text;
use browser::protocol::ViewedPackage;
use leptos::prelude::*;

#[component]
pub(crate) fn PackagePage(route: Memo<Route>) -> impl IntoView {
    let store = use_store();
    let place = Memo::new(move |_| match route.get() {
        Route::Package(place) => place,
        _ => PackagePlace::default(),
    });
    let package = store.select(|model| model.view.package.clone());
    view! {
        <div class="package">
            <StepPage title=text::TITLE lead=text::LEAD>
                {move || match package.get() {
                    Answer::NotAsked => view! { <LinkWaits place /> <opening::Choices /> }.into_any(),
                    Answer::Waiting => view! { <Busy text=text::OPENING /> }.into_any(),
                    Answer::Refused(problem) => view! {
                        <ProblemBar title=text::OPEN_FAILED problem />
                        <opening::Choices />
                    }
                    .into_any(),
                    Answer::Got(package) => view! { <Package package place /> }.into_any(),
                }}
            </StepPage>
        </div>
    }
}

/// A link was followed, and the package that it leads into is not open.
#[component]
fn LinkWaits(place: Memo<PackagePlace>) -> impl IntoView {
    move || {
        place.get().table.map(|_| {
            view! {
                <MessageBar tone=Tone::Brand title=text::LINK_WAITS>
                    <p>{text::LINK_WAITS_TEXT}</p>
                </MessageBar>
            }
        })
    }
}

#[component]
fn Package(package: ViewedPackage, place: Memo<PackagePlace>) -> impl IntoView {
    let store = use_store();
    let table =
        Memo::new(move |_| place.get().table.or_else(|| store.peek(|model| model.view.first_table())));
    Effect::new(move || {
        if let Some(table) = table.get() {
            store.show_table(&table);
        }
    });
    Effect::new(move || {
        let place = place.get();
        store.show_record(place.table.zip(place.record));
    });
    let has_record = Memo::new(move |_| place.get().record.is_some());
    let tables = package.tables.clone();
    view! {
        <facts::PackageFacts package />
        {if tables.is_empty() {
            view! { <MessageBar tone=Tone::Warning title=text::NO_TABLES /> }.into_any()
        } else {
            view! {
                <div class="viewer" class:has-record=has_record>
                    <tables::Tables tables table />
                    <records::Records table place />
                    <record::Beside place />
                </div>
            }
            .into_any()
        }}
    }
}
