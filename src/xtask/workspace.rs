//! Where things are.

use std::path::{Path, PathBuf};

/// The workspace's root folder.
pub(crate) fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    // This crate lies in <root>/src/xtask.
    here.ancestors().nth(2).unwrap_or(here)
}

/// A file or folder below the root.
pub(crate) fn at(path: &str) -> PathBuf {
    root().join(path)
}

/// Whether this is a run in which nothing may be left out.
pub(crate) fn is_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true" || value == "1")
}
