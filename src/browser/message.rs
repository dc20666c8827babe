//! The shape of a message across a worker's border: the JS array `[json, attachment?]`.

use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::MessagePort;

/// A message as it is posted, with the list of what changes hands instead of being copied.
pub(crate) struct Message {
    /// `[json, attachment?]`
    pub(crate) data: JsValue,
    /// Ports move; files and blobs are shared by reference anyway.
    pub(crate) transfer: js_sys::Array,
}

/// Packs a value that serializes without fail (the protocol's enums: no maps with odd keys, no floats).
pub(crate) fn pack<T: Serialize>(
    value: &T,
    attachment: Option<&JsValue>,
) -> Result<Message, serde_json::Error> {
    let data = js_sys::Array::of1(&serde_json::to_string(value)?.into());
    let transfer = js_sys::Array::new();
    if let Some(attachment) = attachment {
        data.push(attachment);
        if attachment.has_type::<MessagePort>() {
            transfer.push(attachment);
        }
    }
    Ok(Message { data: data.into(), transfer })
}

/// Unpacks what [`pack`] made on the other side. The error says what was wrong, without values.
pub(crate) fn unpack<T: DeserializeOwned>(data: &JsValue) -> Result<(T, Option<JsValue>), String> {
    let parts = data.dyn_ref::<js_sys::Array>().ok_or("the message is no array")?;
    let json = parts.get(0).as_string().ok_or("the message has no text")?;
    let value =
        serde_json::from_str(&json).map_err(|e| format!("{:?} at column {}", e.classify(), e.column()))?;
    let attachment = parts.get(1);
    Ok((value, (!attachment.is_undefined()).then_some(attachment)))
}
