//! The browser's console, for mistakes of the program. Never a record's value, never a token.

use wasm_bindgen::JsValue;

/// Writes one line as an error.
pub fn error(line: &str) {
    web_sys::console::error_1(&JsValue::from_str(line));
}
