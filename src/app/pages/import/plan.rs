//! What will happen, before anything is written.

use super::decisions::{Consent, Decisions, Outdated, needs_consent};
use super::records::{RecordTable, Records};
use super::tiles::StateTiles;
use crate::components::{Actions, Button, ButtonLink, Look, MessageBar, ProblemBar, ProblemList, Tone};
use crate::effects::go;
use crate::pages::kept_runs::ResumeOff;
use crate::pages::{StepPage, run::RunProgress};
use crate::route::{ImportStep, Route};
use crate::state::{Answer, Model, use_store};
use crate::texts::{self, decisions, import as text};
use browser::protocol::{Artifact, Command, LinkCounts, PlanSummary, RowState, RowsOf};
use leptos::prelude::*;
use migration::Problem;
use std::sync::Arc;

#[component]
pub(super) fn PlanStep() -> impl IntoView {
    let store = use_store();
    let plan = store.select(|model| model.import.plan.clone());
    view! {
        {move || match plan.get() {
            Answer::Got(plan) => view! { <Planned plan /> }.into_any(),
            Answer::Waiting => view! { <Planning /> }.into_any(),
            Answer::Refused(problem) => view! {
                <StepPage title=text::PLANNING_TITLE>
                    <ProblemBar title=text::PLAN_FAILED problem><p>{text::PLAN_FAILED_TEXT}</p></ProblemBar>
                    <PlanAction />
                </StepPage>
            }.into_any(),
            Answer::NotAsked => view! {
                <StepPage title=text::PLANNING_TITLE lead=text::PLANNING_LEAD><PlanAction /></StepPage>
            }.into_any(),
        }}
    }
}

#[component]
fn Planning() -> impl IntoView {
    let store = use_store();
    let progress = store.select(|model| model.import.comparing.clone());
    let running = store.select(|model| model.import.plan.is_waiting());
    let check = store.peek(|model| model.import.check.got().cloned());
    view! {
        <StepPage title=text::PLANNING_TITLE lead=text::PLANNING_LEAD>
            <RunProgress progress running check />
        </StepPage>
    }
}

#[component]
fn PlanAction() -> impl IntoView {
    let store = use_store();
    let free = store.select(Model::is_free);
    view! {
        <Actions>
            <ButtonLink href=Route::Import(ImportStep::Check).href()>{texts::BACK}</ButtonLink>
            <Button
                look=Look::Primary
                disabled=Signal::derive(move || !free.get())
                on_press=move |()| store.plan()
            >
                {text::MAKE_PLAN}
            </Button>
        </Actions>
    }
}

#[component]
fn Planned(plan: PlanSummary) -> impl IntoView {
    let store = use_store();
    let lead = store.peek(|model| {
        let file = model.import.package.got().map(|package| package.name.clone()).unwrap_or_default();
        let target = model.target.environment.got().map(|target| target.name.clone()).unwrap_or_default();
        text::plan_lead(&file, &target)
    });
    let failed_links: u64 = plan.links.iter().map(|links| links.failed).sum();
    let new_links: u64 = plan.links.iter().map(|links| links.created).sum();
    let writes = plan.counts.writes();
    let removals = plan.removals.first + plan.removals.links + plan.removals.rows;
    let was_run = store.select(|model| model.import.report.got().is_some());
    let (consent, decisions) = (plan.clone(), plan.clone());
    let needs_consent = needs_consent(&plan);
    view! {
        <StepPage
            title=text::PLAN_TITLE
            lead=Signal::derive(move || if was_run.get() { String::new() } else { lead.clone() })
        >
            {move || was_run.get().then(|| view! {
                <MessageBar tone=Tone::Brand title=text::PLAN_DONE><p>{text::PLAN_DONE_TEXT}</p></MessageBar>
            })}
            <Outdated />
            <StateTiles of=RowsOf::Plan counts=plan.counts links=plan.links.clone() />
            <Notes of=RowsOf::Plan notes=plan.notes />
            {(plan.counts.failed + failed_links > 0).then(|| view! {
                <Blocked records=plan.counts.failed links=failed_links />
            })}
            {(plan.warnings > 0).then(|| view! { <Warnings of=RowsOf::Plan n=plan.warnings /> })}
            <Decisions plan=decisions />
            <Records of=RowsOf::Plan tables=plan.tables counts=plan.counts />
            <FailedLinks links=plan.links />
            {move || (!was_run.get()).then(|| view! { <ResumeOff /> })}
            {move || (!was_run.get()).then(|| view! { <Consent plan=consent.clone() /> })}
            <PlanFiles />
            <ImportAction writes=writes + removals new_links whole=plan.counts.failed == 0 was_run needs_consent />
        </StepPage>
    }
}

