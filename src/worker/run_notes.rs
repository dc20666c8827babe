//! What a run writes down: in the browser's storage, or in memory where there is none.

use browser::{
    protocol::{Ended, Keeping, NotStored, RunHead, RunId},
    run_store::{self, KeptRun, Parts, RunStore},
};
use migration::{Event as Step, JournalStore, Problem, ProblemKind};

/// Package and journal of a run that is not stored may have so many bytes together: what a tab can hold beside the
/// rest.
const MOST_IN_MEMORY: u64 = 256 << 20;

/// Where the notes of a run go.
pub(crate) enum RunNotes {
    /// To the browser's storage.
    Stored(KeptRun),
    /// Nowhere else.
    InMemory {
        /// The journal so far.
        journal: Vec<u8>,
        /// How large it may become.
        room: u64,
    },
}

/// Where a run of such a size can be kept.
pub(crate) async fn keeping(package: u64, plan: u64, records: u64) -> Keeping {
    let in_memory = |why| Keeping::InMemory { why, most: MOST_IN_MEMORY };
    if RunStore::open().await.is_err() {
        return in_memory(NotStored::NoStorage);
    }
    let needed = run_store::needed(package, plan, records);
    match run_store::free().await.ok().flatten() {
        Some(free) if free < needed => in_memory(NotStored::NoRoom { needed, free }),
        _ => Keeping::Stored,
    }
}

impl RunNotes {
    /// Begins the notes of a new run as the user was told they would be kept.
    ///
    /// # Errors
    /// There is no room after all, or it is too large for memory: nothing was sent.
    pub(crate) async fn begin(
        keeping: Keeping,
        head: RunHead,
        parts: Parts<'_>,
    ) -> Result<RunNotes, Problem> {
        if let Keeping::InMemory { most, .. } = keeping {
            let room = most.checked_sub(head.bytes).ok_or_else(|| too_large(head.bytes, most))?;
            return Ok(RunNotes::InMemory { journal: Vec::new(), room });
        }
        let run = run_store::new_run();
        let kept = match RunStore::open().await {
            Ok(store) => store.begin(&run, head, parts).await,
            Err(error) => Err(error),
        };
        kept.map(RunNotes::Stored).map_err(|error| not_kept(&error.to_string()))
    }

    /// Under which name the run is kept.
    pub(crate) fn run(&self) -> Option<RunId> {
        match self {
            RunNotes::Stored(kept) => Some(kept.run().clone()),
            RunNotes::InMemory { .. } => None,
        }
    }

    /// The journal so far.
    ///
    /// # Errors
    /// The browser cannot read it any more.
    pub(crate) fn journal(&self) -> Result<Vec<u8>, Problem> {
        match self {
            RunNotes::Stored(kept) => kept.journal().map_err(|error| unreadable(&error.to_string())),
            RunNotes::InMemory { journal, .. } => Ok(journal.clone()),
        }
    }

    /// Who is to hear what the run tells, so that its head says how far it came.
    pub(crate) fn watcher(&self) -> impl Fn(&Step) + use<> {
        let head = match self {
            RunNotes::Stored(kept) => Some(kept.head().clone()),
            RunNotes::InMemory { .. } => None,
        };
        move |step| head.iter().for_each(|head| head.told(step))
    }

    /// The run begins, or goes on.
    pub(crate) async fn goes_on(&self) {
        if let RunNotes::Stored(kept) = self {
            // Only how it is listed depends on it.
            let _ = kept.head().goes_on().await;
        }
    }

    /// The run is over.
    pub(crate) async fn ended(&self, how: Ended) {
        if let RunNotes::Stored(kept) = self {
            // A run that is listed as open can be gone on with all the same: nothing is left to do then.
            let _ = kept.head().ended(how).await;
        }
    }
}

impl JournalStore for RunNotes {
    fn append(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        match self {
            RunNotes::Stored(kept) => kept.append(bytes),
            RunNotes::InMemory { journal, room } => {
                if (journal.len() + bytes.len()) as u64 > *room {
                    return Err(memory_full());
                }
                journal.extend_from_slice(bytes);
                Ok(())
            }
        }
    }
}

/// What is kept of a run cannot be read.
pub(crate) fn unreadable(why: &str) -> Problem {
    Problem::new(
        ProblemKind::File,
        format!("What is kept of this run cannot be read: {why}."),
        "Start a new import of the same package: what is already there is found and not written twice. Then delete \
         this run.",
    )
}

fn not_kept(why: &str) -> Problem {
    Problem::new(
        ProblemKind::Internal,
        format!(
            "The run could not be stored in this browser: {why}. Nothing was written to the environment."
        ),
        "Make room on this computer, or delete runs that are kept here, and make the plan again.",
    )
}

fn too_large(bytes: u64, most: u64) -> Problem {
    Problem::new(
        ProblemKind::File,
        format!(
            "The package has {} MB. Where nothing can be stored, a run may have {} MB in memory.",
            bytes >> 20,
            most >> 20
        ),
        "Use a window that is not private, or make room in this browser. Nothing was written.",
    )
}

fn memory_full() -> Problem {
    Problem::new(
        ProblemKind::Internal,
        format!("The run’s notes have filled the {} MB that it may have in memory.", MOST_IN_MEMORY >> 20),
        "Make a new plan and run it: what is already there is found and not written twice. A window that is not \
         private has more room.",
    )
}
