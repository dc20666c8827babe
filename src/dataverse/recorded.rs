//! Answers recorded from real environments. They are not part of the repository.

use std::path::PathBuf;

/// The body of a recorded answer; `None`, said aloud, where the recordings are not on this machine.
///
/// # Panics
/// In CI, where nothing may be left out.
pub(crate) fn recorded(name: &str) -> Option<Vec<u8>> {
    let data = std::env::var_os("PORTAGE_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        |path| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(path),
    );
    let path = data.join("recorded/terraform-provider").join(name);
    let body = std::fs::read(&path).ok();
    if body.is_none() {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "CI has no recorded answer {name}");
        println!("skipped: no recorded answer {name} (set PORTAGE_DATA)");
    }
    body
}
