//! What a zip is written to, while its output carries on what was written.

use super::pending_writes::PendingWrites;
use std::cell::RefCell;
use std::io::{self, Seek, SeekFrom, Write};
use std::rc::{Rc, Weak};

/// Takes bytes for an output. When the output is finished, discarded or dropped it refuses: what it took would be lost.
#[derive(Clone, Debug)]
pub struct PackageSink(Weak<RefCell<PendingWrites>>);

impl PackageSink {
    pub(super) fn of(writes: &Rc<RefCell<PendingWrites>>) -> PackageSink {
        PackageSink(Rc::downgrade(writes))
    }

    fn with<T>(&self, act: impl FnOnce(&mut PendingWrites) -> io::Result<T>) -> io::Result<T> {
        let writes = self.0.upgrade().ok_or(io::ErrorKind::BrokenPipe)?;
        act(&mut writes.borrow_mut())
    }
}

impl Write for PackageSink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.with(|writes| writes.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.with(PendingWrites::flush)
    }
}

impl Seek for PackageSink {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.with(|writes| writes.seek(to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sinks_of_one_output_write_to_the_same_place() {
        let writes = Rc::new(RefCell::new(PendingWrites::default()));
        let (mut one, mut other) = (PackageSink::of(&writes), PackageSink::of(&writes));
        one.write_all(b"da").unwrap();
        other.write_all(b"ta").unwrap();
        assert_eq!(one.stream_position().unwrap(), 4);
        assert_eq!(writes.borrow_mut().take().into_values().collect::<Vec<_>>(), [b"data"]);
    }

    #[test]
    fn a_sink_without_its_output_refuses() {
        let writes = Rc::new(RefCell::new(PendingWrites::default()));
        let mut sink = PackageSink::of(&writes);
        drop(writes);
        assert_eq!(sink.write_all(b"lost").unwrap_err().kind(), io::ErrorKind::BrokenPipe);
        assert_eq!(sink.flush().unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    }
}
