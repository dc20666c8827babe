//! Whose environments are shown: one of the signed-in accounts, another one, or the same as a guest elsewhere.

use super::desk::Desk;
use crate::components::{Button, Choice, Choices, Details, Field, Input, Look, SubmitButton, Tag, Tone};
use crate::effects::focus;
use crate::texts::sign_in as text;
use browser::sign_in::Account;
use leptos::prelude::*;

#[component]
pub(super) fn AccountChoice(desk: Desk) -> impl IntoView {
    let accounts = Memo::new(move |_| {
        let cloud = desk.cloud();
        desk.store.read(|model| model.sign_in.accounts_of(cloud))
    });
    let choices = move || accounts.get().iter().map(choice).collect::<Vec<_>>();
    let chosen = move || desk.account(desk.cloud()).map(|account| key(&account)).unwrap_or_default();
    let choose = move |pressed: String| {
        let account = accounts.get_untracked().into_iter().find(|account| key(account) == pressed);
        if let Some(account) = account {
            desk.choose_account(account.key);
        }
    };
    let several = Memo::new(move |_| accounts.with(Vec::len) > 1);
    view! {
        {move || if several.get() {
            view! {
                <Choices
                    name=desk.id("account")
                    legend=text::ACCOUNT
                    choices=Signal::derive(choices)
                    value=Signal::derive(chosen)
                    on_choose=choose
                />
            }.into_any()
        } else {
            view! { <OneAccount choice=Signal::derive(move || choices().into_iter().next()) /> }.into_any()
        }}
        <Button on_press=move |()| desk.sign_in(None)>{text::ANOTHER_ACCOUNT}</Button>
    }
}

/// What one seldom does with an account.
#[component]
pub(super) fn MoreOfAccounts(desk: Desk) -> impl IntoView {
    view! {
        <Guest desk />
        <Leave desk />
    }
}

/// Where there is nothing to choose.
#[component]
fn OneAccount(choice: Signal<Option<Choice>>) -> impl IntoView {
    move || {
        choice.get().map(|choice| view! {
        <div class="account">
            <p class="account-name">
                <span class="sr-only">{text::ACCOUNT}": "</span>
                {choice.label}
                {(!choice.tag.is_empty()).then(|| view! { " "<Tag tone=Tone::Brand text=choice.tag /> })}
            </p>
            <p class="quiet">{choice.hint}</p>
        </div>
    })
    }
}

/// One person may be here in several organizations.
fn key(account: &Account) -> String {
    format!("{}-{}", account.key.home, account.key.tenant)
}

fn choice(account: &Account) -> Choice {
    let name = account.name.clone().filter(|name| *name != account.username);
    let hint = match (&name, account.guest) {
        (Some(_), false) => account.username.clone(),
        (_, true) => format!("{}. {}", account.username, text::guest_in(&account.key.tenant)),
        (None, false) => String::new(),
    };
    let label = name.unwrap_or_else(|| account.username.clone());
    Choice {
        key: key(account),
        label,
        hint,
        tag: if account.guest { text::GUEST } else { "" },
        disabled: false,
    }
}

/// A token of another organization, for the same person.
#[component]
fn Guest(desk: Desk) -> impl IntoView {
    let (tenant, tried) = (RwSignal::new(String::new()), RwSignal::new(false));
    let error = move || tried.get().then(|| text::tenant_error(&tenant.get())).flatten().unwrap_or_default();
    let id = desk.id("guest-tenant");
    let field = id.clone();
    let sign_in = move || {
        tried.set(true);
        let typed = tenant.get_untracked().trim().to_owned();
        match text::tenant_error(&typed) {
            None => desk.sign_in(Some(typed)),
            Some(_) => focus(&field),
        }
    };
    view! {
        <Details summary=text::AS_GUEST>
            <form
                on:submit=move |event| {
                    event.prevent_default();
                    sign_in();
                }
            >
                <Field
                    id=id
                    label=text::GUEST_TENANT
                    input=Input::Text
                    value=tenant
                    hint=text::GUEST_TENANT_HINT
                    error=Signal::derive(move || error().to_owned())
                />
                <SubmitButton look=Look::Secondary>{text::GUEST_SIGN_IN}</SubmitButton>
            </form>
        </Details>
    }
}

/// The chosen account is taken off.
#[component]
fn Leave(desk: Desk) -> impl IntoView {
    let with_account = move |act: fn(crate::state::Store, browser::sign_in::AccountKey)| {
        move |()| {
            if let Some(account) = untrack(|| desk.account(desk.cloud())) {
                act(desk.store, account.key);
            }
        }
    };
    view! {
        <Details summary=text::LEAVE>
            <p class="quiet">{text::LEAVE_TEXT}</p>
            <div class="sign-in-others">
                <Button on_press=with_account(|store, key| store.forget(key))>{text::FORGET}</Button>
                <Button look=Look::Subtle on_press=with_account(|store, key| store.sign_out(key))>{text::SIGN_OUT}</Button>
            </div>
        </Details>
    }
}
