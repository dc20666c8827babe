//! Files that ship beside the page: the ready-made schemas.

use gloo_net::http::Request;

/// Fetches a file below the page's own folder, e.g. `schemas/catalogue.json`.
///
/// # Errors
/// It is not there or cannot be had: the text says which, for people.
pub async fn fetch(path: &str) -> Result<Vec<u8>, String> {
    let answer =
        Request::get(&format!("./{path}")).send().await.map_err(|_| format!("{path} could not be loaded"))?;
    if !answer.ok() {
        return Err(format!("{path} could not be loaded (HTTP {})", answer.status()));
    }
    answer.binary().await.map_err(|_| format!("{path} could not be loaded completely"))
}
