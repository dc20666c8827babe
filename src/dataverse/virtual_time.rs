//! For tests, this crate's and others': a clock whose time passes only when everything waits, and that runs what
//! waits for it. Minutes of waiting take no time, and the same work takes the same way each time.

use crate::Clock;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

/// Time jumps to the next sleeper's end when nothing else can go on. Clones share their time.
#[derive(Clone, Default)]
pub struct VirtualClock(Rc<Time>);

#[derive(Default)]
struct Time {
    now: Cell<Duration>,
    last: Cell<u64>,
    sleepers: RefCell<BTreeMap<(Duration, u64), Waker>>,
}

impl Clock for VirtualClock {
    fn now(&self) -> Duration {
        self.0.now.get()
    }

    async fn sleep(&self, duration: Duration) {
        let number = self.0.last.get();
        self.0.last.set(number + 1);
        let sleep = Sleep { time: self.0.clone(), until: (self.now() + duration, number) };
        sleep.await;
    }
}

/// Takes itself off the list when nobody waits for it any more.
struct Sleep {
    time: Rc<Time>,
    until: (Duration, u64),
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: std::pin::Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.until.0 <= self.time.now.get() {
            return Poll::Ready(());
        }
        self.time.sleepers.borrow_mut().insert(self.until, context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        self.time.sleepers.borrow_mut().remove(&self.until);
    }
}

struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl VirtualClock {
    /// Runs to the end, passing time as needed.
    ///
    /// # Panics
    /// Where something waits that no time will end.
    pub fn run<F: Future>(&self, work: F) -> F::Output {
        let mut work = pin!(work);
        let flag = Arc::new(Flag(AtomicBool::new(false)));
        let waker = Waker::from(flag.clone());
        loop {
            if let Poll::Ready(output) = work.as_mut().poll(&mut Context::from_waker(&waker)) {
                return output;
            }
            if !flag.0.swap(false, Ordering::Relaxed) {
                self.pass_time();
            }
        }
    }

    #[expect(clippy::expect_used, reason = "a test that waits for ever must fail instead")]
    fn pass_time(&self) {
        let next = self.0.sleepers.borrow_mut().pop_first();
        let ((until, _), waker) = next.expect("something waits that no time will end");
        self.0.now.set(self.now().max(until));
        waker.wake();
    }
}

#[cfg(test)]
mod tests {
    use super::VirtualClock;
    use crate::Clock;
    use futures::future::{join_all, select};
    use std::pin::pin;
    use std::time::Duration;

    #[test]
    fn what_sleeps_side_by_side_takes_as_long_as_the_longest() {
        let clock = VirtualClock::default();
        clock.run(join_all([5, 3, 9].map(|seconds| clock.sleep(Duration::from_secs(seconds)))));
        assert_eq!(clock.now().as_secs(), 9);
    }

    #[test]
    fn a_sleep_that_nobody_waits_for_any_more_holds_nothing_up() {
        let clock = VirtualClock::default();
        clock.run(async {
            let (short, long) = (clock.sleep(Duration::from_secs(1)), clock.sleep(Duration::from_secs(100)));
            select(pin!(short), pin!(long)).await;
            clock.sleep(Duration::from_secs(1)).await;
        });
        assert_eq!(clock.now().as_secs(), 2);
    }

    #[test]
    #[should_panic(expected = "no time will end")]
    fn what_waits_for_ever_is_told() {
        VirtualClock::default().run(std::future::pending::<()>());
    }
}
