//! Where a package grows.

use std::cell::RefCell;
use std::future::{Future, ready};
use std::io::{self, Cursor, Seek, Write};
use std::rc::Rc;

/// Where a package grows. The sink takes bytes at once and may keep them; settling carries them on.
pub trait PackageOutput {
    /// Takes the bytes, and takes some of them back: a zip tells the sizes of its members before them.
    type Sink: Write + Seek;

    /// The sink, once: later calls give the same file.
    fn sink(&self) -> Self::Sink;

    /// Carries on what the sink was given since. Asked for after every few megabytes.
    ///
    /// # Errors
    /// There is no more room, the permission was withdrawn, the file is gone.
    fn settle(&self) -> impl Future<Output = io::Result<()>>;
}

/// A package in memory. Clones are the same package.
#[derive(Clone, Debug, Default)]
pub struct MemoryOutput(Rc<RefCell<Cursor<Vec<u8>>>>);

impl MemoryOutput {
    /// What was written. Nothing is left behind.
    #[must_use]
    pub fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.borrow_mut()).into_inner()
    }
}

impl PackageOutput for MemoryOutput {
    type Sink = MemoryOutput;

    fn sink(&self) -> MemoryOutput {
        self.clone()
    }

    fn settle(&self) -> impl Future<Output = io::Result<()>> {
        ready(Ok(()))
    }
}

impl Write for MemoryOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for MemoryOutput {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        self.0.borrow_mut().seek(to)
    }
}
