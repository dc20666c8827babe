//! Runs that are kept in this browser: listed, taken up, deleted; and what dead ones left switched off is put back.

use crate::connect::Connection;
use crate::run_notes::unreadable;
use browser::clock::utc_milliseconds;
use browser::protocol::{Event, ListedRun, RunHead, RunId};
use browser::run_store::{self, KeptRun, RunStore};
use migration::{Journal, Problem, ProblemKind};
use std::io;

/// All runs, the newest first; `None`: this browser keeps none. Old ones are deleted before.
pub(crate) async fn list() -> Option<Vec<ListedRun>> {
    let store = RunStore::open().await.ok()?;
    // What cannot be deleted is still listed.
    let _ = store.close_old(utc_milliseconds()).await;
    store.list().await.ok()
}

/// Opens a run to go on with it where it belongs.
///
/// # Errors
/// It goes on elsewhere, belongs to another environment, or is not there any more.
pub(crate) async fn take_up(run: &RunId, target: &Connection) -> Result<KeptRun, Problem> {
    let kept = match RunStore::open().await {
        Ok(store) => store.take_up(run).await,
        Err(error) => Err(error),
    };
    let kept = kept.map_err(gone)?.ok_or_else(runs_elsewhere)?;
    let head = kept.head().head();
    if head.organization == target.organization {
        Ok(kept)
    } else {
        Err(of_another_environment(&head, &target.environment.name))
    }
}

/// Deletes a run.
///
/// # Errors
/// It goes on, or the browser cannot.
pub(crate) async fn close(run: &RunId) -> Result<Event, Problem> {
    let closed = match RunStore::open().await {
        Ok(store) => store.close(run).await,
        Err(error) => Err(error),
    };
    match closed {
        Ok(true) => Ok(Event::RunsListed(list().await)),
        Ok(false) => Err(runs_elsewhere()),
        Err(error) => Err(unreadable(&error.to_string())),
    }
}

/// Deletes every file of this app.
///
/// # Errors
/// The browser keeps none.
pub(crate) async fn delete_all() -> Result<Event, Problem> {
    let deleted = match run_store::delete_all().await {
        Ok(deleted) => deleted,
        // Where nothing can be kept, nothing was.
        Err(error) if error.kind() != io::ErrorKind::StorageFull => Default::default(),
        Err(error) => return Err(unreadable(&error.to_string())),
    };
    Ok(Event::LocalDataDeleted(deleted))
}

/// Puts back what runs that died left switched off in this environment. `None`: nothing was.
pub(crate) async fn put_back(target: &Connection) -> Option<Event> {
    let (mut names, mut problems) = (Vec::new(), Vec::new());
    let store = RunStore::open().await.ok()?;
    for listed in store.list().await.ok()? {
        let of_here = |head: &RunHead| head.switches && head.organization == target.organization;
        if listed.running || !listed.head.as_ref().is_some_and(of_here) {
            continue;
        }
        // Another tab may have taken it up just now: then it is that one's.
        let Ok(Some(mut kept)) = store.take_up(&listed.run).await else { continue };
        match put_back_of(&mut kept, target).await {
            Ok((off, still_off)) => {
                names.extend(off);
                problems.extend(still_off);
            }
            Err(problem) => problems.push(problem),
        }
    }
    (!names.is_empty() || !problems.is_empty()).then_some(Event::PutBack { names, problems })
}

async fn put_back_of(
    kept: &mut KeptRun,
    target: &Connection,
) -> Result<(Vec<String>, Vec<Problem>), Problem> {
    let earlier = kept.journal().map_err(|error| unreadable(&error.to_string()))?;
    let off = migration::left_off(&earlier)?;
    if off.is_empty() {
        return Ok((off, Vec::new()));
    }
    let journal = Journal::reopen(&earlier, kept)?;
    let still_off = migration::put_back(&target.client, journal).await;
    Ok((off, still_off))
}

fn gone(error: io::Error) -> Problem {
    match error.kind() {
        io::ErrorKind::NotFound => Problem::new(
            ProblemKind::File,
            "This run is no longer kept in this browser.",
            "Start a new import of the same package: what is already there is found and not written twice.",
        ),
        io::ErrorKind::ResourceBusy => runs_elsewhere(),
        _ => unreadable(&error.to_string()),
    }
}

fn runs_elsewhere() -> Problem {
    Problem::new(
        ProblemKind::NotTried,
        "This run is going on in another tab or window of this browser.",
        "Look for the tab whose title begins with “Run”. If you cannot find it, close the other tabs of this app, and \
         try again.",
    )
}

fn of_another_environment(head: &RunHead, connected: &str) -> Problem {
    Problem::new(
        ProblemKind::Address,
        format!("This run belongs to {}, and you are connected to {connected}.", head.environment),
        "Connect to the run’s own environment as the target, then go on with it.",
    )
}
