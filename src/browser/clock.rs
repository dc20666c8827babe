//! Time, as page and worker have it.

use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{WorkerGlobalScope, window};

/// The browser's monotonic clock and timers.
#[derive(Clone, Copy, Debug, Default)]
pub struct BrowserClock;

impl dataverse::Clock for BrowserClock {
    fn now(&self) -> Duration {
        Duration::try_from_secs_f64(milliseconds() / 1000.0).unwrap_or_default()
    }

    async fn sleep(&self, duration: Duration) {
        sleep(duration).await;
    }
}

/// Returns after at least `duration`.
pub async fn sleep(duration: Duration) {
    gloo_timers::future::sleep(duration).await;
}

/// The date and time in UTC as ISO 8601, `2026-11-22T22:14:05.123Z`: what stamps a new package.
#[must_use]
pub fn utc_now() -> String {
    js_sys::Date::new(&JsValue::from_f64(js_sys::Date::now())).to_iso_string().into()
}

/// The time in whole milliseconds since 1970.
#[must_use]
pub fn utc_milliseconds() -> u64 {
    js_sys::Date::now() as u64
}

fn milliseconds() -> f64 {
    let scope = js_sys::global().dyn_into::<WorkerGlobalScope>().ok();
    let performance = scope.and_then(|s| s.performance()).or_else(|| window()?.performance());
    performance.map_or_else(js_sys::Date::now, |p| p.now())
}
