//! A seed is all there is to know about a run.

use scenarios::simulation::{Asked, simulate};

#[test]
fn two_runs_of_a_seed_are_the_same_to_the_last_value() {
    for seed in [3, 12, 25, 40] {
        let runs = [0, 1].map(|_| simulate(seed, Asked::default()));
        assert_eq!(runs[0], runs[1], "seed {seed}");
    }
}

/// Seeds beyond the usual ones that found a mistake once. What a seed draws changes with the simulation:
/// some of them drew other packages then.
#[test]
fn seeds_that_found_a_mistake_once_are_right_since() {
    let found = [
        (2549, "a lost switch-off that came late switched a step off again"),
        (10_640, "a page went before the language in which the service makes a page with it"),
        (10_052, "a lost unpublish came after a duplicate rule was published again"),
        (13_998, "a late sending of a file took the place of the one that was read back"),
        (33_308, "a run was called finished although it could not switch steps on again"),
    ];
    for (seed, mistake) in found {
        assert!(simulate(seed, Asked::default()).is_ok(), "seed {seed}: {mistake}");
    }
}
