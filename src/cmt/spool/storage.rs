//! Where spooled records lie: memory, a file, a browser's private file system.

use crate::package::source::range;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

/// Bytes that only grow at their end and are read anywhere. Starts empty. Positions count bytes from 0.
///
/// Nothing is promised beyond one run: what is laid down is never read by another version.
pub trait Spool {
    /// Adds all these bytes behind the last ones: some 256 KB at a time, more where one record is larger.
    ///
    /// # Errors
    /// There is no more room, or the storage refuses.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Fills the whole of `buffer` with what stands from the byte `position` on.
    ///
    /// # Errors
    /// There are fewer bytes, or they cannot be read any more.
    fn read_at(&self, position: u64, buffer: &mut [u8]) -> io::Result<()>;
}

/// In memory: for packages that fit, and for tests.
impl Spool for Vec<u8> {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.try_reserve(bytes.len()).map_err(|_| io::ErrorKind::OutOfMemory)?;
        self.extend_from_slice(bytes);
        Ok(())
    }

    fn read_at(&self, position: u64, buffer: &mut [u8]) -> io::Result<()> {
        buffer.copy_from_slice(range(self, position, buffer.len())?);
        Ok(())
    }
}

/// In a file opened for reading and writing, which nobody else uses.
impl Spool for File {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.seek(SeekFrom::End(0))?;
        self.write_all(bytes)
    }

    fn read_at(&self, position: u64, buffer: &mut [u8]) -> io::Result<()> {
        let mut file = self;
        file.seek(SeekFrom::Start(position))?;
        file.read_exact(buffer)
    }
}
