//! Where the real data packages are. They are not part of the repository.

use std::path::{Path, PathBuf};

/// The folder of real data: `PORTAGE_DATA`, relative to the workspace, else `../shared/data`.
#[must_use]
pub fn data_folder() -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let named =
        std::env::var_os("PORTAGE_DATA").map_or_else(|| PathBuf::from("../shared/data"), PathBuf::from);
    workspace.join(named)
}

/// The path of a real package; `None`, said aloud, where the real data is not on this machine.
///
/// # Panics
/// In CI, where nothing may be left out.
#[must_use]
pub fn package(name: &str) -> Option<PathBuf> {
    let path = data_folder().join("packages").join(format!("{name}.zip"));
    if path.is_file() {
        return Some(path);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "CI has no package {}", path.display());
    eprintln!("skipped: no package {} (set PORTAGE_DATA)", path.display());
    None
}

/// The bytes of a real package, as [`package`] finds it.
///
/// # Panics
/// Where the file is there but cannot be read.
#[must_use]
pub fn package_bytes(name: &str) -> Option<Vec<u8>> {
    let path = package(name)?;
    let bytes = std::fs::read(&path);
    assert!(bytes.is_ok(), "{} cannot be read", path.display());
    bytes.ok()
}
