//! What the end of a zip says before its directory is read: how many members to expect.

use crate::package::source::ZipSource;
use std::io;

/// The end record with the longest comment it may have.
const FARTHEST_END: u64 = 22 + 0xFFFF;
const END_SIGNATURE: &[u8] = b"PK\x05\x06";
const WIDE_LOCATOR_SIGNATURE: &[u8] = b"PK\x06\x07";
const WIDE_LOCATOR_SIZE: usize = 20;

/// The number of members that the zip claims to have; `None` where its end is missing.
///
/// Reading a directory takes memory for every member, so a claim is looked at first.
pub(crate) fn claimed_members(zip: &dyn ZipSource) -> io::Result<Option<u64>> {
    let size = zip.size()?;
    let length = size.min(FARTHEST_END + WIDE_LOCATOR_SIZE as u64);
    // At most 65 KB.
    let mut tail = vec![0; length as usize];
    zip.read_at(size - length, &mut tail)?;
    let Some(end) = tail.windows(END_SIGNATURE.len()).rposition(|bytes| bytes == END_SIGNATURE) else {
        return Ok(None);
    };
    match number(&tail, end + 10, 2) {
        Some(0xFFFF) => wide_count(zip, &tail, end),
        count => Ok(count),
    }
}

/// The number of members of a zip64.
fn wide_count(zip: &dyn ZipSource, tail: &[u8], end: usize) -> io::Result<Option<u64>> {
    let locator = end.checked_sub(WIDE_LOCATOR_SIZE).and_then(|at| tail.get(at..end));
    let Some(locator) = locator.filter(|bytes| bytes.starts_with(WIDE_LOCATOR_SIGNATURE)) else {
        // Not a zip64 after all: just that many members.
        return Ok(Some(0xFFFF));
    };
    let Some(position) = number(locator, 8, 8) else { return Ok(None) };
    let mut record = [0; 40];
    zip.read_at(position, &mut record)?;
    Ok(number(&record, 32, 8))
}

/// A little-endian number of `length` bytes.
fn number(bytes: &[u8], at: usize, length: usize) -> Option<u64> {
    let digits = bytes.get(at..at.checked_add(length)?)?;
    Some(digits.iter().rev().fold(0, |number, digit| number << 8 | u64::from(*digit)))
}
