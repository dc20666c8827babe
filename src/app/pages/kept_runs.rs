//! Runs that this browser keeps: on the home page, and above every page what goes on with one of them.

use crate::components::{Busy, Button, Card, Confirm, Look, MessageBar, ProblemBar, ProblemList, Tone};
use crate::effects::go;
use crate::pages::local_time_at;
use crate::route::{ImportStep, Route};
use crate::state::{AnotherUser, Model, PutBack, Store, is_connected, use_store};
use crate::texts::kept_runs as text;
use browser::protocol::{Address, Command, Ended, ListedRun, RunHead, RunId};
use leptos::prelude::*;

/// The list, where there is one.
#[component]
pub(super) fn KeptRuns() -> impl IntoView {
    let store = use_store();
    // What other tabs did meanwhile is not told.
    Effect::new(move |_| store.send(Command::ListRuns));
    let runs = store.select(|model| model.kept.listed.clone().unwrap_or_default());
    move || {
        let runs = runs.get();
        (!runs.is_empty()).then(|| {
            view! {
                <div class="kept-runs">
                    <Card title=text::TITLE>
                        <p class="quiet">{text::LEAD}</p>
                        {runs.into_iter().map(|listed| view! { <KeptRun store listed /> }).collect_view()}
                    </Card>
                </div>
            }
        })
    }
}

#[component]
fn KeptRun(store: Store, listed: ListedRun) -> impl IntoView {
    let (name, facts, standing) = match &listed.head {
        Some(head) => {
            (text::name(head), text::facts(head, &local_time_at(head.started)), text::standing(&listed, head))
        }
        None if listed.running => (text::BROKEN_OFF.into(), String::new(), text::RUNNING.into()),
        None => (text::BROKEN_OFF.into(), String::new(), text::BROKEN_OFF_TEXT.into()),
    };
    let left_off = listed.head.as_ref().and_then(|head| text::left_off(&listed, head));
    let actions = (!listed.running).then(|| view! { <KeptRunActions store listed name=name.clone() /> });
    view! {
        <div class="kept-run" role="group" aria-label=name.clone()>
            <div class="kept-run-text">
                <p><strong>{name.clone()}</strong></p>
                <p class="quiet">{facts}</p>
                <p>{standing}</p>
                {left_off.map(|words| view! { <p>{words}</p> })}
            </div>
            <div class="kept-run-actions">{actions}</div>
        </div>
    }
}

#[component]
fn KeptRunActions(store: Store, listed: ListedRun, name: String) -> impl IntoView {
    let free = store.select(Model::is_free);
    let busy = Signal::derive(move || !free.get());
    let ended = listed.head.as_ref().and_then(|head| head.ended);
    let question = match (&listed.head, ended) {
        _ if !listed.left_off.is_empty() => text::CLOSE_OFF,
        (None, _) => text::CLOSE_BROKEN,
        (_, Some(Ended::Whole)) => text::CLOSE_FINISHED,
        _ => text::CLOSE_OPEN,
    };
    let close = listed.run.clone();
    let go_on = listed.head.map(|head| {
        let of = name.clone();
        let press = move |()| go_on_with(store, listed.run.clone(), head.clone());
        let whole = ended == Some(Ended::Whole);
        let label = if whole { text::OPEN_AGAIN } else { text::GO_ON };
        view! {
            <Button disabled=busy on_press=press>{label}<span class="sr-only">" "{of}</span></Button>
        }
    });
    view! {
        <Confirm
            label=text::CLOSE
            of=name
            question
            yes=text::CLOSE_YES
            no=text::CLOSE_NO
            disabled=busy
            on_yes=move |()| store.send(Command::CloseRun(close.clone()))
        />
        {go_on}
    }
}

/// Goes on at once, or leads to where its environment is connected.
pub(super) fn go_on_with(store: Store, run: RunId, head: RunHead) {
    if !store.go_on_with(run, head) {
        go(Route::Import(ImportStep::Environment));
    }
}

