//! The gate that every request of a client passes: so many at once, and none before the time the service named.

use crate::Clock;
use futures::channel::oneshot;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

/// Shared by all requests of a client.
pub(crate) struct Gate {
    places: Rc<Places>,
    /// No request starts before this time of the clock.
    closed_until: Cell<Duration>,
}

/// A place among the requests in flight; dropping it lets the next one in.
pub(crate) struct Place(Rc<Places>);

struct Places {
    limit: Cell<usize>,
    taken: Cell<usize>,
    waiting: RefCell<VecDeque<oneshot::Sender<Place>>>,
}

impl Gate {
    /// An open gate with so many places.
    pub(crate) fn new(limit: usize) -> Gate {
        let places = Places { limit: Cell::new(limit), taken: Cell::new(0), waiting: RefCell::default() };
        Gate { places: Rc::new(places), closed_until: Cell::default() }
    }

    /// Returns when there is a place and the gate is open, in the order of asking.
    pub(crate) async fn enter<C: Clock>(&self, clock: &C) -> Place {
        let place = self.place().await;
        while let Some(left) = self.closed_until.get().checked_sub(clock.now()).filter(|l| !l.is_zero()) {
            clock.sleep(left).await;
        }
        place
    }

    /// Nothing starts before `until`. Whether that is later than what was known.
    pub(crate) fn close(&self, until: Duration) -> bool {
        let later = until > self.closed_until.get();
        if later {
            self.closed_until.set(until);
        }
        later
    }

    /// How many may be in flight from now on. Those that are there too many stay to their end.
    pub(crate) fn set_limit(&self, limit: usize) {
        self.places.limit.set(limit);
        Places::let_in(&self.places);
    }

    /// How many are in flight.
    pub(crate) fn taken(&self) -> usize {
        self.places.taken.get()
    }

    async fn place(&self) -> Place {
        let (sender, receiver) = oneshot::channel();
        self.places.waiting.borrow_mut().push_back(sender);
        Places::let_in(&self.places);
        match receiver.await {
            Ok(place) => place,
            // The sender waits in the queue of this very gate until it sends.
            Err(oneshot::Canceled) => std::future::pending().await,
        }
    }
}

impl Places {
    /// Gives the free places to those who wait and have not gone away.
    fn let_in(this: &Rc<Places>) {
        while this.taken.get() < this.limit.get() {
            let Some(next) = this.waiting.borrow_mut().pop_front() else { return };
            if !next.is_canceled() {
                this.taken.set(this.taken.get() + 1);
                // Whoever went away this very moment leaves the place by dropping it.
                drop(next.send(Place(this.clone())));
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.taken.set(self.0.taken.get() - 1);
        Places::let_in(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::Gate;
    use crate::Clock;
    use crate::virtual_time::VirtualClock;
    use futures::FutureExt;
    use std::time::Duration;

    #[test]
    fn so_many_are_in_flight_and_no_more() {
        let (gate, clock) = (Gate::new(2), VirtualClock::default());
        let first = gate.enter(&clock).now_or_never().unwrap();
        let _second = gate.enter(&clock).now_or_never().unwrap();
        assert!(gate.enter(&clock).now_or_never().is_none(), "both places are taken");
        drop(first);
        assert!(gate.enter(&clock).now_or_never().is_some());
        assert_eq!(gate.taken(), 1);
    }

    #[test]
    fn whoever_goes_away_while_waiting_leaves_no_place_taken() {
        let (gate, clock) = (Gate::new(1), VirtualClock::default());
        let inside = gate.enter(&clock).now_or_never().unwrap();
        let mut waiting = Box::pin(gate.enter(&clock));
        assert!(waiting.as_mut().now_or_never().is_none());
        drop(inside);
        drop(waiting);
        assert_eq!(gate.taken(), 0);
        assert!(gate.enter(&clock).now_or_never().is_some());
    }

    #[test]
    fn a_closed_gate_opens_when_the_last_word_said_so() {
        let (gate, clock) = (Gate::new(2), VirtualClock::default());
        assert!(gate.close(Duration::from_secs(5)));
        let early = clock.run(async {
            let later = async {
                clock.sleep(Duration::from_secs(3)).await;
                assert!(gate.close(Duration::from_secs(9)), "the service asks for more");
                assert!(!gate.close(Duration::from_secs(4)), "less does not open it");
            };
            futures::join!(gate.enter(&clock), later).0
        });
        assert_eq!(clock.now().as_secs(), 9);
        drop(early);
    }
}
