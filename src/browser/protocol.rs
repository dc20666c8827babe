//! All that crosses the border between page and worker: two closed enums.
//!
//! A message is a JS object `{json: "<serde_json text>", attachment?: <transferable or cloneable>}`. What
//! rides as attachment stands at each variant.

pub use dataverse::{
    Cloud, EnvironmentKind, ListedEnvironment, Person, PortalKind, Solution, Version, region_name,
};
use migration::{Change, Check, Counts, ExportReport, MatchRule, Problem};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What the page asks of the worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Use this environment. Answered by [`Event::Connected`] or [`Event::Failed`].
    /// Attachment for [`Address::Demo`]: the `MessagePort` that leads to the demo's worker.
    Connect {
        /// For which end.
        end: End,
        /// Where it is.
        address: Address,
    },
    /// The answer to [`Event::CredentialWanted`].
    Credential {
        /// The question's number.
        ask: u32,
        /// `None`: there is none (any more).
        credential: Option<Credential>,
    },
    /// Which environments does the discovery service know for somebody? Answered by [`Event::EnvironmentsListed`] or
    /// [`Event::Failed`], whatever else is under way.
    ListEnvironments {
        /// Comes back with the answer, and with the question for a token.
        listing: u32,
        /// The service of a cloud.
        cloud: Cloud,
    },
    /// Use this schema for the export. Answered by [`Event::SchemaOpened`].
    /// Attachment for [`SchemaSource::File`]: the `File` (`.xml`, or a data package whose schema is taken).
    OpenSchema(SchemaSource),
    /// Compare the schema with the source. Answered by [`Event::Checked`].
    CheckExport,
    /// Read the rows and build the package. Answered by [`Event::Exported`], with progress before.
    /// What the last check found missing is left out.
    Export,
    /// Read the package to import. Answered by [`Event::PackageOpened`]. Attachment: the `File`; none: use the
    /// package that was just exported.
    OpenPackage,
    /// Compare the package's schema with the target. Answered by [`Event::Checked`].
    CheckImport,
    /// Compare the package's records with the target's. Writes nothing. Answered by [`Event::Planned`].
    Plan,
    /// Do what the plan says. Answered by [`Event::Imported`], with progress before.
    Run,
    /// End the running export, comparison or import at the next safe point.
    Stop,
    /// A window of rows. Answered by [`Event::Rows`].
    Query {
        /// Comes back with the answer.
        ask: u32,
        /// Which rows.
        query: RowsQuery,
    },
    /// Hand out a file. Answered by [`Event::File`].
    Save(Artifact),
}

/// What the worker tells the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// The worker listens.
    Ready,
    /// A request waits for what says who asks; answer with [`Command::Credential`], however long that takes.
    CredentialWanted {
        /// The question's number.
        ask: u32,
        /// Who asks.
        asker: Asker,
        /// Where the credential goes: `https://host[:port]`.
        origin: String,
        /// The one that was given last was refused there: it has to be a new one.
        renew: bool,
    },
    /// The discovery service answered. An empty list is usual for people who came by other ways than membership.
    EnvironmentsListed {
        /// The question's number.
        listing: u32,
        /// In the service's order.
        environments: Vec<ListedEnvironment>,
    },
    /// The environment answered.
    Connected {
        /// Which end.
        end: End,
        /// What it is.
        environment: Environment,
    },
    /// The schema was read.
    SchemaOpened(SchemaSummary),
    /// The package was read.
    PackageOpened(PackageSummary),
    /// The check is done.
    Checked(Check),
    /// The plan is made; ask for its rows by [`Command::Query`].
    Planned(PlanSummary),
    /// A run goes on: what happened since the last batch, in order; at most one batch a frame.
    Progress(Vec<migration::Event>),
    /// The package is built; ask for it by [`Command::Save`].
    Exported(ExportSummary),
    /// The import is over; ask for its rows by [`Command::Query`].
    Imported(ReportSummary),
    /// A window of rows.
    Rows {
        /// The question's number.
        ask: u32,
        /// How many rows match the query.
        total: u64,
        /// Those in the window.
        rows: Vec<Row>,
    },
    /// A file to save. Attachment: the `Blob`.
    File {
        /// Proposed file name.
        name: String,
    },
    /// The command could not be carried out; nothing of it is in force.
    Failed {
        /// Which command.
        during: Stage,
        /// What happened and what to do.
        problem: Problem,
    },
    /// The worker itself is gone (it crashed, or its files could not be loaded) and its state with it.
    /// Said by the page's [`Engine`](crate::engine::Engine); a new engine starts from nothing.
    Lost(Problem),
}

/// The two ends of a move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum End {
    /// Rows are read there.
    Source,
    /// Rows are written there.
    Target,
}

/// Who asks, so that the page knows whose credential is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Asker {
    /// Requests to the environment at this end.
    End(End),
    /// The listing of that number.
    Listing(u32),
}

/// Where an environment is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Address {
    /// An environment's URL as typed: `https://org.crm.dynamics.com`, or `http://localhost:9401`.
    Web {
        /// As typed.
        url: String,
        /// Hosts that this copy of the app admits beside Microsoft's: `*.crm.contoso.example`.
        hosts: Vec<String>,
    },
    /// A demo environment, by name: `Contoso Development`, `Contoso Test`.
    Demo {
        /// Its name.
        name: String,
    },
}

