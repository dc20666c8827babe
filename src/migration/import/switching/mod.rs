//! Switches off what the plan says, for everybody, and on again, whatever became of the run.
//!
//! What is switched off is in the journal before it is, so that whoever comes after a run that died knows of it.

mod blocks;
mod rules;
mod steps;

use super::Run;
use super::blocked_list::{extensions, same_extension, with_the_blocks_of};
use crate::duplicate_rules::RULE;
use crate::journal::Replay;
use crate::journal::{Journal, Outcome, Write, entries};
use crate::{Problem, ProblemKind, Switches};
use blocks::{Blocked, blocked_attachments, lift_blocks, set_blocked_attachments};
use dataverse::{Client, Clock, Operation, Row, Transport};
use rules::{
    await_published, not_taken_from_work, published, put_to_work, still_unpublished, take_from_work,
};
use serde_json::Value as Json;
use steps::{active, intents, set_steps_off, set_steps_on};
use uuid::Uuid;

/// The version of a row, beside its values.
const VERSION: &str = "@odata.etag";
/// How often something is switched off that others change at the same time.
const TRIES: u32 = 3;

/// What is off at the moment, or may be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SwitchedOff {
    steps: Vec<(Uuid, String)>,
    /// The list of blocked attachments as it was, and as the run made it.
    attachments: Option<(String, String)>,
    /// Duplicate rules that were published.
    rules: Vec<(Uuid, String)>,
}

impl SwitchedOff {
    /// What earlier runs left off.
    pub(crate) fn left_by(replay: &Replay) -> SwitchedOff {
        let mut off = SwitchedOff::default();
        for (write, outcome) in &replay.writes {
            let refused = matches!(outcome, Some(Outcome::Refused(_)));
            match write {
                Write::Step { id, name, on: false } if !refused => off.add_step(*id, name),
                Write::Step { id, on: true, .. } if *outcome == Some(Outcome::Done) => {
                    off.steps.retain(|(known, _)| known != id);
                }
                Write::BlockedAttachments { before, after } if !refused => {
                    off.list_changed(before, after, outcome)
                }
                Write::DuplicateRule { id, name, published: false } if !refused => off.add_rule(*id, name),
                Write::DuplicateRule { id, published: true, .. }
                    if matches!(outcome, Some(Outcome::Done | Outcome::There)) =>
                {
                    off.rules.retain(|(known, _)| known != id);
                }
                _ => {}
            }
        }
        off
    }

    /// Whether the row is a rule that the run has taken from its work for a while.
    pub(super) fn holds(&self, table: &str, id: Uuid) -> bool {
        table == RULE && self.rules.iter().any(|(known, _)| *known == id)
    }

    fn add_rule(&mut self, id: Uuid, name: &str) {
        if self.rules.iter().all(|(known, _)| *known != id) {
            self.rules.push((id, name.to_owned()));
        }
    }

    fn add_step(&mut self, id: Uuid, name: &str) {
        if self.steps.iter().all(|(known, _)| *known != id) {
            self.steps.push((id, name.to_owned()));
        }
    }

    fn list_changed(&mut self, before: &str, after: &str, outcome: &Option<Outcome>) {
        match &self.attachments {
            None => self.attachments = Some((before.to_owned(), after.to_owned())),
            // Whatever else was changed meanwhile, what was taken out is in it again.
            Some((list, _))
                if *outcome == Some(Outcome::Done) && extensions(after).is_superset(&extensions(list)) =>
            {
                self.attachments = None;
            }
            Some(_) => {}
        }
    }

    /// What it is, in words.
    fn names(&self) -> Vec<String> {
        let steps = self.steps.iter().map(|(_, name)| format!("plug-in step {name}"));
        let list = self.attachments.iter().map(|_| "list of blocked attachments".to_owned());
        let rules = self.rules.iter().map(|(_, name)| format!("duplicate rule {name}"));
        steps.chain(list).chain(rules).collect()
    }
}

/// What a run that wrote this journal left switched off, in words; empty where all is as it was.
///
/// # Errors
/// Where the journal cannot be read.
pub fn left_off(journal: &[u8]) -> Result<Vec<String>, Problem> {
    Ok(SwitchedOff::left_by(&Replay::of(entries(journal)?)).names())
}

/// Puts back what a run that died left switched off, and writes that down. What could not be put back is told.
pub async fn put_back<T: Transport, C: Clock>(
    client: &Client<T, C>,
    mut journal: Journal<'_>,
) -> Vec<Problem> {
    let mut off = SwitchedOff::left_by(&journal.take_earlier());
    switch_on(client, &mut journal, &mut off).await
}

