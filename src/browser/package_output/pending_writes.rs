//! Writes that wait to be carried on. What is written twice while it waits is carried on once.

use std::collections::BTreeMap;
use std::io::{self, Seek, SeekFrom, Write};

/// As many bytes are carried on in one piece at most. Few where it is tested, so that writes meet the border.
pub(super) const PIECE: usize = if cfg!(test) { 64 } else { 4 << 20 };

/// A file of which only what was written lately is at hand. Positions count bytes from 0.
#[derive(Debug, Default)]
pub(super) struct PendingWrites {
    /// Where [`Write`] writes next.
    position: u64,
    /// The file's size, with what was carried on.
    size: u64,
    /// Position and bytes. No two overlap; none is longer than [`PIECE`], or empty.
    pieces: BTreeMap<u64, Vec<u8>>,
}

impl PendingWrites {
    /// Whether enough waits to be worth a way to the disk.
    pub(super) fn is_due(&self) -> bool {
        self.pieces.values().map(Vec::len).sum::<usize>() >= PIECE
    }

    /// Position and bytes of all that waits, in the file's order.
    pub(super) fn take(&mut self) -> BTreeMap<u64, Vec<u8>> {
        std::mem::take(&mut self.pieces)
    }

    /// Takes as many of the bytes as lie in one piece.
    fn put(&mut self, bytes: &[u8]) -> usize {
        let at = self.position;
        // Up to where the next piece begins.
        let room = self.pieces.range(at + 1..).next().map_or(PIECE as u64, |(next, _)| next - at);
        if let Some((start, piece)) = self.pieces.range_mut(..=at).next_back() {
            let offset = at - start;
            if offset < PIECE as u64 && offset <= piece.len() as u64 {
                return lay_over(piece, offset as usize, bytes, room);
            }
        }
        let taken = bytes.len().min(PIECE).min(usize::try_from(room).unwrap_or(PIECE));
        self.pieces.insert(at, bytes[..taken].to_vec());
        taken
    }
}

/// Writes into a piece at `offset`, and behind it as far as it may grow: `room` bytes from the offset on.
fn lay_over(piece: &mut Vec<u8>, offset: usize, bytes: &[u8], room: u64) -> usize {
    let room = (PIECE - offset).min(usize::try_from(room).unwrap_or(PIECE));
    let bytes = &bytes[..bytes.len().min(room)];
    let (over, behind) = bytes.split_at(bytes.len().min(piece.len() - offset));
    piece[offset..offset + over.len()].copy_from_slice(over);
    piece.extend_from_slice(behind);
    bytes.len()
}

impl Write for PendingWrites {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.is_empty() {
            return Ok(0);
        }
        let taken = self.put(bytes);
        self.position += taken as u64;
        self.size = self.size.max(self.position);
        Ok(taken)
    }

    /// What waits goes on when it is settled, not before.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for PendingWrites {
    /// Not behind the end: a package has no gaps.
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::Current(distance) => self.position.checked_add_signed(distance),
            SeekFrom::End(distance) => self.size.checked_add_signed(distance),
        };
        self.position = target.filter(|target| *target <= self.size).ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(writes: &PendingWrites) -> Vec<(u64, usize)> {
        writes.pieces.iter().map(|(at, piece)| (*at, piece.len())).collect()
    }

    #[test]
    fn a_header_that_still_waits_is_patched_where_it_is() {
        let mut writes = PendingWrites::default();
        writes.write_all(b"size ????, then the entry").unwrap();
        writes.seek(SeekFrom::Start(5)).unwrap();
        writes.write_all(b"1234").unwrap();
        writes.seek(SeekFrom::End(0)).unwrap();
        writes.write_all(b".").unwrap();
        assert_eq!(writes.take(), BTreeMap::from([(0, b"size 1234, then the entry.".to_vec())]));
    }

    #[test]
    fn a_header_that_was_carried_on_waits_beside_what_comes_next() {
        let mut writes = PendingWrites::default();
        writes.write_all(b"size ????").unwrap();
        writes.take();
        writes.write_all(b" the entry").unwrap();
        writes.seek(SeekFrom::Start(5)).unwrap();
        writes.write_all(b"1234").unwrap();
        assert_eq!(writes.take(), BTreeMap::from([(5, b"1234".to_vec()), (9, b" the entry".to_vec())]));
    }

    #[test]
    fn no_piece_is_longer_than_its_measure_and_enough_of_them_are_due() {
        let mut writes = PendingWrites::default();
        writes.write_all(&[1; PIECE - 1]).unwrap();
        assert!(!writes.is_due());
        writes.write_all(&[2; PIECE + 3]).unwrap();
        assert!(writes.is_due());
        assert_eq!(sizes(&writes), [(0, PIECE), (PIECE as u64, PIECE), (2 * PIECE as u64, 2)]);
    }

    #[test]
    fn nothing_is_written_behind_the_end() {
        let mut writes = PendingWrites::default();
        writes.write_all(b"zip").unwrap();
        let beyond = [SeekFrom::Start(4), SeekFrom::Current(1), SeekFrom::End(1), SeekFrom::End(-4)];
        for to in beyond {
            assert_eq!(writes.seek(to).unwrap_err().kind(), io::ErrorKind::InvalidInput, "{to:?}");
        }
        assert_eq!(writes.stream_position().unwrap(), 3);
    }
}
