//! A failed sign-in in words, with what helps next to them: an address, a request to an administrator, details.

use crate::components::{CopyText, CopyWords, Details};
use crate::state::Store;
use crate::texts::{self, sign_in as text};
use browser::sign_in::{Accounts, Cloud, Denied};
use leptos::prelude::*;
use text::{Attempt, Help, Words};

/// What was tried, as the store knows it.
pub(super) fn attempt(store: Store, cloud: Cloud, tenant: Option<String>) -> Attempt {
    let registration = store.peek(|model| model.sign_in.registration(cloud).cloned());
    let (client_id, only) = registration.map(|own| (own.client_id, own.tenant)).unwrap_or_default();
    Attempt {
        cloud,
        // Where none is named, an app for one organization asks that one.
        tenant: tenant.or(only),
        client_id,
        redirect: Accounts::redirect_address(),
    }
}

/// What a button for copying says.
pub(super) fn copy_words(button: &'static str) -> CopyWords {
    CopyWords { button, copied: text::COPIED, selected: text::SELECTED }
}

/// Why, what next, and what helps.
#[component]
pub(super) fn Explained(
    words: Words,
    attempt: Attempt,
    denied: Denied,
    /// Whether nothing else shows the title.
    #[prop(optional)]
    with_title: bool,
) -> impl IntoView {
    let asked = attempt.tenant.as_deref().map(text::asked_tenant);
    let redirect = attempt.redirect.clone();
    let request = match words.help {
        Help::Ask(ask) => Some(text::admin_request(ask, true, &attempt, &denied)),
        Help::OnlyAsk(ask) => Some(text::admin_request(ask, false, &attempt, &denied)),
        _ => None,
    };
    view! {
        {with_title.then(|| view! { <p class="sign-in-title">{words.title}</p> })}
        <p>{words.what} {asked.map(|asked| format!(" {asked}"))}</p>
        <p class="problem-remedy">{words.next}</p>
        {(words.help == Help::Address).then(|| view! {
            <CopyText
                label=texts::registration::ADDRESS
                text=Signal::stored(redirect)
                words=copy_words(texts::registration::COPY_ADDRESS)
            />
        })}
        {request.map(|request| view! {
            <CopyText label=text::ADMIN_REQUEST text=Signal::stored(request) words=copy_words(text::COPY_REQUEST) />
        })}
    }
}

/// What others need to look into it, on demand.
#[component]
pub(super) fn SupportDetails(
    attempt: Attempt,
    denied: Denied,
    /// When it was answered, ISO 8601.
    at: String,
) -> impl IntoView {
    let details = text::support_details(&attempt, &denied, &at);
    view! {
        <Details summary=text::DETAILS>
            <CopyText label=text::DETAILS text=Signal::stored(details) words=copy_words(text::COPY_DETAILS) />
        </Details>
    }
}