impl<T: Transport, C: Clock> Run<'_, T, C> {
    /// Switches off what the plan says and what is on.
    ///
    /// # Errors
    /// What ends the run: the plan counts on it.
    pub(super) async fn switch_off(&mut self) -> Result<(), Problem> {
        let Switches { steps, attachments, rules } = &self.plan.switches;
        self.switch_steps_off(steps).await?;
        self.lift_attachment_blocks(attachments).await?;
        self.take_rules_from_work(rules).await
    }

    async fn take_rules_from_work(&mut self, rules: &[(Uuid, String)]) -> Result<(), Problem> {
        if rules.is_empty() {
            return Ok(());
        }
        self.progress.go_on()?;
        let rules = published(self.client, rules, || self.progress.go_on()).await?;
        if rules.is_empty() {
            return Ok(());
        }
        let request = self.journal.intend(rules::intents(&rules, false))?;
        rules.iter().for_each(|(id, name)| self.off.add_rule(*id, name));
        let outcomes = take_from_work(self.client, &rules).await?;
        self.journal.answered(request, outcomes.clone())?;
        for ((id, name), outcome) in rules.iter().zip(outcomes) {
            if let Outcome::Refused(problem) = outcome {
                self.off.rules.retain(|(known, _)| known != id);
                return Err(not_taken_from_work(name, &problem));
            }
        }
        Ok(())
    }

    async fn switch_steps_off(&mut self, steps: &[(Uuid, String)]) -> Result<(), Problem> {
        if steps.is_empty() {
            return Ok(());
        }
        self.progress.go_on()?;
        let on = active(self.client, steps).await?;
        let steps: Vec<(Uuid, String)> =
            steps.iter().filter(|(id, _)| on.contains_key(id)).cloned().collect();
        if steps.is_empty() {
            return Ok(());
        }
        let request = self.journal.intend(intents(&steps, false))?;
        steps.iter().for_each(|(id, name)| self.off.add_step(*id, name));
        let outcomes = set_steps_off(self.client, &steps, on).await?;
        self.journal.answered(request, outcomes.clone())?;
        for ((id, name), outcome) in steps.iter().zip(outcomes) {
            let problem = match outcome {
                Outcome::Refused(problem) => problem,
                Outcome::NotYet => restless(),
                Outcome::Done | Outcome::There => continue,
            };
            self.off.steps.retain(|(known, _)| known != id);
            return Err(not_switched_off(name, &problem));
        }
        Ok(())
    }

    async fn lift_attachment_blocks(&mut self, lifted: &[String]) -> Result<(), Problem> {
        if lifted.is_empty() {
            return Ok(());
        }
        self.progress.go_on()?;
        let Blocked { organization, version, list: before } = blocked_attachments(self.client).await?;
        let is_lifted = |extension: &str| lifted.iter().any(|other| same_extension(other, extension));
        let kept: Vec<&str> = before.split(';').filter(|extension| !is_lifted(extension)).collect();
        let after = kept.join(";");
        if after == before {
            return Ok(());
        }
        let write = Write::BlockedAttachments { before: before.clone(), after: after.clone() };
        let request = self.journal.intend(vec![write])?;
        self.off.attachments.get_or_insert_with(|| (before, after.clone()));
        let outcome = lift_blocks(self.client, organization, version, &after).await?;
        self.journal.answered(request, vec![outcome.clone()])?;
        let problem = match outcome {
            Outcome::Refused(problem) => problem,
            Outcome::NotYet => restless(),
            Outcome::Done | Outcome::There => return Ok(()),
        };
        self.off.attachments = None;
        Err(not_lifted(&problem))
    }

    /// Puts back what is off. What cannot be put back is told.
    pub(super) async fn switch_on(&mut self) -> Vec<Problem> {
        switch_on(self.client, &mut self.journal, &mut self.off).await
    }
}

async fn switch_on<T: Transport, C: Clock>(
    client: &Client<T, C>,
    journal: &mut Journal<'_>,
    off: &mut SwitchedOff,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    problems.extend(switch_steps_on(client, journal, off).await.err().map(|why| still_off(off, &why)));
    if off.attachments.is_some() {
        problems.extend(block_again(client, journal, off).await.err().map(|why| still_lifted(off, &why)));
    }
    if !off.rules.is_empty() {
        problems.extend(publish_again(client, journal, off).await.err());
    }
    problems
}

async fn publish_again<T: Transport, C: Clock>(
    client: &Client<T, C>,
    journal: &mut Journal<'_>,
    off: &mut SwitchedOff,
) -> Result<(), Problem> {
    let rules = off.rules.clone();
    // Also where it cannot be written down: somebody relies on these rules.
    let request = journal.intend(rules::intents(&rules, true));
    let outcomes = put_to_work(client, &rules).await.map_err(|why| still_unpublished(&rules, &why))?;
    let refused = outcomes.iter().find_map(|outcome| match outcome {
        Outcome::Refused(problem) => Some(problem.clone()),
        _ => None,
    });
    let mut left = rules.iter().zip(&outcomes).filter(|(_, o)| matches!(o, Outcome::Refused(_)));
    off.rules = left.by_ref().map(|(rule, _)| rule.clone()).collect();
    if let Ok(request) = request {
        // What is not written down is published once more, which changes nothing.
        drop(journal.answered(request, outcomes));
    }
    if let Some(why) = refused {
        return Err(still_unpublished(&off.rules, &why));
    }
    await_published(client, &rules).await
}

