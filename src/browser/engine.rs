//! The page's side of the engine: starts its worker, sends commands, hands out events.

use crate::{
    message,
    protocol::{Command, Event},
    worker_link::{WorkerLink, internal},
};
use migration::Problem;
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// The start module that `cargo xtask` writes beside the page.
const START: &str = "./worker-start.js";

/// The engine's worker. Dropping it ends the worker and takes its state away.
pub struct Engine {
    link: WorkerLink,
}

impl Engine {
    /// Starts the worker. `on_event` hears every event in order, with its attachment; it may send commands.
    ///
    /// # Errors
    /// The browser has no module workers, or forbids them.
    pub fn start(on_event: impl Fn(Event, Option<JsValue>) + 'static) -> Result<Engine, Problem> {
        let on_event = Rc::new(on_event);
        let on_end = on_event.clone();
        let hear = move |data: &JsValue| match message::unpack::<Event>(data) {
            Ok((event, attachment)) => on_event(event, attachment),
            Err(reason) => on_event(Event::Lost(unreadable(&reason)), None),
        };
        let link = WorkerLink::start(START, hear, move || on_end(Event::Lost(crashed()), None))?;
        Ok(Engine { link })
    }

    /// Sends a command; what rides along as attachment stands at each [`Command`].
    pub fn send(&self, command: &Command, attachment: Option<JsValue>) {
        // Commands are plain enums of text and numbers: they always serialize.
        if let Ok(message) = message::pack(command, attachment.as_ref()) {
            self.link.send(message);
        }
    }
}

fn crashed() -> Problem {
    internal(
        "The part of the app that does the work has stopped unexpectedly.",
        "Reload the page. A run that was going on is on the home page and can go on; nothing is written twice.",
    )
}

fn unreadable(reason: &str) -> Problem {
    internal(
        &format!("The page and its worker do not understand each other: {reason}."),
        "Reload the page without the browser's cache (Ctrl+F5): parts of two versions were mixed.",
    )
}
