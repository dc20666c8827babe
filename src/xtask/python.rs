//! Python packages: installed by lock file, with hashes, into a virtual environment.

use crate::subprocess;
use anyhow::Context;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The interpreter on `PATH`, where there is one.
pub(crate) fn find() -> anyhow::Result<PathBuf> {
    subprocess::find("python3")
        .context("python3 was not found: install Python 3.11 or newer with its venv module")
}

/// Makes `FOLDER/venv` hold exactly what `FOLDER/requirements.txt` names; its interpreter.
pub(crate) fn install(python: &Path, folder: &Path) -> anyhow::Result<PathBuf> {
    let (venv, lock) = (folder.join("venv"), folder.join("requirements.txt"));
    let inside = venv.join("bin/python");
    // Written last: an installation that was cut off is done again.
    let stamp = venv.join("installed.txt");
    let wanted = fs::read(&lock)?;
    if fs::read(&stamp).ok().as_ref() == Some(&wanted) {
        return Ok(inside);
    }
    subprocess::run(Command::new(python).args(["-m", "venv", "--clear"]).arg(&venv))?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    // Wheels only: nothing of a package runs while it is installed.
    let strict = ["--require-hashes", "--only-binary=:all:", "--requirement"];
    subprocess::run(Command::new(&inside).args(pip).args(strict).arg(&lock))?;
    fs::write(stamp, wanted)?;
    Ok(inside)
}
