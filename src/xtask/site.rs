//! Builds the static site in `dist/`: three wasm modules, the npm bundle, the files that are copied, and what a set-up says.

use crate::setup::Setup;
use crate::{bindgen, npm, sizes, subprocess, workspace};
use anyhow::{Context, bail};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

/// The wasm modules: the page, the engine's worker, the demo's worker. One cargo call builds them all:
/// separate calls would compile shared dependencies again with other features.
const MODULES: [&str; 3] = ["app", "worker", "demo"];
/// What the browser's tests need beside the site: a package of a gigabyte, worked through in a worker, and a page
/// that does nothing but sign in.
const TEST_MODULES: [&str; 2] = ["large-package", "sign-in-page"];
const TARGET: &str = "wasm32-unknown-unknown";
/// What is copied as it is.
const COPIED: [&str; 2] = ["style", "schemas"];
/// What the schemas are made from: nobody asks the site for it.
const NOT_SERVED: &str = "schemas/descriptions";

/// How the modules are compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Quick to build.
    Dev,
    /// Small and fast to run; prints its sizes.
    Release,
}

/// Builds everything and returns the folder.
pub(crate) fn build(profile: Profile, setup: &Setup) -> anyhow::Result<PathBuf> {
    build_modules(profile, setup, &MODULES)
}

/// Builds everything, and what only the browser's tests need.
pub(crate) fn build_for_tests(setup: &Setup) -> anyhow::Result<PathBuf> {
    build_modules(Profile::Dev, setup, &[&MODULES[..], &TEST_MODULES].concat())
}

/// The same site, set up in another way: a copy in the folder `to`.
pub(crate) fn set_up_anew(dist: &Path, setup: &Setup, to: &Path) -> anyhow::Result<()> {
    empty(to)?;
    copy(dist, to)?;
    setup.write(to)
}

fn build_modules(profile: Profile, setup: &Setup, names: &[&str]) -> anyhow::Result<PathBuf> {
    let started = Instant::now();
    add_target()?;
    let modules = compile(profile, names)?;
    let dist = workspace::at("dist");
    empty(&dist)?;
    for (name, wasm) in names.iter().zip(&modules) {
        bindgen::generate(wasm, &dist, name)?;
    }
    npm::bundle_msal(&dist)?;
    for name in COPIED {
        copy(&workspace::at(name), &dist.join(name)).with_context(|| format!("copying {name}"))?;
    }
    fs::remove_dir_all(dist.join(NOT_SERVED))?;
    setup.write(&dist)?;
    println!("dist/ is built in {:.1} s", started.elapsed().as_secs_f64());
    if profile == Profile::Release {
        sizes::print(&dist)?;
    }
    Ok(dist)
}

/// An installed tool-chain does not get the target that `rust-toolchain.toml` names: it is added here.
pub(crate) fn add_target() -> anyhow::Result<()> {
    let Some(rustup) = subprocess::find("rustup") else {
        return Ok(()); // Another kind of installation: cargo says what is missing.
    };
    let list = ["target", "list", "--installed"];
    let installed = subprocess::output(Command::new(&rustup).current_dir(workspace::root()).args(list))?;
    if installed.lines().any(|line| line == TARGET) {
        return Ok(());
    }
    subprocess::run(Command::new(&rustup).current_dir(workspace::root()).args(["target", "add", TARGET]))
}

/// Compiles the modules and returns where cargo says it put them, in their order.
fn compile(profile: Profile, names: &[&str]) -> anyhow::Result<Vec<PathBuf>> {
    let mut cargo = subprocess::cargo();
    cargo.args(["build", "--locked", "--target", TARGET, "--message-format=json-render-diagnostics"]);
    names.iter().for_each(|name| {
        cargo.args(["--package", name]);
    });
    if profile == Profile::Release {
        cargo.arg("--release");
    }
    let mut found = vec![None; names.len()];
    let built = subprocess::run_lines(cargo.stderr(Stdio::inherit()), |line| {
        if let Some((module, file)) = artifact(line, names) {
            found[module] = Some(file);
        }
    })?;
    if !built {
        bail!("the wasm modules did not compile");
    }
    found.into_iter().collect::<Option<_>>().context("cargo named no file for one of the modules")
}

/// The index of the module and its file, if this line of cargo's JSON speaks of one.
fn artifact(line: &str, names: &[&str]) -> Option<(usize, PathBuf)> {
    let message: serde_json::Value = serde_json::from_str(line).ok()?;
    let name = message.get("target")?.get("name")?.as_str()?;
    let module = names.iter().position(|module| *module == name)?;
    let files = message.get("filenames")?.as_array()?;
    let wasm = files.iter().filter_map(|file| file.as_str()).find(|file| file.ends_with(".wasm"))?;
    Some((module, wasm.into()))
}

/// Makes the folder, without what it held.
fn empty(folder: &Path) -> anyhow::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    Ok(fs::create_dir_all(folder)?)
}

/// Copies a file, or a folder with all it holds.
fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    if !from.is_dir() {
        fs::copy(from, to)?;
        return Ok(());
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_that_is_set_up_anew_differs_in_what_the_setup_says() {
        let folder = tempfile::tempdir().unwrap();
        let (first, second) = (folder.path().join("first"), folder.path().join("second"));
        fs::create_dir_all(first.join("style")).unwrap();
        fs::write(first.join("style/card.css"), "css").unwrap();
        fs::write(first.join("app.js"), "js").unwrap();
        Setup::for_development().write(&first).unwrap();
        let config = workspace::at("tests/browser/config.json");
        set_up_anew(&first, &Setup::for_production(Some(&config)).unwrap(), &second).unwrap();
        let same = |name| fs::read(first.join(name)).unwrap() == fs::read(second.join(name)).unwrap();
        assert!(same("app.js") && same("style/card.css"));
        for own in ["index.html", "config.json", "_headers", "web.config"] {
            assert!(!same(own), "{own}");
        }
    }

    #[test]
    fn the_files_of_the_modules_are_read_from_cargos_messages() {
        let line = r#"{"reason":"compiler-artifact","target":{"kind":["bin"],"name":"worker"},"filenames":["/t/worker.js","/t/worker.wasm"]}"#;
        assert_eq!(artifact(line, &MODULES), Some((1, "/t/worker.wasm".into())));
        let library = r#"{"reason":"compiler-artifact","target":{"kind":["lib"],"name":"cmt"},"filenames":["/t/libcmt.rlib"]}"#;
        assert_eq!(artifact(library, &MODULES), None);
        assert_eq!(artifact("warning: not JSON", &MODULES), None);
    }
}
