//! Recorded answers of real organizations, and what it takes to compare the emulator's with them.

pub mod bodies;
pub mod json;
pub mod requests;
pub mod shape;
pub mod solutions;
pub mod world;
