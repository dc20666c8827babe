//! A package in parts that the browser keeps, in memory or on disk as it sees fit: works in every browser, in private
//! windows too, and has to be saved when it is complete.

use super::part_list::{Part, PartList};
use super::{PackageSink, write_queue::WriteQueue};
use crate::files;
use migration::PackageOutput;
use std::{cell::RefCell, io};
use wasm_bindgen::JsValue;
use web_sys::{Blob, BlobPropertyBag};

/// A package in parts of a few megabytes.
#[derive(Debug, Default)]
pub struct BlobParts {
    writes: WriteQueue,
    parts: RefCell<PartList<Blob>>,
}

impl BlobParts {
    /// The whole package as one `Blob`.
    ///
    /// # Errors
    /// `StorageFull`: the browser has no room for it.
    pub async fn finish(self) -> io::Result<JsValue> {
        self.writes.carry_on(async |position, bytes| self.keep(position, &bytes).await).await?;
        let slices = self.parts.borrow().iter().map(slice).collect::<io::Result<js_sys::Array>>()?;
        let options = BlobPropertyBag::new();
        options.set_type("application/zip");
        let whole = Blob::new_with_blob_sequence_and_options(&slices, &options).map_err(|_| no_room())?;
        is_kept(&whole).await?;
        Ok(whole.into())
    }

    async fn keep(&self, position: u64, bytes: &[u8]) -> io::Result<()> {
        let content = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
        let blob = Blob::new_with_u8_array_sequence(&content).map_err(|_| no_room())?;
        is_kept(&blob).await?;
        self.parts.borrow_mut().put(position, blob, bytes.len() as u64);
        Ok(())
    }
}

impl PackageOutput for BlobParts {
    type Sink = PackageSink;

    fn sink(&self) -> PackageSink {
        self.writes.sink()
    }

    async fn settle(&self) -> io::Result<()> {
        self.writes.settle(async |position, bytes| self.keep(position, &bytes).await).await
    }
}

fn slice(part: &Part<Blob>) -> io::Result<Blob> {
    let (start, end) = (part.bytes.start as f64, part.bytes.end as f64);
    part.blob.slice_with_f64_and_f64(start, end).map_err(|_| no_room())
}

/// A blob is made at once and carried away later; where there is no room for it, only reading it tells.
async fn is_kept(blob: &Blob) -> io::Result<()> {
    let last =
        blob.slice_with_f64_and_f64((blob.size() - 1.0).max(0.0), blob.size()).map_err(|_| no_room())?;
    files::read(&last).await.map(drop).map_err(|_| no_room())
}

fn no_room() -> io::Error {
    io::Error::new(io::ErrorKind::StorageFull, "the browser has no room for the package")
}
