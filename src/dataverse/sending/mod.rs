//! Sending: one function for every request, with all that a request has in common with the others.
//!
//! Each passes the [`gate`], where the pace and the service's `Retry-After` hold for all; ends by its deadline;
//! and goes out again only where that is safe ([`retry`]).

mod cancel;
mod gate;
mod pace;
mod retry;
mod spent;

pub use cancel::Cancel;
pub(crate) use retry::{MOST_REPEATS, Repeat, growing};

use crate::{Clock, EnvironmentUrl, Error, Transport, TransportError};
use futures::future::{Either, select};
use gate::Gate;
use http::{Request, Response};
use pace::Pace;
use retry::{Next, Tries, next, throttle};
use spent::Spent;
use std::cell::{Cell, RefCell};
use std::pin::pin;
use std::time::Duration;

/// How long a request may take: as long as Microsoft's own `ServiceClient` waits.
const DEADLINE: Duration = Duration::from_secs(240);

/// Why nothing goes out for a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// The service asked for it: all requests wait so long.
    Asked(Duration),
    /// No answer came, or a gateway's: the request goes out again after so long.
    Unanswered(Duration),
    /// So much of the service's time was used that it would refuse more: all requests wait so long.
    Sparing(Duration),
}

/// Told each time before requests wait.
type OnWait = Box<dyn Fn(Wait)>;

/// What all requests to one environment share.
pub(crate) struct Sender<T, C> {
    url: EnvironmentUrl,
    transport: T,
    clock: C,
    gate: Gate,
    pace: RefCell<Pace>,
    spent: RefCell<Spent>,
    deadline: Cell<Duration>,
    /// How often a fresh token was asked for.
    renewals: Cell<u32>,
    /// Whether anything ever came back from this address.
    answered: Cell<bool>,
    /// How many requests went out.
    sent: Cell<u64>,
    on_wait: RefCell<Option<OnWait>>,
}

/// A request on its way.
pub(crate) struct Errand {
    pub(crate) request: Request<Vec<u8>>,
    pub(crate) repeat: Repeat,
    /// How many rows or questions it carries: what the pace is measured by.
    pub(crate) weight: usize,
    /// Whether somebody waits for it, so that an answer that does not come is soon given up.
    pub(crate) hurried: bool,
}

/// An answer, whatever its status.
#[derive(Debug)]
pub(crate) struct Arrived {
    pub(crate) answer: Response<Vec<u8>>,
    /// When an earlier try lost its answer: it may have been carried out before this one, or may still be.
    pub(crate) lost: Option<Duration>,
}

impl<T: Transport, C: Clock> Sender<T, C> {
    pub(crate) fn new(url: EnvironmentUrl, transport: T, clock: C) -> Sender<T, C> {
        let pace = Pace::new(clock.now());
        Sender {
            url,
            transport,
            gate: Gate::new(pace.limit()),
            pace: RefCell::new(pace),
            spent: RefCell::default(),
            deadline: Cell::new(DEADLINE),
            renewals: Cell::new(0),
            answered: Cell::new(false),
            sent: Cell::new(0),
            on_wait: RefCell::default(),
            clock,
        }
    }

    pub(crate) fn url(&self) -> &EnvironmentUrl {
        &self.url
    }

    pub(crate) fn clock(&self) -> &C {
        &self.clock
    }

    /// As if the environment had answered before.
    #[cfg(test)]
    pub(crate) fn is_no_stranger(&self) {
        self.answered.set(true);
    }

    pub(crate) fn set_deadline(&self, deadline: Duration) {
        self.deadline.set(deadline);
    }

    pub(crate) fn set_observer(&self, observer: OnWait) {
        self.on_wait.replace(Some(observer));
    }

    /// How many requests may be in flight at the moment.
    pub(crate) fn limit(&self) -> usize {
        self.pace.borrow().limit()
    }

    pub(crate) fn rows_a_request(&self, left: usize) -> usize {
        self.pace.borrow().rows_a_request(left)
    }

    /// How many requests went out so far, each time they did.
    pub(crate) fn sent(&self) -> u64 {
        self.sent.get()
    }

