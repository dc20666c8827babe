//! The single requests that a batch carries, and what each brings back.

use crate::part::Part;
use crate::row_body::{RowBody, json_of};
use crate::{EnvironmentUrl, Error, Row, ServiceError, response};
use http::{Method, Response};
use serde_json::Value;
use uuid::Uuid;

/// One request inside a batch.
#[derive(Clone, Debug, PartialEq)]
pub enum Operation {
    /// Reads. `path` stands below `/api/data/v9.2/`, with its query percent-encoded ([`crate::Query::path`]).
    Get {
        /// e.g. `accounts?$select=name`
        path: String,
    },
    /// Creates a row, never updates one: a row of that id makes it fail ([`crate::ServiceError::is_duplicate_key`]).
    Create {
        /// The table's set.
        set: String,
        /// The primary id's column.
        key: String,
        /// The row's id.
        id: Uuid,
        /// The values of the other columns.
        body: Row,
        /// Plug-in steps that are not to run for this row ([`MOST_BYPASSED_STEPS`]).
        bypass_steps: Vec<Uuid>,
    },
    /// Updates a row, never creates one: `If-Match`.
    Update {
        /// The table's set.
        set: String,
        /// The row.
        id: Uuid,
        /// The version that the row must have (its `@odata.etag`); `None`: any. A row of another version is refused
        /// ([`crate::ServiceError::is_version_mismatch`]), after a lost answer also where the lost try changed it.
        version: Option<String>,
        /// The columns that change.
        body: Row,
        /// Plug-in steps that are not to run for this row ([`MOST_BYPASSED_STEPS`]).
        bypass_steps: Vec<Uuid>,
    },
    /// Replaces all rows of a collection by others, which the service allows for the parties of an activity only.
    ReplaceCollection {
        /// The set of the row whose collection it is.
        set: String,
        /// That row.
        id: Uuid,
        /// The collection's name.
        collection: String,
        /// The rows that are to be in it.
        rows: Vec<Value>,
    },
    /// Links two rows of a many-to-many relationship.
    Associate {
        /// The set of the row whose navigation is used.
        set: String,
        /// That row.
        id: Uuid,
        /// Its collection of the other side's rows.
        navigation: String,
        /// The other side's set.
        target_set: String,
        /// The other side's row.
        target_id: Uuid,
    },
    /// Unlinks two rows of a many-to-many relationship. Without such a link it is refused as not found.
    Disassociate {
        /// The set of the row whose navigation is used.
        set: String,
        /// That row.
        id: Uuid,
        /// Its collection of the other side's rows.
        navigation: String,
        /// The other side's row.
        target_id: Uuid,
    },
    /// Calls an action that belongs to no table.
    Action {
        /// Its name, e.g. `CloseIncident`.
        name: String,
        /// Its parameters.
        parameters: Row,
    },
    /// Removes a row.
    Delete {
        /// The table's set.
        set: String,
        /// The row.
        id: Uuid,
    },
}

/// What a refusal says where an earlier try of the same operation got no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AfterLoss {
    /// The same as without: reading, and updates, which can be done twice.
    Refused,
    /// The earlier try may still come, and would undo what comes after this one: no version holds it back.
    MayStillCome,
    /// "Exists" means that the earlier try linked the rows.
    Linked,
    /// "Not found" means that the earlier try removed the row or the link.
    Removed,
    /// "Exists" means that the earlier try made the row; after any other refusal the row itself tells.
    Created { set: String, key: String, id: Uuid },
}

impl AfterLoss {
    /// Whether this refusal says that the earlier try was carried out.
    pub(crate) fn is_done(&self, refusal: &ServiceError) -> bool {
        match self {
            AfterLoss::Refused | AfterLoss::MayStillCome => false,
            AfterLoss::Linked | AfterLoss::Created { .. } => refusal.is_duplicate_key(),
            AfterLoss::Removed => refusal.is_not_found(),
        }
    }
}

/// What one request of a batch brought.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// HTTP status, below 400.
    pub status: u16,
    /// The JSON, if there was any.
    pub body: Option<Value>,
    /// The id at the end of `OData-EntityId`, for rows that were written.
    pub entity_id: Option<Uuid>,
}

