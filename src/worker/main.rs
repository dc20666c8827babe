//! The engine's wasm module: hears the page's commands, drives the runs, tells what happens.
//!
//! A command goes [`session`] → its chapter ([`connect`], [`ready_made`], [`export_job`], [`import_job`]) → the engines in
//! `migration` → an event back to the page. Plan and report stay here; the page asks for windows of them
//! ([`rows`]), and of a package that is looked into ([`viewer`]).

mod attached_file;
mod connect;
mod export_job;
mod import_job;
mod kept_runs;
mod listing;
mod pause;
mod progress;
mod ready_made;
mod rows;
mod run_notes;
mod saving;
mod session;
mod shared_zip;
mod stop;
mod summaries;
mod too_early;
mod viewer;
mod way;

use browser::scope::{Hearing, Scope};
use std::cell::RefCell;

thread_local! {
    /// Hears the page for as long as the worker lives.
    static HEARING: RefCell<Option<Hearing>> = const { RefCell::new(None) };
}

fn main() {
    console_error_panic_hook::set_once();
    wasm_bindgen_futures::spawn_local(browser::spool::remove_left());
    let Some(scope) = Scope::here() else { return };
    let session = session::Session::start(scope.clone());
    let hearing = scope.hear(move |command, attachment| session.hear(command, attachment));
    HEARING.set(Some(hearing));
}
