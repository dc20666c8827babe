//! A member of the zip: where it lies, inflated as a stream, and checked on the way.

use crate::Error;
use crate::package::limits::{Limits, size};
use crate::package::source::{Stretch, ZipSource};
use flate2::Crc;
use flate2::bufread::DeflateDecoder;
use std::io::{self, BufReader, Read, Seek};
use std::rc::Rc;
use zip::{CompressionMethod, ZipArchive};

/// How much of the zip is read at a time.
const CHUNK: usize = 1 << 16;

/// A member of the zip, by what its directory entry says.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    deflated: bool,
    start: u64,
    compressed: u64,
    size: u64,
    crc: u32,
}

impl Member {
    /// Takes down where a member lies, if it can be read at all.
    ///
    /// # Errors
    /// [`Error::Protected`], [`Error::UnknownMethod`], [`Error::TooMuch`], [`Error::DamagedZip`].
    pub(crate) fn locate<R: Read + Seek>(
        directory: &mut ZipArchive<R>,
        position: usize,
        limits: &Limits,
    ) -> Result<Member, Error> {
        let entry = directory.by_index_raw(position).map_err(|error| damaged_zip(error.to_string()))?;
        let name = entry.name().to_owned();
        if entry.encrypted() {
            return Err(Error::Protected { member: name });
        }
        let deflated = match entry.compression() {
            CompressionMethod::Deflated => true,
            CompressionMethod::Stored => false,
            other => return Err(Error::UnknownMethod { member: name, method: other.to_string() }),
        };
        check_growth(&name, entry.size(), entry.compressed_size(), limits)?;
        Ok(Member {
            deflated,
            start: entry.data_start().unwrap_or(u64::MAX),
            compressed: entry.compressed_size(),
            size: entry.size(),
            crc: entry.crc32(),
        })
    }

    /// The member's bytes, inflated while they are read.
    pub(crate) fn inflate(&self, zip: &Rc<dyn ZipSource>) -> Inflate {
        let packed = Stretch::new(zip.clone(), self.start, self.compressed);
        let packed = BufReader::with_capacity(CHUNK, packed);
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
fn check_growth(name: &str, inflated: u64, compressed: u64, limits: &Limits) -> Result<(), Error> {
    if inflated < limits.ratio_from || inflated / limits.ratio.max(1) <= compressed {
        return Ok(());
    }
    let what = format!(
        "its member {name} would grow from {} to {}, more than {}-fold, which no data package does",
        size(compressed),
        size(inflated),
        limits.ratio
    );
    Err(Error::TooMuch { part: crate::Part::Zip, what })
}

/// A member being inflated. Its size and checksum are compared with the directory's at the end.
pub(crate) struct Inflate {
    bytes: Bytes,
    crc: Crc,
    left: u64,
    expected_crc: u32,
}

enum Bytes {
    Stored(BufReader<Stretch>),
    Deflated(DeflateDecoder<BufReader<Stretch>>),
}

impl Read for Inflate {
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

impl Inflate {
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

pub(crate) fn damaged_zip(reason: impl Into<String>) -> Error {
    Error::DamagedZip { reason: reason.into() }
}
