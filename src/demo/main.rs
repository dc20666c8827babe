//! The emulator's wasm module: two environments of an invented company, in a worker of their own.
//!
//! Speaks the Web API over message ports, as if it were far away; no network at all. What was written
//! survives a reload.

mod contoso;
mod host;
mod keeping;

use browser::demo::DemoHearing;
use futures::{StreamExt, channel::mpsc};
use std::cell::RefCell;

thread_local! {
    /// Hears the page for as long as the worker lives.
    static HEARING: RefCell<Option<DemoHearing>> = const { RefCell::new(None) };
}

fn main() {
    console_error_panic_hook::set_once();
    let (orders, mut queue) = mpsc::unbounded();
    wasm_bindgen_futures::spawn_local(async move {
        let mut host = host::Host::default();
        while let Some((command, port)) = queue.next().await {
            host.carry_out(command, port).await;
        }
    });
    // The receiver lives as long as the worker: sending cannot fail.
    HEARING.set(DemoHearing::start(move |command, port| drop(orders.unbounded_send((command, port)))));
}
