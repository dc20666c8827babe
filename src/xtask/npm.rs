//! The one npm library: installed by lock file with its scripts off, bundled to a module and to the script of its
//! bridge page.

use crate::{subprocess, workspace};
use anyhow::{Context, bail};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

/// What goes beside the bundles as it is: the rest of the page on which the sign-in service answers.
const BRIDGE_PAGE: [&str; 2] = ["redirect.html", "redirect.css"];

/// Bundles `@azure/msal-browser` to `dist/msal.js`, and its bridge page to `dist/redirect.html` and its files.
pub(crate) fn bundle_msal(dist: &Path) -> anyhow::Result<()> {
    let folder = workspace::at("src/msal-wasm-bindings/js");
    install(&folder)?;
    bundle(&folder, "entry.js", &dist.join("msal.js"))?;
    bundle(&folder, "redirect.js", &dist.join("redirect.js"))?;
    for name in BRIDGE_PAGE {
        fs::copy(folder.join(name), dist.join(name)).with_context(|| format!("copying {name}"))?;
    }
    Ok(())
}

/// One file that needs no other, from the file that imports them all.
fn bundle(folder: &Path, entry: &str, to: &Path) -> anyhow::Result<()> {
    let mut esbuild = Command::new(folder.join("node_modules/.bin/esbuild"));
    esbuild.current_dir(folder).args([entry, "--bundle", "--minify", "--format=esm", "--target=es2022"]);
    let outfile = format!("--outfile={}", to.display());
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
