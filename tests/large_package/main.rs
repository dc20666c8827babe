//! Makes a large package, or works through one and tells how much memory that took.
//!
//! In a browser the same runs in a worker, on the origin's private file system.

#[cfg(target_arch = "wasm32")]
mod growing;
#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(target_arch = "wasm32")]
mod worker;

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    native::main()
}

#[cfg(target_arch = "wasm32")]
fn main() {
    worker::main();
}