/// What says who asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Credential {
    /// An access token.
    Bearer(Token),
    /// The session that the browser has with the environment this page came from.
    Session,
}

/// An access token on its way; never shown, never logged.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token(pub String);

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// What is known of a connected environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Environment {
    /// What people call it.
    pub name: String,
    /// Its address as the user knows it; for a demo environment its name.
    pub address: String,
    /// Where the service tells it.
    pub version: Option<Version>,
    /// `organization.languagecode`, e.g. 1033.
    pub language: Option<u32>,
    /// What it is for, where the service tells it.
    pub kind: Option<EnvironmentKind>,
    /// Who is signed in there.
    pub user: Person,
    /// The portal's solutions; `None`: the user may not read them.
    pub portal: Option<Vec<Solution>>,
}

/// Where the schema of an export comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SchemaSource {
    /// One that ships with the app: a file name below `schemas/`.
    ReadyMade(String),
    /// The attached file.
    File,
}

/// A schema in numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemaSummary {
    /// File name.
    pub name: String,
    /// Display names of its tables, in order.
    pub tables: Vec<String>,
    /// Number of columns.
    pub columns: usize,
    /// Number of many-to-many relationships.
    pub relationships: usize,
    /// What was unusual.
    pub findings: Vec<cmt::Finding>,
}

/// A package in numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageSummary {
    /// File name.
    pub name: String,
    /// Size of the zip in bytes.
    pub bytes: u64,
    /// When it was exported, as written in it.
    pub timestamp: Option<String>,
    /// Table display name and number of records, in file order, empty tables left out.
    pub tables: Vec<(String, u64)>,
    /// All records.
    pub records: u64,
    /// All links.
    pub links: u64,
    /// What was unusual.
    pub findings: Vec<cmt::Finding>,
}

/// A plan in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanSummary {
    /// In the order of writing.
    pub tables: Vec<TableCounts>,
    /// All records.
    pub counts: Counts,
    /// All links.
    pub links: Vec<LinkCounts>,
    /// Records with warnings (they are counted in `counts` by their action).
    pub warnings: u64,
    /// What concerns no single record.
    pub notes: Vec<Problem>,
}

/// A report in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportSummary {
    /// In the order of the plan.
    pub tables: Vec<TableCounts>,
    /// All records; the sum is `records_in_package`.
    pub counts: Counts,
    /// What the package holds.
    pub records_in_package: u64,
    /// All links.
    pub links: Vec<LinkCounts>,
    /// Records with warnings.
    pub warnings: u64,
    /// What concerns no single record.
    pub notes: Vec<Problem>,
    /// What ended the run before its end.
    pub stopped: Option<Problem>,
}

/// One table's records by action or fate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableCounts {
    /// Logical name.
    pub table: String,
    /// Label.
    pub display_name: String,
    /// By action or fate.
    pub counts: Counts,
    /// Columns of the package that nobody may write there.
    pub not_writable: Vec<String>,
}

/// One relationship's links by action or fate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkCounts {
    /// The intersect table.
    pub relationship: String,
    /// To be made, or made.
    pub created: u64,
    /// There already.
    pub unchanged: u64,
    /// Cannot be made, or could not.
    pub failed: u64,
}

/// The result of an export in numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportSummary {
    /// Proposed file name.
    pub file_name: String,
    /// Size of the zip in bytes.
    pub bytes: u64,
    /// Rows and links per table, and what could not be read.
    pub report: ExportReport,
}

/// Which rows a table on screen wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowsQuery {
    /// Of what.
    pub of: RowsOf,
    /// Only this table.
    pub table: Option<String>,
    /// Only these; empty: all.
    pub states: Vec<RowState>,
    /// Only rows whose name or id contains this, case ignored.
    pub search: String,
    /// First row, from 0.
    pub start: u64,
    /// At most so many.
    pub count: u64,
}

/// What rows there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RowsOf {
    /// The plan's records.
    Plan,
    /// The report's records.
    Report,
    /// Links of plan or report that cannot be made.
    FailedLinks,
}

/// A record in the plan (future) or report (past).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RowState {
    /// Create / created.
    Create,
    /// Update / updated.
    Update,
    /// Unchanged.
    Unchanged,
    /// Skipped.
    Skip,
    /// Blocked / failed.
    Failed,
    /// Written, but something of it is not as in the package: a filter only, rows carry their action.
    Warning,
}

/// One row of a table on screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Logical name of the table, or intersect table.
    pub table: String,
    /// Id in the package.
    pub id: Uuid,
    /// Name, or for a link what it joins.
    pub name: String,
    /// What happens or happened.
    pub state: RowState,
    /// How it found its row.
    pub matched_by: Option<MatchRule>,
    /// Changed columns.
    pub changes: Vec<Change>,
    /// Why it is skipped, blocked or failed; or its warnings.
    pub problems: Vec<Problem>,
}

/// What can be saved as a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Artifact {
    /// The package just exported.
    Package,
    /// The import report as JSON.
    ReportJson,
    /// The import report as CSV, one line a record.
    ReportCsv,
}

/// The commands that can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "each is the command of its name")]
pub enum Stage {
    Connect(End),
    ListEnvironments(u32),
    OpenSchema,
    CheckExport,
    Export,
    OpenPackage,
    CheckImport,
    Plan,
    Run,
    Save,
}
