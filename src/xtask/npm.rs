//! The one npm library: installed by lock file with its scripts off, bundled to a single module.

use crate::{subprocess, workspace};
use anyhow::{Context, bail};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

/// Bundles `@azure/msal-browser` to `dist/msal.js`.
pub(crate) fn bundle_msal(dist: &Path) -> anyhow::Result<()> {
    let folder = workspace::at("src/msal-wasm-bindings/js");
    install(&folder)?;
    let outfile = format!("--outfile={}", dist.join("msal.js").display());
    let mut esbuild = Command::new(folder.join("node_modules/.bin/esbuild"));
    esbuild.current_dir(&folder).args([
        "entry.js",
        "--bundle",
        "--minify",
        "--format=esm",
        "--target=es2022",
    ]);
    subprocess::run(esbuild.args(["--legal-comments=eof", "--log-level=warning", &outfile]))
}

/// `npm ci` where the installed packages are older than the lock file, or missing.
pub(crate) fn install(folder: &Path) -> anyhow::Result<()> {
    let lock = modified(&folder.join("package-lock.json")).context("package-lock.json is missing")?;
    if modified(&folder.join("node_modules/.package-lock.json")).is_some_and(|installed| installed >= lock) {
        return Ok(());
    }
    let npm = npm()?;
    let quiet = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    subprocess::run(Command::new(npm).current_dir(folder).args(quiet))
}

fn npm() -> anyhow::Result<PathBuf> {
    let Some(npm) = subprocess::find("npm") else {
        bail!("npm was not found: install Node 20 or newer (Debian: apt-get install nodejs npm)");
    };
    Ok(npm)
}

fn modified(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).ok()?.modified().ok()
}
