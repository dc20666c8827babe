//! The page's line to one of its workers: starts it, holds messages back until it listens, notices its end.

use crate::message::Message;
use gloo_events::EventListener;
use migration::{Place, Problem, ProblemKind};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

/// A running worker. Dropping it ends the worker.
pub(crate) struct WorkerLink {
    worker: Worker,
    waiting: Waiting,
    _listeners: [EventListener; 2],
}

/// What waits until the worker listens (a worker's first message says that it does); `None`: it does.
type Waiting = Rc<RefCell<Option<Vec<Message>>>>;

impl WorkerLink {
    /// Starts a module worker from a script beside the page. `on_message` hears what it says; `on_end` that
    /// an uncaught error ended it: its memory is no longer to be trusted, so it is stopped for good.
    pub(crate) fn start(
        script: &str,
        on_message: impl Fn(&JsValue) + 'static,
        on_end: impl Fn() + 'static,
    ) -> Result<WorkerLink, Problem> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(script, &options).map_err(|_| {
            internal(
                "This browser did not start a background worker.",
                "Use a current version of Edge, Chrome, Firefox or Safari, and allow this page to run scripts.",
            )
        })?;
        let waiting: Waiting = Rc::new(RefCell::new(Some(Vec::new())));
        let _listeners = [on_messages(&worker, waiting.clone(), on_message), on_error(&worker, on_end)];
        Ok(WorkerLink { worker, waiting, _listeners })
    }

    /// Sends, now or as soon as the worker listens.
    pub(crate) fn send(&self, message: Message) {
        match self.waiting.borrow_mut().as_mut() {
            Some(queue) => queue.push(message),
            None => post(&self.worker, &message),
        }
    }
}

impl Drop for WorkerLink {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

/// A problem of the program or the browser, at no place in the data.
pub(crate) fn internal(what: &str, remedy: &str) -> Problem {
    Problem { kind: ProblemKind::Internal, place: Place::default(), what: what.into(), remedy: remedy.into() }
}

fn on_messages(worker: &Worker, waiting: Waiting, hear: impl Fn(&JsValue) + 'static) -> EventListener {
    let to = worker.clone();
    EventListener::new(worker, "message", move |event| {
        let Some(event) = event.dyn_ref::<MessageEvent>() else { return };
        let queued = waiting.borrow_mut().take().unwrap_or_default();
        queued.iter().for_each(|message| post(&to, message));
        hear(&event.data());
    })
}

fn on_error(worker: &Worker, on_end: impl Fn() + 'static) -> EventListener {
    let ended = worker.clone();
    EventListener::new(worker, "error", move |_| {
        ended.terminate();
        on_end();
    })
}

fn post(worker: &Worker, message: &Message) {
    // Posting fails only for attachments that cannot be cloned; the protocol has none of those.
    let _ = worker.post_message_with_transfer(&message.data, &message.transfer);
}
