//! The environments that were used last.

use super::desk::Desk;
use super::listing::host;
use crate::components::{Button, Card, Look};
use crate::state::{Model, Recent};
use crate::texts::environment as text;
use leptos::prelude::*;

/// So many are shown: the list of all is beside it.
const SHOWN: usize = 5;

#[component]
pub(super) fn RecentlyUsed(desk: Desk) -> impl IntoView {
    let recent = desk.store.select(|model| model.recent.iter().take(SHOWN).cloned().collect::<Vec<_>>());
    let any = Memo::new(move |_| !recent.get().is_empty());
    let item = move |used: Recent| view! { <Used desk used /> };
    move || {
        any.get().then(|| {
            view! {
                <Card title=text::RECENT>
                    <For each=move || recent.get() key=|used| (used.url.clone(), used.name.clone()) children=item />
                </Card>
            }
        })
    }
}

#[component]
fn Used(desk: Desk, used: Recent) -> impl IntoView {
    let free = desk.store.select(Model::is_free);
    let busy = Signal::derive(move || !free.get());
    let (name, url) = (used.name.clone(), host(&used.url));
    let (forgotten, to) = (name.clone(), text::to(&name));
    let forget = used.url.clone();
    view! {
        <div class="choice">
            <div>
                <p class="choice-name">{name}</p>
                <p class="quiet">{url}</p>
            </div>
            <span class="choice-actions">
                <Button look=Look::Subtle on_press=move |()| desk.store.forget_recent(&forget)>
                    {text::RECENT_FORGET}<span class="sr-only">" "{forgotten}</span>
                </Button>
                <Button disabled=busy on_press=move |()| desk.connect_again(&used)>
                    {text::CONNECT}<span class="sr-only">" "{to}</span>
                </Button>
            </span>
        </div>
    }
}
