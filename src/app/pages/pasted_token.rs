//! Pasted tokens: the field, what a token says of itself, and another one in the place of one that ends.

use crate::components::{CopyText, Details, Facts, Field, Input, Look, SubmitButton};
use crate::effects::focus;
use crate::pages::explained::copy_words;
use crate::pages::local_time_of;
use crate::state::{now, use_store};
use crate::texts::{self, token as text};
use browser::protocol::{Address, End};
use browser::sign_in::{EnvironmentUrl, PastedToken, TokenClaims};
use leptos::prelude::*;
use std::time::Duration;

/// A token that may be used, or what is wrong with it and what to do.
pub(super) type Read = Result<PastedToken, String>;

/// Reads what was pasted for an environment.
pub(super) fn read(pasted: &str, url: &EnvironmentUrl) -> Read {
    let now = seconds(now()).try_into().unwrap_or_default();
    PastedToken::read(pasted, url, now).map_err(|refused| format!("{refused} {}", refused.remedy()))
}

/// Milliseconds as whole seconds.
pub(super) fn seconds(milliseconds: f64) -> i64 {
    (milliseconds / 1000.0) as i64
}

/// The time, second by second, as long as what asks for it is on screen.
pub(super) fn clock() -> RwSignal<f64> {
    let clock = RwSignal::new(now());
    if let Ok(handle) = set_interval_with_handle(move || clock.set(now()), Duration::from_secs(1)) {
        on_cleanup(move || handle.clear());
    }
    clock
}

/// The field for a token. What is typed there is never shown.
#[component]
pub(super) fn TokenField(
    #[prop(into)] id: String,
    value: RwSignal<String>,
    #[prop(into)] hint: Signal<&'static str>,
    /// What is wrong; empty: nothing.
    #[prop(into)]
    error: Signal<String>,
) -> impl IntoView {
    view! {
        <Field
            id=id
            label=text::TOKEN
            input=Input::Secret
            value=value
            hint=Signal::derive(move || hint.get().to_owned())
            error=error
        />
    }
}

/// What a token says of itself, before it is used.
#[component]
pub(super) fn Claims(claims: TokenClaims) -> impl IntoView {
    let ends = local_time_of(claims.expires as i64);
    let facts = [
        (text::AUDIENCE, Some(claims.audience)),
        (text::PERSON, claims.login.or(claims.name)),
        (text::TENANT, claims.tenant.map(|tenant| tenant.to_string())),
        (text::ENDS, Some(ends)),
    ];
    let facts = facts.into_iter().filter_map(|(label, value)| Some((label, value?))).collect();
    view! { <Facts facts=facts /> }
}

/// Where tokens come from.
#[component]
pub(super) fn HowToGetAToken(
    /// The environment's, as far as it is known.
    #[prop(into)]
    url: Signal<Option<String>>,
) -> impl IntoView {
    let command = Signal::derive(move || text::command(url.get().as_deref()));
    view! {
        <Details summary=text::HOW>
            <ol class="list">
                <li>{text::HOW_SIGN_IN} <p><code>{text::SIGN_IN_COMMAND}</code></p></li>
                <li>
                    {text::HOW_ASK}
                    <CopyText label=text::COMMAND text=command words=copy_words(text::COPY_COMMAND) />
                </li>
                <li>{text::HOW_PASTE}</li>
            </ol>
        </Details>
    }
}

/// Another token for an end that is connected with one: what waits goes on with it.
#[component]
pub(super) fn AnotherToken(end: End) -> impl IntoView {
    let store = use_store();
    let url = store.peek(|model| match &model.end(end).address {
        Some(Address::Web { url, hosts }) => EnvironmentUrl::parse_with(url, hosts).ok(),
        _ => None,
    });
    let (token, tried) = (RwSignal::new(String::new()), RwSignal::new(false));
    let origin = url.as_ref().map(|url| url.origin().to_owned());
    let url = StoredValue::new(url);
    let read = Memo::new(move |_| url.with_value(|url| url.as_ref().map(|url| read(&token.get(), url))));
    let error = move || match read.get() {
        Some(Err(error)) if tried.get() => error,
        _ => String::new(),
    };
    let id = format!("{}-another-token", texts::end(end).to_lowercase());
    let field = id.clone();
    let paste = move || {
        tried.set(true);
        match read.get_untracked() {
            Some(Ok(read)) => {
                store.paste_again(end, read);
                token.set(String::new());
                tried.set(false);
            }
            _ => focus(&field),
        }
    };
    view! {
        <form
            class="another-token"
            on:submit=move |event| {
                event.prevent_default();
                paste();
            }
        >
            <TokenField id=id value=token hint="" error=Signal::derive(error) />
            <SubmitButton look=Look::Secondary>{text::USE}</SubmitButton>
            <HowToGetAToken url=Signal::stored(origin) />
        </form>
    }
}
