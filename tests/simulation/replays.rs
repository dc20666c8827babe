//! A seed is all there is to know about a run.

use scenarios::simulation::{Asked, simulate};

#[test]
fn two_runs_of_a_seed_are_the_same_to_the_last_value() {
    for seed in [3, 12, 25, 40] {
        let runs = [0, 1].map(|_| simulate(seed, Asked::default()));
        assert_eq!(runs[0], runs[1], "seed {seed}");
    }
}
