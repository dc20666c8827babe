//! A package in a file that the user picked. The browser writes to a place of its own and swaps when the file is closed:
//! until then what was picked holds nothing, so no half package ever looks whole.

use super::{PackageSink, write_queue::WriteQueue};
use crate::private_file::{refusal, wait};
use migration::PackageOutput;
use std::io;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, FileSystemFileHandle, FileSystemWritableFileStream, WriteCommandType, WriteParams};

#[wasm_bindgen]
extern "C" {
    /// A handle that can remove its file: Chromium alone has it, where alone files are picked to be written.
    type Removable;

    #[wasm_bindgen(catch, method)]
    fn remove(this: &Removable) -> Result<js_sys::Promise, JsValue>;
}

/// As many bytes are written at once. Chromium hands them over in a pipe of two megabytes; of a write that is longer and
/// fails, it tells that the pipe broke, and not why (a full disk).
const AT_ONCE: usize = 1 << 20;

/// A package that grows on disk, at the place the user picked.
#[derive(Debug)]
pub struct PickedFile {
    file: FileSystemFileHandle,
    stream: FileSystemWritableFileStream,
    writes: WriteQueue,
}

impl PickedFile {
    /// Opens what was picked, a `FileSystemFileHandle`, as an empty file.
    ///
    /// # Errors
    /// `InvalidInput`: it is no handle. `PermissionDenied`: the user withdrew it. `NotFound`: its folder is gone.
    /// `ResourceBusy`: something else has it open.
    pub async fn open(picked: JsValue) -> io::Result<PickedFile> {
        let file: FileSystemFileHandle = picked.dyn_into().map_err(|_| io::ErrorKind::InvalidInput)?;
        let stream = wait(file.create_writable()).await?;
        Ok(PickedFile { file, stream, writes: WriteQueue::default() })
    }

    /// Closes the file: now its content stands at its place. Gives it as a `File`.
    ///
    /// # Errors
    /// As [`PackageOutput::settle`]. Nothing is left of the file then.
    pub async fn finish(self) -> io::Result<JsValue> {
        match self.closed().await {
            Ok(()) => wait::<File>(self.file.get_file()).await.map(JsValue::from),
            Err(error) => {
                // What went wrong first is what there is to tell.
                let _ = self.discard().await;
                Err(error)
            }
        }
    }

    async fn closed(&self) -> io::Result<()> {
        self.writes.carry_on(async |position, bytes| self.write(position, &bytes).await).await?;
        JsFuture::from(self.stream.close()).await.map(drop).map_err(refusal)
    }

    /// Gives up what was written, and removes the empty file that the browser made when the place was picked. A file
    /// that holds something is not ours to remove.
    ///
    /// # Errors
    /// The browser cannot remove it: an empty file is left.
    pub async fn discard(self) -> io::Result<()> {
        // A stream that has failed before is given up already.
        let _ = JsFuture::from(self.stream.abort()).await;
        let left: File = match wait(self.file.get_file()).await {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            left => left?,
        };
        if left.size() > 0.0 {
            return Ok(());
        }
        let removed = self.file.unchecked_ref::<Removable>().remove().map_err(refusal)?;
        JsFuture::from(removed).await.map(drop).map_err(refusal)
    }

    async fn write(&self, mut position: u64, bytes: &[u8]) -> io::Result<()> {
        for bytes in bytes.chunks(AT_ONCE) {
            self.write_at_once(position, bytes).await?;
            position += bytes.len() as u64;
        }
        Ok(())
    }

    async fn write_at_once(&self, position: u64, bytes: &[u8]) -> io::Result<()> {
        let write = WriteParams::new(WriteCommandType::Write);
        write.set_position(Some(position as f64));
        write.set_data_opt_u8_array(Some(&js_sys::Uint8Array::from(bytes)));
        let written = self.stream.write_with_write_params(&write).map_err(refusal)?;
        JsFuture::from(written).await.map(drop).map_err(refusal)
    }
}

impl PackageOutput for PickedFile {
    type Sink = PackageSink;

    fn sink(&self) -> PackageSink {
        self.writes.sink()
    }

    async fn settle(&self) -> io::Result<()> {
        self.writes.settle(async |position, bytes| self.write(position, &bytes).await).await
    }
}
