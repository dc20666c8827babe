//! Whether there is room for a run.

use std::io;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{StorageEstimate, WorkerGlobalScope};

/// What the journal holds of a record whose row is created: its ids, before and after.
const BYTES_A_RECORD: u64 = 1_000;
/// Old values of rows that are changed are about as large as the package's own, which the zip holds at a tenth.
const INFLATED: u64 = 10;

/// What a run may need at most, in bytes: the package and plan, and a journal of every record.
#[must_use]
pub fn needed(package: u64, plan: u64, records: u64) -> u64 {
    package
        .saturating_mul(1 + INFLATED)
        .saturating_add(plan)
        .saturating_add(records.saturating_mul(BYTES_A_RECORD))
}

/// What the browser still gives this site, in bytes; `None`: it does not tell.
///
/// # Errors
/// Not in a worker.
pub async fn free() -> io::Result<Option<u64>> {
    let scope: WorkerGlobalScope =
        js_sys::global().dyn_into().map_err(|_| io::Error::from(io::ErrorKind::Unsupported))?;
    let Ok(asked) = scope.navigator().storage().estimate() else { return Ok(None) };
    let Ok(estimate) = JsFuture::from(asked).await else { return Ok(None) };
    let estimate: StorageEstimate = estimate.unchecked_into();
    let left = |quota: f64| (quota - estimate.get_usage().unwrap_or_default()).max(0.0);
    // Whole numbers far below 2^53.
    Ok(estimate.get_quota().map(|quota| left(quota) as u64))
}

#[cfg(test)]
mod tests {
    use super::needed;

    #[test]
    fn a_portal_needs_a_few_megabytes_and_nothing_overflows() {
        assert_eq!(needed(300_000, 200_000, 924), 11 * 300_000 + 200_000 + 924_000);
        assert_eq!(needed(u64::MAX, 1, 1), u64::MAX);
    }
}
