//! Records in memory, up to a size.

use cmt::Spool;
use std::io;

/// Blocks as they were laid down: growing copies nothing.
#[derive(Debug)]
pub struct MemorySpool {
    /// How many bytes it may hold.
    most: u64,
    size: u64,
    /// Where each begins, and its bytes; none is empty.
    blocks: Vec<(u64, Vec<u8>)>,
}

impl MemorySpool {
    /// An empty spool for so many bytes.
    #[must_use]
    pub fn up_to(most: u64) -> MemorySpool {
        MemorySpool { most, size: 0, blocks: Vec::new() }
    }
}

impl Spool for MemorySpool {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let size = self.size + bytes.len() as u64;
        if size > self.most {
            return Err(full(self.most));
        }
        if !bytes.is_empty() {
            let mut block = Vec::new();
            block.try_reserve_exact(bytes.len()).map_err(|_| io::ErrorKind::OutOfMemory)?;
            block.extend_from_slice(bytes);
            self.blocks.push((self.size, block));
            self.size = size;
        }
        Ok(())
    }

    fn read_at(&self, mut position: u64, mut buffer: &mut [u8]) -> io::Result<()> {
        let first = self.blocks.partition_point(|(start, block)| start + block.len() as u64 <= position);
        for (start, block) in &self.blocks[first..] {
            // The first block holds the position; every other begins there.
            let found = &block[(position - start) as usize..];
            let (now, later) = buffer.split_at_mut(found.len().min(buffer.len()));
            now.copy_from_slice(&found[..now.len()]);
            position += now.len() as u64;
            buffer = later;
            if buffer.is_empty() {
                break;
            }
        }
        if buffer.is_empty() { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }
}

fn full(most: u64) -> io::Error {
    let megabytes = most >> 20;
    let what = format!(
        "this browser keeps no files for this site (a private window?), and the records need more than the \
         {megabytes} MB that are set aside in memory"
    );
    io::Error::new(io::ErrorKind::StorageFull, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spool_of(blocks: &[&str]) -> MemorySpool {
        let mut spool = MemorySpool::up_to(100);
        blocks.iter().for_each(|block| spool.append(block.as_bytes()).unwrap());
        spool
    }

    #[test]
    fn every_range_is_read_whatever_blocks_it_lies_in() {
        let (spool, whole) = (spool_of(&["one", "", "two and", " ", "three"]), b"onetwo and three");
        for start in 0..=whole.len() {
            for end in start..=whole.len() {
                let mut read = vec![0; end - start];
                spool.read_at(start as u64, &mut read).unwrap();
                assert_eq!(read, whole[start..end]);
            }
        }
    }

    #[test]
    fn what_was_never_laid_down_is_not_read() {
        let mut two = [0; 2];
        for position in [4, 5, 6, 99] {
            let read = spool_of(&["one", "2"]).read_at(position - 1, &mut two);
            assert_eq!(read.unwrap_err().kind(), io::ErrorKind::UnexpectedEof, "{position}");
        }
    }

    #[test]
    fn a_full_spool_says_so_and_holds_what_it_held() {
        let mut spool = spool_of(&["ninety-nine"; 9]);
        let refused = spool.append(b"too").unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::StorageFull);
        spool.append(b"1").unwrap();
        let mut last = [0; 2];
        spool.read_at(98, &mut last).unwrap();
        assert_eq!(&last, b"e1");
    }
}
