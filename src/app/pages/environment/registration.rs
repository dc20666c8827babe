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

#[component]
fn Form(desk: Desk, own: Option<Registration>) -> impl IntoView {
    let of = |read: fn(&Registration) -> Option<String>| own.as_ref().and_then(read).unwrap_or_default();
    let client_id = RwSignal::new(of(|own| Some(own.client_id.clone())));
    let tenant = RwSignal::new(of(|own| own.tenant.clone()));
    let tried = RwSignal::new(false);
    let error =
        move || tried.get().then(|| text::client_id_error(&client_id.get())).flatten().unwrap_or_default();
    let id = desk.id("client-id");
    let field = id.clone();
    let register = move || {
        tried.set(true);
        let (client_id, tenant) = (client_id.get_untracked(), tenant.get_untracked());
        match text::client_id_error(&client_id) {
            None => {
                let registration = Registration::new(&client_id, &tenant);
                desk.store.register(untrack(|| desk.cloud()), Some(registration));
            }
            Some(_) => focus(&field),
        }
    };
    view! {
        <form
            on:submit=move |event| {
                event.prevent_default();
                register();
            }
        >
            <Field
                id=id
                label=text::CLIENT_ID
                input=Input::Text
                value=client_id
                hint=text::CLIENT_ID_HINT
                error=Signal::derive(move || error().to_owned())
            />
            <Field
                id=desk.id("registration-tenant")
                label=text::TENANT
                input=Input::Text
                value=tenant
                hint=text::TENANT_HINT
            />
            <SubmitButton look=Look::Secondary>{text::USE}</SubmitButton>
            <p class="quiet sign-in-hint">{text::KEPT}</p>
        </form>
    }
}
