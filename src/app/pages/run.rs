//! A run on screen: passes, tables, time, and the way to stop it.

use crate::components::{Button, Details, ProgressBar};
use crate::pages::check_labels;
use crate::state::{PassProgress, Pausing, Progress, now, use_store};
use crate::texts::{self, run as text};
use browser::protocol::Command;
use leptos::prelude::*;
use std::{collections::HashMap, sync::Arc, time::Duration};

/// Labels by logical name, for people.
pub(super) type Labels = Arc<HashMap<String, String>>;

#[component]
pub(super) fn RunProgress(
    #[prop(into)] progress: Signal<Progress>,
    /// Whether it goes on.
    #[prop(into)]
    running: Signal<bool>,
    /// Whether it can be paused.
    #[prop(optional)]
    pausable: bool,
    check: Option<migration::Check>,
) -> impl IntoView {
    let store = use_store();
    let labels = check_labels(check.as_ref());
    let passes = Memo::new(move |_| progress.with(|progress| progress.passes.len()));
    let pass = move |at: usize| {
        let pass = Memo::new(move |_| progress.with(|progress| progress.passes.get(at).cloned()));
        let current = Memo::new(move |_| {
            progress
                .with(|progress| progress.current().map(|pass| pass.pass) == pass.get().map(|pass| pass.pass))
        });
        view! { <Pass pass current labels=labels.clone() /> }
    };
    let waiting = Memo::new(move |_| progress.with(|progress| progress.waiting));
    let stopping = Memo::new(move |_| progress.with(|progress| progress.stopping));
    let pausing = Memo::new(move |_| progress.with(|progress| progress.pausing));
    view! {
        <p class="sr-only" role="status">{spoken(progress)}</p>
        <div class="run-head">
            <Elapsed progress running />
            {move || running.get().then(|| view! {
                <div class="run-buttons">
                    {pausable.then(|| view! { <Pause pausing stopping /> })}
                    <Button disabled=stopping on_press=move |()| store.stop()>{text::STOP}</Button>
                </div>
            })}
        </div>
        <p class="run-note" role="status">
            {move || match (running.get(), stopping.get(), pausing.get(), waiting.get()) {
                (false, ..) => String::new(),
                (_, true, ..) => text::STOPPING.to_owned(),
                (_, _, Some(pausing), _) => text::pausing(pausing).to_owned(),
                (_, _, _, Some((reason, seconds))) => text::waiting(reason, seconds),
                _ if passes.get() == 0 => text::STARTING.to_owned(),
                _ => String::new(),
            }}
        </p>
        <ol class="passes">
            <For each=move || 0..passes.get() key=|at| *at children=pass />
        </ol>
    }
}

/// Nothing more goes out until the user lets it.
#[component]
fn Pause(pausing: Memo<Option<Pausing>>, stopping: Memo<bool>) -> impl IntoView {
    let store = use_store();
    move || {
        let (label, command) = match pausing.get() {
            None => (text::PAUSE, Command::Pause),
            Some(_) => (text::GO_ON, Command::GoOn),
        };
        view! { <Button disabled=stopping on_press=move |()| store.send(command.clone())>{label}</Button> }
    }
}

/// A screen reader hears quarters, not every row.
fn spoken(progress: Signal<Progress>) -> Memo<String> {
    Memo::new(move |_| {
        progress.with(|progress| match progress.current() {
            Some(pass) => text::spoken(pass.pass, pass.percent() / 25 * 25),
            None => String::new(),
        })
    })
}

/// The time since the start, and a guess at the rest of the pass.
#[component]
fn Elapsed(progress: Signal<Progress>, running: Signal<bool>) -> impl IntoView {
    let clock = RwSignal::new(now());
    if let Ok(handle) = set_interval_with_handle(move || clock.set(now()), Duration::from_secs(1)) {
        on_cleanup(move || handle.clear());
    }
    let elapsed = move || {
        let seconds = (clock.get() - progress.with(|progress| progress.started)) / 1000.0;
        texts::duration(seconds.max(0.0) as u64)
    };
    let left = move || {
        let now = clock.get();
        progress.with(|progress| progress.current().and_then(|pass| pass.seconds_left(now))).map(text::left)
    };
    view! {
        <p class="run-time">
            {move || running.get().then(|| view! {
                <span class="quiet">{text::ELAPSED}" "</span>
                <span class="run-clock">{elapsed}</span>
                <span class="quiet">" "{left}</span>
            })}
        </p>
    }
}

#[component]
fn Pass(pass: Memo<Option<PassProgress>>, current: Memo<bool>, labels: Labels) -> impl IntoView {
    let part = move |read: fn(&PassProgress) -> u64| {
        Memo::new(move |_| pass.with(|pass| pass.as_ref().map_or(0, read)))
    };
    let (done, total, failed) =
        (part(PassProgress::done), part(PassProgress::total), part(PassProgress::failed));
    let finished = Memo::new(move |_| pass.with(|pass| pass.as_ref().is_some_and(|pass| pass.finished)));
    let name = pass.with_untracked(|pass| pass.as_ref().map_or("", |pass| text::pass(pass.pass)));
    let tables = Memo::new(move |_| pass.with(|pass| pass.as_ref().map_or(0, |pass| pass.tables.len())));
    let table = move |at: usize| view! { <PassTable pass at labels=labels.clone() /> };
    view! {
        <li class="pass" class:current=current class:finished=finished>
            <div class="pass-line">
                <span class="pass-name">{name}</span>
                <span class="pass-numbers">
                    {move || (failed.get() > 0).then(|| view! {
                        <span class="failed">{text::failed(failed.get())}</span>
                    })}
                    " "
                    {move || if finished.get() && total.get() == 0 {
                        text::FINISHED.to_owned()
                    } else {
                        text::of(done.get(), total.get())
                    }}
                </span>
            </div>
            <ProgressBar
                label=name
                done=Signal::derive(move || if finished.get() { total.get().max(1) } else { done.get() })
                total=total
                failed=Signal::derive(move || failed.get() > 0)
            />
            {move || (tables.get() > 1).then(|| {
                let table = table.clone();
                view! {
                    <Details summary=text::PER_TABLE open=current>
                        <ul class="pass-tables" tabindex="0" aria-label=text::PER_TABLE>
                            <For each=move || 0..tables.get() key=|at| *at children=table.clone() />
                        </ul>
                    </Details>
                }
            })}
        </li>
    }
}

#[component]
fn PassTable(pass: Memo<Option<PassProgress>>, at: usize, labels: Labels) -> impl IntoView {
    let table =
        Memo::new(move |_| pass.with(|pass| pass.as_ref().and_then(|pass| pass.tables.get(at).cloned())));
    let name =
        table.with_untracked(|table| table.as_ref().map(|table| table.table.clone())).unwrap_or_default();
    let label = labels.get(&name).cloned().unwrap_or(name);
    let number = move |read: fn(&crate::state::TableProgress) -> u64| {
        move || table.with(|table| table.as_ref().map_or(0, read))
    };
    let (done, total, failed) =
        (number(|table| table.done), number(|table| table.total), number(|table| table.failed));
    view! {
        <li>
            <span class="pass-table-name">{label.clone()}</span>
            <ProgressBar
                label=label
                done=Signal::derive(done)
                total=Signal::derive(total)
                failed=Signal::derive(move || failed() > 0)
            />
            <span class="pass-numbers">{move || text::of(done(), total())}</span>
        </li>
    }
}
