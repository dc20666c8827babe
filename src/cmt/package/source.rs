//! Where the bytes of a zip lie: in memory, in a file, in a browser's blob.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;

/// The bytes of a zip, read anywhere. Only what is asked for needs to be in memory.
pub trait ZipSource {
    /// The size in bytes.
    ///
    /// # Errors
    /// The file is not there any more.
    fn size(&self) -> io::Result<u64>;

    /// Fills `buffer` with the bytes from `position` on.
    ///
    /// # Errors
    /// There are fewer bytes, or the file cannot be read any more.
    fn read_at(&self, position: u64, buffer: &mut [u8]) -> io::Result<()>;
}

impl ZipSource for Vec<u8> {
    fn size(&self) -> io::Result<u64> {
        Ok(self.len() as u64)
    }

    fn read_at(&self, position: u64, buffer: &mut [u8]) -> io::Result<()> {
        buffer.copy_from_slice(range(self, position, buffer.len())?);
        Ok(())
    }
}

/// Moves the file's position: not for a file that somebody else reads at the same time.
impl ZipSource for File {
    fn size(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }

    fn read_at(&self, position: u64, buffer: &mut [u8]) -> io::Result<()> {
        let mut file = self;
        file.seek(SeekFrom::Start(position))?;
        file.read_exact(buffer)
    }
}

/// `length` of the bytes from `position` on.
pub(crate) fn range(bytes: &[u8], position: u64, length: usize) -> io::Result<&[u8]> {
    let start = usize::try_from(position).ok();
    start
        .and_then(|start| bytes.get(start..start.checked_add(length)?))
        .ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

/// A stretch of a source, read in order or by jumping.
pub(crate) struct Stretch {
    source: Rc<dyn ZipSource>,
    start: u64,
    length: u64,
    position: u64,
}

impl Stretch {
    pub(crate) fn new(source: Rc<dyn ZipSource>, start: u64, length: u64) -> Stretch {
        Stretch { source, start, length, position: 0 }
    }
}

impl Read for Stretch {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.length.saturating_sub(self.position);
        let count = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        self.source.read_at(self.start + self.position, &mut buffer[..count])?;
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for Stretch {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::Current(distance) => self.position.checked_add_signed(distance),
            SeekFrom::End(distance) => self.length.checked_add_signed(distance),
        };
        self.position = target.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}