/// Above every page: what goes on with a run, or keeps it from going on.
#[component]
pub(crate) fn KeptRunBars() -> impl IntoView {
    let store = use_store();
    let wanted = store.select(|model| model.kept.wanted.clone());
    let another = store.select(|model| model.kept.another_user.clone());
    let refused = store.select(|model| model.kept.refused.clone());
    let opening = store.select(|model| model.kept.opening.is_some());
    let put_back = store.select(|model| model.kept.put_back.clone());
    view! {
        {move || opening.get().then(|| view! { <Busy text=text::OPENING /> })}
        {move || refused.get().map(|problem| view! { <ProblemBar title=text::REFUSED problem /> })}
        {move || another.get().map(|another| view! { <Another store another /> })}
        {move || wanted.get().map(|(run, head)| view! { <Wanted store run head /> })}
        {move || put_back.get().map(|put_back| view! { <WasOff put_back /> })}
    }
}

#[component]
fn Wanted(store: Store, run: RunId, head: RunHead) -> impl IntoView {
    let its = head.clone();
    let ready = store.select(move |model| model.is_free() && is_connected(model, &its));
    move || {
        let (run, head) = (run.clone(), head.clone());
        let title = if ready.get() { text::wanted_ready(&head) } else { text::wanted(&head) };
        let address = match &head.address {
            Address::Web { url, .. } => url.clone(),
            Address::Demo { name } => name.clone(),
        };
        let press = move |()| go_on_with(store, run.clone(), head.clone());
        view! {
            <MessageBar tone=Tone::Brand title>
                <p class="quiet">{address}</p>
                <div class="kept-run-actions">
                    {ready.get().then(|| view! {
                        <Button look=Look::Primary on_press=press>{text::GO_ON}</Button>
                    })}
                    <Button look=Look::Subtle on_press=move |()| store.not_now()>{text::NOT_NOW}</Button>
                </div>
            </MessageBar>
        }
    }
}

#[component]
fn Another(store: Store, another: AnotherUser) -> impl IntoView {
    let AnotherUser { run, began, now } = another;
    let press = move |()| store.send(Command::OpenRun { run: run.clone(), as_another: true });
    view! {
        <MessageBar tone=Tone::Warning title=text::ANOTHER_TITLE urgent=true>
            <p>{text::another_user(&began, &now)}</p>
            <div class="kept-run-actions">
                <Button on_press=press>{text::ANOTHER_GO_ON}</Button>
                <Button look=Look::Subtle on_press=move |()| store.not_now()>{text::NOT_NOW}</Button>
            </div>
        </MessageBar>
    }
}

#[component]
fn WasOff(put_back: PutBack) -> impl IntoView {
    let PutBack { names, problems } = put_back;
    let (tone, title) = if problems.is_empty() {
        (Tone::Success, text::PUT_BACK)
    } else {
        (Tone::Danger, text::NOT_PUT_BACK)
    };
    view! {
        <MessageBar tone title>
            <ul class="list">{names.into_iter().map(|name| view! { <li>{name}</li> }).collect_view()}</ul>
            <ProblemList problems />
        </MessageBar>
    }
}

/// Said before a run begins that it cannot go on after its tab.
#[component]
pub(super) fn ResumeOff() -> impl IntoView {
    let store = use_store();
    let off = store.select(|model| model.kept.keeping.and_then(text::resume_off));
    move || {
        off.get().map(|why| {
            view! { <MessageBar tone=Tone::Warning title=text::RESUME_OFF><p>{why}</p></MessageBar> }
        })
    }
}

/// What a run that goes on may be left to.
#[component]
pub(super) fn KeptHint() -> impl IntoView {
    let store = use_store();
    let kept = store.select(|model| model.kept.own.is_some());
    view! { <p class="quiet">{move || if kept.get() { text::KEPT } else { text::NOT_KEPT }}</p> }
}

/// Goes on with the run of this tab, which ended early.
#[component]
pub(super) fn GoOnHere() -> impl IntoView {
    let store = use_store();
    let early = store.select(|model| {
        let stopped = model.import.report.got().is_some_and(|report| report.stopped.is_some());
        stopped.then(|| model.kept.own.clone()).flatten()
    });
    let free = store.select(Model::is_free);
    let busy = Signal::derive(move || !free.get());
    move || {
        early.get().map(|run| {
            let press = move |()| store.send(Command::OpenRun { run: run.clone(), as_another: false });
            let action = view! { <Button disabled=busy on_press=press>{text::GO_ON}</Button> };
            view! { <MessageBar tone=Tone::Brand title=text::GO_ON_TEXT action=action.into_any() /> }
        })
    }
}
