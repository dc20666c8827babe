//! A zip in memory that is read as a package and kept with a run, too.

use cmt::ZipSource;
use std::{io, rc::Rc};

/// The bytes of a zip, held by several.
#[derive(Clone, Debug)]
pub(crate) struct SharedZip(pub(crate) Rc<Vec<u8>>);

impl ZipSource for SharedZip {
    fn size(&self) -> io::Result<u64> {
        self.0.size()
    }

    fn read_at(&self, position: u64, buffer: &mut [u8]) -> io::Result<()> {
        ZipSource::read_at(&*self.0, position, buffer)
    }
}
