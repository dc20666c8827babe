//! Where a package is written to, so that a full disk is an error and not a panic.

use std::io::{self, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// Why the sink refused, told outside of the zip library.
#[derive(Clone, Debug, Default)]
pub(crate) struct Refusal(Arc<Mutex<Option<io::Error>>>);

impl Refusal {
    /// The refusal, once.
    pub(crate) fn take(&self) -> Option<io::Error> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn note(&self, error: io::Error) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    }
}

/// Passes everything on until the sink refuses, then pretends.
///
/// The zip library asserts that what it wrote lies where it wrote it, also when it is dropped after an error. So
/// it never sees one: the refusal is noted, and positions go on as if all were well.
pub(crate) struct Sink<W> {
    inner: W,
    refusal: Refusal,
    refused: bool,
    position: u64,
    end: u64,
}

impl<W: Write + Seek> Sink<W> {
    pub(crate) fn new(inner: W, refusal: Refusal) -> Self {
        Sink { inner, refusal, refused: false, position: 0, end: 0 }
    }

    pub(crate) fn into_inner(self) -> W {
        self.inner
    }

    /// What the sink answered, or `None` from its first refusal on.
    fn unless_refused<T>(&mut self, act: impl FnOnce(&mut W) -> io::Result<T>) -> Option<T> {
        if self.refused {
            return None;
        }
        act(&mut self.inner)
            .map_err(|error| {
                self.refused = true;
                self.refusal.note(error);
            })
            .ok()
    }
}

impl<W: Write + Seek> Write for Sink<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.unless_refused(|inner| inner.write_all(bytes));
        self.position += bytes.len() as u64;
        self.end = self.end.max(self.position);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.unless_refused(Write::flush);
        Ok(())
    }
}

impl<W: Write + Seek> Seek for Sink<W> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::Current(distance) => self.position.checked_add_signed(distance),
            SeekFrom::End(distance) => self.end.checked_add_signed(distance),
        };
        let target = target.ok_or(io::ErrorKind::InvalidInput)?;
        self.unless_refused(|inner| inner.seek(SeekFrom::Start(target)));
        self.position = target;
        Ok(target)
    }
}
