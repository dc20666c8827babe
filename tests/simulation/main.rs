//! Deterministic simulation: whatever goes wrong, an import ends as if nothing had. And the proof that the simulation
//! sees what goes wrong: engines with a mistake do not pass it.

#![cfg(test)]

mod mistakes;
mod packages;
mod replays;
mod seeds;
