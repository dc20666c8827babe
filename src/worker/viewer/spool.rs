//! Where the records of the viewed package lie.

use browser::private_file::PrivateFile;
use cmt::Spool;
use std::io;

/// One file of this name for all tabs: none is left behind that nobody knows.
const FILE: &str = "viewed-package";

/// A private file, or memory.
pub(super) enum ViewerSpool {
    File(PrivateFile),
    /// The browser keeps no files, or another tab looks into a package.
    Memory(Vec<u8>),
}

impl ViewerSpool {
    /// An empty spool.
    pub(super) async fn open() -> ViewerSpool {
        PrivateFile::create(FILE).await.map_or_else(|_| ViewerSpool::Memory(Vec::new()), ViewerSpool::File)
    }
}

impl Spool for ViewerSpool {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            ViewerSpool::File(file) => Spool::append(file, bytes),
            ViewerSpool::Memory(memory) => Spool::append(memory, bytes),
        }
    }

    fn read_at(&self, position: u64, buffer: &mut [u8]) -> io::Result<()> {
        match self {
            ViewerSpool::File(file) => Spool::read_at(file, position, buffer),
            ViewerSpool::Memory(memory) => Spool::read_at(memory, position, buffer),
        }
    }
}
