//! Asks the user where a file shall go, before it is written: Chromium's browsers can, others cannot (yet).

use crate::private_file::refusal;
use std::io;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    /// The page's window, with what `web-sys` does not have as long as it calls it unstable.
    type PickingWindow;

    #[wasm_bindgen(catch, method, js_name = showSaveFilePicker)]
    fn show_save_file_picker(this: &PickingWindow, options: &JsValue) -> Result<js_sys::Promise, JsValue>;
}

/// The browser opens the picker of this name where it was left the last time.
const REMEMBERED_AS: &str = "package";

/// Whether this browser can ask.
#[must_use]
pub fn is_there() -> bool {
    js_sys::Reflect::get(&js_sys::global(), &"showSaveFilePicker".into()).is_ok_and(|asks| asks.is_function())
}

/// Asks for the place of a zip. `name`: proposed file name; `kind`: what people call such files.
///
/// Call it while a click is handled: the question is put at once, and browsers allow it only there. Gives a
/// `FileSystemFileHandle`, or `None` when the user does not want to say. The browser has made an empty file by then.
///
/// # Errors
/// `PermissionDenied`: no click, or a page within another one. `Unsupported`: [`is_there`] says no.
pub fn ask(name: &str, kind: &str) -> impl Future<Output = io::Result<Option<JsValue>>> + use<> {
    let asked = put(name, kind);
    async move {
        match JsFuture::from(asked?).await {
            Ok(picked) => Ok(Some(picked)),
            Err(error) if is_cancelled(&error) => Ok(None),
            Err(error) => Err(refusal(error)),
        }
    }
}

fn put(name: &str, kind: &str) -> io::Result<js_sys::Promise> {
    if !is_there() {
        return Err(io::ErrorKind::Unsupported.into());
    }
    let options = options(name, kind).map_err(refusal)?;
    js_sys::global().unchecked_into::<PickingWindow>().show_save_file_picker(&options).map_err(refusal)
}

/// `{ id, suggestedName, types: [{ description, accept: { "application/zip": [".zip"] } }] }`
fn options(name: &str, kind: &str) -> Result<JsValue, JsValue> {
    let accept = object(&[("application/zip", js_sys::Array::of1(&".zip".into()).into())])?;
    let zip = object(&[("description", kind.into()), ("accept", accept)])?;
    object(&[
        ("id", REMEMBERED_AS.into()),
        ("suggestedName", name.into()),
        ("types", js_sys::Array::of1(&zip).into()),
    ])
}

fn object(members: &[(&str, JsValue)]) -> Result<JsValue, JsValue> {
    let object = js_sys::Object::new();
    for (name, value) in members {
        js_sys::Reflect::set(&object, &(*name).into(), value)?;
    }
    Ok(object.into())
}

fn is_cancelled(error: &JsValue) -> bool {
    error.dyn_ref::<js_sys::Error>().is_some_and(|error| error.name() == "AbortError")
}
