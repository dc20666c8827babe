//! The environment that this page itself lies in.

use super::desk::Desk;
use crate::components::{Button, Card, Look};
use crate::state::Model;
use crate::texts::environment as text;
use browser::sign_in::PageSession;
use leptos::prelude::*;

#[component]
pub(super) fn Here(desk: Desk) -> impl IntoView {
    let free = desk.store.select(Model::is_free);
    let busy = Signal::derive(move || !free.get());
    PageSession::origin().map(|origin| {
        view! {
            <Card title=text::HERE>
                <p class="choice-name">{origin}</p>
                <p class="quiet">{text::HERE_TEXT}</p>
                <Button look=Look::Primary disabled=busy on_press=move |()| desk.store.connect_here(desk.end)>
                    {text::HERE_USE}
                </Button>
            </Card>
        }
    })
}
