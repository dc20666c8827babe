//! Duplicate detection rules: which are at work, and the messages that put one to work and take it from it.
//!
//! No update publishes a rule, and a published one and its conditions do not change. Source: Microsoft's reference of
//! both actions, and its table of error codes.

use crate::Problem;
use crate::reading::row_id;
use dataverse::{Client, Clock, Operation, Query, Row, Transport, ids_filter};
use serde_json::Value as Json;
use std::collections::HashMap;
use std::time::Duration;
use uuid::Uuid;

/// The rules' table, and that of their conditions.
pub(crate) const RULE: &str = "duplicaterule";
pub(crate) const CONDITION: &str = "duplicaterulecondition";
/// A condition's lookup to its rule.
pub(crate) const OF_RULE: &str = "regardingobjectid";
/// The column that says whether a rule is published.
pub(crate) const STATUS: &str = "statuscode";
/// Its value for a published rule.
pub(crate) const PUBLISHED: i64 = 2;

const PUBLISHING: i64 = 1;
const RULES: &str = "duplicaterules";
const RULE_ID: &str = "duplicateruleid";
/// Most ids a query.
const IDS: usize = 100;
/// Between two looks at rules that are being published.
const LOOKS_AGAIN: Duration = Duration::from_secs(3);
/// So long no rule may get on: the job makes a code of every row of the rule's table.
const PATIENCE: Duration = Duration::from_secs(180);

/// A rule, as it is at the moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) name: String,
    pub(crate) status: RuleStatus,
}

/// Whether a rule is at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RuleStatus {
    Unpublished,
    /// Its job runs.
    Publishing,
    Published,
}

/// Rules by their id; those that are not there are left out.
pub(crate) type Rules = HashMap<Uuid, Rule>;

/// The rules of these ids.
///
/// # Errors
/// Where the environment cannot be asked, or refuses.
pub(crate) async fn rules<T: Transport, C: Clock>(
    client: &Client<T, C>,
    ids: &[Uuid],
) -> Result<Rules, Problem> {
    let mut found = Rules::new();
    for ids in ids.chunks(IDS) {
        let select = [RULE_ID, "name", STATUS].map(str::to_owned).to_vec();
        let query = Query { select, filter: Some(ids_filter(RULE_ID, ids)), ..Query::of(RULES) };
        let rows = client.page(&query).await.map_err(|error| Problem::from(error).in_table(RULE))?.rows;
        found.extend(rows.iter().filter_map(|row| Some((row_id(row, RULE_ID)?, rule(row)))));
    }
    Ok(found)
}

fn rule(row: &Row) -> Rule {
    let status = match row.get(STATUS).and_then(Json::as_i64) {
        Some(PUBLISHED) => RuleStatus::Published,
        Some(PUBLISHING) => RuleStatus::Publishing,
        _ => RuleStatus::Unpublished,
    };
    Rule { name: row.get("name").and_then(Json::as_str).unwrap_or_default().to_owned(), status }
}

/// Looks at these rules until all that are there have the status, or until none has got on for a long time. `tell` hears
/// which have it each time, and may end it.
///
/// # Errors
/// As [`rules`], and what `tell` says.
pub(crate) async fn rules_once<T: Transport, C: Clock>(
    client: &Client<T, C>,
    mut ids: Vec<Uuid>,
    status: RuleStatus,
    mut tell: impl FnMut(&[Uuid]) -> Result<(), Problem>,
) -> Result<Rules, Problem> {
    let mut waited = Duration::ZERO;
    loop {
        let found = rules(client, &ids).await?;
        let is_through = |id: &Uuid| found.get(id).is_none_or(|rule| rule.status == status);
        let (through, left): (Vec<Uuid>, Vec<Uuid>) = ids.into_iter().partition(is_through);
        tell(&through)?;
        if left.is_empty() || waited >= PATIENCE {
            return Ok(found.into_iter().filter(|(id, _)| left.contains(id)).collect());
        }
        waited = if through.is_empty() { waited + LOOKS_AGAIN } else { Duration::ZERO };
        ids = left;
        client.wait(LOOKS_AGAIN).await?;
    }
}

/// Puts a rule to work: answered when its job is made.
pub(crate) fn publish(rule: Uuid) -> Operation {
    let name = format!("{RULES}({rule})/Microsoft.Dynamics.CRM.PublishDuplicateRule");
    Operation::Action { name, parameters: Row::new() }
}

/// Takes a rule from its work.
pub(crate) fn unpublish(rule: Uuid) -> Operation {
    let parameters = Row::from_iter([("DuplicateRuleId".to_owned(), Json::from(rule.to_string()))]);
    Operation::Action { name: "UnpublishDuplicateRule".to_owned(), parameters }
}
