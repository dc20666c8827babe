//! The environments of an account, to be searched and chosen from.

use super::desk::Desk;
use crate::components::{Busy, Button, Field, Input, ListBox, ListRow, Look, MessageBar, ProblemBar, Tone};
use crate::effects;
use crate::pages::pauses::ListingPause;
use crate::state::{Answer, Recent};
use crate::texts::{environment as text, sign_in};
use browser::protocol::{ListedEnvironment, region_name};
use browser::sign_in::{Account, AccountKey};
use leptos::prelude::*;

#[component]
pub(super) fn Environments(desk: Desk) -> impl IntoView {
    let account = Memo::new(move |_| desk.account(desk.cloud()));
    let key = move || account.get().map(|account| account.key);
    let found = Memo::new(move |_| match key() {
        Some(key) => desk.store.read(|model| model.sign_in.environments(&key)),
        None => Answer::NotAsked,
    });
    let number = Memo::new(move |_| {
        let key = key()?;
        desk.store.read(|model| model.sign_in.listing(&key).map(|listing| listing.number))
    });
    view! {
        <h3 class="sign-in-title" id=effects::LIST_TITLE tabindex="-1">{text::LIST_TITLE}</h3>
        {move || number.get().map(|number| view! { <ListingPause number /> })}
        {move || account.get().map(|account| view! { <Found desk account found=found.get() /> })}
    }
}

/// What the service said.
#[component]
fn Found(desk: Desk, account: Account, found: Answer<Vec<ListedEnvironment>>) -> impl IntoView {
    let person = sign_in::person(&account);
    let again = move |look, label| view! { <AskAgain desk account=account.key.clone() look label /> };
    match found {
        Answer::NotAsked | Answer::Waiting => view! { <Busy text=text::LISTING /> }.into_any(),
        Answer::Refused(problem) => view! {
            <ProblemBar title=text::LIST_FAILED problem>{again(Look::Secondary, text::LIST_AGAIN)}</ProblemBar>
        }
        .into_any(),
        Answer::Got(found) if found.is_empty() => view! {
            <MessageBar tone=Tone::Brand title=text::LIST_EMPTY>
                <p>{text::LIST_EMPTY_TEXT}</p>
                {again(Look::Secondary, text::LIST_REFRESH)}
            </MessageBar>
        }
        .into_any(),
        Answer::Got(found) => view! {
            <Chooser desk found person />
            {again(Look::Subtle, text::LIST_REFRESH)}
        }
        .into_any(),
    }
}

#[component]
fn AskAgain(desk: Desk, account: AccountKey, look: Look, label: &'static str) -> impl IntoView {
    let again = move |()| {
        desk.store.list_environments(&account);
        // The button is gone until the answer comes.
        effects::focus_the_sign_in();
    };
    view! { <Button look=look on_press=again>{label}</Button> }
}

/// The search and what it leaves.
#[component]
fn Chooser(desk: Desk, found: Vec<ListedEnvironment>, person: String) -> impl IntoView {
    let search = RwSignal::new(String::new());
    let all = StoredValue::new(sorted(found, &desk.store.peek(|model| model.recent.clone())));
    let left = Memo::new(move |_| {
        let typed = search.get();
        all.with_value(|all| all.iter().filter(|one| one.holds(&typed)).map(Item::row).collect::<Vec<_>>())
    });
    let shown = move || text::shown(left.with(Vec::len), all.with_value(Vec::len));
    let choose = move |url: String| {
        let chosen = all.with_value(|all| all.iter().find(|one| one.listed.url == url).cloned());
        if let Some(Item { listed, .. }) = chosen {
            let cloud = untrack(|| desk.cloud());
            desk.connect(cloud, &listed.url, listed.tenant_id.map(|tenant| tenant.to_string()));
        }
    };
    let hint_id = desk.id("environments-hint");
    view! {
        <Field id=desk.id("search") label=text::SEARCH input=Input::Search value=search />
        <p class="quiet list-hint"><span role="status">{shown}</span>". "<span id=hint_id.clone()>{text::LIST_HINT}</span></p>
        {move || left.with(Vec::is_empty).then(|| view! { <p role="status">{text::NOTHING_FOUND}</p> })}
        <div class:hidden=move || left.with(Vec::is_empty)>
            <ListBox
                id=desk.id("environments")
                label=text::of(&person)
                rows=left
                described_by=hint_id
                on_choose=choose
            />
        </div>
    }
}

