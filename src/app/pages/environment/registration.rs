//! An app registration of one's own, typed here and kept in this browser.

use super::desk::Desk;
use crate::components::{Button, CopyText, Details, Field, Input, Look, MessageBar, SubmitButton, Tone};
use crate::effects::focus;
use crate::pages::explained::copy_words;
use crate::texts::registration as text;
use browser::sign_in::{Accounts, Registration};
use leptos::prelude::*;

#[component]
pub(super) fn OwnRegistration(desk: Desk) -> impl IntoView {
    let own = Memo::new(move |_| {
        let cloud = desk.cloud();
        desk.store.read(|model| model.sign_in.own.get(&cloud).cloned())
    });
    let take_back = move |()| desk.store.register(untrack(|| desk.cloud()), None);
    view! {
        <Details summary=text::TITLE>
            <p>{text::LEAD}</p>
            {move || own.get().map(|_| view! {
                <MessageBar tone=Tone::Success title=text::IN_USE>
                    <Button on_press=take_back>{text::REMOVE}</Button>
                </MessageBar>
            })}
            <CopyText
                label=text::ADDRESS
                text=Signal::stored(Accounts::redirect_address())
                words=copy_words(text::COPY_ADDRESS)
            />
            <Details summary=text::HOW>
                <ol class="list">{text::STEPS.map(|step| view! { <li>{step}</li> }).collect_view()}</ol>
            </Details>
            {move || view! { <Form desk own=own.get() /> }}
        </Details>
    }
}

/// What is typed.
#[derive(Clone, Copy)]
struct Typed {
    client_id: RwSignal<String>,
    tenant: RwSignal<String>,
    /// The button was pressed: from then on it is told what is wrong.
    tried: RwSignal<bool>,
}

impl Typed {
    fn error(self, field: RwSignal<String>, wrong: fn(&str) -> Option<&'static str>) -> Signal<String> {
        let found = move || self.tried.get().then(|| wrong(&field.get())).flatten();
        Signal::derive(move || found().unwrap_or_default().to_owned())
    }

    /// Uses it, or puts the keyboard at what is wrong.
    fn register(self, desk: Desk) {
        self.tried.set(true);
        let (client_id, tenant) = (self.client_id.get_untracked(), self.tenant.get_untracked());
        match (text::client_id_error(&client_id), text::tenant_error(&tenant)) {
            (None, None) => {
                let registration = Registration::new(&client_id, &tenant);
                desk.store.register(untrack(|| desk.cloud()), Some(registration));
            }
            (Some(_), _) => focus(&desk.id(CLIENT_ID)),
            (None, Some(_)) => focus(&desk.id(TENANT)),
        }
    }
}

/// The fields.
const CLIENT_ID: &str = "client-id";
const TENANT: &str = "registration-tenant";

#[component]
fn Form(desk: Desk, own: Option<Registration>) -> impl IntoView {
    let (client_id, tenant) = own.map(|own| (own.client_id, own.tenant)).unwrap_or_default();
    let typed = Typed {
        client_id: RwSignal::new(client_id),
        tenant: RwSignal::new(tenant.unwrap_or_default()),
        tried: RwSignal::new(false),
    };
    view! {
        <form
            on:submit=move |event| {
                event.prevent_default();
                typed.register(desk);
            }
        >
            <Field
                id=desk.id(CLIENT_ID)
                label=text::CLIENT_ID
                input=Input::Text
                value=typed.client_id
                hint=text::CLIENT_ID_HINT
                error=typed.error(typed.client_id, text::client_id_error)
            />
            <Field
                id=desk.id(TENANT)
                label=text::TENANT
                input=Input::Text
                value=typed.tenant
                hint=text::TENANT_HINT
                error=typed.error(typed.tenant, text::tenant_error)
            />
            <SubmitButton look=Look::Secondary>{text::USE}</SubmitButton>
            <p class="quiet sign-in-hint">{text::KEPT}</p>
        </form>
    }
}
