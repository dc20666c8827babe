//! Small texts that the browser keeps: until the tab is closed, or for good. No token is ever put here by us.

use serde::{Serialize, de::DeserializeOwned};
use web_sys::{Storage, window};

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
