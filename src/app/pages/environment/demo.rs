//! The demo's environments.

use super::desk::Desk;
use crate::components::{Button, Card};
use crate::state::{DEMO_ENVIRONMENTS, Model};
use crate::texts::environment as text;
use leptos::prelude::*;

#[component]
pub(super) fn Demo(desk: Desk) -> impl IntoView {
    view! {
        <Card title=text::DEMO>
            <p class="quiet">{text::DEMO_HINT}</p>
            {DEMO_ENVIRONMENTS.map(|name| view! { <DemoEnvironment desk name /> }).collect_view()}
        </Card>
    }
}

#[component]
fn DemoEnvironment(desk: Desk, name: &'static str) -> impl IntoView {
    let free = desk.store.select(Model::is_free);
    let busy = Signal::derive(move || !free.get());
    view! {
        <div class="choice">
            <div>
                <p class="choice-name">{name}</p>
                <p class="quiet">{text::demo_holds(name)}</p>
            </div>
            <Button disabled=busy on_press=move |()| desk.store.connect_demo(desk.end, name)>
                {text::USE}<span class="sr-only">" "{name}</span>
            </Button>
        </div>
    }
}
