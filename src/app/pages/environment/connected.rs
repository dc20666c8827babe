//! The environment that answered: what it is, who one is there, and how long that lasts.

use crate::components::{
    Actions, Button, ButtonLink, Card, Details, Facts, Head, Look, MessageBar, Table, Tone,
};
use crate::pages::{local_time_of, pasted_token};
use crate::route::Route;
use crate::state::{Access, use_store};
use crate::texts::{self, environment as text, token as token_text};
use browser::protocol::{End, Environment, Solution};
use browser::sign_in::TokenClaims;
use leptos::prelude::*;

/// The id of the line that says so.
pub(super) const STATE: &str = "connected";

#[component]
pub(super) fn Connected(
    end: End,
    environment: Environment,
    next: Route,
    changing: RwSignal<bool>,
) -> impl IntoView {
    let store = use_store();
    let demo = store.peek(|model| model.end(end).is_demo());
    let access = store.select(move |model| model.end(end).access.clone());
    let same = store.select(|model| {
        let address = |end| model.end(end).environment.got().map(|environment| environment.address.clone());
        address(End::Source).is_some_and(|source| address(End::Target) == Some(source))
    });
    let name = environment.name.clone();
    let person =
        texts::environment::person(environment.user.name.as_deref(), environment.user.login.as_deref());
    let person = move || person.clone().or_else(|| access.get().as_ref().and_then(account_name));
    let facts = facts(&environment, demo);
    let next_label = if end == End::Source { text::NEXT_EXPORT } else { text::NEXT_IMPORT };
    view! {
        <Card title=environment.name.clone()>
            <p class="state-line success" id=STATE tabindex="-1">{text::CONNECTED}</p>
            {move || person().map(|person| view! { <p>{text::signed_in_as(&person, &name)}</p> })}
            <Facts facts=facts />
            {move || match access.get() {
                Some(Access::Pasted(claims)) => Some(view! { <PastedToken claims /> }),
                _ => None,
            }}
            <Solutions solutions=environment.portal.unwrap_or_default() />
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

fn account_name(access: &Access) -> Option<String> {
    match access {
        Access::Account(account, _) => Some(texts::sign_in::person(account)),
        _ => None,
    }
}

fn facts(environment: &Environment, demo: bool) -> Vec<(&'static str, String)> {
    let unknown = || text::UNKNOWN.to_owned();
    let address = if demo { texts::DEMO.to_owned() } else { environment.address.clone() };
    let facts = [
        Some((text::ADDRESS, address)),
        environment.kind.map(|kind| (text::KIND, text::kind(kind).to_owned())),
        Some((text::VERSION, environment.version.as_ref().map_or_else(unknown, ToString::to_string))),
        Some((text::LANGUAGE, environment.language.map_or_else(unknown, text::language))),
        Some((text::PORTAL, portal(environment.portal.as_deref()))),
    ];
    facts.into_iter().flatten().collect()
}

/// The portal by the solution that it stands on. `None`: the solutions may not be read.
fn portal(solutions: Option<&[Solution]>) -> String {
    let Some(solutions) = solutions else { return text::PORTAL_HIDDEN.to_owned() };
    let named: Vec<_> = solutions.iter().filter_map(based).collect();
    match (named.is_empty(), solutions.is_empty()) {
        (false, _) => named.join(", "),
        (true, false) => text::portal_without_base(solutions.len()),
        (true, true) => text::NO_PORTAL.to_owned(),
    }
}

/// A portal's base in words: `Standard data model, 9.3.2307.54`.
fn based(solution: &Solution) -> Option<String> {
    let kind = text::portal_kind(solution.base_of()?);
    Some(match &solution.version {
        Some(version) => format!("{kind}, {version}"),
        None => kind.to_owned(),
    })
}

fn version(solution: &Solution) -> String {
    solution.version.as_ref().map(ToString::to_string).unwrap_or_default()
}

#[component]
fn Solutions(solutions: Vec<Solution>) -> impl IntoView {
    let count = solutions.len();
    let row = |solution: Solution| {
        let version = version(&solution);
        view! {
            <tr>
                <th scope="row">{solution.friendly_name} <span class="logical">{solution.unique_name}</span></th>
                <td>{version}</td>
            </tr>
        }
    };
    (count > 0).then(|| {
        view! {
            <Details summary=format!("{} ({count})", text::SOLUTIONS)>
                <Table label=text::SOLUTIONS head=vec![Head::Text(text::SOLUTION), Head::Text(text::VERSION)]>
                    {solutions.into_iter().map(row).collect_view()}
                </Table>
            </Details>
        }
    })
}

/// What the pasted token says, and how long it still lasts.
#[component]
fn PastedToken(claims: Option<TokenClaims>) -> impl IntoView {
    match claims {
        None => {
            view! { <Facts facts=vec![(token_text::FACT, token_text::NOT_CHECKED.to_owned())] /> }.into_any()
        }
        Some(claims) => view! { <Countdown claims /> }.into_any(),
    }
}

#[component]
fn Countdown(claims: TokenClaims) -> impl IntoView {
    let clock = pasted_token::clock();
    let ends = claims.expires as i64;
    let left = move || token_text::ends_in(ends - pasted_token::seconds(clock.get()));
    view! {
        <dl class="facts">
            <div class="fact">
                <dt>{token_text::FACT}</dt>
                <dd>
                    <span role="timer">{left}</span>
                    <span class="quiet">{format!(" ({})", local_time_of(ends))}</span>
                </dd>
            </div>
            {claims.tenant.map(|tenant| view! {
                <div class="fact"><dt>{token_text::TENANT}</dt><dd>{tenant.to_string()}</dd></div>
            })}
        </dl>
    }
}
