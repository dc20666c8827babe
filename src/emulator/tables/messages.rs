//! Which messages a table takes: what `sdkmessagefilters` says.

use super::Table;

/// Messages there are at all, beside those of actions.
pub(crate) const MESSAGES: &[&str] = &[
    "Create",
    "Update",
    "Delete",
    "Retrieve",
    "RetrieveMultiple",
    "Upsert",
    "Associate",
    "Disassociate",
    "Assign",
    "SetState",
    "CreateMultiple",
    "UpdateMultiple",
    "UpsertMultiple",
    "DeleteMultiple",
];

/// Tables whose rows the service makes and nobody writes. A rule of a calendar is written through its calendar.
const READ_ONLY: &[&str] = &[
    "owner",
    "activitypointer",
    "activityparty",
    "calendarrule",
    "fileattachment",
    "privilege",
    "sdkmessage",
    "sdkmessagefilter",
    "solutioncomponent",
];

/// Tables whose rows are made otherwise: with the environment, by licences, by solutions, by jobs.
const MADE_OTHERWISE: &[(&str, &[&str])] = &[
    ("organization", &["Retrieve", "RetrieveMultiple", "Update"]),
    ("systemuser", &["Retrieve", "RetrieveMultiple", "Update"]),
    ("importjob", &["Retrieve", "RetrieveMultiple", "Delete"]),
    ("asyncoperation", &["Retrieve", "RetrieveMultiple", "Update", "Delete"]),
];

const READ: &[&str] = &["Retrieve", "RetrieveMultiple"];
const SINGLE: &[&str] = &["Retrieve", "RetrieveMultiple", "Create", "Update", "Delete"];
/// No filter names UpsertMultiple: it works where both others do, as Microsoft's sample for it says.
const BULK: &[&str] =
    &["Retrieve", "RetrieveMultiple", "Create", "Update", "Delete", "CreateMultiple", "UpdateMultiple"];

/// Standard tables whose reference page lists the bulk messages. Of others it is not known: they have none.
const STANDARD_WITH_BULK: &[&str] =
    &["account", "contact", "environmentvariabledefinition", "environmentvariablevalue"];

impl Table {
    /// The messages that have a filter for this table.
    pub(crate) fn messages(&self) -> &'static [&'static str] {
        let is_custom = self.name.contains('_');
        if let Some((_, messages)) = MADE_OTHERWISE.iter().find(|(name, _)| *name == self.name) {
            messages
        } else if self.is_intersect || READ_ONLY.contains(&self.name.as_str()) {
            READ
        } else if is_custom || STANDARD_WITH_BULK.contains(&self.name.as_str()) {
            BULK
        } else {
            SINGLE
        }
    }
}
