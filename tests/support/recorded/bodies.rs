//! Where the recorded answers of real organizations are. They are not part of the repository.

use super::json::Json;
use crate::packages::data_folder;

/// A recorded answer.
#[derive(Clone, Debug)]
pub struct Body {
    /// The file's name.
    pub name: String,
    /// What was answered.
    pub json: Json,
}

/// Recorded from Dataverse; ids were replaced. Other kinds are left out: answers of the admin API beside it, samples of
/// pages and requests.
const KIND: &str = "recorded-redacted";
/// The one recording that is no JSON file: headers and an error, which has a test of its own.
pub const CAPTURE: &str = "browser_cors_get_400_20260929.txt";

/// All recorded answers; `None`, said aloud, where the real data is not on this machine.
///
/// # Panics
/// In CI, where nothing may be left out, and where a file is there but cannot be read.
#[must_use]
pub fn bodies() -> Option<Vec<Body>> {
    let folder = data_folder().join("recorded");
    let Ok(manifest) = std::fs::read_to_string(folder.join("MANIFEST.tsv")) else {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "CI has no recorded answers");
        eprintln!("skipped: no recorded answers at {} (set PORTAGE_DATA)", folder.display());
        return None;
    };
    let mut found = Vec::new();
    for line in manifest.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [path, .., kind, _] = columns[..] else { continue };
        if kind == KIND && !path.ends_with(CAPTURE) {
            let bytes = std::fs::read(folder.join(path)).unwrap_or_default();
            let json = Json::read(&bytes).map_err(|error| error.to_string());
            assert!(json.is_ok(), "{path} cannot be read: {json:?}");
            let name = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".json").to_owned();
            found.extend(json.map(|json| Body { name, json }));
        }
    }
    Some(found)
}

/// The recorded headers and error of a request from another origin, as text.
#[must_use]
pub fn capture() -> Option<String> {
    std::fs::read_to_string(data_folder().join("recorded").join(CAPTURE)).ok()
}
