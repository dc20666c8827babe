//! Choosing an environment: one of the demo's, or one's own by URL and token.

use crate::components::{
    Actions, Button, ButtonLink, Card, Details, Facts, Field, Input, Look, MessageBar, ProblemBar,
    SubmitButton, Tone,
};
use crate::pages::StepPage;
use crate::route::Route;
use crate::state::{DEMO_ENVIRONMENTS, Model, use_store};
use crate::texts::{self, environment as text};
use browser::protocol::{Address, End, Environment};
use browser::sign_in::{EnvironmentUrl, PastedToken};
use leptos::prelude::*;

#[component]
pub(crate) fn EnvironmentStep(end: End, next: Route) -> impl IntoView {
    let store = use_store();
    let environment = store.select(move |model| model.end(end).environment.clone());
    let changing = RwSignal::new(false);
    // A new connection ends the choosing.
    Effect::new(move || {
        if environment.get().is_waiting() {
            changing.set(false);
        }
    });
    // The form stays as it is while the environment is asked: a refused token is not to be pasted again.
    let connected = Memo::new(move |_| environment.get().got().cloned().filter(|_| !changing.get()));
    let lead = match end {
        End::Source => text::LEAD_SOURCE,
        End::Target => text::LEAD_TARGET,
    };
    view! {
        <StepPage title=text::title(end) lead=lead>
            {move || match connected.get() {
                Some(environment) => view! { <Connected end environment next changing /> }.into_any(),
                None => view! { <Choose end /> }.into_any(),
            }}
        </StepPage>
    }
}

/// What answered.
#[component]
fn Connected(end: End, environment: Environment, next: Route, changing: RwSignal<bool>) -> impl IntoView {
    let store = use_store();
    let demo = store.peek(|model| model.end(end).is_demo());
    let same = store.select(|model| {
        let address = |end| model.end(end).environment.got().map(|environment| environment.address.clone());
        address(End::Source).is_some_and(|source| address(End::Target) == Some(source))
    });
    let unknown = || text::UNKNOWN.to_owned();
    let facts = vec![
        (text::ADDRESS, if demo { texts::DEMO.to_owned() } else { environment.address.clone() }),
        (text::USER, environment.user.id.to_string()),
        (text::VERSION, environment.version.map_or_else(unknown, |version| version.to_string())),
        (text::LANGUAGE, environment.language.map_or_else(unknown, text::language)),
    ];
    let next_label = if end == End::Source { text::NEXT_EXPORT } else { text::NEXT_IMPORT };
    view! {
        <Card title=environment.name.clone()>
            <p class="state-line success">{text::CONNECTED}</p>
            <Facts facts=facts />
            <Button on_press=move |()| changing.set(true)>{text::CHANGE}</Button>
        </Card>
        {move || same.get().then(|| view! {
            <MessageBar tone=Tone::Warning title=text::SAME><p>{text::SAME_TEXT}</p></MessageBar>
        })}
        <Actions>
            <ButtonLink look=Look::Primary href=next.href()>{next_label}</ButtonLink>
        </Actions>
    }
}

#[component]
fn Choose(end: End) -> impl IntoView {
    let store = use_store();
    let refused = store.select(move |model| model.end(end).environment.refused().cloned());
    view! {
        {move || refused.get().map(|problem| view! { <ProblemBar title=text::REFUSED problem=problem /> })}
        <div class="cards">
            <Card title=text::OWN><OwnEnvironment end /></Card>
            <Card title=text::DEMO>
                <p class="quiet">{text::DEMO_HINT}</p>
                {DEMO_ENVIRONMENTS.map(|name| view! { <DemoEnvironment end name /> }).collect_view()}
            </Card>
        </div>
    }
}

#[component]
fn DemoEnvironment(end: End, name: &'static str) -> impl IntoView {
    let store = use_store();
    let free = store.select(Model::is_free);
    view! {
        <div class="choice">
            <div>
                <p class="choice-name">{name}</p>
                <p class="quiet">{text::demo_holds(name)}</p>
            </div>
            <Button disabled=Signal::derive(move || !free.get()) on_press=move |()| store.connect_demo(end, name)>
                {text::use_environment(name)}
            </Button>
        </div>
    }
}

#[component]
fn OwnEnvironment(end: End) -> impl IntoView {
    let store = use_store();
    let typed = store.peek(|model| match &model.end(end).address {
        Some(Address::Web { url, .. }) => url.clone(),
        _ => String::new(),
    });
    let (url, token) = (RwSignal::new(typed), RwSignal::new(String::new()));
    let tried = RwSignal::new(false);
    let environment = store.select(move |model| model.end(end).environment.is_waiting());
    let free = store.select(Model::is_free);
    let url_error = move || tried.get().then(|| text::url_error(&url.get())).flatten().unwrap_or_default();
    let token_error = move || (tried.get() && token.get().trim().is_empty()).then_some(text::TOKEN_MISSING);
    let token_hint = move || {
        let local = EnvironmentUrl::parse(&url.get()).is_ok_and(|url| url.is_local());
        if local { text::TOKEN_HINT_LOCAL } else { text::TOKEN_HINT }
    };
    let connect = move || {
        tried.set(true);
        let (url, token) = (url.get_untracked().trim().to_owned(), token.get_untracked().trim().to_owned());
        let read = EnvironmentUrl::parse(&url).ok().map(|at| PastedToken::read(&token, &at, 0));
        if let Some(Ok(token)) = read {
            store.connect_pasted(end, &url, token);
        }
    };
    let id = match end {
        End::Source => "source",
        End::Target => "target",
    };
    view! {
        <form
            on:submit=move |event| {
                event.prevent_default();
                connect();
            }
        >
            <Field
                id=format!("{id}-url")
                label=text::URL
                input=Input::Url
                value=url
                hint=text::URL_HINT
                error=Signal::derive(move || url_error().to_owned())
            />
            <Field
                id=format!("{id}-token")
                label=text::TOKEN
                input=Input::Secret
                value=token
                hint=Signal::derive(move || token_hint().to_owned())
                error=Signal::derive(move || token_error().unwrap_or_default().to_owned())
            />
            <HowToGetAToken />
            <SubmitButton disabled=Signal::derive(move || !free.get())>{text::CONNECT}</SubmitButton>
            <p class="quiet" role="status">{move || environment.get().then_some(text::CONNECTING)}</p>
        </form>
    }
}

#[component]
fn HowToGetAToken() -> impl IntoView {
    view! {
        <Details summary=text::HOW_TOKEN>
            <ol class="list">{text::HOW_TOKEN_STEPS.map(|step| view! { <li>{step}</li> }).collect_view()}</ol>
        </Details>
    }
}
