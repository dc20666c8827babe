//! Whether the environment writes web pages by itself, and what an import does about it.
//!
//! A portal's plug-ins make the content pages of each root page that is created, although the package brings its
//! own, and refuse a page without a parent unless it is the home page. Microsoft publishes them: of all that a
//! request can say, only the ids of their steps keep them from running. Else they can be switched off for everybody,
//! or be left to run.

use super::rights::holds;
use crate::{PagePlugIns, Problem, ProblemKind};
use dataverse::{Client, Clock, MOST_BYPASSED_STEPS, Page, Query, Row, ServiceError, Transport};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The table whose steps these are.
pub(crate) const WEB_PAGE: &str = "adx_webpage";
/// What a user needs to name steps that are not to run.
const BYPASS: &str = "prvBypassCustomBusinessLogic";
/// What a user needs to switch steps off.
const SWITCH: &str = "prvWriteSdkMessageProcessingStep";
/// The namespaces of a portal's plug-ins; a step is named by its plug-in. What others registered runs as always:
/// it is the environment's own rule.
const NAMESPACES: [&str; 2] = ["Adxstudio.", "Microsoft."];

/// The steps that an import of web pages keeps from running.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PageSteps {
    create: Vec<Uuid>,
    update: Vec<Uuid>,
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

/// What becomes of the portal's steps while pages are written.
#[derive(Debug, Default)]
pub(super) struct PageWriting {
    /// Each request asks not to run these.
    pub(super) bypassed: PageSteps,
    /// Switched off for everybody, with their names.
    pub(super) switched_off: Vec<(Uuid, String)>,
    /// They run, and make content pages with every root page.
    pub(super) makes_pages: bool,
    /// Why it is not as the user wants it, or what the user has to know.
    pub(super) notes: Vec<Problem>,
}

/// The portal's steps of one message, with their names.
type Steps = Vec<(Uuid, String)>;

/// Asks the environment for the portal's steps, and finds the way that the user wants and may take.
///
/// # Errors
/// Where the environment cannot be asked any more.
pub(super) async fn page_writing<T: Transport, C: Clock>(
    client: &Client<T, C>,
    wanted: PagePlugIns,
) -> Result<PageWriting, Problem> {
    let pages = client.pages(&["Create", "Update"].map(active_steps)).await?;
    let pages = match pages.into_iter().collect::<Result<Vec<Page>, ServiceError>>() {
        Ok(pages) => pages,
        Err(refusal) => return told_unless_fatal(refusal),
    };
    let [create, update] = [0, 1].map(|message| pages.get(message).map(portal_steps).unwrap_or_default());
    let mut writing = PageWriting::default();
    if create.is_empty() && update.is_empty() {
        return Ok(writing);
    }
    if wanted == PagePlugIns::SwitchedOff {
        if holds(client, SWITCH).await? {
            writing.notes.push(switched_off(create.len() + update.len()));
            writing.switched_off = create.into_iter().chain(update).collect();
            return Ok(writing);
        }
        writing.notes.push(may_not_switch());
    }
    let hindrance = match wanted {
        PagePlugIns::Running => None,
        _ => in_the_way_of_bypassing(client, &create, &update).await?,
    };
    if wanted == PagePlugIns::Running || hindrance.is_some() {
        writing.makes_pages = !create.is_empty();
        writing.notes.extend(hindrance);
        return Ok(writing);
    }
    let ids = |steps: Steps| steps.into_iter().map(|(id, _)| id).collect();
    writing.bypassed = PageSteps { create: ids(create), update: ids(update) };
    Ok(writing)
}

/// Why the steps cannot be kept from running for each request.
async fn in_the_way_of_bypassing<T: Transport, C: Clock>(
    client: &Client<T, C>,
    create: &Steps,
    update: &Steps,
) -> Result<Option<Problem>, Problem> {
    let most = create.len().max(update.len());
    if most > MOST_BYPASSED_STEPS {
        return Ok(Some(too_many(most)));
    }
    Ok(if holds(client, BYPASS).await? { None } else { Some(may_not_bypass()) })
}

/// The steps run, as far as is known.
fn told_unless_fatal(refusal: ServiceError) -> Result<PageWriting, Problem> {
    let note = unknown(&refusal);
    let problem = Problem::from(refusal);
    if problem.ends_the_run() {
        return Err(problem);
    }
    Ok(PageWriting { notes: vec![note], ..PageWriting::default() })
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

fn portal_steps(page: &Page) -> Steps {
    let text = |row: &Row, column: &str| row.get(column)?.as_str().map(str::to_owned);
    let step = |row: &Row| {
        let id = Uuid::parse_str(&text(row, "sdkmessageprocessingstepid")?).ok()?;
        Some((id, text(row, "name")?))
    };
    let is_portal =
        |(_, name): &(Uuid, String)| NAMESPACES.iter().any(|namespace| name.starts_with(namespace));
    page.rows.iter().filter_map(step).filter(is_portal).collect()
}

/// What comes of it when the steps run.
const CONSEQUENCE: &str = "This environment makes content pages by itself whenever a root page is created, and takes \
                           every page without a parent for the home page.";

fn switched_off(steps: usize) -> Problem {
    Problem::new(
        ProblemKind::PlugIns,
        format!(
            "{steps} plug-in steps of web pages are switched off for everybody while the import runs, and on again after \
             it. Pages that somebody else makes meanwhile get no content pages."
        ),
        "Run the import when nobody else works on the pages.",
    )
}

fn may_not_switch() -> Problem {
    Problem::new(
        ProblemKind::PlugIns,
        format!("The plug-in steps of web pages cannot be switched off: the privilege {SWITCH} is missing."),
        "Let a system administrator run the import, or have the steps bypassed or left to run.",
    )
}

fn may_not_bypass() -> Problem {
    Problem::new(
        ProblemKind::PlugIns,
        format!("{CONSEQUENCE} Your user may not keep it from doing so: the privilege {BYPASS} is missing."),
        "The pages that it makes are taken for the package's. If that is not wanted, let a system administrator run the \
         import, or switch the plug-in steps off while it runs.",
    )
}

fn too_many(steps: usize) -> Problem {
    Problem::new(
        ProblemKind::PlugIns,
        format!(
            "{CONSEQUENCE} {steps} plug-in steps do that; a request can keep only {MOST_BYPASSED_STEPS} from running."
        ),
        "The pages that it makes are taken for the package's. If that is not wanted, let the import have the steps \
         switched off while it runs.",
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
