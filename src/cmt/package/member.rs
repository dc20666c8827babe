//! A member of the zip: where it lies, inflated as a stream, and checked on the way.

use crate::Error;
use flate2::Crc;
use flate2::bufread::DeflateDecoder;
use std::io::{self, Cursor, Read};
use zip::{CompressionMethod, ZipArchive};

/// The biggest part that is read: more cannot be meant, and would fill any machine.
const LARGEST_PART: u64 = 8 << 30;
/// Real packages shrink to a fiftieth at most. A part above [`SUSPICIOUS_SIZE`] that shrank further than this
/// is a trap.
const LARGEST_RATIO: u64 = 400;
const SUSPICIOUS_SIZE: u64 = 256 << 20;

/// A member of the zip, by what its directory entry says.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    deflated: bool,
    start: usize,
    compressed: usize,
    size: u64,
    crc: u32,
}

impl Member {
    /// Takes down where a member lies, if it can be read at all.
    pub(crate) fn locate(
        directory: &mut ZipArchive<Cursor<&[u8]>>,
        zip: &[u8],
        name: &str,
    ) -> Result<Member, Error> {
        let damaged = |reason: String| Error::DamagedZip { reason };
        let position = directory
            .index_for_name(name)
            .ok_or_else(|| damaged(format!("{name} is not where it should be")))?;
        let entry = directory.by_index_raw(position).map_err(|error| damaged(error.to_string()))?;
        if entry.encrypted() {
            return Err(damaged(format!("{name} is protected by a password")));
        }
        let deflated = match entry.compression() {
            CompressionMethod::Deflated => true,
            CompressionMethod::Stored => false,
            other => return Err(damaged(format!("{name} is compressed with {other}, not with deflate"))),
        };
        let start = entry.data_start().unwrap_or(u64::MAX);
        let within = start.checked_add(entry.compressed_size()).is_some_and(|end| end <= zip.len() as u64);
        if !within {
            return Err(damaged(format!("the end of {name} is missing")));
        }
        check_size(name, entry.size(), entry.compressed_size())?;
        Ok(Member {
            deflated,
            start: start as usize,
            compressed: entry.compressed_size() as usize,
            size: entry.size(),
            crc: entry.crc32(),
        })
    }

    /// The member's bytes, inflated while they are read.
    pub(crate) fn inflate<'z>(&self, zip: &'z [u8]) -> Inflate<'z> {
        // The range was checked against the zip when the member was found.
        let packed = zip.get(self.start..self.start + self.compressed).unwrap_or_default();
        let bytes =
            if self.deflated { Bytes::Deflated(DeflateDecoder::new(packed)) } else { Bytes::Stored(packed) };
        Inflate { bytes, crc: Crc::new(), left: self.size, expected_crc: self.crc }
    }

    /// The size of the inflated part in bytes, as the directory says.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }
}

/// Refuses what was made to fill the memory.
fn check_size(name: &str, size: u64, compressed: u64) -> Result<(), Error> {
    let swollen = size > SUSPICIOUS_SIZE && size / LARGEST_RATIO > compressed;
    if size > LARGEST_PART || swollen {
        let reason =
            format!("{name} would grow from {compressed} to {size} bytes, which no data package does");
        return Err(Error::DamagedZip { reason });
    }
    Ok(())
}

/// A member being inflated. Its size and checksum are compared with the directory's at the end.
pub(crate) struct Inflate<'z> {
    bytes: Bytes<'z>,
    crc: Crc,
    left: u64,
    expected_crc: u32,
}

enum Bytes<'z> {
    Stored(&'z [u8]),
    Deflated(DeflateDecoder<&'z [u8]>),
}

impl Read for Inflate<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = match &mut self.bytes {
            Bytes::Stored(bytes) => bytes.read(buffer)?,
            Bytes::Deflated(decoder) => decoder.read(buffer)?,
        };
        self.crc.update(&buffer[..count]);
        self.left = self
            .left
            .checked_sub(count as u64)
            .ok_or_else(|| damaged("a member is longer than its header says"))?;
        if count == 0 && !buffer.is_empty() {
            self.check_end()?;
        }
        Ok(count)
    }
}

impl Inflate<'_> {
    fn check_end(&self) -> io::Result<()> {
        match (self.left, self.crc.sum() == self.expected_crc) {
            (0, true) => Ok(()),
            (0, false) => Err(damaged("a member's checksum does not match its content")),
            _ => Err(damaged("a member is shorter than its header says")),
        }
    }
}

fn damaged(reason: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}