    /// Sends until an answer stands. The request goes to the environment's own origin or nowhere: there its
    /// token was issued for.
    ///
    /// # Errors
    /// [`Error::Transport`] where no answer came; the request may have been carried out.
    pub(crate) async fn send(&self, errand: &Errand, cancel: &Cancel) -> Result<Arrived, Error> {
        self.url.admit(errand.request.uri())?;
        let (mut tries, mut lost) = (Tries::default(), None);
        loop {
            let answer = self.attempt(errand, &mut tries, cancel).await;
            tries.hurried = errand.hurried || !self.answered.get();
            match next(&answer, errand.repeat, &tries) {
                Next::Stands => return Ok(Arrived { answer: answer?, lost }),
                Next::WithFreshToken => tries.stale = true,
                // The gate is closed already, for this request as for all.
                Next::WhenOpen => {
                    tries.throttled += 1;
                    tries.renewed = false;
                }
                Next::AfterLoss(pause) => {
                    tries.lost += 1;
                    tries.renewed = false;
                    lost = Some(self.clock.now());
                    self.tell(Wait::Unanswered(pause));
                    cancel.unless(self.clock.sleep(pause)).await?;
                }
            }
        }
    }

    /// Sends once, when there is a place and the gate is open.
    async fn attempt(
        &self,
        errand: &Errand,
        tries: &mut Tries,
        cancel: &Cancel,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        let _place = cancel.unless(self.gate.enter(&self.clock)).await?;
        let request = cancel.unless(self.authorized(errand, tries)).await??;
        let began = self.clock.now();
        self.pace.borrow_mut().started(self.gate.taken());
        let answer = self.answer(request).await;
        // Before the place is free: the next one must know.
        if let Ok(answer) = &answer {
            self.answered.set(true);
            self.learn(answer, errand.weight, began);
            throttle(answer, tries).into_iter().for_each(|wait| self.close_for(wait));
        }
        answer
    }

    /// The request with what says who asks. A person may be asked for it, so it is no part of the request's time.
    async fn authorized(
        &self,
        errand: &Errand,
        tries: &mut Tries,
    ) -> Result<Request<Vec<u8>>, TransportError> {
        self.renew_stale_token(tries).await?;
        self.transport.authorize(errand.request.clone()).await
    }

    /// One fresh token serves all whose token ran out together: who comes later finds it.
    async fn renew_stale_token(&self, tries: &mut Tries) -> Result<(), TransportError> {
        if std::mem::take(&mut tries.stale) && tries.token == self.renewals.get() {
            self.transport.renew_token().await?;
            self.renewals.set(self.renewals.get() + 1);
            tries.renewed = true;
        }
        tries.token = self.renewals.get();
        Ok(())
    }

    /// The answer, or none within the deadline.
    async fn answer(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        let host = request.uri().host().unwrap_or_default().to_owned();
        let deadline = self.deadline.get();
        self.sent.set(self.sent.get() + 1);
        match select(pin!(self.transport.send(request)), pin!(self.clock.sleep(deadline))).await {
            Either::Left((answer, _)) => answer,
            Either::Right(_) => Err(TransportError::TooLate { host, seconds: deadline.as_secs() }),
        }
    }

    /// Lets the pace know what an answer says about it.
    fn learn(&self, answer: &Response<Vec<u8>>, weight: usize, began: Duration) {
        let (now, mut pace) = (self.clock.now(), self.pace.borrow_mut());
        match answer.status().as_u16() {
            429 => pace.throttled(began, now),
            200..=499 => pace.answered(now, weight),
            _ => {}
        }
        self.gate.set_limit(pace.limit());
        let until = self.spent.borrow_mut().answered(now, now.saturating_sub(began));
        if let Some(until) = until.filter(|until| self.gate.close(*until)) {
            self.tell(Wait::Sparing(until.saturating_sub(now)));
        }
    }

    fn close_for(&self, wait: Duration) {
        let later = self.gate.close(self.clock.now() + wait);
        if later {
            self.tell(Wait::Asked(wait));
        }
    }

    fn tell(&self, wait: Wait) {
        if let Some(observer) = self.on_wait.borrow().as_ref() {
            observer(wait);
        }
    }
}

#[cfg(test)]
mod tests;
