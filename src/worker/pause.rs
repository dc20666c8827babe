//! The page's wish to pause: no further request goes out, what is under way comes to its end.

use futures::channel::oneshot;
use std::{cell::RefCell, rc::Rc};

/// Shared between the session, which pauses, and every way to an environment, which waits.
#[derive(Clone, Default)]
pub(crate) struct Pause(Rc<RefCell<State>>);

#[derive(Default)]
struct State {
    paused: bool,
    /// Requests that have left and are not answered yet.
    under_way: usize,
    waiting: Vec<oneshot::Sender<()>>,
    /// Told once, when nothing is under way any more.
    tell: Option<Box<dyn FnOnce()>>,
}

/// A request that has left; it is under way until this is dropped.
pub(crate) struct UnderWay(Pause);

impl Pause {
    /// Nothing goes out from now on. `still` is told when nothing is under way any more.
    pub(crate) fn begin(&self, still: impl FnOnce() + 'static) {
        let mut state = self.0.borrow_mut();
        state.paused = true;
        state.tell = Some(Box::new(still));
        drop(state);
        self.tell_if_still();
    }

    /// What waited goes out.
    pub(crate) fn end(&self) {
        let mut state = self.0.borrow_mut();
        state.paused = false;
        state.tell = None;
        for waiting in state.waiting.drain(..) {
            // Whoever waited may have been cancelled meanwhile.
            let _ = waiting.send(());
        }
    }

    /// Returns when nothing is paused.
    pub(crate) async fn over(&self) {
        while let Some(waiting) = self.waiting() {
            // An end that was dropped is no pause any more either.
            let _ = waiting.await;
        }
    }

    fn waiting(&self) -> Option<oneshot::Receiver<()>> {
        let mut state = self.0.borrow_mut();
        if !state.paused {
            return None;
        }
        let (sender, receiver) = oneshot::channel();
        state.waiting.push(sender);
        Some(receiver)
    }

    /// A request leaves.
    pub(crate) fn leaves(&self) -> UnderWay {
        self.0.borrow_mut().under_way += 1;
        UnderWay(self.clone())
    }

    fn tell_if_still(&self) {
        let mut state = self.0.borrow_mut();
        let tell = if state.paused && state.under_way == 0 { state.tell.take() } else { None };
        drop(state);
        if let Some(tell) = tell {
            tell();
        }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.0.borrow_mut().under_way -= 1;
        self.0.tell_if_still();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use std::cell::Cell;

    fn told(pause: &Pause) -> Rc<Cell<bool>> {
        let told = Rc::new(Cell::new(false));
        let note = told.clone();
        pause.begin(move || note.set(true));
        told
    }

    #[test]
    fn a_pause_stands_when_the_last_request_is_answered() {
        let pause = Pause::default();
        let (one, two) = (pause.leaves(), pause.leaves());
        let still = told(&pause);
        drop(one);
        assert!(!still.get());
        drop(two);
        assert!(still.get());
    }

    #[test]
    fn what_waits_goes_on_after_the_pause_and_not_before() {
        let pause = Pause::default();
        assert!(told(&pause).get(), "nothing was under way");
        let mut waiting = Box::pin(pause.over());
        assert_eq!((&mut waiting).now_or_never(), None);
        pause.end();
        assert_eq!(waiting.now_or_never(), Some(()));
    }

    #[test]
    fn a_pause_that_ended_before_it_stood_is_not_told() {
        let pause = Pause::default();
        let one = pause.leaves();
        let still = told(&pause);
        pause.end();
        drop(one);
        assert!(!still.get());
    }
}
