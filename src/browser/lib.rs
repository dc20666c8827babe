//! The browser's side of the core's doors, and all that crosses from page to worker.

pub mod protocol;
