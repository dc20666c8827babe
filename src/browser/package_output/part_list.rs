//! Which bytes of which blobs are the package, in order. Only ranges are cut: the blobs themselves stay whole.

use std::collections::BTreeMap;
use std::ops::Range;

/// Parts that lie side by side, by the position at which each begins in the package.
#[derive(Debug)]
pub(super) struct PartList<B>(BTreeMap<u64, Part<B>>);

/// Some bytes of a blob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part<B> {
    pub(super) blob: B,
    /// Which of its bytes.
    pub(super) bytes: Range<u64>,
}

impl<B> Default for PartList<B> {
    fn default() -> Self {
        PartList(BTreeMap::new())
    }
}

impl<B: Clone> PartList<B> {
    /// Lays a blob of so many bytes at this position, over what is there and beyond it.
    pub(super) fn put(&mut self, position: u64, blob: B, size: u64) {
        let end = position + size;
        self.cut(position);
        self.cut(end);
        let covered: Vec<u64> = self.0.range(position..end).map(|(at, _)| *at).collect();
        covered.iter().for_each(|at| drop(self.0.remove(at)));
        self.0.insert(position, Part { blob, bytes: 0..size });
    }

    /// The parts in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Part<B>> {
        self.0.values()
    }

    /// Makes two parts of one that goes on at both sides of `position`.
    fn cut(&mut self, position: u64) {
        let Some((start, part)) = self.0.range_mut(..position).next_back() else { return };
        let middle = part.bytes.start + (position - start);
        if middle < part.bytes.end {
            let behind = Part { blob: part.blob.clone(), bytes: middle..part.bytes.end };
            part.bytes.end = middle;
            self.0.insert(position, behind);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package_output::pending_writes::PendingWrites;
    use proptest::prelude::*;
    use std::io::{Cursor, Seek, SeekFrom, Write};
    use std::rc::Rc;

    /// Carries on what waits, as an output does.
    fn settle(writes: &mut PendingWrites, parts: &mut PartList<Rc<[u8]>>) {
        for (position, bytes) in writes.take() {
            parts.put(position, bytes.as_slice().into(), bytes.len() as u64);
        }
    }

    fn assembled(parts: &PartList<Rc<[u8]>>) -> Vec<u8> {
        let bytes =
            |part: &Part<Rc<[u8]>>| part.blob[part.bytes.start as usize..part.bytes.end as usize].to_vec();
        parts.iter().flat_map(bytes).collect()
    }

    #[test]
    fn a_patch_lies_between_what_is_left_of_the_part_it_covers() {
        let mut parts = PartList::default();
        parts.put(0, "a header, 0000 bytes", 20);
        parts.put(10, "1234", 4);
        let ranges: Vec<_> = parts.iter().map(|part| (part.blob, part.bytes.clone())).collect();
        let header = "a header, 0000 bytes";
        assert_eq!(ranges, [(header, 0..10), ("1234", 0..4), (header, 14..20)]);
    }

    #[test]
    fn a_part_takes_the_place_of_all_it_covers() {
        let mut parts = PartList::default();
        (0..4).for_each(|at| parts.put(at * 10, "ten bytes.", 10));
        parts.put(5, "thirty", 30);
        let lengths: Vec<u64> = parts.iter().map(|part| part.bytes.end - part.bytes.start).collect();
        assert_eq!(lengths, [5, 30, 5]);
    }

    /// What is done to a file: where to go, as a share of its size; how much to write there; whether to settle then.
    fn steps() -> impl Strategy<Value = Vec<(f64, usize, bool)>> {
        let share = prop_oneof![Just(1.0), 0.0..=1.0];
        proptest::collection::vec((share, 0_usize..40, any::<bool>()), 0..60)
    }

    proptest! {
        #[test]
        fn the_parts_are_what_a_file_would_hold(steps in steps()) {
            let mut file = Cursor::new(Vec::new());
            let (mut writes, mut parts) = (PendingWrites::default(), PartList::default());
            for (step, (share, length, settled)) in steps.into_iter().enumerate() {
                let position = (file.get_ref().len() as f64 * share) as u64;
                let bytes = vec![step as u8 + 1; length];
                file.seek(SeekFrom::Start(position)).unwrap();
                file.write_all(&bytes).unwrap();
                writes.seek(SeekFrom::Start(position)).unwrap();
                writes.write_all(&bytes).unwrap();
                prop_assert_eq!(writes.stream_position().unwrap(), file.position());
                if settled {
                    settle(&mut writes, &mut parts);
                }
            }
            settle(&mut writes, &mut parts);
            prop_assert_eq!(assembled(&parts), file.into_inner());
        }
    }
}
