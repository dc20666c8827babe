//! Keeps the screen on, and with it the computer awake, while a run goes on.

use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::window;

#[wasm_bindgen]
extern "C" {
    /// `WakeLock`, which `web-sys` does not have as long as it calls it unstable.
    type Wakefulness;

    #[wasm_bindgen(catch, method)]
    fn request(this: &Wakefulness, kind: &str) -> Result<js_sys::Promise, JsValue>;

    /// `WakeLockSentinel`
    type Sentinel;

    #[wasm_bindgen(catch, method)]
    fn release(this: &Sentinel) -> Result<js_sys::Promise, JsValue>;
}

/// A wish to keep the screen on; ends when it is dropped. Where the browser refuses (low battery), nobody is bothered.
#[derive(Default)]
pub struct WakeLock {
    held: Rc<RefCell<Held>>,
}

#[derive(Default)]
struct Held {
    sentinel: Option<Sentinel>,
    over: bool,
}

impl WakeLock {
    /// Asks for it. The browser takes it back when the tab is hidden: ask again when it is shown.
    #[must_use]
    pub fn take() -> WakeLock {
        let lock = WakeLock::default();
        lock.renew();
        lock
    }

    /// Asks once more.
    pub fn renew(&self) {
        let Some(asked) = wakefulness().and_then(|wakefulness| wakefulness.request("screen").ok()) else {
            return;
        };
        let held = self.held.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let Ok(sentinel) = JsFuture::from(asked).await else { return };
            let sentinel: Sentinel = sentinel.unchecked_into();
            if held.borrow().over {
                let _ = sentinel.release();
            } else {
                held.borrow_mut().sentinel = Some(sentinel);
            }
        });
    }
}

impl Drop for WakeLock {
    fn drop(&mut self) {
        let mut held = self.held.borrow_mut();
        held.over = true;
        if let Some(sentinel) = held.sentinel.take() {
            let _ = sentinel.release();
        }
    }
}

fn wakefulness() -> Option<Wakefulness> {
    let navigator: JsValue = window()?.navigator().into();
    let found = js_sys::Reflect::get(&navigator, &"wakeLock".into()).ok()?;
    (!found.is_undefined()).then(|| found.unchecked_into())
}
