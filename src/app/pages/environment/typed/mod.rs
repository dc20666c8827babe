//! The way by an environment's URL: as a Microsoft account, or with a pasted token.

mod form;

use crate::components::{Card, Choice, Choices, Details, Field, Input, Look, SubmitButton};
use crate::pages::environment::desk::Desk;
use crate::pages::pasted_token::{Claims, HowToGetAToken, TokenField};
use crate::texts::{environment as text, sign_in, token as token_text};
use form::{By, Form};
use leptos::prelude::*;

#[component]
pub(super) fn Typed(desk: Desk) -> impl IntoView {
    let form =
        Form { desk, chosen: RwSignal::new(None), token: RwSignal::default(), tried: RwSignal::new(false) };
    desk.prepare(move || form.cloud());
    let by = Memo::new(move |_| form.by());
    let error = move || form.tried.get().then(|| form.url().err()).flatten().unwrap_or_default();
    let enabled = Memo::new(move |_| form.can_connect());
    view! {
        <Card title=text::TYPED>
            <form
                on:submit=move |event| {
                    event.prevent_default();
                    form.connect();
                }
            >
                <Field
                    id=desk.id("url")
                    label=text::URL
                    input=Input::Url
                    value=desk.url
                    hint=text::URL_HINT
                    error=Signal::derive(error)
                />
                <AccessChoice form />
                {move || match by.get() {
                    By::Account => view! { <ForGuests form /> }.into_any(),
                    By::Token => view! { <Token form /> }.into_any(),
                }}
                <SubmitButton look=Look::Secondary disabled=Signal::derive(move || !enabled.get())>
                    {text::CONNECT}
                </SubmitButton>
            </form>
        </Card>
    }
}

#[component]
fn AccessChoice(form: Form) -> impl IntoView {
    let choices = move || {
        let person = form.desk.account(form.cloud()).map(|account| sign_in::person(&account));
        let hint = match person {
            _ if form.is_local() => text::BY_ACCOUNT_LOCAL.to_owned(),
            _ if !form.account_can() => format!("{}.", sign_in::not_registered(form.cloud())),
            Some(person) => person,
            None => text::BY_ACCOUNT_NEW.to_owned(),
        };
        let choice = |by: By, label: &str, hint: String, disabled| Choice {
            key: by.key().to_owned(),
            label: label.to_owned(),
            hint,
            tag: "",
            disabled,
        };
        vec![
            choice(By::Account, text::BY_ACCOUNT, hint, !form.account_can()),
            choice(By::Token, text::BY_TOKEN, text::BY_TOKEN_HINT.to_owned(), false),
        ]
    };
    let choose =
        move |key: String| form.chosen.set([By::Account, By::Token].into_iter().find(|by| by.key() == key));
    view! {
        <Choices
            name=form.desk.id("access")
            legend=text::ACCESS
            choices=Signal::derive(choices)
            value=Signal::derive(move || form.by().key().to_owned())
            on_choose=choose
        />
    }
}

/// Whose environment it is, where it is not the account's organization.
#[component]
fn ForGuests(form: Form) -> impl IntoView {
    let tenant = form.desk.tenant;
    let wrong = move || sign_in::tenant_error(&tenant.get()).filter(|_| !tenant.get().trim().is_empty());
    let error = move || form.tried.get().then(wrong).flatten().unwrap_or_default().to_owned();
    let open = Signal::stored(!tenant.get_untracked().is_empty());
    view! {
        <Details summary=text::GUEST_SUMMARY open=open>
            <Field
                id=form.desk.id("tenant")
                label=text::GUEST_TENANT
                input=Input::Text
                value=tenant
                hint=sign_in::GUEST_TENANT_HINT
                error=Signal::derive(error)
            />
        </Details>
    }
}

#[component]
fn Token(form: Form) -> impl IntoView {
    let local = Memo::new(move |_| form.is_local());
    let read = Memo::new(move |_| form.read());
    let hint = move || if local.get() { token_text::HINT_LOCAL } else { token_text::HINT };
    let error = move || read.get().and_then(Result::err).unwrap_or_default();
    view! {
        <TokenField
            id=form.desk.id("token")
            value=form.token
            hint=Signal::derive(hint)
            error=Signal::derive(error)
        />
        {move || read.get()?.ok()?.claims().cloned().map(|claims| view! { <Claims claims /> })}
        <HowToGetAToken url=Signal::derive(move || form.url().ok().map(|url| url.origin().to_owned())) />
    }
}
