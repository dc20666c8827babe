//! Plug-in steps: which run, and switching them.

use super::{TRIES, update, version_of};
use crate::Problem;
use crate::journal::{Outcome, Write};
use crate::reading::row_id;
use dataverse::{Answer, Client, Clock, Query, Row, ServiceError, Transport, ids_filter};
use serde_json::{Value as Json, json};
use std::collections::HashMap;
use uuid::Uuid;

/// The set of plug-in steps.
const STEPS: &str = "sdkmessageprocessingsteps";
const STEP_ID: &str = "sdkmessageprocessingstepid";

pub(super) fn intents(steps: &[(Uuid, String)], on: bool) -> Vec<Write> {
    steps.iter().map(|(id, name)| Write::Step { id: *id, name: name.clone(), on }).collect()
}

/// The versions of those of the steps that run.
pub(super) async fn active<T: Transport, C: Clock>(
    client: &Client<T, C>,
    steps: &[(Uuid, String)],
) -> Result<HashMap<Uuid, Option<String>>, Problem> {
    let ids: Vec<Uuid> = steps.iter().map(|(id, _)| *id).collect();
    let select = vec![STEP_ID.to_owned(), "statecode".to_owned()];
    let query = Query { select, filter: Some(ids_filter(STEP_ID, &ids)), ..Query::of(STEPS) };
    let page = client.page(&query).await?;
    let is_on = |row: &&Row| row.get("statecode").and_then(Json::as_i64) == Some(0);
    let versioned = |row: &Row| Some((row_id(row, STEP_ID)?, version_of(row)));
    Ok(page.rows.iter().filter(is_on).filter_map(versioned).collect())
}

/// The columns that say whether a step runs.
fn running(on: bool) -> Row {
    let (state, status) = if on { (0, 1) } else { (1, 2) };
    let body = [("statecode", json!(state)), ("statuscode", json!(status))];
    body.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

pub(super) async fn set_steps_on<T: Transport, C: Clock>(
    client: &Client<T, C>,
    steps: &[(Uuid, String)],
) -> Result<Vec<Outcome>, Problem> {
    let operation = |(id, _): &(Uuid, String)| update(STEPS, *id, None, running(true));
    let answers = client.batch(steps.iter().map(operation).collect()).await?;
    let outcome = |answer: Result<Answer, ServiceError>| match answer {
        Ok(_) => Outcome::Done,
        Err(refusal) => Outcome::Refused(refusal.into()),
    };
    Ok(answers.into_iter().map(outcome).collect())
}

/// Switches steps off in the version that was read, and in no other: a request whose answer was lost may land when they
/// are on again, and is refused then.
pub(super) async fn set_steps_off<T: Transport, C: Clock>(
    client: &Client<T, C>,
    steps: &[(Uuid, String)],
    mut on: HashMap<Uuid, Option<String>>,
) -> Result<Vec<Outcome>, Problem> {
    let mut outcomes: HashMap<Uuid, Outcome> = HashMap::new();
    for _ in 0..TRIES {
        let left: Vec<(Uuid, String)> =
            steps.iter().filter(|(id, _)| !outcomes.contains_key(id)).cloned().collect();
        let operation =
            |(id, _): &(Uuid, String)| update(STEPS, *id, on.get(id).cloned().flatten(), running(false));
        let answers = client.batch(left.iter().map(operation).collect()).await?;
        for ((id, _), answer) in left.iter().zip(answers) {
            match answer {
                Ok(_) => drop(outcomes.insert(*id, Outcome::Done)),
                Err(refusal) if refusal.is_version_mismatch() => {}
                Err(refusal) => drop(outcomes.insert(*id, Outcome::Refused(refusal.into()))),
            }
        }
        if outcomes.len() == steps.len() {
            break;
        }
        // Changed meanwhile, or by the request whose answer was lost: then it is off.
        on = active(client, steps).await?;
        for (id, _) in steps.iter().filter(|(id, _)| !on.contains_key(id)) {
            outcomes.entry(*id).or_insert(Outcome::Done);
        }
    }
    Ok(steps.iter().map(|(id, _)| outcomes.remove(id).unwrap_or(Outcome::NotYet)).collect())
}
