//! The page: shell, pages and components over one store.
//!
//! `state` holds what is known and changes only by commands sent and events heard; `pages` read it through
//! the store and are put together from `components`, which know neither; `texts` holds every sentence.

#![expect(unreachable_pub, reason = "the component macro writes `pub` builders into private modules")]

mod app;
mod components;
mod effects;
mod pages;
mod route;
mod state;
mod texts;

fn main() {
    console_error_panic_hook::set_once();
    app::mount();
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    /// The source files of a module's folder.
    fn files(folder: &str) -> Vec<(String, String)> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let mut files = Vec::new();
        for entry in fs::read_dir(&path).unwrap() {
            let entry = entry.unwrap().path();
            if entry.is_dir() {
                let inner = entry.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap();
                files.extend(self::files(&inner.to_string_lossy()));
            } else {
                files.push((entry.display().to_string(), fs::read_to_string(&entry).unwrap()));
            }
        }
        assert!(!files.is_empty(), "{folder} holds no files");
        files
    }

    #[test]
    fn data_flows_one_way() {
        let forbidden = [
            ("components", ["crate::pages", "crate::state", "crate::route", "crate::texts"].as_slice()),
            ("state", ["crate::pages", "crate::components", "crate::route", "crate::texts"].as_slice()),
            ("texts", ["crate::pages", "crate::components"].as_slice()),
        ];
        for (folder, uses) in forbidden {
            for (file, source) in files(folder) {
                for used in uses {
                    assert!(!source.contains(used), "{file} must not use {used}");
                }
            }
        }
    }

    #[test]
    fn every_component_has_its_style_sheet_and_the_page_loads_it() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let page = fs::read_to_string(root.join("index.html")).unwrap();
        for (file, _) in files("components") {
            let name = Path::new(&file).file_stem().unwrap().to_string_lossy().into_owned();
            if name == "mod" {
                continue;
            }
            assert!(root.join(format!("style/{name}.css")).is_file(), "style/{name}.css is missing");
            assert!(page.contains(&format!("./style/{name}.css")), "index.html does not load {name}.css");
        }
    }
}
