//! Definitions through the front door.

mod definitions;
mod paths;
