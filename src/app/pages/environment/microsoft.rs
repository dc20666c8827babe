//! The way by a Microsoft account: sign in, choose the account, choose from its environments.

use super::accounts::{AccountChoice, MoreOfAccounts};
use super::desk::Desk;
use super::listing::Environments;
use super::registration::OwnRegistration;
use super::waiting::WaitingForWindow;
use crate::components::{Button, Card, Details, Look, MessageBar, ProblemBar, Select, Tone};
use crate::effects;
use crate::state::Answer;
use crate::texts::sign_in as text;
use browser::sign_in::Cloud;
use leptos::prelude::*;

/// What the card is about now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stand {
    /// `config.json` is on its way.
    Reading,
    NotRegistered,
    Waiting,
    SignedOut,
    SignedIn,
}

fn stand(desk: Desk) -> Stand {
    let cloud = desk.cloud();
    let (reading, waiting) =
        desk.store.read(|model| (model.sign_in.setup == Answer::NotAsked, model.sign_in.window.is_some()));
    match desk.is_registered(cloud) {
        false if reading => Stand::Reading,
        false => Stand::NotRegistered,
        true if waiting => Stand::Waiting,
        true if desk.account(cloud).is_some() => Stand::SignedIn,
        true => Stand::SignedOut,
    }
}

#[component]
pub(super) fn Microsoft(desk: Desk) -> impl IntoView {
    let stand = Memo::new(move |_| stand(desk));
    let several = desk.store.select(|model| {
        Cloud::ALL.into_iter().filter(|cloud| model.sign_in.registration(*cloud).is_some()).count() > 1
    });
    view! {
        <Card title=text::TITLE>
            {move || several.get().then(|| view! { <CloudChoice desk /> })}
            {move || match stand.get() {
                Stand::Reading => view! { <p class="quiet" role="status">{text::READING_SETUP}</p> }.into_any(),
                Stand::NotRegistered => view! { <NotRegistered desk /> }.into_any(),
                Stand::Waiting => view! { <WaitingForWindow store=desk.store /> }.into_any(),
                Stand::SignedOut => view! { <SignIn desk /> }.into_any(),
                Stand::SignedIn => view! {
                    <div class="accounts"><AccountChoice desk /></div>
                    <Environments desk />
                    <MoreOfAccounts desk />
                }.into_any(),
            }}
            {move || (!several.get()).then(|| view! {
                <Details summary=text::ANOTHER_CLOUD>
                    <p class="quiet">{text::CLOUD_HINT}</p>
                    <CloudChoice desk />
                </Details>
            })}
            <OwnRegistration desk />
        </Card>
    }
}

#[component]
fn CloudChoice(desk: Desk) -> impl IntoView {
    let name = |cloud: Cloud| cloud.name().to_owned();
    let options = Cloud::ALL.map(|cloud| (name(cloud), name(cloud))).to_vec();
    let choose = move |chosen: String| {
        if let Some(cloud) = Cloud::ALL.into_iter().find(|cloud| cloud.name() == chosen) {
            // What was said of another cloud is over.
            desk.store.dismiss_failure();
            desk.choose_cloud(cloud);
        }
    };
    view! {
        <Select
            id=desk.id("cloud")
            label=text::CLOUD
            options=Signal::stored(options)
            value=Signal::derive(move || name(desk.cloud()))
            on_change=choose
        />
    }
}

#[component]
fn NotRegistered(desk: Desk) -> impl IntoView {
    let broken = desk.store.select(|model| model.sign_in.setup.refused().cloned());
    view! {
        {move || match broken.get() {
            Some(problem) => view! { <ProblemBar title=text::SETUP_BROKEN problem /> }.into_any(),
            None => view! {
                <MessageBar tone=Tone::Brand title=text::not_registered(desk.cloud())>
                    <p>{text::NOT_REGISTERED_TEXT}</p>
                </MessageBar>
            }.into_any(),
        }}
    }
}

/// The button, which can be pressed when the window can open at once.
#[component]
fn SignIn(desk: Desk) -> impl IntoView {
    let ready = Memo::new(move |_| desk.is_ready(desk.cloud()));
    let failed = desk.store.select(|model| model.sign_in.failure.is_some());
    let load_again = move |()| {
        desk.store.dismiss_failure();
        desk.store.prepare(untrack(|| desk.cloud()));
    };
    view! {
        {move || if failed.get() && !ready.get() {
            view! { <Button look=Look::Primary on_press=load_again>{text::LOAD_AGAIN}</Button> }.into_any()
        } else {
            view! {
                <Button
                    look=Look::Primary
                    id=effects::SIGN_IN_BUTTON
                    disabled=Signal::derive(move || !ready.get())
                    described_by="sign-in-hint"
                    on_press=move |()| desk.sign_in(None)
                >
                    {move || if ready.get() { text::SIGN_IN } else { text::LOADING }}
                </Button>
            }.into_any()
        }}
        <p class="quiet sign-in-hint" id="sign-in-hint">{text::HINT}</p>
    }
}
