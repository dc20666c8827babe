//! A tab of a browser with the engines in it: whatever it knew is gone when it dies, but the plan and the journal.

use super::life::{Dying, Life};
use super::mistake::Mistake;
use crate::under_weather::UnderWeather;
use dataverse::virtual_time::VirtualClock;
use dataverse::{Client, Clock, EnvironmentUrl, Transport, TransportError};
use futures::future::{Either, select};
use http::{Request, Response};
use migration::{
    Control, EnvironmentTables, Go, ImportOptions, ImportReport, Journal, JournalStore, LoadedPackage, Plan,
    Problem,
};
use std::cell::{Cell, RefCell};
use std::future::{Future, pending, poll_fn};
use std::pin::pin;
use std::rc::Rc;

/// The engine's mistake; clones share it.
pub(super) type Bent = Rc<RefCell<dyn Mistake>>;

/// The engines in a tab.
pub(super) struct Tab {
    client: Client<Way, VirtualClock>,
    clock: VirtualClock,
    life: Life,
    mistake: Bent,
    stop: StopAfter,
}

/// The way to the environment, as long as the tab lives.
struct Way {
    way: UnderWeather,
    life: Life,
    mistake: Bent,
}

/// Lets a run go on for so many questions.
struct StopAfter(Cell<Option<u64>>);

impl Control for StopAfter {
    fn go(&self) -> Go {
        match self.0.get() {
            None => Go::On,
            Some(0) => Go::Stop,
            Some(left) => {
                self.0.set(Some(left - 1));
                Go::On
            }
        }
    }
}

impl Tab {
    pub(super) fn open(way: &UnderWeather, life: Life, mistake: &Bent, stop: Option<u64>) -> Tab {
        let url = EnvironmentUrl::parse("https://target.crm.dynamics.com");
        let own = Way { way: way.clone(), life: life.clone(), mistake: mistake.clone() };
        #[expect(clippy::expect_used, reason = "the address is a constant, and a valid one")]
        let client = Client::new(url.expect("a valid address"), own, way.clock().clone());
        let stop = StopAfter(Cell::new(stop));
        Tab { client, clock: way.clock().clone(), life, mistake: mistake.clone(), stop }
    }

    /// Reads what the target is like.
    pub(super) fn check(&self, package: &LoadedPackage) -> Result<EnvironmentTables, Problem> {
        let checked = self.clock.run(migration::check(&self.client, &package.schema, Some(package)));
        checked.map(|(_, tables)| tables)
    }

    pub(super) fn plan(
        &self,
        package: &LoadedPackage,
        tables: &EnvironmentTables,
        options: &ImportOptions,
    ) -> Result<Plan, Problem> {
        let goes_on = StopAfter(Cell::new(None));
        let mut nowhere = |_| {};
        self.clock.run(migration::plan(&self.client, package, tables, options, &goes_on, &mut nowhere))
    }

    /// Begins the run or goes on with it; `None`: the tab died.
    pub(super) fn import(
        &self,
        package: &LoadedPackage,
        tables: &EnvironmentTables,
        plan: &Plan,
        resumes: bool,
    ) -> Result<Option<ImportReport>, Problem> {
        let earlier = self.life.journal();
        let mut store =
            Store { life: self.life.clone(), mistake: self.mistake.clone(), held_back: Vec::new() };
        let journal =
            if resumes { Journal::reopen(&earlier, &mut store)? } else { Journal::begin(&mut store) };
        let mut nowhere = |_| {};
        let run = migration::import(&self.client, package, tables, plan, journal, &self.stop, &mut nowhere);
        let report = self.clock.run(async {
            match select(pin!(run), pin!(self.life.death())).await {
                Either::Left((report, _)) if !self.life.is_over() => Some(report),
                _ => None,
            }
        });
        Ok(report.map(|mut report| {
            self.mistake.borrow_mut().bend_report(&mut report);
            report
        }))
    }
}

impl Way {
    /// Sends the request. Where its tab dies with it, nobody hears the answer.
    async fn leave(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        let dies = self.life.moment();
        if dies == Some(Dying::Before) {
            return pending().await;
        }
        let mut sending = pin!(self.way.send(request));
        poll_fn(|context| {
            let sent = sending.as_mut().poll(context);
            if self.life.is_over() { std::task::Poll::Pending } else { sent }
        })
        .await
    }
}

impl Transport for Way {
    async fn send(&self, mut request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        if self.life.is_over() {
            return pending().await;
        }
        let bent = self.mistake.borrow_mut().bend_request(&mut request);
        match bent {
            Some(answer) => Ok(answer),
            None => self.leave(request).await,
        }
    }

    async fn renew_token(&self) -> Result<(), TransportError> {
        self.way.renew_token().await
    }
}

/// Where the journal is kept.
struct Store {
    life: Life,
    mistake: Bent,
    held_back: Vec<u8>,
}

impl JournalStore for Store {
    fn append(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        if self.mistake.borrow_mut().holds_back(bytes) {
            self.held_back.extend_from_slice(bytes);
            return Ok(());
        }
        let held_back = std::mem::take(&mut self.held_back);
        if !held_back.is_empty() {
            self.life.write(&held_back);
        }
        self.life.write(bytes);
        Ok(())
    }
}

/// Lets time pass while no tab is open.
pub(super) fn wait(clock: &VirtualClock, time: std::time::Duration) {
    clock.run(clock.sleep(time));
}
