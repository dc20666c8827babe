//! Whether the environment writes web pages by itself, and whether an import can keep it from doing so.
//!
//! A portal's plug-ins make the content pages of each root page that is created, although the package brings its
//! own, and refuse a page without a parent unless it is the home page. Microsoft publishes them: of all that a
//! request can say, only the ids of their steps keep them from running.

use crate::{Problem, ProblemKind};
use dataverse::{Client, Clock, Error, MOST_BYPASSED_STEPS, Page, Query, Row, ServiceError, Transport};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The table whose steps these are.
pub(super) const WEB_PAGE: &str = "adx_webpage";
/// What a user needs to name steps that are not to run.
const PRIVILEGE: &str = "prvBypassCustomBusinessLogic";
/// The namespaces of a portal's plug-ins; a step is named by its plug-in. What others registered runs as always:
/// it is the environment's own rule.
const NAMESPACES: [&str; 2] = ["Adxstudio.", "Microsoft."];

/// The steps that an import of web pages keeps from running.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PageSteps {
    create: Vec<Uuid>,
    update: Vec<Uuid>,
}

/// What was found out, and what the user has to know of it.
pub(super) struct Found {
    pub(super) steps: PageSteps,
    pub(super) note: Option<Problem>,
}

impl PageSteps {
    /// Steps that are not to run when a row of `table` is created.
    pub(crate) fn on_create(&self, table: &str) -> Vec<Uuid> {
        if table == WEB_PAGE { self.create.clone() } else { Vec::new() }
    }

    /// Steps that are not to run when a row of `table` is updated.
    pub(crate) fn on_update(&self, table: &str) -> Vec<Uuid> {
        if table == WEB_PAGE { self.update.clone() } else { Vec::new() }
    }
}

/// Asks the environment for the portal's steps, and whether the user may keep them from running.
///
/// # Errors
/// Where the environment cannot be asked any more.
pub(super) async fn page_steps<T: Transport, C: Clock>(client: &Client<T, C>) -> Result<Found, Problem> {
    let pages = client.pages(&["Create", "Update"].map(active_steps)).await?;
    let pages = match pages.into_iter().collect::<Result<Vec<Page>, ServiceError>>() {
        Ok(pages) => pages,
        Err(refusal) => return told_unless_fatal(refusal, unknown),
    };
    let mut steps = pages.iter().map(portal_steps);
    let steps =
        PageSteps { create: steps.next().unwrap_or_default(), update: steps.next().unwrap_or_default() };
    let most = steps.create.len().max(steps.update.len());
    if most > MOST_BYPASSED_STEPS {
        return Ok(Found::not_possible(too_many(most)));
    }
    if most > 0 && !may_bypass(client).await? {
        return Ok(Found::not_possible(not_allowed()));
    }
    Ok(Found { steps, note: None })
}

impl Found {
    /// Where no page is written, nobody has to be asked.
    pub(super) fn nothing() -> Found {
        Found { steps: PageSteps::default(), note: None }
    }

    fn not_possible(note: Problem) -> Found {
        Found { steps: PageSteps::default(), note: Some(note) }
    }
}

fn told_unless_fatal(refusal: ServiceError, told: fn(&ServiceError) -> Problem) -> Result<Found, Problem> {
    let note = told(&refusal);
    let problem = Problem::from(refusal);
    if problem.ends_the_run() { Err(problem) } else { Ok(Found::not_possible(note)) }
}

/// Active steps of a message of web pages. Stage 30 is the service's own work and no plug-in's.
fn active_steps(message: &str) -> Query {
    Query {
        select: vec!["name".to_owned()],
        filter: Some(format!(
            "sdkmessagefilterid/primaryobjecttypecode eq '{WEB_PAGE}' and sdkmessageid/name eq '{message}' \
             and statecode eq 0 and stage ne 30"
        )),
        ..Query::of("sdkmessageprocessingsteps")
    }
}

fn portal_steps(page: &Page) -> Vec<Uuid> {
    let text = |row: &Row, column: &str| row.get(column)?.as_str().map(str::to_owned);
    let is_portal = |row: &&Row| {
        text(row, "name").is_some_and(|name| NAMESPACES.iter().any(|namespace| name.starts_with(namespace)))
    };
    let id = |row: &Row| Uuid::parse_str(&text(row, "sdkmessageprocessingstepid")?).ok();
    page.rows.iter().filter(is_portal).filter_map(id).collect()
}

/// Where the service does not say, the first write will: a step's id is sent, and without the privilege the service
/// refuses the page rather than making others.
async fn may_bypass<T: Transport, C: Clock>(client: &Client<T, C>) -> Result<bool, Problem> {
    match client.holds_privilege(PRIVILEGE).await {
        Ok(held) => Ok(held),
        Err(Error::Service(refusal)) => {
            let problem = Problem::from(refusal);
            if problem.ends_the_run() { Err(problem) } else { Ok(true) }
        }
        Err(other) => Err(other.into()),
    }
}

/// What comes of it when the steps run.
const CONSEQUENCE: &str = "This environment makes content pages by itself whenever a root page is created, and takes \
                           every page without a parent for the home page. Expect pages that are there twice, and \
                           pages that are refused.";
const SWITCH_OFF: &str = "have the plug-in steps on Create and Update of adx_webpage switched off while it runs; they \
                          must be on again afterwards";

fn not_allowed() -> Problem {
    Problem::new(
        ProblemKind::PlugIns,
        format!(
            "{CONSEQUENCE} Your user may not keep it from doing so: the privilege {PRIVILEGE} is missing."
        ),
        format!("Let a system administrator run the import, or {SWITCH_OFF}."),
    )
}

fn too_many(steps: usize) -> Problem {
    Problem::new(
        ProblemKind::PlugIns,
        format!(
            "{CONSEQUENCE} {steps} plug-in steps do that; a request can keep only {MOST_BYPASSED_STEPS} from running."
        ),
        format!("Before the import, {SWITCH_OFF}."),
    )
}

fn unknown(refusal: &ServiceError) -> Problem {
    Problem::new(
        ProblemKind::PlugIns,
        format!(
            "Whether this environment makes content pages by itself could not be found out: {refusal}. If it does, \
             expect pages that are there twice."
        ),
        "Let a system administrator run the import.",
    )
}
