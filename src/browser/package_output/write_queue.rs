//! What waits, and its way on: one piece after the other, and none is ever passed over.

use super::{PackageSink, pending_writes::PendingWrites};
use futures::lock::Mutex;
use std::cell::RefCell;
use std::{io, rc::Rc};

/// The writes of one package.
#[derive(Debug, Default)]
pub(super) struct WriteQueue {
    writes: Rc<RefCell<PendingWrites>>,
    /// One way at a time.
    way: Mutex<Way>,
}

#[derive(Debug, Default, PartialEq, Eq)]
enum Way {
    #[default]
    Open,
    /// A piece was taken that did not arrive: the package would have a hole that nobody sees.
    Lost,
}

impl WriteQueue {
    pub(super) fn sink(&self) -> PackageSink {
        PackageSink::of(&self.writes)
    }

    /// Hands what waits to `carry`, when it is enough to be worth a way to the disk.
    pub(super) async fn settle(
        &self,
        carry: impl AsyncFnMut(u64, Vec<u8>) -> io::Result<()>,
    ) -> io::Result<()> {
        let due = self.writes.borrow().is_due();
        if due { self.carry_on(carry).await } else { Ok(()) }
    }

    /// Hands all that waits to `carry`, position and bytes. When that has failed once, or was broken off, it fails
    /// ever after.
    pub(super) async fn carry_on(
        &self,
        mut carry: impl AsyncFnMut(u64, Vec<u8>) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut way = self.way.lock().await;
        if *way == Way::Lost {
            return Err(io::Error::other("a part of the package was lost on its way before"));
        }
        // Until all arrived: this may be dropped at every `await`.
        *way = Way::Lost;
        let waiting = self.writes.borrow_mut().take();
        for (position, bytes) in waiting {
            carry(position, bytes).await?;
        }
        *way = Way::Open;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package_output::pending_writes::PIECE;
    use futures::executor::block_on;
    use futures::{FutureExt, future::pending};
    use std::io::Write;

    fn queue_of(bytes: &[u8]) -> WriteQueue {
        let queue = WriteQueue::default();
        queue.sink().write_all(bytes).unwrap();
        queue
    }

    #[test]
    fn little_waits_until_it_is_more_or_the_package_ends() {
        let (queue, mut carried) = (queue_of(b"little"), Vec::new());
        let mut carry = async |position, bytes: Vec<u8>| {
            carried.push((position, bytes.len()));
            Ok(())
        };
        block_on(queue.settle(&mut carry)).unwrap();
        queue.sink().write_all(&[0; PIECE]).unwrap();
        block_on(queue.settle(&mut carry)).unwrap();
        queue.sink().write_all(b"the end").unwrap();
        block_on(queue.carry_on(&mut carry)).unwrap();
        let (piece, rest) = (PIECE as u64, 6);
        assert_eq!(carried, [(0, PIECE), (piece, rest), (piece + rest as u64, 7)]);
    }

    #[test]
    fn after_a_piece_was_refused_nothing_is_carried_on() {
        let queue = queue_of(b"package");
        let full = block_on(queue.carry_on(async |_, _| Err(io::ErrorKind::StorageFull.into())));
        assert_eq!(full.unwrap_err().kind(), io::ErrorKind::StorageFull);
        queue.sink().write_all(b", the rest").unwrap();
        assert!(block_on(queue.carry_on(async |_, _| Ok(()))).is_err());
    }

    #[test]
    fn after_a_way_was_broken_off_nothing_is_carried_on() {
        let queue = queue_of(b"package");
        assert!(queue.carry_on(async |_, _| pending().await).now_or_never().is_none());
        assert!(block_on(queue.carry_on(async |_, _| Ok(()))).is_err());
    }
}
