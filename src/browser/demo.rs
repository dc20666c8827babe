//! The demo's worker seen from both sides: the page starts it and hands out ports, the worker hears that.

use crate::{
    message,
    scope::Scope,
    worker_link::{WorkerLink, internal},
};
use gloo_events::EventListener;
use migration::Problem;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use web_sys::MessageChannel;

/// The start module that `cargo xtask` writes beside the page.
const START: &str = "./demo-start.js";

/// What the page tells the demo's worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DemoCommand {
    /// Answer the requests that come through the attached `MessagePort` as this environment.
    Open {
        /// The environment's name.
        environment: String,
    },
    /// Put both environments back as they were delivered.
    Reset,
}

/// The emulated environments, in a worker of their own: a panic there costs nothing here (requests to it
/// then end as "no answer").
pub struct DemoHost {
    link: WorkerLink,
}

impl DemoHost {
    /// Starts the demo's worker.
    ///
    /// # Errors
    /// The browser has no module workers, or forbids them.
    pub fn start() -> Result<DemoHost, Problem> {
        Ok(DemoHost { link: WorkerLink::start(START, |_| (), || ())? })
    }

    /// A port that leads to the environment of that name (`Contoso Development`, `Contoso Test`): the
    /// attachment of [`Command::Connect`](crate::protocol::Command::Connect).
    ///
    /// # Errors
    /// The browser makes no message channels.
    pub fn port(&self, environment: &str) -> Result<JsValue, Problem> {
        let channel = MessageChannel::new().map_err(|_| {
            let remedy = "Use a current version of Edge, Chrome, Firefox or Safari.";
            internal("This browser makes no message channels.", remedy)
        })?;
        self.send(&DemoCommand::Open { environment: environment.to_owned() }, Some(&channel.port1()));
        Ok(channel.port2().into())
    }

    /// Puts both environments back as they were delivered.
    pub fn reset(&self) {
        self.send(&DemoCommand::Reset, None);
    }

    fn send(&self, command: &DemoCommand, attachment: Option<&JsValue>) {
        // Two plain variants: they always serialize.
        if let Ok(message) = message::pack(command, attachment) {
            self.link.send(message);
        }
    }
}

/// The worker's side: hears the page as long as it lives.
pub struct DemoHearing {
    _listener: EventListener,
}

impl DemoHearing {
    /// Hears every command with its attachment; `None` outside a dedicated worker.
    #[must_use]
    pub fn start(on_command: impl Fn(DemoCommand, Option<JsValue>) + 'static) -> Option<DemoHearing> {
        let scope = Scope::here()?;
        let listener = scope.on_message(on_command);
        scope.say_ready();
        Some(DemoHearing { _listener: listener })
    }
}
