//! Options and requests as the plain objects the library takes.

use crate::AuthError;
use serde::Serialize;
use wasm_bindgen::JsValue;

/// By way of JSON: a few small objects, for which no further crate is worth its weight.
pub(crate) fn plain_object<T: Serialize>(value: &T) -> Result<JsValue, AuthError> {
    let json = serde_json::to_string(value).map_err(|_| AuthError::own("nothing_known"))?;
    js_sys::JSON::parse(&json).map_err(AuthError::read)
}
