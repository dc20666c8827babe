//! Dependencies only point down: the table of the architecture, checked against manifests and sources.

#![cfg(test)]

use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a crate may see of ours.
struct Room {
    name: &'static str,
    sees: &'static [&'static str],
    web_sys: bool,
}

const fn room(name: &'static str, sees: &'static [&'static str]) -> Room {
    Room { name, sees, web_sys: false }
}

/// The whole house. `browser` sees `cmt` for the plain data that crosses the worker border.
const ROOMS: [Room; 13] = [
    room("cmt", &[]),
    room("dataverse", &[]),
    Room { web_sys: true, ..room("msal-wasm-bindings", &[]) },
    room("migration", &["cmt", "dataverse"]),
    room("dataverse-emulator", &[]),
    Room { web_sys: true, ..room("browser", &["cmt", "dataverse", "migration", "msal-wasm-bindings"]) },
    room("worker", &["browser", "cmt", "dataverse", "migration"]),
    room("demo", &["browser", "dataverse-emulator"]),
    Room { web_sys: true, ..room("app", &["browser", "cmt", "migration"]) },
    room("xtask", &[]),
    room("large-package", &["browser", "cmt"]),
    Room { web_sys: true, ..room("sign-in-page", &["msal-wasm-bindings"]) },
    room("scenarios", &["cmt", "dataverse", "dataverse-emulator", "migration"]),
];

/// Crates that bring a browser, an HTTP library or an executor. The core and the emulator's library use none.
const NOT_IN_THE_CORE: [&str; 12] = [
    "gloo-events",
    "gloo-net",
    "gloo-timers",
    "hyper",
    "js-sys",
    "leptos",
    "reqwest",
    "tokio",
    "ureq",
    "wasm-bindgen",
    "wasm-bindgen-futures",
    "web-sys",
];

const CORE: [&str; 4] = ["cmt", "dataverse", "migration", "dataverse-emulator"];

/// One crate as Cargo sees it.
struct Manifest {
    name: String,
    folder: PathBuf,
    /// The sources its library, programs and tests begin with.
    roots: Vec<PathBuf>,
    /// Names of its dependencies, those of tests and of other targets included.
    dependencies: BTreeSet<String>,
    /// Without those of tests, and without those of the native server alone.
    everywhere: BTreeSet<String>,
}

fn manifests() -> Vec<Manifest> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    metadata["packages"].as_array().expect("packages").iter().map(manifest).collect()
}

fn manifest(package: &Value) -> Manifest {
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let dependencies = package["dependencies"].as_array().expect("dependencies");
    let targets = package["targets"].as_array().expect("targets");
    let everywhere = dependencies.iter().filter(|d| d["kind"].is_null() && d["target"].is_null());
    Manifest {
        name: text(&package["name"]),
        folder: Path::new(&text(&package["manifest_path"])).parent().expect("a folder").to_owned(),
        roots: targets.iter().map(|target| text(&target["src_path"]).into()).collect(),
        dependencies: dependencies.iter().map(|d| text(&d["name"])).collect(),
        everywhere: everywhere.map(|d| text(&d["name"])).collect(),
    }
}

/// All Rust sources below a folder, without those of crates inside it.
fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.join("Cargo.toml").exists() {
            continue;
        }
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = std::fs::read_to_string(&path).expect("a source");
            found.push((path, text));
        }
    }
    found
}

/// The Rust files that a source takes by their paths, as modules or as text.
fn taken(source: &str) -> Vec<&str> {
    let quoted = |marker| source.split(marker).skip(1).filter_map(|rest| rest.split('"').nth(1));
    let all = ["#[path", "include!", "include_str!", "include_bytes!"].into_iter().flat_map(quoted);
    all.filter(|path| Path::new(path).extension().is_some_and(|extension| extension == "rs")).collect()
}

