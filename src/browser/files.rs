//! Files the user chose, and files handed to the user.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, File, HtmlAnchorElement, Url, window};

/// How long a download may take to begin before its address is given back, in milliseconds.
const DOWNLOAD_BEGINS_WITHIN: u32 = 60_000;

/// What is wrong with a file on the browser's side.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// What was attached is no file.
    #[error("No file came along")]
    NoFile,
    /// The browser could not read it: moved, renamed or changed since it was chosen.
    #[error("The browser can no longer read the file {0}")]
    Unreadable(String),
}

/// The file's name; empty for a blob without one.
#[must_use]
pub fn name(file: &JsValue) -> String {
    file.dyn_ref::<File>().map(File::name).unwrap_or_default()
}

/// The size of a `File` or `Blob` in bytes.
#[must_use]
pub fn size(file: &JsValue) -> u64 {
    // Sizes of files are whole numbers far below 2^53.
    file.dyn_ref::<Blob>().map_or(0, |blob| blob.size() as u64)
}

/// The whole content of a `File` or `Blob`.
///
/// # Errors
/// The value is no file, or the browser cannot read it any more.
pub async fn read(file: &JsValue) -> Result<Vec<u8>, FileError> {
    let blob = file.dyn_ref::<Blob>().ok_or(FileError::NoFile)?;
    let buffer = JsFuture::from(blob.array_buffer()).await.map_err(|_| FileError::Unreadable(name(file)))?;
    Ok(js_sys::Uint8Array::new(&buffer).to_vec())
}

/// A `Blob` of these bytes; `None` when the browser has no room for it.
#[must_use]
pub fn blob(bytes: &[u8], media_type: &str) -> Option<JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
    Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok().map(JsValue::from)
}

/// Lets the browser save `blob` under `name`, as a click on a link would.
pub fn download(blob: &JsValue, name: &str) {
    let Some(address) = blob.dyn_ref::<Blob>().and_then(|b| Url::create_object_url_with_blob(b).ok()) else {
        return;
    };
    let link = window().and_then(|w| w.document()).and_then(|d| d.create_element("a").ok());
    if let Some(link) = link.and_then(|l| l.dyn_into::<HtmlAnchorElement>().ok()) {
        link.set_href(&address);
        link.set_download(name);
        link.click();
    }
    wasm_bindgen_futures::spawn_local(async move {
        gloo_timers::future::TimeoutFuture::new(DOWNLOAD_BEGINS_WITHIN).await;
        let _ = Url::revoke_object_url(&address);
    });
}