#[component]
fn Blocked(records: u64, links: u64) -> impl IntoView {
    let store = use_store();
    let show = move |()| store.filter_rows(RowsOf::Plan, |filter| filter.state = Some(RowState::Failed));
    view! {
        <MessageBar
            tone=Tone::Warning
            title=text::blocked(records, links)
            action=(records > 0).then(|| view! { <Button on_press=show>{text::SHOW_THEM}</Button> }).into_any()
        >
            <p>{text::BLOCKED_TEXT}</p>
        </MessageBar>
    }
}

/// Records that are written, but not quite as in the package.
#[component]
pub(super) fn Warnings(of: RowsOf, n: u64) -> impl IntoView {
    let store = use_store();
    let show = move |()| store.filter_rows(of, |filter| filter.state = Some(RowState::Warning));
    view! {
        <MessageBar
            tone=Tone::Warning
            title=text::warnings(n)
            action=view! { <Button on_press=show>{text::SHOW_THEM}</Button> }.into_any()
        >
            <p>{text::WARNINGS_TEXT}</p>
        </MessageBar>
    }
}

/// What concerns no single record: what the environment does besides.
#[component]
pub(super) fn Notes(of: RowsOf, notes: Vec<Problem>) -> impl IntoView {
    (!notes.is_empty()).then(|| {
        view! {
            <MessageBar tone=Tone::Warning title=text::notes(of)><ProblemList problems=notes /></MessageBar>
        }
    })
}

/// Links that cannot be made, or could not.
#[component]
pub(super) fn FailedLinks(links: Vec<LinkCounts>) -> impl IntoView {
    let failed: u64 = links.iter().map(|links| links.failed).sum();
    (failed > 0).then(|| {
        view! {
            <section>
                <h2>{text::FAILED_LINKS}</h2>
                <RecordTable of=RowsOf::FailedLinks labels=Arc::default() />
            </section>
        }
    })
}

/// The plan as files.
#[component]
fn PlanFiles() -> impl IntoView {
    let store = use_store();
    let save = move |artifact| move |()| store.send(Command::Save(artifact));
    view! {
        <div class="record-actions">
            <Button look=Look::Subtle on_press=save(Artifact::PlanCsv)>{text::SAVE_PLAN_CSV}</Button>
            <Button look=Look::Subtle on_press=save(Artifact::PlanJson)>{text::SAVE_PLAN_JSON}</Button>
        </div>
    }
}

#[component]
fn ImportAction(
    writes: u64,
    new_links: u64,
    whole: bool,
    was_run: Memo<bool>,
    needs_consent: bool,
) -> impl IntoView {
    let store = use_store();
    let free = store.select(Model::is_free);
    let nothing = writes + new_links == 0;
    let outdated = store.select(|model| model.import.is_outdated());
    let agreed = store.select(move |model| !needs_consent || model.import.agreed);
    let why = move || match (nothing, whole) {
        (true, true) => text::NOTHING_TO_DO,
        (true, false) => text::NOTHING_CAN_BE_DONE,
        (false, _) if outdated.get() => decisions::OUTDATED_NOTE,
        (false, _) if !agreed.get() => decisions::CONSENT_NOTE,
        (false, _) => "",
    };
    let run = move |()| {
        store.send(Command::Run);
        go(Route::Import(ImportStep::Run));
    };
    view! {
        <Actions>
            <ButtonLink href=Route::Import(ImportStep::Check).href()>{texts::BACK}</ButtonLink>
            <p class="actions-note" id="import-note">{why}</p>
            <Button disabled=Signal::derive(move || !free.get()) on_press=move |()| store.plan()>
                {text::PLAN_AGAIN}
            </Button>
            {move || if was_run.get() {
                view! {
                    <ButtonLink look=Look::Primary href=Route::Import(ImportStep::Report).href()>
                        {text::TO_REPORT}
                    </ButtonLink>
                }.into_any()
            } else {
                view! {
                    <Button
                        look=Look::Primary
                        disabled=Signal::derive(move || !free.get() || nothing || outdated.get() || !agreed.get())
                        described_by="import-note"
                        on_press=run
                    >
                        {text::import(writes, new_links)}
                    </Button>
                }.into_any()
            }}
        </Actions>
    }
}
