//! Published duplicate detection rules: taken from their work while they or their conditions are written.

use super::Problem;
use crate::ProblemKind;
use crate::duplicate_rules::{Rule, RuleStatus, Rules, publish, rules, rules_once, unpublish};
use crate::journal::{Outcome, Write};
use dataverse::{Answer, Client, Clock, ServiceError, Transport};
use uuid::Uuid;

pub(super) fn intents(rules: &[(Uuid, String)], published: bool) -> Vec<Write> {
    let write = |(id, name): &(Uuid, String)| Write::DuplicateRule { id: *id, name: name.clone(), published };
    rules.iter().map(write).collect()
}

/// Those of the rules that are published, once none is on its way to it.
pub(super) async fn published<T: Transport, C: Clock>(
    client: &Client<T, C>,
    held: &[(Uuid, String)],
    mut go: impl FnMut() -> Result<(), Problem>,
) -> Result<Vec<(Uuid, String)>, Problem> {
    let now = rules(client, &ids(held)).await?;
    let status = |now: &Rules, id: &Uuid| now.get(id).map(|rule| rule.status);
    let under_way: Vec<Uuid> =
        ids(held).into_iter().filter(|id| status(&now, id) == Some(RuleStatus::Publishing)).collect();
    let now = if under_way.is_empty() {
        now
    } else {
        rules_once(client, under_way, RuleStatus::Published, |_| go()).await?;
        rules(client, &ids(held)).await?
    };
    let at_work = |(id, _): &&(Uuid, String)| status(&now, id).is_some_and(|s| s != RuleStatus::Unpublished);
    Ok(held.iter().filter(at_work).cloned().collect())
}

pub(super) async fn take_from_work<T: Transport, C: Clock>(
    client: &Client<T, C>,
    held: &[(Uuid, String)],
) -> Result<Vec<Outcome>, Problem> {
    let answers = client.batch(held.iter().map(|(id, _)| unpublish(*id)).collect()).await?;
    let now =
        if answers.iter().any(Result::is_err) { rules(client, &ids(held)).await? } else { Rules::new() };
    let idle = |id: &Uuid| now.get(id).is_none_or(|rule| rule.status == RuleStatus::Unpublished);
    // A refusal after a lost answer says that the first sending was carried out.
    let outcome = |((id, _), answer): (&(Uuid, String), Result<Answer, ServiceError>)| match answer {
        Err(refusal) if !idle(id) => Outcome::Refused(refusal.into()),
        _ => Outcome::Done,
    };
    Ok(held.iter().zip(answers).map(outcome).collect())
}

/// Publishes those that are there and idle; what is gone or published needs nothing.
pub(super) async fn put_to_work<T: Transport, C: Clock>(
    client: &Client<T, C>,
    held: &[(Uuid, String)],
) -> Result<Vec<Outcome>, Problem> {
    let before = rules(client, &ids(held)).await?;
    let is_idle = |rules: &Rules, id: &Uuid| {
        rules.get(id).is_some_and(|rule: &Rule| rule.status == RuleStatus::Unpublished)
    };
    let sent: Vec<Uuid> = ids(held).into_iter().filter(|id| is_idle(&before, id)).collect();
    let answers = client.batch(sent.iter().map(|id| publish(*id)).collect()).await?;
    let now =
        if answers.iter().any(Result::is_err) { rules(client, &ids(held)).await? } else { Rules::new() };
    let outcome = |id: Uuid| match sent.iter().position(|other| *other == id).map(|at| &answers[at]) {
        None => Outcome::There,
        Some(Err(refusal)) if is_idle(&now, &id) => Outcome::Refused(refusal.clone().into()),
        Some(_) => Outcome::Done,
    };
    Ok(ids(held).into_iter().map(outcome).collect())
}

/// Waits until these rules are published, and tells of those that are not.
pub(super) async fn await_published<T: Transport, C: Clock>(
    client: &Client<T, C>,
    held: &[(Uuid, String)],
) -> Result<(), Problem> {
    let left = rules_once(client, ids(held), RuleStatus::Published, |_| Ok(())).await?;
    if left.is_empty() { Ok(()) } else { Err(not_yet(&left)) }
}

fn ids(rules: &[(Uuid, String)]) -> Vec<Uuid> {
    rules.iter().map(|(id, _)| *id).collect()
}

fn not_yet(left: &Rules) -> Problem {
    let mut names: Vec<&str> = left.values().map(|rule| rule.name.as_str()).collect();
    names.sort_unstable();
    Problem::new(
        ProblemKind::NotAsWritten,
        format!(
            "These duplicate rules were to be published again, and were not yet after three minutes: {}.",
            names.join(", ")
        ),
        "Look at them later, under Duplicate Detection Rules, and publish those by hand that are unpublished then.",
    )
}

pub(super) fn not_taken_from_work(rule: &str, why: &Problem) -> Problem {
    Problem::new(
        ProblemKind::Refused,
        format!("The duplicate rule {rule} could not be unpublished, so nothing was written: {}", why.what),
        "Let a system administrator run the import, or unpublish the rule first.",
    )
}

pub(super) fn still_unpublished(rules: &[(Uuid, String)], why: &Problem) -> Problem {
    let names: Vec<&str> = rules.iter().map(|(_, name)| name.as_str()).collect();
    Problem::new(
        ProblemKind::Refused,
        format!("These duplicate rules are still unpublished: {}. {}", names.join(", "), why.what),
        "Open the run again: they are published then. Or publish them under Duplicate Detection Rules.",
    )
}
