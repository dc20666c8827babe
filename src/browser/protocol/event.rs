//! What the worker tells the page.

use super::{
    Asker, Deleted, End, Environment, ExportCheck, ExportSummary, Keeping, ListedRun, PackageSummary,
    PlanSummary, ReadyMadeSchemas, ReportSummary, Row, RunId, SchemaSummary, ViewedPackage, ViewedRecord,
    ViewedRecords,
};
use dataverse::{ListedEnvironment, Person};
use migration::{Check, ImportOptions, Problem, Survey};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

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
    /// The ready-made schemas, and what is proposed for the source.
    SchemasListed(Box<ReadyMadeSchemas>),
    /// The schema was read.
    SchemaOpened(SchemaSummary),
    /// The package was read.
    PackageOpened(PackageSummary),
    /// The check is done.
    Checked(Check),
    /// The plan is made; ask for its rows by [`Command::Query`].
    Planned(PlanSummary),
    /// Where the run of this plan will be kept: told before [`Event::Planned`].
    Keeping(Keeping),
    /// The run is kept under this name from now on; `None`: in memory only.
    RunBegun {
        /// Which.
        run: Option<RunId>,
    },
    /// A run was taken up, and goes on.
    RunOpened {
        /// What the user decided then.
        options: Box<ImportOptions>,
    },
    /// Somebody else began the run; nothing was done.
    AnotherUser {
        /// Which.
        run: RunId,
        /// Who began it.
        began: Person,
        /// Who is signed in now.
        now: Person,
    },
    /// No request is under way any more, and none goes out.
    Paused,
    /// The runs that are kept in this browser, the newest first; `None`: it keeps none.
    RunsListed(Option<Vec<ListedRun>>),
    /// A run that had died left something switched off for everybody in the environment that was just connected.
    PutBack {
        /// What was off.
        names: Vec<String>,
        /// What could not be put back.
        problems: Vec<Problem>,
    },
    /// All files of this app are gone, but for what is in use elsewhere.
    LocalDataDeleted(Deleted),
    /// A run goes on: what happened since the last batch, in order; at most one batch a frame.
    Progress(Vec<migration::Event>),
    /// What the source has of the schema, and how much.
    ExportChecked(Box<ExportCheck>),
    /// What an export will find.
    Surveyed(Survey),
    /// The package is built; ask for it by [`Command::Save`] unless it is saved.
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
    /// Rows of the target that are called so.
    RowsFound {
        /// The question's number.
        ask: u32,
        /// Id and name of each, by name; at most 50. Or why they cannot be had.
        rows: Result<Vec<(Uuid, String)>, Problem>,
    },
    /// The package can be looked into.
    PackageViewed(Box<ViewedPackage>),
    /// How many records hold the text, for each table that has any, by logical name.
    PackageSearched {
        /// The question's number.
        ask: u32,
        /// Table and number; or why the package cannot be searched.
        hits: Result<Vec<(String, u64)>, Problem>,
    },
    /// A window of records of the package that is looked into.
    RecordsViewed {
        /// The question's number.
        ask: u32,
        /// The window; or why it cannot be read.
        records: Result<ViewedRecords, Problem>,
    },
    /// A record of the package that is looked into.
    RecordViewed {
        /// The question's number.
        ask: u32,
        /// The record, `None` where the package has none of this id; or why it cannot be read.
        record: Result<Option<Box<ViewedRecord>>, Problem>,
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

/// The commands that can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "each is the command of its name")]
pub enum Stage {
    Connect(End),
    ListEnvironments(u32),
    ListSchemas,
    OpenSchema,
    CheckExport,
    Survey,
    Export,
    OpenPackage,
    ViewPackage,
    CheckImport,
    Plan,
    Run,
    OpenRun,
    CloseRun,
    DeleteLocalData,
    Save,
}
