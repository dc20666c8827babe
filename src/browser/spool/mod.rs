//! Where the records of one export or import wait: in a private file where the browser has them, else in memory.

mod memory_spool;
mod spool_file;

pub use memory_spool::MemorySpool;
pub use spool_file::{SpoolFile, remove_left};

use cmt::Spool;
use std::io;

/// Records in memory may have so many bytes: what a tab can hold beside the rest.
const MOST_IN_MEMORY: u64 = 256 << 20;

/// A spool as this browser can have it. What is in it is gone when it is dropped.
#[derive(Debug)]
pub enum RecordSpool {
    /// On disk.
    File(SpoolFile),
    /// In memory: the browser keeps no files (private windows of some browsers).
    Memory(MemorySpool),
}

impl RecordSpool {
    /// An empty spool.
    pub async fn open() -> RecordSpool {
        match SpoolFile::create().await {
            Ok(file) => RecordSpool::File(file),
            Err(_) => RecordSpool::Memory(MemorySpool::up_to(MOST_IN_MEMORY)),
        }
    }
}

impl Spool for RecordSpool {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            RecordSpool::File(file) => file.append(bytes),
            RecordSpool::Memory(memory) => memory.append(bytes),
        }
    }

    fn read_at(&self, position: u64, buffer: &mut [u8]) -> io::Result<()> {
        match self {
            RecordSpool::File(file) => file.read_at(position, buffer),
            RecordSpool::Memory(memory) => memory.read_at(position, buffer),
        }
    }
}
