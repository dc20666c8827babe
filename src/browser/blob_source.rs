//! A file the user chose, read piece by piece: a package of gigabytes is opened without being in memory.

use cmt::ZipSource;
use std::io;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, FileReaderSync};

/// A `File` or `Blob` as a zip's bytes. In workers only: a page must not wait for a disk.
#[derive(Debug)]
pub struct BlobSource {
    blob: Blob,
    reader: FileReaderSync,
}

impl BlobSource {
    /// `None` when the value is no blob, or this is no worker.
    #[must_use]
    pub fn new(blob: &JsValue) -> Option<BlobSource> {
        let blob = blob.dyn_ref::<Blob>()?.clone();
        Some(BlobSource { blob, reader: FileReaderSync::new().ok()? })
    }
}

impl ZipSource for BlobSource {
    fn size(&self) -> io::Result<u64> {
        // Sizes of files are whole numbers far below 2^53.
        Ok(self.blob.size() as u64)
    }

    fn read_at(&self, position: u64, buffer: &mut [u8]) -> io::Result<()> {
        let gone = |_: JsValue| io::Error::other("the browser can no longer read the file");
        let end = position as f64 + buffer.len() as f64;
        let piece = self.blob.slice_with_f64_and_f64(position as f64, end).map_err(gone)?;
        let piece: JsValue = self.reader.read_as_array_buffer(&piece).map_err(gone)?.into();
        let piece = js_sys::Uint8Array::new(&piece);
        if piece.length() as usize != buffer.len() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        piece.copy_to(buffer);
        Ok(())
    }
}
