//! All chance of a simulation: one seed, one way.

use uuid::Uuid;

/// SplitMix64. What it throws must be the same on every machine and with every version, so it is our own.
#[derive(Clone, Debug)]
pub(super) struct Dice(u64);

impl Dice {
    /// The same seed throws the same again.
    #[must_use]
    pub(super) fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Dice of their own, so that what is drawn with them moves nothing that is drawn after.
    pub(super) fn apart(&mut self) -> Dice {
        Dice(self.throw())
    }

    /// A number below `limit`; 0 where nothing is below it.
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.throw().checked_rem(limit).unwrap_or(0)
    }

    /// A number from `least` to `most`, both included.
    pub(super) fn between(&mut self, least: u64, most: u64) -> u64 {
        least + self.below(most.saturating_sub(least) + 1)
    }

    /// A place in something so long.
    pub(super) fn place(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap_or(0)
    }

    /// True so many times of a hundred.
    pub(super) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of them.
    ///
    /// # Panics
    /// Where there is none.
    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.place(from.len())]
    }

    /// A version 4 id.
    pub(super) fn id(&mut self) -> Uuid {
        let (high, low) = (self.throw(), self.throw());
        uuid::Builder::from_random_bytes(Uuid::from_u64_pair(high, low).into_bytes()).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::Dice;

    #[test]
    fn dice_of_their_own_move_nothing_that_is_thrown_after() {
        let (mut one, mut other) = (Dice::new(7), Dice::new(7));
        let (mut apart, _) = (one.apart(), other.apart());
        apart.below(9);
        assert_eq!(one.id(), other.id());
    }

    #[test]
    fn every_number_between_comes_and_no_other() {
        let mut dice = Dice::new(1);
        let thrown: std::collections::BTreeSet<u64> = (0..200).map(|_| dice.between(3, 6)).collect();
        assert_eq!(thrown.into_iter().collect::<Vec<_>>(), [3, 4, 5, 6]);
    }
}
