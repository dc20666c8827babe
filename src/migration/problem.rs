//! What a user is told when something is not as it should be: what, where, and what to do next.

use dataverse::{RetryClass, ServiceError, TransportError};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One thing that is wrong. Holds no record values besides the record's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Which sort of problem: decides the remedy, and what tests ask for.
    pub kind: ProblemKind,
    /// Where.
    pub place: Place,
    /// What happened, in one or two sentences; the service's own words where it spoke.
    pub what: String,
    /// What to do next.
    pub remedy: String,
}

/// Where a problem stands; each part only where it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The table's logical name.
    pub table: Option<String>,
    /// The record's id in the package.
    pub record: Option<Uuid>,
    /// The record's name, for people.
    pub record_name: Option<String>,
    /// The column's logical name.
    pub column: Option<String>,
    /// Rows of the environment that may be meant, by id and name: one of them has to be chosen.
    #[serde(default)]
    pub candidates: Vec<(Uuid, String)>,
}

/// The sorts of problems. Each has one remedy, written where the problem is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ProblemKind {
    /// The chosen file cannot be read ([`cmt::Error`]).
    File,
    /// The environment's address is wrong or is not Dataverse.
    Address,
    /// The service does not accept the token (401), or there is none.
    SignIn,
    /// The user may not do this (403).
    Privilege,
    /// No answer came.
    Network,
    /// The service asked to wait and kept asking.
    Throttled,
    /// A table of the schema is not in the environment.
    TableMissing,
    /// A column of the schema is not in the table.
    ColumnMissing,
    /// A many-to-many relationship of the schema is not in the environment.
    RelationshipMissing,
    /// The column has another type than the schema says.
    TypeDiffers,
    /// A value does not fit its column.
    Value,
    /// The row a lookup or link points to is neither in the package nor in the environment.
    LookupTargetMissing,
    /// The same record stands twice in the package.
    Duplicate,
    /// Several rows of the environment may be the record's: the user has to say which.
    Ambiguous,
    /// The attachment's type or size is not allowed in the environment.
    Attachment,
    /// The service refused the write.
    Refused,
    /// The row was not as the plan had found it.
    ChangedSincePlan,
    /// Written, but reading it back shows something else.
    NotAsWritten,
    /// Not tried, because the run was stopped or something it needs failed.
    NotTried,
    /// An answer that cannot be understood.
    Answer,
    /// Left out on purpose: tables that only their environment may fill, matched rows that the schema wants left
    /// alone, and what this program does not move yet (party lists, file columns).
    NotMoved,
    /// Plug-ins of the environment will do more than the package says, and cannot be kept from it.
    PlugIns,
    /// A mistake of this program, or a browser that lacks what it needs.
    Internal,
}

impl Problem {
    /// A problem whose place is not known yet, or that has none.
    #[must_use]
    pub fn new(kind: ProblemKind, what: impl Into<String>, remedy: impl Into<String>) -> Problem {
        Problem { kind, place: Place::default(), what: what.into(), remedy: remedy.into() }
    }

    /// What a run ends with that was stopped from outside.
    pub(crate) fn stopped() -> Problem {
        Problem::new(ProblemKind::NotTried, "The run was stopped.", "Start again when you want to.")
    }

    /// The same problem, in this table unless it already names one.
    #[must_use]
    pub(crate) fn in_table(mut self, table: &str) -> Problem {
        self.place.table.get_or_insert_with(|| table.to_owned());
        self
    }

    /// The same problem, at this record.
    #[must_use]
    pub(crate) fn at_record(mut self, id: Uuid, name: &str) -> Problem {
        self.place.record = Some(id);
        self.place.record_name = (!name.is_empty()).then(|| name.to_owned());
        self
    }

    /// The same problem, at this column.
    #[must_use]
    pub(crate) fn at_column(mut self, column: &str) -> Problem {
        self.place.column = Some(column.to_owned());
        self
    }

    /// The same problem, with rows of the environment that may be meant.
    #[must_use]
    pub(crate) fn with_candidates(mut self, rows: Vec<(Uuid, String)>) -> Problem {
        self.place.candidates = rows;
        self
    }

    /// The same problem, told after what is already done.
    #[must_use]
    pub(crate) fn after(mut self, done: &str) -> Problem {
        self.what = format!("{done} {}", self.what);
        self
    }

