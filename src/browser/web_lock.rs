//! Locks between the tabs of this origin: whoever holds one is the only one, and a tab that closes or crashes gives
//! its locks back.

use futures::channel::oneshot;
use std::io;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

#[wasm_bindgen]
extern "C" {
    /// `LockManager`, which `web-sys` does not have as long as it calls it unstable.
    type Locks;

    #[wasm_bindgen(catch, method)]
    fn request(
        this: &Locks,
        name: &str,
        options: &JsValue,
        callback: &js_sys::Function,
    ) -> Result<js_sys::Promise, JsValue>;

    #[wasm_bindgen(catch, method)]
    fn query(this: &Locks) -> Result<js_sys::Promise, JsValue>;
}

/// A lock that is held until it is dropped.
#[derive(Debug)]
pub struct WebLock {
    /// Its other end keeps the lock.
    _held: oneshot::Sender<()>,
}

impl WebLock {
    /// Takes a lock; `None`: another tab has it, or this one.
    ///
    /// # Errors
    /// The browser has no locks, or the page is not served securely.
    pub async fn take(name: &str) -> io::Result<Option<WebLock>> {
        let (say, heard) = oneshot::channel();
        let (_held, released) = oneshot::channel::<()>();
        let granted = Closure::once(move |lock: JsValue| -> JsValue {
            let granted = !lock.is_null();
            // Whoever asked may have been dropped meanwhile: then the lock is released at once, too.
            let _ = say.send(granted);
            if !granted {
                return JsValue::UNDEFINED;
            }
            let until = async move {
                let _ = released.await;
                Ok(JsValue::UNDEFINED)
            };
            future_to_promise(until).into()
        });
        let options = js_sys::Object::new();
        js_sys::Reflect::set(&options, &"ifAvailable".into(), &true.into()).map_err(|_| unsupported())?;
        let request = locks()?.request(name, &options, granted.as_ref().unchecked_ref());
        let _until_released = request.map_err(|_| unsupported())?;
        let granted_now = heard.await.map_err(|_| unsupported())?;
        Ok(granted_now.then_some(WebLock { _held }))
    }
}

/// The names of all locks that are held, by whatever tab.
///
/// # Errors
/// The browser has no locks, or the page is not served securely.
pub async fn held() -> io::Result<Vec<String>> {
    let asked = locks()?.query().map_err(|_| unsupported())?;
    let answer = JsFuture::from(asked).await.map_err(|_| unsupported())?;
    let held = js_sys::Reflect::get(&answer, &"held".into()).map_err(|_| unsupported())?;
    let name = |lock: JsValue| js_sys::Reflect::get(&lock, &"name".into()).ok()?.as_string();
    Ok(js_sys::Array::from(&held).iter().filter_map(name).collect())
}

fn locks() -> io::Result<Locks> {
    let of = |object: &JsValue, name: &str| js_sys::Reflect::get(object, &name.into());
    let navigator = of(&js_sys::global(), "navigator").map_err(|_| unsupported())?;
    match of(&navigator, "locks") {
        Ok(locks) if !locks.is_undefined() => Ok(locks.unchecked_into()),
        _ => Err(unsupported()),
    }
}

fn unsupported() -> io::Error {
    io::ErrorKind::Unsupported.into()
}
