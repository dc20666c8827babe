//! A file in the origin's private file system, read and written at once: what is too large for memory lies here.
//!
//! Such files exist in workers only. One is open once at a time, and gone when the site's data is deleted.

use crate::private_folder::PrivateFolder;
use cmt::{Spool, ZipSource};
use std::io::{self, Seek, SeekFrom, Write};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{FileSystemFileHandle, FileSystemReadWriteOptions, FileSystemSyncAccessHandle};

/// An open file of this origin. Closed when it is dropped; its content stays until it is opened as an empty one.
#[derive(Debug)]
pub struct PrivateFile {
    file: FileSystemFileHandle,
    handle: FileSystemSyncAccessHandle,
    /// Where [`Write`] writes next, in bytes.
    position: u64,
}

impl PrivateFile {
    /// Opens the file of this name, empty.
    ///
    /// # Errors
    /// Not in a worker; the browser keeps no files (private windows of some browsers); it is open elsewhere.
    pub async fn create(name: &str) -> io::Result<PrivateFile> {
        let file = PrivateFolder::own().await?.open(name).await?;
        file.handle.truncate_with_u32(0).map_err(refusal)?;
        Ok(file)
    }

    /// Opens a file as it is.
    pub(crate) async fn of(file: FileSystemFileHandle) -> io::Result<PrivateFile> {
        let handle: FileSystemSyncAccessHandle = wait(file.create_sync_access_handle()).await?;
        Ok(PrivateFile { file, handle, position: 0 })
    }

    /// Adds bytes to the end. When it returns they are on disk, as far as the browser can tell.
    ///
    /// # Errors
    /// There is no room.
    pub fn append_now(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_at(self.size()?, bytes)?;
        self.handle.flush().map_err(refusal)
    }

    /// The whole content.
    ///
    /// # Errors
    /// The browser cannot read it any more.
    pub fn content(&self) -> io::Result<Vec<u8>> {
        let mut content = vec![0; usize::try_from(self.size()?).map_err(io::Error::other)?];
        self.read_exactly(0, &mut content)?;
        Ok(content)
    }

    /// Closes the file and gives its content, which is still on disk, as a `File`: to be saved, or read again.
    ///
    /// # Errors
    /// The browser cannot read it any more.
    pub async fn into_file(self) -> io::Result<JsValue> {
        let file = self.file.clone();
        // An open file cannot be read otherwise.
        drop(self);
        wait(file.get_file()).await
    }

    fn size(&self) -> io::Result<u64> {
        // Sizes of files are whole numbers far below 2^53.
        Ok(self.handle.get_size().map_err(refusal)? as u64)
    }

    fn write_at(&self, position: u64, bytes: &[u8]) -> io::Result<()> {
        let written = self.handle.write_with_u8_array_and_options(bytes, &at(position)).map_err(refusal)?;
        if written as usize == bytes.len() { Ok(()) } else { Err(io::ErrorKind::StorageFull.into()) }
    }

    fn read_exactly(&self, position: u64, buffer: &mut [u8]) -> io::Result<()> {
        let read = self.handle.read_with_u8_array_and_options(buffer, &at(position)).map_err(refusal)?;
        if read as usize == buffer.len() { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }
}

impl Drop for PrivateFile {
    fn drop(&mut self) {
        self.handle.close();
    }
}

impl Spool for PrivateFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_at(self.size()?, bytes)
    }

    fn read_at(&self, position: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.read_exactly(position, buffer)
    }
}

impl ZipSource for PrivateFile {
    fn size(&self) -> io::Result<u64> {
        self.size()
    }

    fn read_at(&self, position: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.read_exactly(position, buffer)
    }
}

impl Write for PrivateFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_at(self.position, bytes)?;
        self.position += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.handle.flush().map_err(refusal)
    }
}

impl Seek for PrivateFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::Current(distance) => self.position.checked_add_signed(distance),
            SeekFrom::End(distance) => self.size()?.checked_add_signed(distance),
        };
        self.position = target.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

fn at(position: u64) -> FileSystemReadWriteOptions {
    let options = FileSystemReadWriteOptions::new();
    options.set_at_f64(position as f64);
    options
}

pub(crate) async fn wait<T: JsCast>(promise: js_sys::Promise) -> io::Result<T> {
    JsFuture::from(promise).await.and_then(JsCast::dyn_into).map_err(refusal)
}

/// The browser's own words: the name says what is wrong (`QuotaExceededError`), the message is for people.
pub(crate) fn refusal(value: JsValue) -> io::Error {
    let Some(error) = value.dyn_ref::<js_sys::Error>() else {
        return io::Error::other("the browser refused");
    };
    let kind = match String::from(error.name()).as_str() {
        "NotFoundError" => io::ErrorKind::NotFound,
        "QuotaExceededError" => io::ErrorKind::StorageFull,
        "NotAllowedError" | "SecurityError" => io::ErrorKind::PermissionDenied,
        "NoModificationAllowedError" => io::ErrorKind::ResourceBusy,
        _ => io::ErrorKind::Other,
    };
    io::Error::new(kind, String::from(error.message()))
}
