//! A run that is open: its journal is written to, and no other tab can open it.

use super::{HeadFile, OPTIONS, PACKAGE, PLAN};
use crate::private_file::PrivateFile;
use crate::private_folder::PrivateFolder;
use crate::protocol::RunId;
use crate::web_lock::WebLock;
use migration::{ImportOptions, JournalStore, Problem, ProblemKind};
use std::io;

/// An open run. It can be opened again when it is dropped.
#[derive(Debug)]
pub struct KeptRun {
    run: RunId,
    folder: PrivateFolder,
    head: HeadFile,
    journal: PrivateFile,
    _lock: WebLock,
}

impl KeptRun {
    pub(super) fn new(
        run: RunId,
        folder: PrivateFolder,
        head: HeadFile,
        journal: PrivateFile,
        lock: WebLock,
    ) -> KeptRun {
        KeptRun { run, folder, head, journal, _lock: lock }
    }

    /// Which run it is.
    #[must_use]
    pub fn run(&self) -> &RunId {
        &self.run
    }

    /// What lists it.
    #[must_use]
    pub fn head(&self) -> &HeadFile {
        &self.head
    }

    /// What it wrote down so far.
    ///
    /// # Errors
    /// The browser cannot read it any more.
    pub fn journal(&self) -> io::Result<Vec<u8>> {
        self.journal.content()
    }

    /// The zip that it imports.
    ///
    /// # Errors
    /// The browser cannot read it any more.
    pub async fn package(&self) -> io::Result<Vec<u8>> {
        self.folder.read(PACKAGE).await
    }

    /// The plan's bytes.
    ///
    /// # Errors
    /// The browser cannot read it any more.
    pub async fn plan(&self) -> io::Result<Vec<u8>> {
        self.folder.read(PLAN).await
    }

    /// What the user decided before the plan was made.
    ///
    /// # Errors
    /// The browser cannot read it any more.
    pub async fn options(&self) -> io::Result<ImportOptions> {
        serde_json::from_slice(&self.folder.read(OPTIONS).await?).map_err(io::Error::other)
    }
}

impl JournalStore for KeptRun {
    fn append(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        self.journal.append_now(bytes).map_err(|error| {
            Problem::new(
                ProblemKind::Internal,
                format!("What the run is about to do cannot be written down: {error}."),
                "Nothing was sent after it. Make room on this computer, or delete other sites’ data in this browser; \
                 then go on with the run from the home page.",
            )
        })
    }
}
