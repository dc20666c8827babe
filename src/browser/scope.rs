//! The worker's side of the border: hears commands, posts events.

use crate::{
    message,
    protocol::{Command, Event},
};
use gloo_events::EventListener;
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// The worker's global scope.
#[derive(Clone)]
pub struct Scope(DedicatedWorkerGlobalScope);

/// Hears commands as long as it lives.
pub struct Hearing {
    _listener: EventListener,
}

impl Scope {
    /// The scope this code runs in; `None` outside a dedicated worker.
    #[must_use]
    pub fn here() -> Option<Scope> {
        js_sys::global().dyn_into().ok().map(Scope)
    }

    /// Hears every command in order, with its attachment, and tells the page so by [`Event::Ready`].
    #[must_use]
    pub fn hear(&self, on_command: impl Fn(Command, Option<JsValue>) + 'static) -> Hearing {
        let _listener = self.on_message(on_command);
        self.post(&Event::Ready, None);
        Hearing { _listener }
    }

    /// Tells the page.
    pub fn post(&self, event: &Event, attachment: Option<&JsValue>) {
        self.post_any(event, attachment);
    }

    /// Tells the page that messages are heard from now on, where there is no [`Event`] for it.
    pub(crate) fn say_ready(&self) {
        self.post_any(&(), None);
    }

    /// What cannot be read is dropped: only our own page can write here, and a page of another version
    /// notices by the events it cannot read.
    pub(crate) fn on_message<C: DeserializeOwned + 'static>(
        &self,
        hear: impl Fn(C, Option<JsValue>) + 'static,
    ) -> EventListener {
        EventListener::new(&self.0, "message", move |event| {
            let Some(event) = event.dyn_ref::<MessageEvent>() else { return };
            if let Ok((command, attachment)) = message::unpack(&event.data()) {
                hear(command, attachment);
            }
        })
    }

    fn post_any<T: Serialize>(&self, value: &T, attachment: Option<&JsValue>) {
        // What crosses is plain enums, text and numbers, which always serialize; blobs can be cloned.
        if let Ok(message) = message::pack(value, attachment) {
            let _ = self.0.post_message_with_transfer(&message.data, &message.transfer);
        }
    }
}
