//! Runs in the origin's private file system, a folder each: the package, the plan, the user's decisions, the journal,
//! and the head that lists it. In workers only.
//!
//! The head is written last, so a folder without one was left before anything was sent. While a run is open, a lock
//! of its name is held.

mod head_file;
mod kept_run;
mod naming;
mod room;

pub use head_file::HeadFile;
pub use kept_run::KeptRun;
pub use naming::{is_old, new_run};
pub use room::{free, needed};

use crate::private_folder::PrivateFolder;
use crate::protocol::{Deleted, ListedRun, RunHead, RunId};
use crate::web_lock::{self, WebLock};
use migration::ImportOptions;
use std::io;

/// The folder that holds one folder a run.
const RUNS: &str = "runs";
const PACKAGE: &str = "package.zip";
const PLAN: &str = "plan";
const OPTIONS: &str = "options.json";
const JOURNAL: &str = "journal";
const HEAD: &str = "head.json";

/// The runs of this browser.
#[derive(Clone, Debug)]
pub struct RunStore(PrivateFolder);

/// What a run is begun with.
#[derive(Clone, Copy, Debug)]
pub struct Parts<'a> {
    /// The zip.
    pub package: &'a [u8],
    /// The plan's bytes.
    pub plan: &'a [u8],
    /// The user's decisions.
    pub options: &'a ImportOptions,
}

impl RunStore {
    /// The store of this origin.
    ///
    /// # Errors
    /// The browser keeps no files (private windows of some browsers), or has no locks.
    pub async fn open() -> io::Result<RunStore> {
        web_lock::held().await?;
        PrivateFolder::own().await?.folder(RUNS).await.map(RunStore)
    }

    /// Keeps a new run. Where that fails nothing of it is left.
    ///
    /// # Errors
    /// There is no room.
    pub async fn begin(&self, run: &RunId, head: RunHead, parts: Parts<'_>) -> io::Result<KeptRun> {
        let lock = self.lock(run).await?;
        match self.write(run, head, parts, lock).await {
            Ok(kept) => Ok(kept),
            Err(error) => {
                // What is left is shown as broken off, and removed after its time.
                let _ = self.0.remove(&run.0).await;
                Err(error)
            }
        }
    }

    async fn write(
        &self,
        run: &RunId,
        head: RunHead,
        parts: Parts<'_>,
        lock: WebLock,
    ) -> io::Result<KeptRun> {
        let folder = self.0.folder(&run.0).await?;
        let options = serde_json::to_vec(parts.options).map_err(io::Error::other)?;
        for (name, content) in [(PACKAGE, parts.package), (PLAN, parts.plan), (OPTIONS, &options)] {
            folder.open(name).await?.append_now(content)?;
        }
        let journal = folder.open(JOURNAL).await?;
        let head = HeadFile::new(folder.clone(), head);
        head.write().await?;
        Ok(KeptRun::new(run.clone(), folder, head, journal, lock))
    }

    /// Takes up a run. `None`: it is going on elsewhere.
    ///
    /// # Errors
    /// It is not there, or what is kept of it cannot be read.
    pub async fn take_up(&self, run: &RunId) -> io::Result<Option<KeptRun>> {
        let Some(lock) = WebLock::take(&lock_name(run)).await? else { return Ok(None) };
        let head = self.head(run).await?;
        let folder = self.0.folder(&run.0).await?;
        let journal = folder.open(JOURNAL).await?;
        Ok(Some(KeptRun::new(run.clone(), folder.clone(), HeadFile::new(folder, head), journal, lock)))
    }

    /// All runs, the newest first.
    ///
    /// # Errors
    /// The browser cannot read its files any more.
    pub async fn list(&self) -> io::Result<Vec<ListedRun>> {
        let held = web_lock::held().await?;
        let mut runs = Vec::new();
        for name in self.0.names().await? {
            let run = RunId(name);
            let head = self.head(&run).await.ok();
            let running = held.contains(&lock_name(&run));
            let switched = head.as_ref().is_some_and(|head| head.switches) && !running;
            let left_off = if switched { self.left_off(&run).await } else { Vec::new() };
            runs.push(ListedRun { run, head, running, left_off });
        }
        runs.reverse();
        Ok(runs)
    }

    /// What a run left switched off. A journal that nobody can read any more puts nothing back either.
    async fn left_off(&self, run: &RunId) -> Vec<String> {
        let journal = match self.0.existing(&run.0).await {
            Ok(folder) => folder.read(JOURNAL).await,
            Err(error) => Err(error),
        };
        journal.ok().and_then(|journal| migration::left_off(&journal).ok()).unwrap_or_default()
    }

    /// Deletes all of a run. `false`: it is going on.
    ///
    /// # Errors
    /// The browser cannot delete it.
    pub async fn close(&self, run: &RunId) -> io::Result<bool> {
        let Some(_lock) = WebLock::take(&lock_name(run)).await? else { return Ok(false) };
        match self.0.remove(&run.0).await {
            // Another tab was faster.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
            closed => closed.map(|()| true),
        }
    }

    /// Deletes runs that wrote nothing for too long; not those that left something switched off, which nobody else could
    /// put back.
    ///
    /// # Errors
    /// The browser cannot read its files any more.
    pub async fn close_old(&self, now: u64) -> io::Result<()> {
        for listed in self.list().await? {
            let last = listed.head.map(|head| head.last_written).or_else(|| naming::started(&listed.run));
            if listed.left_off.is_empty() && last.is_some_and(|last| is_old(last, now)) {
                // What is in use is no longer old by the next time.
                let _ = self.close(&listed.run).await;
            }
        }
        Ok(())
    }

    async fn head(&self, run: &RunId) -> io::Result<RunHead> {
        let folder = self.0.existing(&run.0).await?;
        serde_json::from_slice(&folder.read(HEAD).await?).map_err(io::Error::other)
    }

    async fn lock(&self, run: &RunId) -> io::Result<WebLock> {
        WebLock::take(&lock_name(run)).await?.ok_or_else(|| io::ErrorKind::ResourceBusy.into())
    }
}

/// Deletes every file of this app, whatever it is for.
///
/// # Errors
/// The browser keeps no files.
pub async fn delete_all() -> io::Result<Deleted> {
    let (own, mut deleted) = (PrivateFolder::own().await?, Deleted::default());
    let runs = RunStore::open().await?;
    for listed in runs.list().await? {
        match runs.close(&listed.run).await {
            Ok(true) => deleted.runs += 1,
            _ => deleted.in_use += 1,
        }
    }
    for name in own.names().await? {
        if name == RUNS && deleted.in_use > 0 {
            continue;
        }
        match (own.remove(&name).await, name == RUNS) {
            (Ok(()), false) => deleted.files += 1,
            (Ok(()), true) => {}
            (Err(_), _) => deleted.in_use += 1,
        }
    }
    Ok(deleted)
}

fn lock_name(run: &RunId) -> String {
    format!("portage.run.{}", run.0)
}
