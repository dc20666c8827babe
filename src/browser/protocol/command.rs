//! What the page asks of the worker.

use super::{
    Address, Artifact, Credential, End, PackagePlace, RecordsQuery, RowsQuery, RunId, SchemaSource,
    ValuePlace, ViewSource,
};
use dataverse::Cloud;
use migration::{ExportOptions, ImportOptions};
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
    /// Which ready-made schemas are there, and which does the source ask for? Answered by [`Event::SchemasListed`].
    ListSchemas,
    /// Use this schema for the export. Answered by [`Event::SchemaOpened`].
    /// Attachment for [`SchemaSource::File`]: the `File` (`.xml`, or a data package whose schema is taken).
    OpenSchema(SchemaSource),
    /// Compare the schema with the source and count what there is. Answered by [`Event::ExportChecked`].
    CheckExport,
    /// Count again, as the user decided. Answered by [`Event::Surveyed`].
    Survey {
        /// What the user decided.
        options: ExportOptions,
    },
    /// Read the rows that were counted last and build the package. Answered by [`Event::Exported`], with progress
    /// before. What the last check found missing is left out. Attachment: what [`PackagePlace`] says.
    Export {
        /// Where to.
        place: PackagePlace,
    },
    /// Read the package to import. Answered by [`Event::PackageOpened`]. Attachment: the `File`; none: use the
    /// package that was just exported.
    OpenPackage,
    /// Compare the package's schema with the target. Answered by [`Event::Checked`].
    CheckImport,
    /// Compare the package's records with the target's. Writes nothing. Answered by [`Event::Planned`].
    Plan {
        /// What the user decided.
        options: Box<ImportOptions>,
    },
    /// Do what the plan says. Answered by [`Event::Imported`], with progress before.
    Run,
    /// Let no further request go out until [`Command::GoOn`]. Answered by [`Event::Paused`] when nothing is under way.
    Pause,
    /// Go on after [`Command::Pause`].
    GoOn,
    /// Which runs are kept in this browser? Answered by [`Event::RunsListed`], whatever else is under way.
    ListRuns,
    /// Go on with a run that is kept, in the environment that is connected as target. Answered as [`Command::Run`],
    /// with [`Event::PackageOpened`], [`Event::Checked`], [`Event::Planned`] and [`Event::RunOpened`] before; or by
    /// [`Event::AnotherUser`].
    OpenRun {
        /// Which.
        run: RunId,
        /// The user knows that somebody else began it.
        as_another: bool,
    },
    /// Delete what is kept of a run. Answered by [`Event::RunsListed`].
    CloseRun(RunId),
    /// Delete all files of this app in this browser. Answered by [`Event::LocalDataDeleted`].
    DeleteLocalData,
    /// End the running export, comparison or import at the next safe point.
    Stop,
    /// A window of rows. Answered by [`Event::Rows`].
    Query {
        /// Comes back with the answer.
        ask: u32,
        /// Which rows.
        query: RowsQuery,
    },
    /// Rows of the target by their name, to map a row of the source to one of them. Answered by [`Event::RowsFound`].
    FindRows {
        /// Comes back with the answer.
        ask: u32,
        /// Logical name of the table.
        table: String,
        /// What their name holds; empty: any.
        text: String,
    },
    /// Look into a package. Answered by [`Event::PackageViewed`]. Attachment for [`ViewSource::File`]: the `File`.
    ViewPackage(ViewSource),
    /// Look for text in all values of the package that is looked into. Answered by [`Event::PackageSearched`], unless
    /// another text is looked for before.
    SearchPackage {
        /// Comes back with the answer.
        ask: u32,
        /// The text, case ignored.
        text: String,
    },
    /// A window of its records. Answered by [`Event::RecordsViewed`].
    ViewRecords {
        /// Comes back with the answer.
        ask: u32,
        /// Which.
        query: RecordsQuery,
    },
    /// One of its records. Answered by [`Event::RecordViewed`].
    ViewRecord {
        /// Comes back with the answer.
        ask: u32,
        /// Logical name of the table.
        table: String,
        /// Its id.
        id: Uuid,
    },
    /// Hand out a picture or file that stands in a value of it. Answered by [`Event::File`].
    SaveValue(ValuePlace),
    /// Hand out a file. Answered by [`Event::File`].
    Save(Artifact),
}