/// Asked for with every row: how people read a value, and the table a lookup leads to.
pub(crate) const ROW_ANNOTATIONS: &str = r#"odata.include-annotations="OData.Community.Display.V1.FormattedValue,Microsoft.Dynamics.CRM.lookuplogicalname""#;

/// How many plug-in steps a request may name that are not to run for it, unless the organization allows more.
/// Naming any needs the privilege `prvBypassCustomBusinessLogic`. Source: Microsoft's page on bypassing custom
/// Dataverse logic.
pub const MOST_BYPASSED_STEPS: usize = 3;

impl Operation {
    pub(crate) fn part(&self, url: &EnvironmentUrl) -> Part {
        match self {
            Operation::Get { path } => Part::get(path).header("Prefer", ROW_ANNOTATIONS),
            Operation::Create { set, key, id, body, bypass_steps } => {
                let body = RowBody { kind: None, key, id: *id, values: body };
                bypassing(Part::new(Method::POST, set, Some(json_of(&body))), bypass_steps)
            }
            Operation::Update { set, id, version, body, bypass_steps } => {
                let part = Part::new(Method::PATCH, &row_path(set, *id), Some(json_of(body)));
                bypassing(part.header("If-Match", version.as_deref().unwrap_or("*")), bypass_steps)
            }
            Operation::Associate { set, id, navigation, target_set, target_id } => {
                let target = url.resource(&row_path(target_set, *target_id));
                let body = serde_json::json!({ "@odata.id": target }).to_string().into_bytes();
                Part::new(Method::POST, &format!("{}/{navigation}/$ref", row_path(set, *id)), Some(body))
            }
            Operation::Disassociate { set, id, navigation, target_id } => Part::new(
                Method::DELETE,
                &format!("{}/{navigation}({target_id})/$ref", row_path(set, *id)),
                None,
            ),
            Operation::ReplaceCollection { set, id, collection, rows } => {
                let body = serde_json::json!({ "value": rows }).to_string().into_bytes();
                Part::new(Method::PUT, &format!("{}/{collection}", row_path(set, *id)), Some(body))
            }
            Operation::Action { name, parameters } => {
                Part::new(Method::POST, name, Some(json_of(parameters)))
            }
            Operation::Delete { set, id } => Part::new(Method::DELETE, &row_path(set, *id), None),
        }
    }

    /// What a refusal says after a lost answer.
    pub(crate) fn after_loss(&self) -> AfterLoss {
        match self {
            Operation::Get { .. } | Operation::Update { .. } | Operation::ReplaceCollection { .. } => {
                AfterLoss::Refused
            }
            Operation::Action { .. } => AfterLoss::MayStillCome,
            Operation::Associate { .. } => AfterLoss::Linked,
            Operation::Delete { .. } | Operation::Disassociate { .. } => AfterLoss::Removed,
            Operation::Create { set, key, id, .. } => {
                AfterLoss::Created { set: set.clone(), key: key.clone(), id: *id }
            }
        }
    }
}

/// The part, with the steps named that are not to run for it.
fn bypassing(part: Part, steps: &[Uuid]) -> Part {
    if steps.is_empty() {
        return part;
    }
    let ids: Vec<String> = steps.iter().map(Uuid::to_string).collect();
    part.header("MSCRM.BypassBusinessLogicExecutionStepIds", ids.join(","))
}

/// What a part that is no refusal brought.
///
/// # Errors
/// [`Error::Shape`] where its body is not the JSON it should be.
pub(crate) fn parse_answer(request: &str, part: &Response<Vec<u8>>) -> Result<Answer, Error> {
    let empty = part.body().trim_ascii().is_empty();
    let body = if empty { None } else { Some(response::json(request, part)?) };
    let entity_id = part.headers().get("OData-EntityId").and_then(|v| v.to_str().ok()).and_then(id_of);
    Ok(Answer { status: part.status().as_u16(), body, entity_id })
}

/// The id in `https://…/accounts(id)`.
fn id_of(url: &str) -> Option<Uuid> {
    let (_, key) = url.strip_suffix(')')?.rsplit_once('(')?;
    Uuid::parse_str(key).ok()
}

/// `accounts(…)`
pub(crate) fn row_path(set: &str, id: Uuid) -> String {
    format!("{set}({id})")
}
