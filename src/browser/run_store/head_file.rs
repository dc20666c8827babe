//! A run's head as it changes: not with every row, but often enough to tell how far the run came.

use super::HEAD;
use crate::clock::utc_milliseconds;
use crate::private_folder::PrivateFolder;
use crate::protocol::{Ended, HowFar, RunHead};
use migration::{Event, Pass};
use std::{cell::RefCell, io, rc::Rc};

/// The head is written at most once in so many milliseconds.
const PAUSE: u64 = 2_000;

/// The head of an open run, shared between the run and whoever watches it.
#[derive(Clone, Debug)]
pub struct HeadFile {
    folder: PrivateFolder,
    head: Rc<RefCell<RunHead>>,
    /// One writing at a time: the newest wins.
    writing: Rc<futures::lock::Mutex<()>>,
}

impl HeadFile {
    pub(super) fn new(folder: PrivateFolder, head: RunHead) -> HeadFile {
        HeadFile { folder, head: Rc::new(RefCell::new(head)), writing: Rc::default() }
    }

    /// The head as it stands.
    #[must_use]
    pub fn head(&self) -> RunHead {
        self.head.borrow().clone()
    }

    /// Takes in what the run tells.
    pub fn told(&self, event: &Event) {
        let mut head = self.head.borrow_mut();
        advance(&mut head.far, event);
        let now = utc_milliseconds();
        if now.saturating_sub(head.last_written) >= PAUSE {
            head.last_written = now;
            drop(head);
            let later = self.clone();
            // What is lost here is only how far it is shown to be: the journal has all.
            wasm_bindgen_futures::spawn_local(async move { drop(later.write().await) });
        }
    }

    /// The run goes on, or goes on again.
    ///
    /// # Errors
    /// There is no room.
    pub async fn goes_on(&self) -> io::Result<()> {
        self.head.borrow_mut().ended = None;
        self.write().await
    }

    /// The run is over.
    ///
    /// # Errors
    /// There is no room.
    pub async fn ended(&self, how: Ended) -> io::Result<()> {
        self.head.borrow_mut().ended = Some(how);
        self.write().await
    }

    pub(super) async fn write(&self) -> io::Result<()> {
        let _alone = self.writing.lock().await;
        self.head.borrow_mut().last_written = utc_milliseconds();
        let content = serde_json::to_vec(&*self.head.borrow()).map_err(io::Error::other)?;
        self.folder.write(HEAD, &content).await
    }
}

/// The pass under way, and how much of it is through.
fn advance(far: &mut Option<HowFar>, event: &Event) {
    match event {
        // Reading back is no progress of the writing.
        Event::PassStarted { pass: Pass::Verify, .. } => {}
        Event::PassStarted { pass, totals } => {
            *far = Some(HowFar { pass: *pass, done: 0, total: totals.iter().map(|(_, total)| total).sum() });
        }
        Event::Advanced { pass, done, .. } => {
            if let Some(far) = far.as_mut().filter(|far| far.pass == *pass) {
                far.done += done;
                far.total = far.total.max(far.done);
            }
        }
        Event::PassFinished { .. } | Event::Waiting { .. } | Event::Counted { .. } => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_far_a_run_is_follows_its_pass() {
        let mut far = None;
        let totals = vec![("page".into(), 3), ("site".into(), 1)];
        advance(&mut far, &Event::PassStarted { pass: Pass::Write, totals });
        let advanced = |pass, done| Event::Advanced { pass, table: "page".into(), done, failed: 0 };
        advance(&mut far, &advanced(Pass::Write, 2));
        advance(&mut far, &advanced(Pass::Links, 7));
        assert_eq!(far, Some(HowFar { pass: Pass::Write, done: 2, total: 4 }));
        advance(&mut far, &advanced(Pass::Write, 3));
        assert_eq!(far, Some(HowFar { pass: Pass::Write, done: 5, total: 5 }));
        advance(&mut far, &Event::PassStarted { pass: Pass::Verify, totals: Vec::new() });
        assert_eq!(far.map(|far| far.pass), Some(Pass::Write), "reading back is no progress");
    }
}