/// An environment, and whether it was used lately.
#[derive(Clone, Debug, PartialEq)]
struct Item {
    listed: ListedEnvironment,
    used: bool,
}

/// Those used last first, in that order; the rest by name.
fn sorted(found: Vec<ListedEnvironment>, recent: &[Recent]) -> Vec<Item> {
    let rank = |url: &str| recent.iter().position(|used| used.url == url).unwrap_or(usize::MAX);
    let mut all: Vec<_> =
        found.into_iter().map(|one| (rank(&one.url), one.name.to_lowercase(), one)).collect();
    all.sort_by(|a, b| (a.0, &a.1, &a.2.url).cmp(&(b.0, &b.1, &b.2.url)));
    all.into_iter().map(|(rank, _, listed)| Item { used: rank < usize::MAX, listed }).collect()
}

impl Item {
    /// Whether each typed word is in what one knows an environment by.
    fn holds(&self, typed: &str) -> bool {
        let one = &self.listed;
        let region = one.region.as_deref().unwrap_or_default();
        let unique = one.unique_name.as_deref().unwrap_or_default();
        let known =
            [one.name.as_str(), &one.url, unique, region, region_name(region)].join("\n").to_lowercase();
        typed.to_lowercase().split_whitespace().all(|word| known.contains(word))
    }

    fn row(&self) -> ListRow {
        let one = &self.listed;
        let region = one.region.as_deref().map(|code| region_name(code).to_owned());
        let version = one.version.as_ref().map(|version| text::version(&version.to_string()));
        let facts = [Some(host(&one.url)), region, version, one.purpose.clone()];
        let tags = [
            (!one.enabled).then(|| (Tone::Danger, text::DISABLED.to_owned())),
            self.used.then(|| (Tone::Brand, text::USED.to_owned())),
            one.kind.map(|kind| (Tone::Neutral, text::kind(kind).to_owned())),
        ];
        ListRow {
            key: one.url.clone(),
            title: one.name.clone(),
            facts: facts.into_iter().flatten().collect(),
            tags: tags.into_iter().flatten().collect(),
            disabled: !one.enabled,
        }
    }
}

/// Everybody knows that an environment's address begins with https.
pub(super) fn host(url: &str) -> String {
    url.strip_prefix("https://").unwrap_or(url).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(name: &str, url: &str) -> ListedEnvironment {
        ListedEnvironment {
            id: None,
            name: name.into(),
            unique_name: Some("unq1".into()),
            url: url.into(),
            api_url: None,
            tenant_id: None,
            region: Some("EMEA".into()),
            version: "9.2.1.2".parse().ok(),
            purpose: None,
            kind: None,
            enabled: true,
            environment_id: None,
            last_updated: None,
            trial_expiration: None,
            is_admin: false,
        }
    }

    fn names(items: &[Item]) -> Vec<&str> {
        items.iter().map(|item| item.listed.name.as_str()).collect()
    }

    #[test]
    fn what_was_used_last_stands_first_and_the_rest_by_name() {
        let found = [("beta", "b"), ("Alpha", "a"), ("delta", "d"), ("Gamma", "g")];
        let found = found.map(|(name, url)| listed(name, url)).to_vec();
        let used = |url: &str| Recent { url: url.into(), name: String::new(), cloud: None, tenant: None };
        let items = sorted(found, &[used("g"), used("elsewhere"), used("b")]);
        assert_eq!(names(&items), ["Gamma", "beta", "Alpha", "delta"]);
        assert_eq!(items.iter().map(|item| item.used).collect::<Vec<_>>(), [true, true, false, false]);
    }

    #[test]
    fn the_search_takes_words_of_name_address_unique_name_and_region() {
        let item =
            Item { listed: listed("Contoso Test", "https://contoso-t.crm4.dynamics.com"), used: false };
        for typed in ["", "  ", "contoso", "TEST cont", "crm4", "unq1", "emea", "europe test"] {
            assert!(item.holds(typed), "{typed}");
        }
        for typed in ["fabrikam", "contoso prod"] {
            assert!(!item.holds(typed), "{typed}");
        }
    }

    #[test]
    fn a_disabled_environment_is_shown_and_cannot_be_chosen() {
        let mut listed = listed("Old", "https://old.crm.dynamics.com");
        listed.enabled = false;
        let row = Item { listed, used: false }.row();
        assert!(row.disabled && row.tags.contains(&(Tone::Danger, text::DISABLED.to_owned())));
        assert_eq!(row.facts, ["old.crm.dynamics.com", "Europe, Middle East, Africa", "version 9.2.1.2"]);
    }
}
