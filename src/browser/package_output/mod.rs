//! Where a package grows while it is exported: in a file the user picked ([`PickedFile`]), or in parts that the browser
//! keeps ([`BlobParts`]). In workers only.
//!
//! Zips are written at once, by `Write` and `Seek`; browsers write in their own time. So the sink keeps what it is
//! given, and settling carries it on. Wasm memory holds what waits and no more.

mod blob_parts;
mod part_list;
mod pending_writes;
mod picked_file;
mod sink;
mod write_queue;

pub use blob_parts::BlobParts;
pub use picked_file::PickedFile;
pub use sink::PackageSink;

use crate::protocol::PackagePlace;
pub use migration::PackageOutput;
use std::io;
use wasm_bindgen::JsValue;

/// A package that grows where the user wanted it.
#[derive(Debug)]
pub enum GrowingPackage {
    /// In the file that was picked.
    Picked(PickedFile),
    /// In the browser.
    InBrowser(BlobParts),
}

impl GrowingPackage {
    /// Begins an empty package. `attachment`: what [`PackagePlace`] says.
    ///
    /// # Errors
    /// No file came along; its place is gone; the permission to write there is withdrawn.
    pub async fn begin(place: PackagePlace, attachment: Option<JsValue>) -> io::Result<GrowingPackage> {
        match place {
            PackagePlace::PickedFile => {
                PickedFile::open(attachment.unwrap_or_default()).await.map(GrowingPackage::Picked)
            }
            PackagePlace::InBrowser => Ok(GrowingPackage::InBrowser(BlobParts::default())),
        }
    }

    /// The package is complete: a `File`, or a `Blob` that has yet to be saved. Sinks refuse from now on.
    ///
    /// # Errors
    /// As [`PackageOutput::settle`]. Nothing is left of it then.
    pub async fn finish(self) -> io::Result<JsValue> {
        match self {
            GrowingPackage::Picked(file) => file.finish().await,
            GrowingPackage::InBrowser(parts) => parts.finish().await,
        }
    }

    /// The package will not be complete: nothing is left of it. Sinks refuse from now on.
    ///
    /// # Errors
    /// The browser cannot remove the empty file that it made when the place was picked.
    pub async fn discard(self) -> io::Result<()> {
        match self {
            GrowingPackage::Picked(file) => file.discard().await,
            GrowingPackage::InBrowser(_) => Ok(()),
        }
    }
}

impl PackageOutput for GrowingPackage {
    type Sink = PackageSink;

    fn sink(&self) -> PackageSink {
        match self {
            GrowingPackage::Picked(file) => file.sink(),
            GrowingPackage::InBrowser(parts) => parts.sink(),
        }
    }

    async fn settle(&self) -> io::Result<()> {
        match self {
            GrowingPackage::Picked(file) => file.settle().await,
            GrowingPackage::InBrowser(parts) => parts.settle().await,
        }
    }
}