async fn switch_steps_on<T: Transport, C: Clock>(
    client: &Client<T, C>,
    journal: &mut Journal<'_>,
    off: &mut SwitchedOff,
) -> Result<(), Problem> {
    let steps = off.steps.clone();
    if steps.is_empty() {
        return Ok(());
    }
    // Also where it cannot be written down: somebody waits for these steps.
    let request = journal.intend(intents(&steps, true));
    let outcomes = set_steps_on(client, &steps).await?;
    let mut ended = Ok(());
    for ((id, _), outcome) in steps.iter().zip(&outcomes) {
        match outcome {
            Outcome::Refused(problem) => ended = Err(problem.clone()),
            _ => off.steps.retain(|(known, _)| known != id),
        }
    }
    if let Ok(request) = request {
        // What is not written down is switched on once more, which changes nothing.
        drop(journal.answered(request, outcomes));
    }
    ended
}

async fn block_again<T: Transport, C: Clock>(
    client: &Client<T, C>,
    journal: &mut Journal<'_>,
    off: &mut SwitchedOff,
) -> Result<(), Problem> {
    let Some((list, lifted)) = off.attachments.clone() else { return Ok(()) };
    let Blocked { organization, list: now, .. } = blocked_attachments(client).await?;
    let whole = with_the_blocks_of(&list, &lifted, &now);
    let request = journal.intend(vec![Write::BlockedAttachments { before: now, after: whole.clone() }]);
    match set_blocked_attachments(client, organization, None, &whole).await? {
        Err(refusal) => Err(refusal.into()),
        Ok(()) => {
            off.attachments = None;
            if let Ok(request) = request {
                drop(journal.answered(request, vec![Outcome::Done]));
            }
            Ok(())
        }
    }
}

fn update(set: &str, id: Uuid, version: Option<String>, body: Row) -> Operation {
    Operation::Update { set: set.to_owned(), id, version, body, bypass_steps: Vec::new() }
}

fn version_of(row: &Row) -> Option<String> {
    row.get(VERSION).and_then(Json::as_str).map(str::to_owned)
}

/// Others changed it again and again meanwhile.
fn restless() -> Problem {
    Problem::new(
        ProblemKind::ChangedSincePlan,
        "Somebody else changes it at the same time.",
        "Ask who else imports or installs here, and start again when they are through.",
    )
}

fn not_switched_off(step: &str, why: &Problem) -> Problem {
    Problem::new(
        ProblemKind::PlugIns,
        format!("The plug-in step {step} could not be switched off, so nothing was written: {}", why.what),
        "Let a system administrator run the import, or plan it with the plug-ins running.",
    )
}

fn not_lifted(why: &Problem) -> Problem {
    Problem::new(
        ProblemKind::Attachment,
        format!("The blocked attachments could not be changed, so nothing was written: {}", why.what),
        "Let a system administrator run the import, or plan it without lifting the blocks.",
    )
}

fn still_off(off: &SwitchedOff, why: &Problem) -> Problem {
    let steps: Vec<&str> = off.steps.iter().map(|(_, name)| name.as_str()).collect();
    Problem::new(
        ProblemKind::PlugIns,
        format!(
            "These plug-in steps are still switched off for everybody: {}. {}",
            steps.join(", "),
            why.what
        ),
        "Open the run again: they are switched on then. Or activate them in the Plug-in Registration Tool.",
    )
}

fn still_lifted(off: &SwitchedOff, why: &Problem) -> Problem {
    let taken = off.attachments.as_ref().map(|(list, lifted)| {
        let lifted = extensions(lifted);
        let mut taken: Vec<String> = extensions(list).into_iter().filter(|e| !lifted.contains(e)).collect();
        taken.sort_unstable();
        taken.join(", ")
    });
    Problem::new(
        ProblemKind::Attachment,
        format!(
            "These file types are still not blocked as they were: {}. {}",
            taken.unwrap_or_default(),
            why.what
        ),
        "Open the run again: they are blocked then. Or block them in the Power Platform admin center, under Settings > \
         Privacy + Security.",
    )
}

#[cfg(test)]
mod tests {
    use super::{SwitchedOff, left_off};
    use crate::journal::{Journal, Outcome, Write};
    use uuid::Uuid;

    #[test]
    fn what_may_be_off_counts_as_off_until_it_is_surely_on() {
        let id = Uuid::from_u128(1);
        let step = |on| vec![Write::Step { id, name: "Pages".into(), on }];
        let mut kept = Vec::new();
        let mut journal = Journal::begin(&mut kept);
        journal.intend(step(false)).unwrap();
        let request = journal.intend(step(true)).unwrap();
        assert_eq!(left_off(&kept).unwrap(), ["plug-in step Pages"], "nobody heard that it is on");
        Journal::begin(&mut kept).answered(request, vec![Outcome::Done]).unwrap();
        assert_eq!(left_off(&kept).unwrap(), [""; 0]);
        assert_eq!(SwitchedOff::default().names(), [""; 0]);
    }
}