    /// Whether nothing more can be asked of the environment: the run ends here.
    pub(crate) fn ends_the_run(&self) -> bool {
        matches!(self.kind, ProblemKind::SignIn | ProblemKind::Network | ProblemKind::Throttled)
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.what, self.remedy)
    }
}

impl From<cmt::Error> for Problem {
    fn from(error: cmt::Error) -> Problem {
        Problem::new(ProblemKind::File, error.to_string(), error.remedy())
    }
}

impl From<TransportError> for Problem {
    fn from(error: TransportError) -> Problem {
        let kind = match error {
            TransportError::Network { .. } | TransportError::TooLate { .. } => ProblemKind::Network,
            TransportError::Cancelled => return Problem::stopped(),
            TransportError::NoToken { .. } => ProblemKind::SignIn,
            TransportError::ForeignOrigin { .. } => ProblemKind::Address,
        };
        Problem::new(kind, error.to_string(), error.remedy())
    }
}

impl From<ServiceError> for Problem {
    fn from(error: ServiceError) -> Problem {
        let kind = match error.retry_class() {
            RetryClass::AfterSignIn => ProblemKind::SignIn,
            RetryClass::Lost => ProblemKind::Throttled,
            RetryClass::AfterWait if error.is_throttled() => ProblemKind::Throttled,
            _ if error.is_forbidden() => ProblemKind::Privilege,
            _ if error.is_attachment_refused() => ProblemKind::Attachment,
            // A deadlock's victim too: it concerns one row, and the run goes on.
            RetryClass::AfterWait | RetryClass::Never => ProblemKind::Refused,
        };
        Problem::new(kind, error.to_string(), error.remedy())
    }
}

impl From<dataverse::Error> for Problem {
    fn from(error: dataverse::Error) -> Problem {
        let kind = match &error {
            dataverse::Error::Transport(error) => return error.clone().into(),
            dataverse::Error::Service(error) => return error.clone().into(),
            dataverse::Error::Shape { .. } => ProblemKind::Answer,
            dataverse::Error::Address { .. } => ProblemKind::Address,
            dataverse::Error::Discovery(cause) => Problem::from(dataverse::Error::clone(cause)).kind,
        };
        Problem::new(kind, error.to_string(), error.remedy())
    }
}

#[cfg(test)]
mod tests {
    use super::{Problem, ProblemKind};
    use dataverse::ServiceError;

    #[test]
    fn a_refusal_keeps_the_words_of_the_service_and_says_what_to_do() {
        let cases = [
            (400, "0x80040217", ProblemKind::Refused),
            (400, "0x80044331", ProblemKind::Refused),
            (400, "0x80043e09", ProblemKind::Attachment),
            (403, "0x80040220", ProblemKind::Privilege),
            (400, "0x80040220", ProblemKind::Privilege),
            (401, "", ProblemKind::SignIn),
            (429, "0x80072321", ProblemKind::Throttled),
            (503, "", ProblemKind::Throttled),
            (400, "0x80044150", ProblemKind::Refused),
        ];
        for (status, code, kind) in cases {
            let error = ServiceError {
                status,
                code: code.into(),
                message: "As it came.".into(),
                ..ServiceError::default()
            };
            let remedy = error.remedy();
            let problem = Problem::from(error);
            assert_eq!((problem.kind, problem.remedy.as_str()), (kind, remedy), "{status} {code}");
            assert!(problem.what.starts_with("As it came."), "{}", problem.what);
        }
    }
    #[test]
    fn a_list_of_environments_that_cannot_be_had_keeps_the_sort_of_its_cause_and_names_the_way_around() {
        let refusal = |status| ServiceError { status, ..ServiceError::default() };
        for (status, kind) in
            [(401, ProblemKind::SignIn), (403, ProblemKind::Privilege), (503, ProblemKind::Throttled)]
        {
            let cause = dataverse::Error::Service(refusal(status));
            let problem = Problem::from(dataverse::Error::Discovery(Box::new(cause)));
            assert_eq!(problem.kind, kind, "{status}");
            assert!(problem.what.starts_with("The environments cannot be listed."), "{}", problem.what);
            assert!(
                problem.remedy.to_lowercase().contains("type the environment's address"),
                "{}",
                problem.remedy
            );
        }
    }
}
