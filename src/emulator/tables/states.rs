//! States and status values.

use super::Table;
use serde::{Deserialize, Serialize};

/// A value of `statecode`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct State {
    pub(crate) value: i32,
    pub(crate) label: String,
    pub(crate) default_status: i32,
}

/// A value of `statuscode`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Status {
    pub(crate) value: i32,
    /// The state it belongs to; `None` where the data named no state beside it.
    pub(crate) state: Option<i32>,
    pub(crate) label: String,
}

/// A state with its label and its status values; the first status is the default.
type KnownState = (i32, &'static str, &'static [(i32, &'static str)]);

/// What a record shows: its state and its status, either of them possibly missing.
pub(crate) type StatePair = (Option<i32>, Option<i32>);

/// Tables that are active or inactive with one status each, until somebody adds one.
const PLAIN: &[&str] = &["account", "contact"];

/// Tables whose states are not active and inactive.
/// Source: Microsoft's table reference of each table (statecode and statuscode options).
const KNOWN: &[(&str, &[KnownState])] = &[
    (
        "task",
        &[
            (
                0,
                "Open",
                &[(2, "Not Started"), (3, "In Progress"), (4, "Waiting on someone else"), (7, "Deferred")],
            ),
            (1, "Completed", &[(5, "Completed")]),
            (2, "Canceled", &[(6, "Canceled")]),
        ],
    ),
    (
        "appointment",
        &[
            (0, "Open", &[(1, "Free"), (2, "Tentative")]),
            (1, "Completed", &[(3, "Completed")]),
            (2, "Canceled", &[(4, "Canceled")]),
            (3, "Scheduled", &[(5, "Busy"), (6, "Out of Office")]),
        ],
    ),
    (
        "phonecall",
        &[
            (0, "Open", &[(1, "Open")]),
            (1, "Completed", &[(2, "Made"), (4, "Received")]),
            (2, "Canceled", &[(3, "Canceled")]),
        ],
    ),
    (
        "letter",
        &[
            (0, "Open", &[(1, "Open"), (2, "Draft")]),
            (1, "Completed", &[(3, "Received"), (4, "Sent")]),
            (2, "Canceled", &[(5, "Canceled")]),
        ],
    ),
    (
        "lead",
        &[
            (0, "Open", &[(1, "New"), (2, "Contacted")]),
            (1, "Qualified", &[(3, "Qualified")]),
            (
                2,
                "Disqualified",
                &[(4, "Lost"), (5, "Cannot Contact"), (6, "No Longer Interested"), (7, "Canceled")],
            ),
        ],
    ),
    (
        "opportunity",
        &[
            (0, "Open", &[(1, "In Progress"), (2, "On Hold")]),
            (1, "Won", &[(3, "Won")]),
            (2, "Lost", &[(4, "Canceled"), (5, "Out-Sold")]),
        ],
    ),
    (
        "product",
        &[
            (2, "Draft", &[(0, "Draft")]),
            (0, "Active", &[(1, "Active")]),
            (1, "Retired", &[(2, "Retired")]),
            (3, "Under Revision", &[(3, "Under Revision")]),
        ],
    ),
    (
        "email",
        &[
            (0, "Open", &[(1, "Draft"), (8, "Failed")]),
            (
                1,
                "Completed",
                &[(2, "Completed"), (3, "Sent"), (4, "Received"), (6, "Pending Send"), (7, "Sending")],
            ),
            (2, "Canceled", &[(5, "Canceled")]),
        ],
    ),
    (
        "incident",
        &[
            (
                0,
                "Active",
                &[(1, "In Progress"), (2, "On Hold"), (3, "Waiting for Details"), (4, "Researching")],
            ),
            (1, "Resolved", &[(5, "Problem Solved"), (1000, "Information Provided")]),
            (2, "Cancelled", &[(6, "Cancelled"), (2000, "Merged")]),
        ],
    ),
    (
        "quote",
        &[
            (0, "Draft", &[(1, "In Progress")]),
            (1, "Active", &[(2, "In Progress"), (3, "Open")]),
            (2, "Won", &[(4, "Won")]),
            (3, "Closed", &[(5, "Lost"), (6, "Canceled"), (7, "Revised")]),
        ],
    ),
    (
        "salesorder",
        &[
            (0, "Active", &[(1, "New"), (2, "Pending")]),
            (1, "Submitted", &[(3, "In Progress")]),
            (2, "Canceled", &[(4, "No Money")]),
            (3, "Fulfilled", &[(100_001, "Complete"), (100_002, "Partial")]),
            (4, "Invoiced", &[(100_003, "Invoiced")]),
        ],
    ),
];

impl Table {
    /// Gives the table its states: the known ones, else active and inactive, then what the data showed:
    /// (state, status) pairs. Without data any status of a table that only a schema tells of is taken.
    pub(crate) fn learn_states(&mut self, seen: Option<&[StatePair]>) {
        let known = KNOWN.iter().find(|(table, _)| *table == self.name);
        if self.states.is_empty() {
            match known {
                Some((_, states)) => self.take_known(states),
                None => self.take_plain(),
            }
        }
        for (state, status) in seen.unwrap_or_default() {
            self.add_state(*state, *status);
        }
        self.statuses_known |= seen.is_some() || known.is_some() || PLAIN.contains(&self.name.as_str());
    }

    fn take_known(&mut self, states: &[KnownState]) {
        for (value, label, statuses) in states {
            let default_status = statuses.first().map_or(1, |(status, _)| *status);
            self.states.push(State { value: *value, label: (*label).to_owned(), default_status });
            for (status, label) in *statuses {
                self.statuses.push(Status {
                    value: *status,
                    state: Some(*value),
                    label: (*label).to_owned(),
                });
            }
        }
    }

    fn take_plain(&mut self) {
        for (value, label, status) in [(0, "Active", 1), (1, "Inactive", 2)] {
            self.states.push(State { value, label: label.to_owned(), default_status: status });
            self.statuses.push(Status { value: status, state: Some(value), label: label.to_owned() });
        }
    }

    fn add_state(&mut self, state: Option<i32>, status: Option<i32>) {
        if let Some(value) = state
            && self.states.iter().all(|s| s.value != value)
        {
            let default_status = status.unwrap_or(-1);
            self.states.push(State { value, label: value.to_string(), default_status });
        }
        let Some(value) = status else { return };
        match self.statuses.iter_mut().find(|s| s.value == value) {
            Some(known) => known.state = known.state.or(state),
            None => self.statuses.push(Status { value, state, label: value.to_string() }),
        }
    }
}
