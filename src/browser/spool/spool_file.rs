//! Records in a private file that nobody else has, removed when it is dropped, or at the next start when it could not
//! be: a tab that crashed drops nothing. While one is in use, a lock of its name is held.

use crate::private_file::PrivateFile;
use crate::private_folder::PrivateFolder;
use crate::run_store::new_run;
use crate::web_lock::WebLock;
use cmt::Spool;
use std::io;

/// What the names of these files begin with.
const PREFIX: &str = "spool-";

/// A private file with a name of its own.
#[derive(Debug)]
pub struct SpoolFile {
    name: String,
    folder: PrivateFolder,
    /// These two are there until it is dropped.
    file: Option<PrivateFile>,
    lock: Option<WebLock>,
}

impl SpoolFile {
    /// An empty file.
    ///
    /// # Errors
    /// The browser keeps no files (private windows of some browsers), or has no locks.
    pub async fn create() -> io::Result<SpoolFile> {
        // As unique as a run's.
        let name = format!("{PREFIX}{}", new_run().0);
        // Locked before it is there: no other tab may take it for a dead one.
        let lock = WebLock::take(&lock_name(&name)).await?;
        let folder = PrivateFolder::own().await?;
        let file = folder.open(&name).await?;
        Ok(SpoolFile { name, folder, file: Some(file), lock })
    }
}

impl Spool for SpoolFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.as_mut().ok_or(io::ErrorKind::NotFound)?.append(bytes)
    }

    fn read_at(&self, position: u64, buffer: &mut [u8]) -> io::Result<()> {
        let file = self.file.as_ref().ok_or(io::ErrorKind::NotFound)?;
        Spool::read_at(file, position, buffer)
    }
}

impl Drop for SpoolFile {
    fn drop(&mut self) {
        // An open file cannot be removed.
        drop(self.file.take());
        let (name, folder, lock) = (std::mem::take(&mut self.name), self.folder.clone(), self.lock.take());
        wasm_bindgen_futures::spawn_local(async move {
            // What is left is removed at the next start.
            let _ = folder.remove(&name).await;
            drop(lock);
        });
    }
}

/// Removes the files of spools whose tabs are gone. What cannot be removed is tried again the next time.
pub async fn remove_left() {
    let Ok(folder) = PrivateFolder::own().await else { return };
    let names = folder.names().await.unwrap_or_default();
    for name in names.iter().filter(|name| name.starts_with(PREFIX)) {
        if let Ok(Some(_lock)) = WebLock::take(&lock_name(name)).await {
            let _ = folder.remove(name).await;
        }
    }
}

fn lock_name(file: &str) -> String {
    format!("portage.{file}")
}
