//! Small texts that the browser keeps: until the tab is closed, or for good. No token is ever put here by us.

use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Storage, StorageManager, window};

/// What the names of all entries of this app, and of the sign-in library, begin with.
const OWN: [&str; 2] = ["portage.", "msal."];

/// How long something is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Until the tab is closed.
    ForTheTab,
    /// Until the browser's data of this site is cleared.
    ForGood,
}

/// What was kept under that name; `None` where there is nothing, or nothing of this form.
#[must_use]
pub fn read<T: DeserializeOwned>(kept: Kept, name: &str) -> Option<T> {
    let text = storage(kept)?.get_item(&full(name)).ok()??;
    serde_json::from_str(&text).ok()
}

/// Keeps a value, if the browser keeps any: what is lost here is comfort only.
pub fn write<T: Serialize>(kept: Kept, name: &str, value: &T) {
    if let (Some(storage), Ok(text)) = (storage(kept), serde_json::to_string(value)) {
        let _ = storage.set_item(&full(name), &text);
    }
}

/// Takes it away.
pub fn remove(kept: Kept, name: &str) {
    if let Some(storage) = storage(kept) {
        let _ = storage.remove_item(&full(name));
    }
}

/// Takes away all that this app and the sign-in library keep, also what only the tab keeps. How many entries that were.
#[must_use]
pub fn clear() -> u64 {
    [Kept::ForTheTab, Kept::ForGood].into_iter().filter_map(storage).map(|storage| clear_one(&storage)).sum()
}

fn clear_one(storage: &Storage) -> u64 {
    let names = (0..storage.length().unwrap_or_default()).filter_map(|at| storage.key(at).ok().flatten());
    let own: Vec<String> = names.filter(|name| OWN.iter().any(|own| name.starts_with(own))).collect();
    own.iter().filter(|name| storage.remove_item(name).is_ok()).count() as u64
}

/// Asks the browser not to throw away what is kept here when room gets short. Some ask the user.
pub fn ask_to_persist() {
    // Absent where the page is not served securely: there nothing can be kept anyway.
    let manager = window().map(|window| JsValue::from(window.navigator().storage()));
    let manager = manager.and_then(|manager| manager.dyn_into::<StorageManager>().ok());
    if let Some(asked) = manager.and_then(|manager| manager.persist().ok()) {
        wasm_bindgen_futures::spawn_local(async move {
            // Refused: the run is kept all the same, as long as there is room.
            let _ = JsFuture::from(asked).await;
        });
    }
}

/// Other apps may lie at the same origin.
fn full(name: &str) -> String {
    format!("portage.{name}")
}

fn storage(kept: Kept) -> Option<Storage> {
    let window = window()?;
    match kept {
        Kept::ForTheTab => window.session_storage().ok()?,
        Kept::ForGood => window.local_storage().ok()?,
    }
}
