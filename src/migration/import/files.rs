//! Writes files into their columns, after their rows: what is there is kept for undo, and each is read back.

use super::Run;
use super::ledger::{Entry, Standing};
use crate::journal::{OldFile, Outcome, Write};
use crate::planning::FILES_AT_ONCE;
use crate::side_by_side::side_by_side;
use crate::{Action, Pass, Problem, ProblemKind};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cmt::Value;
use dataverse::{Client, Clock, Error, NewFile, StoredFile, TableMetadata, Transport};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use uuid::Uuid;

/// The largest file that is kept for undo, in bytes: the journal is kept in the browser's storage.
const KEPT: usize = 16 * 1024 * 1024;

/// How often a file is sent that does not read back as it was sent.
const TRIES: u32 = 2;

/// What is to be done next with a column of an entry.
enum Step<'a> {
    /// To see what is there.
    Look(usize, &'a str),
    /// To put the package's file there in place of this one.
    Put(usize, &'a str, OldFile),
}

/// What a step brought.
enum Brought<'a> {
    Seen(usize, &'a str, Result<Option<StoredFile>, Error>),
    Put(u32, usize, &'a str, Sent),
}

/// What became of a file that was sent.
enum Sent {
    /// It was not accepted, or nobody knows.
    Refused(Error),
    /// It was accepted; whether it reads back as it was sent, if it can be read.
    Accepted(Result<bool, Error>),
}

/// A file on its way into a column; no content: the column is to be emptied.
struct Sending<'a> {
    table: &'a TableMetadata,
    row: Uuid,
    column: &'a str,
    file: Option<(String, String, Rc<[u8]>)>,
}

/// The columns of an entry whose files are to be written.
pub(super) fn planned<'a>(entry: &Entry<'a>) -> Vec<&'a str> {
    let Some(fit) = entry.fit else { return Vec::new() };
    let is_planned = |column: &str| match &entry.plan.action {
        Action::Create | Action::Adopt => true,
        Action::Update(changes) => changes.iter().any(|change| change.column == column),
        _ => false,
    };
    let columns = entry.record.fields.iter().filter(|field| fit.is_file(&field.column));
    let columns = columns.filter(|field| is_planned(&field.column) && !entry.is_left_out(&field.column));
    // A new row's column is empty by itself.
    let columns = columns.filter(|field| field.value != Value::Empty || !entry.is_new());
    columns.map(|field| field.column.as_str()).collect()
}

