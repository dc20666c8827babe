//! Jobs: what is asked for now and done later, in virtual time.
//!
//! A recorded import waited 25 seconds and ran 118. Here both are short, and jobs run one after the other.

use super::SolutionFile;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::values::Cell;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Seconds until a job begins, and until it is done.
const WAITS: i64 = 2;
const RUNS: i64 = 8;

/// A row of `asyncoperation` that goes on by itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Job {
    operation: Uuid,
    begins: i64,
    begun: bool,
    work: Work,
}

/// What a job does at its end.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Work {
    /// `file` in base64; `job` is a row of `importjob`.
    Import {
        job: Uuid,
        file: String,
    },
    Export {
        job: Uuid,
        solution: String,
        managed: bool,
    },
    /// The queries are FetchXML.
    Delete {
        queries: Vec<String>,
    },
    /// A row of `duplicaterule`.
    Publish {
        rule: Uuid,
    },
}

impl Job {
    fn ends(&self) -> i64 {
        self.begins + RUNS
    }
}

impl Work {
    /// `asyncoperation.operationtype`: the import's is recorded, the others' are the reference's.
    fn operation_type(&self) -> i64 {
        match self {
            Work::Import { .. } => 54,
            Work::Export { .. } => 203,
            Work::Delete { .. } => 13,
            Work::Publish { .. } => 7,
        }
    }
}

impl Environment {
    /// Puts a job at the end of the row of jobs; the id of its operation.
    pub(crate) fn add_job(&mut self, name: &str, message: &str, work: Work) -> Uuid {
        let operation = self.random.id();
        let mut cells = vec![
            ("name", Cell::text(name)),
            ("messagename", Cell::text(message)),
            ("operationtype", Cell::Integer(work.operation_type())),
            ("correlationid", Cell::Id(self.random.id())),
            ("depth", Cell::Integer(1)),
            ("subtype", Cell::Integer(1)),
            ("retrycount", Cell::Integer(0)),
        ];
        if matches!(work, Work::Import { .. } | Work::Export { .. }) {
            let token = format!("SolutionOperation_{{{}}}", self.identity.organization);
            cells.push(("dependencytoken", Cell::Text(token)));
        }
        self.add_row("asyncoperation", operation, &cells);
        let free = self.solutions.jobs.iter().map(Job::ends).max().unwrap_or(0).max(self.now());
        self.solutions.jobs.push(Job { operation, begins: free + WAITS, begun: false, work });
        operation
    }

    /// Brings jobs to where they are by now. Nothing of it is taken back with a request.
    pub(crate) fn advance_jobs(&mut self) {
        let now = self.now();
        for mut job in std::mem::take(&mut self.solutions.jobs) {
            // Its row was deleted, or went with the change set that asked for it.
            if self.row("asyncoperation", job.operation).is_none() {
                continue;
            }
            if now >= job.begins && !job.begun {
                job.begun = true;
                self.set_job(&job, (2, 20), &[("startedon", Cell::Instant(job.begins))]);
            }
            if now >= job.ends() {
                self.finish_job(&job);
            } else {
                self.solutions.jobs.push(job);
            }
        }
        self.store.keep();
    }

    fn finish_job(&mut self, job: &Job) {
        let outcome = match &job.work {
            Work::Import { job, file } => self.finish_import(*job, file),
            Work::Export { job, solution, managed } => self.finish_export(*job, solution, *managed),
            Work::Delete { queries } => self.finish_bulk_delete(queries),
            Work::Publish { rule } => self.finish_publishing(*rule),
        };
        let completed = ("completedon", Cell::Instant(job.ends()));
        match outcome {
            Ok(()) => self.set_job(job, (3, 30), &[completed]),
            Err(refusal) => {
                let said = [
                    ("message", Cell::text(&refusal.message)),
                    ("friendlymessage", Cell::text(&refusal.message)),
                ];
                let code = ("errorcode", Cell::Integer(refusal.number()));
                self.set_job(job, (3, 31), &[completed, said[0].clone(), said[1].clone(), code]);
            }
        }
    }

    fn set_job(&mut self, job: &Job, (state, status): (i64, i64), more: &[(&str, Cell)]) {
        let mut cells = vec![("statecode", Cell::Integer(state)), ("statuscode", Cell::Integer(status))];
        cells.extend_from_slice(more);
        self.change_row("asyncoperation", job.operation, &cells);
    }

    fn finish_import(&mut self, job: Uuid, file: &str) -> Result<(), Refusal> {
        let installed = SolutionFile::read(file).and_then(|file| self.install(&file));
        let refusal = installed.as_ref().err().cloned();
        self.finish_import_job(job, installed.as_ref().ok().copied(), refusal.as_ref());
        installed.map(drop)
    }

    fn finish_export(&mut self, job: Uuid, solution: &str, managed: bool) -> Result<(), Refusal> {
        let file = self.exported(solution, managed)?;
        self.solutions.exported.insert(job, file);
        Ok(())
    }

    /// The row that tells how an import goes.
    pub(super) fn add_import_job(&mut self, job: Uuid, file: &SolutionFile) -> Result<(), Refusal> {
        if self.row("importjob", job).is_some() {
            return Err(Refusal::duplicate_key());
        }
        let cells = [
            ("name", Cell::text("Customizations")),
            ("solutionname", Cell::text(&file.manifest.unique_name)),
            ("importcontext", Cell::text("ImportInstall")),
            ("progress", Cell::Double(0.0)),
            ("startedon", Cell::Instant(self.now())),
        ];
        self.add_row("importjob", job, &cells);
        Ok(())
    }

    /// Says in the row how the import went.
    pub(super) fn finish_import_job(&mut self, job: Uuid, solution: Option<Uuid>, refusal: Option<&Refusal>) {
        let row = self.row("importjob", job);
        let name =
            row.and_then(|row| row.cell("solutionname")?.as_text().map(str::to_owned)).unwrap_or_default();
        let cells = [
            ("progress", Cell::Double(100.0)),
            ("completedon", Cell::Instant(self.now())),
            ("solutionid", solution.map_or(Cell::Empty, Cell::Id)),
            ("data", Cell::Text(import_data(&name, refusal))),
        ];
        self.change_row("importjob", job, &cells);
    }
}

/// `importjob.data`: the elements are those that tools read; a whole recorded one was not found.
fn import_data(name: &str, refusal: Option<&Refusal>) -> String {
    let escape = |text: &str| quick_xml::escape::escape(text).into_owned();
    let (result, code, text) = match refusal {
        None => ("success", "0", String::new()),
        Some(refusal) => ("failure", refusal.code, escape(&refusal.message)),
    };
    format!(
        "<importexportxml progress=\"100\" processed=\"true\"><solutionManifests><solutionManifest id=\"{}\" \
         processed=\"true\"><result result=\"{result}\" errorcode=\"{code}\" errortext=\"{text}\" /></solutionManifest>\
         </solutionManifests></importexportxml>",
        escape(name)
    )
}
