//! The adapters between the core's doors and the browser, and the protocol between page and worker.
//!
//! Page side: [`engine`] (the engine's worker), [`demo`] (the demo's worker), [`sign_in`],
//! [`content_policy`], [`storage`], [`files`], [`save_picker`], [`wake_lock`].
//! Worker side: [`scope`], [`transport`], [`port`], [`credentials`], [`clock`], [`assets`], [`state_file`], [`blob_source`],
//! [`package_output`], [`spool`], [`private_file`], [`private_folder`], [`run_store`], [`web_lock`], [`console`].
//! Nothing here knows what is on the screen, and nothing here moves a record.

pub mod assets;
pub mod blob_source;
pub mod clock;
pub mod console;
pub mod content_policy;
pub mod credentials;
pub mod demo;
pub mod engine;
pub mod files;
mod message;
pub mod package_output;
pub mod port;
pub mod private_file;
pub mod private_folder;
pub mod protocol;
pub mod run_store;
pub mod save_picker;
pub mod scope;
pub mod sign_in;
pub mod spool;
pub mod state_file;
pub mod storage;
pub mod transport;
pub mod wake_lock;
pub mod web_lock;
mod worker_link;