impl<'a, T: Transport, C: Clock> Run<'a, T, C> {
    /// Writes the files of all rows that are written.
    ///
    /// # Errors
    /// What ends the run.
    pub(super) async fn write_files(&mut self) -> Result<(), Problem> {
        let numbers =
            self.ledger.select(|entry| entry.standing == Standing::Written && !entry.files.is_empty());
        if numbers.is_empty() {
            return Ok(());
        }
        self.progress.start(Pass::Files, self.ledger.totals(&numbers));
        let steps: VecDeque<Step<'a>> = numbers.iter().flat_map(|&number| self.first_steps(number)).collect();
        // Both who starts and who takes works on it.
        let queue = RefCell::new(steps);
        let client = self.client;
        let start = |run: &mut Self| {
            let Some(step) = queue.borrow_mut().pop_front() else { return Ok(None) };
            run.progress.go_on()?;
            run.carry_out(client, step).map(Some)
        };
        let take = |run: &mut Self, brought: Brought<'a>| {
            let next = match brought {
                Brought::Seen(number, column, seen) => run.seen(number, column, seen)?,
                Brought::Put(request, number, column, sent) => {
                    run.put(request, number, column, sent)?;
                    None
                }
            };
            // What was seen is replaced at once: it stays in memory for as short as can be.
            next.into_iter().for_each(|step| queue.borrow_mut().push_front(step));
            Ok(())
        };
        side_by_side(self, || client.requests_at_once().min(FILES_AT_ONCE), start, take).await?;
        self.progress.finish(Pass::Files);
        Ok(())
    }

    /// A row that this run made has no files yet.
    fn first_steps(&self, number: usize) -> Vec<Step<'a>> {
        let entry = &self.ledger.entries[number];
        let is_fresh = entry.is_new() && !entry.sent_before && entry.present.is_none();
        let step = |&column: &&'a str| match is_fresh {
            true => Step::Put(number, column, OldFile::None),
            false => Step::Look(number, column),
        };
        entry.files.iter().map(step).collect()
    }

    /// The request of a step. What is about to be written is in the journal before it leaves.
    fn carry_out<'c>(
        &mut self,
        client: &'c Client<T, C>,
        step: Step<'a>,
    ) -> Result<impl Future<Output = Brought<'a>> + use<'a, 'c, T, C>, Problem> {
        let (number, column, before) = match step {
            Step::Look(number, column) => (number, column, None),
            Step::Put(number, column, before) => (number, column, Some(before)),
        };
        let sending = self.sending(number, column)?;
        let request = match before {
            None => None,
            Some(before) => {
                let entry = &self.ledger.entries[number];
                let (record, id, column) = (entry.row(), entry.target_id, column.to_owned());
                Some(self.journal.intend(vec![Write::File { record, id, column, before }])?)
            }
        };
        Ok(async move {
            match request {
                None => {
                    let seen = client.download_file(sending.table, sending.row, column).await;
                    Brought::Seen(number, column, seen)
                }
                Some(request) => Brought::Put(request, number, column, sending.sent(client).await),
            }
        })
    }

    fn sending(&self, number: usize, column: &'a str) -> Result<Sending<'a>, Problem> {
        let entry = &self.ledger.entries[number];
        // Only columns of tables that the environment has are among the files.
        let table = entry.fit.map(|fit| fit.metadata).ok_or_else(Problem::stopped)?;
        let files = &self.index.package.files;
        let file = match entry.record.value(column) {
            Some(Value::File(file)) => {
                let media_type = files.media_type(file.id, &file.file_name).to_owned();
                let content = files.content(file.id)?.unwrap_or_default();
                Some((file.file_name.clone(), media_type, content))
            }
            _ => None,
        };
        Ok(Sending { table, row: entry.target_id, column, file })
    }

    /// What to do about the file that is there; nothing, where it is the package's already.
    fn seen(
        &mut self,
        number: usize,
        column: &'a str,
        seen: Result<Option<StoredFile>, Error>,
    ) -> Result<Option<Step<'a>>, Problem> {
        let seen = match seen {
            Ok(seen) => seen,
            Err(Error::Service(refusal)) => {
                self.refused(Pass::Files, number, &refusal)?;
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        };
        let sending = self.sending(number, column)?;
        if sending.is_there(seen.as_ref()) {
            self.is_done(number, column);
            return Ok(None);
        }
        Ok(Some(Step::Put(number, column, old_file(seen))))
    }

    fn put(&mut self, request: u32, number: usize, column: &'a str, sent: Sent) -> Result<(), Problem> {
        let outcome = match sent {
            Sent::Accepted(Ok(true)) => {
                self.is_done(number, column);
                Outcome::Done
            }
            Sent::Accepted(Ok(false)) => {
                self.give_up(Pass::Files, number, not_as_written(column));
                Outcome::Done
            }
            // What ends the run here leaves it to the next one to find out what is there.
            Sent::Refused(Error::Service(refusal)) => self.refused(Pass::Files, number, &refusal)?,
            Sent::Accepted(Err(Error::Service(refusal))) => {
                self.refused(Pass::Files, number, &refusal)?;
                Outcome::Done
            }
            Sent::Refused(error) | Sent::Accepted(Err(error)) => return Err(error.into()),
        };
        self.journal.answered(request, vec![outcome])
    }

    fn is_done(&mut self, number: usize, column: &str) {
        let entry = &mut self.ledger.entries[number];
        entry.files.retain(|waiting| *waiting != column);
        if entry.files.is_empty() && entry.standing == Standing::Written {
            self.progress.advance(Pass::Files, entry.table, 1, 0);
        }
    }
}

impl Sending<'_> {
    /// Sends it, and reads it back; again where another is there then: an earlier sending may have come late.
    async fn sent<T: Transport, C: Clock>(&self, client: &Client<T, C>) -> Sent {
        for earlier in 0..TRIES {
            match self.send(client).await {
                Err(error) if earlier == 0 => return Sent::Refused(error),
                Err(error) => return Sent::Accepted(Err(error)),
                Ok(()) => {}
            }
            match client.download_file(self.table, self.row, self.column).await {
                Ok(found) if !self.is_there(found.as_ref()) => {}
                found => return Sent::Accepted(found.map(|_| true)),
            }
        }
        Sent::Accepted(Ok(false))
    }

    async fn send<T: Transport, C: Clock>(&self, client: &Client<T, C>) -> Result<(), Error> {
        match &self.file {
            Some((name, media_type, content)) => {
                let file = NewFile { name, media_type, content };
                client.upload_file(self.table, self.row, self.column, file).await
            }
            None => client.remove_file(self.table, self.row, self.column).await,
        }
    }

    fn is_there(&self, found: Option<&StoredFile>) -> bool {
        match (&self.file, found) {
            (Some((name, _, content)), Some(found)) => *name == found.name && **content == found.content[..],
            (None, None) => true,
            _ => false,
        }
    }
}

fn old_file(seen: Option<StoredFile>) -> OldFile {
    match seen {
        None => OldFile::None,
        Some(file) if file.content.len() > KEPT => OldFile::Lost {
            why: format!("it has {} bytes, and files of up to {KEPT} are kept", file.content.len()),
            name: file.name,
        },
        Some(file) => OldFile::Kept { name: file.name, content: STANDARD.encode(file.content) },
    }
}

fn not_as_written(column: &str) -> Problem {
    Problem::new(
        ProblemKind::NotAsWritten,
        format!("The file of {column} was accepted, but another one is there when it is read back."),
        "Look for a plug-in or flow that changes files of this table.",
    )
    .at_column(column)
}
