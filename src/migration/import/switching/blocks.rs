//! The list of blocked attachments, which the environment keeps in its own row.

use super::{TRIES, update, version_of};
use crate::journal::Outcome;
use crate::reading::row_id;
use crate::{Problem, ProblemKind};
use dataverse::{Client, Clock, Query, Row, ServiceError, Transport};
use serde_json::Value as Json;
use uuid::Uuid;

/// The set of the environment's own row, and the column with the list of blocked extensions.
const ORGANIZATIONS: &str = "organizations";
const BLOCKED: &str = "blockedattachments";

/// The blocked attachments as they are.
pub(super) struct Blocked {
    pub(super) organization: Uuid,
    /// Of the environment's own row.
    pub(super) version: Option<String>,
    pub(super) list: String,
}

pub(super) async fn blocked_attachments<T: Transport, C: Clock>(
    client: &Client<T, C>,
) -> Result<Blocked, Problem> {
    let select = vec!["organizationid".to_owned(), BLOCKED.to_owned()];
    let page = client.page(&Query { select, ..Query::of(ORGANIZATIONS) }).await?;
    let row = page.rows.first();
    let list = |row: &Row| row.get(BLOCKED).and_then(Json::as_str).unwrap_or_default().to_owned();
    let read = |row: &Row| {
        let organization = row_id(row, "organizationid")?;
        Some(Blocked { organization, version: version_of(row), list: list(row) })
    };
    row.and_then(read).ok_or_else(no_organization)
}

/// Sets the list in the version that was read, and in no other, as with steps.
pub(super) async fn lift_blocks<T: Transport, C: Clock>(
    client: &Client<T, C>,
    organization: Uuid,
    mut version: Option<String>,
    list: &str,
) -> Result<Outcome, Problem> {
    for _ in 0..TRIES {
        match set_blocked_attachments(client, organization, version, list).await? {
            Ok(()) => return Ok(Outcome::Done),
            Err(refusal) if refusal.is_version_mismatch() => {}
            Err(refusal) => return Ok(Outcome::Refused(refusal.into())),
        }
        let now = blocked_attachments(client).await?;
        if now.list == list {
            return Ok(Outcome::Done);
        }
        version = now.version;
    }
    Ok(Outcome::NotYet)
}

pub(super) async fn set_blocked_attachments<T: Transport, C: Clock>(
    client: &Client<T, C>,
    organization: Uuid,
    version: Option<String>,
    list: &str,
) -> Result<Result<(), ServiceError>, Problem> {
    let body = Row::from_iter([(BLOCKED.to_owned(), Json::from(list))]);
    let answers = client.batch(vec![update(ORGANIZATIONS, organization, version, body)]).await?;
    Ok(answers.into_iter().next().map_or(Ok(()), |answer| answer.map(|_| ())))
}

fn no_organization() -> Problem {
    Problem::new(
        ProblemKind::Answer,
        "The environment does not show its own row, which holds the blocked attachments.",
        "Let a system administrator run the import.",
    )
}
