//! The handle that ends a run's requests from outside.

use crate::TransportError;
use futures::channel::oneshot;
use futures::future::{Either, FutureExt, Shared, select};
use std::cell::RefCell;
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;

/// Ends the waiting of requests that have not gone out, and lets none go out any more. Clones are one handle.
///
/// What is under way is left to be answered, at the latest by its deadline: a write whose answer nobody hears
/// would be in doubt.
#[derive(Clone, Debug)]
pub struct Cancel {
    /// Dropped when cancelled.
    hold: Rc<RefCell<Option<oneshot::Sender<()>>>>,
    cancelled: Shared<oneshot::Receiver<()>>,
}

impl Default for Cancel {
    fn default() -> Cancel {
        let (hold, cancelled) = oneshot::channel();
        Cancel { hold: Rc::new(RefCell::new(Some(hold))), cancelled: cancelled.shared() }
    }
}

impl Cancel {
    /// Ends them, now and for good.
    pub fn cancel(&self) {
        drop(self.hold.take());
    }

    /// Whether that was done.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.hold.borrow().is_none()
    }

    /// What `waiting` brings, unless this is cancelled before or meanwhile.
    ///
    /// # Errors
    /// [`TransportError::Cancelled`].
    pub(crate) async fn unless<F: Future>(&self, waiting: F) -> Result<F::Output, TransportError> {
        match select(self.cancelled.clone(), pin!(waiting)).await {
            Either::Left(_) => Err(TransportError::Cancelled),
            Either::Right((output, _)) => Ok(output),
        }
    }
}
