//! A folder in the origin's private file system. Such folders exist in workers and pages; files that are written at
//! once ([`PrivateFile`]) in workers only.

use crate::private_file::{PrivateFile, refusal, wait};
use std::io;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    File, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetDirectoryOptions,
    FileSystemGetFileOptions, FileSystemRemoveOptions, FileSystemWritableFileStream, WorkerGlobalScope,
};

/// What the app's folder is called.
const OWN: &str = "portage";

/// A folder of this origin.
#[derive(Clone, Debug)]
pub struct PrivateFolder(FileSystemDirectoryHandle);

impl PrivateFolder {
    /// This app's folder, which holds all others: other apps may lie at the same origin.
    ///
    /// # Errors
    /// Not in a worker; the browser keeps no files (private windows of some browsers).
    pub async fn own() -> io::Result<PrivateFolder> {
        let scope: WorkerGlobalScope = js_sys::global().dyn_into().map_err(|_| unsupported())?;
        // Absent where the page is not served securely.
        let storage: JsValue = scope.navigator().storage().into();
        let storage: web_sys::StorageManager = storage.dyn_into().map_err(|_| unsupported())?;
        wait(storage.get_directory()).await.map(PrivateFolder)?.folder(OWN).await
    }

    /// The folder of this name in here, made where it is missing.
    ///
    /// # Errors
    /// As [`PrivateFolder::own`].
    pub async fn folder(&self, name: &str) -> io::Result<PrivateFolder> {
        let options = FileSystemGetDirectoryOptions::new();
        options.set_create(true);
        wait(self.0.get_directory_handle_with_options(name, &options)).await.map(PrivateFolder)
    }

    /// The folder of this name in here.
    ///
    /// # Errors
    /// It is not there.
    pub async fn existing(&self, name: &str) -> io::Result<PrivateFolder> {
        wait(self.0.get_directory_handle(name)).await.map(PrivateFolder)
    }

    /// What lies in here, by name.
    ///
    /// # Errors
    /// As [`PrivateFolder::own`].
    pub async fn names(&self) -> io::Result<Vec<String>> {
        let (keys, mut names) = (self.0.keys(), Vec::new());
        loop {
            let next: js_sys::IteratorNext = JsFuture::from(keys.next().map_err(|_| unsupported())?)
                .await
                .map_err(|_| unsupported())?
                .unchecked_into();
            if next.done() {
                names.sort_unstable();
                return Ok(names);
            }
            names.extend(next.value().as_string());
        }
    }

    /// The whole content of a file.
    ///
    /// # Errors
    /// It is not there, or open elsewhere.
    pub async fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        let file: FileSystemFileHandle = wait(self.0.get_file_handle(name)).await?;
        let file: File = wait(file.get_file()).await?;
        crate::files::read(&file).await.map_err(io::Error::other)
    }

    /// Writes a file as a whole: it holds its old content until the new one is complete.
    ///
    /// # Errors
    /// There is no room, or it is open elsewhere.
    pub async fn write(&self, name: &str, content: &[u8]) -> io::Result<()> {
        let stream: FileSystemWritableFileStream = wait(self.made(name).await?.create_writable()).await?;
        let content = js_sys::Uint8Array::from(content);
        let written = stream.write_with_buffer_source(&content).map_err(refusal)?;
        JsFuture::from(written).await.map_err(refusal)?;
        JsFuture::from(stream.close()).await.map_err(refusal)?;
        Ok(())
    }

    /// Opens a file to be written at once, made where it is missing. It is open once at a time.
    ///
    /// # Errors
    /// It is open elsewhere.
    pub async fn open(&self, name: &str) -> io::Result<PrivateFile> {
        PrivateFile::of(self.made(name).await?).await
    }

    /// Removes a file, or a folder with all that is in it.
    ///
    /// # Errors
    /// It is not there, or open elsewhere.
    pub async fn remove(&self, name: &str) -> io::Result<()> {
        let options = FileSystemRemoveOptions::new();
        options.set_recursive(true);
        let removed = JsFuture::from(self.0.remove_entry_with_options(name, &options)).await;
        removed.map(drop).map_err(refusal)
    }

    async fn made(&self, name: &str) -> io::Result<FileSystemFileHandle> {
        let options = FileSystemGetFileOptions::new();
        options.set_create(true);
        wait(self.0.get_file_handle_with_options(name, &options)).await
    }
}

fn unsupported() -> io::Error {
    io::ErrorKind::Unsupported.into()
}