/// Whether a `use` line of `source` begins with `krate`.
fn mentions(source: &str, krate: &str) -> bool {
    let root = format!("{}::", krate.replace('-', "_"));
    source.lines().any(|line| {
        let line = line.trim_start();
        line.split_once("use ").is_some_and(|(before, path)| {
            (before.is_empty() || before.starts_with("pub"))
                && path.trim_start_matches("::").starts_with(&root)
        })
    })
}

/// A module of that name hides the crate.
fn has_module(sources: &[(PathBuf, String)], name: &str) -> bool {
    sources.iter().any(|(path, _)| {
        path.components().any(|c| Path::new(c.as_os_str()).file_stem() == Some(name.as_ref()))
    })
}

#[test]
fn every_crate_has_its_place_in_the_table() {
    let names: BTreeSet<String> = manifests().into_iter().map(|m| m.name).collect();
    let rooms: BTreeSet<String> = ROOMS.iter().map(|r| r.name.to_owned()).collect();
    assert_eq!(names, rooms);
}

#[test]
fn every_crate_depends_only_on_what_the_table_allows() {
    for manifest in manifests() {
        let room = ROOMS.iter().find(|r| r.name == manifest.name).expect("a row of the table");
        for other in ROOMS.iter().filter(|r| !room.sees.contains(&r.name)) {
            assert!(
                !manifest.dependencies.contains(other.name),
                "{} must not depend on {}",
                room.name,
                other.name
            );
        }
        let sees_the_page = manifest.dependencies.contains("web-sys");
        assert!(room.web_sys || !sees_the_page, "{} must not depend on web-sys", room.name);
    }
}

#[test]
fn the_core_knows_no_browser_no_http_library_and_no_executor() {
    for manifest in manifests().iter().filter(|m| CORE.contains(&m.name.as_str())) {
        for outside in NOT_IN_THE_CORE {
            assert!(!manifest.everywhere.contains(outside), "{} must not depend on {outside}", manifest.name);
        }
    }
}

#[test]
fn every_source_names_only_what_the_table_allows() {
    for manifest in manifests() {
        let room = ROOMS.iter().find(|r| r.name == manifest.name).expect("a row of the table");
        let sources = sources(&manifest.folder);
        for (path, source) in &sources {
            for other in ROOMS.iter().filter(|r| r.name != room.name && !room.sees.contains(&r.name)) {
                let hidden = has_module(&sources, other.name);
                assert!(hidden || !mentions(source, other.name), "{} names {}", path.display(), other.name);
            }
            // Through another crate's door, too.
            let page = format!("web{}sys::", '_');
            assert!(room.web_sys || !source.contains(&page), "{} names web-sys", path.display());
        }
    }
}

#[test]
fn no_crate_takes_a_source_of_another() {
    for manifest in manifests() {
        let own = manifest.folder.canonicalize().expect("a folder");
        let sources = sources(&manifest.folder);
        let by_path = sources.iter().flat_map(|(path, source)| {
            taken(source).into_iter().map(|taken| path.parent().expect("a folder").join(taken))
        });
        let all = sources.iter().map(|(path, _)| path.clone()).chain(by_path).chain(manifest.roots);
        for path in all {
            // Links are followed.
            let real = path.canonicalize().expect("a source");
            assert!(real.starts_with(&own), "{} takes {}", manifest.name, real.display());
        }
    }
}

#[test]
fn a_source_is_taken_by_its_path_or_by_a_macro() {
    let source =
        "#[path = '../cmt/a.rs'] mod a; include!('b.rs'); include_str!('c.json'); include_bytes!( 'd.rs' )";
    let source = source.replace('\'', "\"");
    assert_eq!(taken(&source), ["../cmt/a.rs", "b.rs", "d.rs"]);
}

#[test]
fn a_mention_is_a_use_line_and_not_a_comment_or_another_name() {
    assert!(mentions("    use cmt::Schema;", "cmt"));
    assert!(mentions("pub(crate) use ::dataverse_emulator::Environment;", "dataverse-emulator"));
    assert!(!mentions("// use cmt::Schema, as the file does", "cmt"));
    assert!(!mentions("use my_cmt::Schema;\nuse crate::cmt::X;", "cmt"));
}
