//! The import's steps.

use super::{count, links, number, records, tables};
use crate::route::ImportStep;
use crate::state::Verdict;
use browser::protocol::{ReportSummary, RowState, RowsOf};
use migration::{Counts, MatchRule};

pub(crate) const FILE_TITLE: &str = "Choose the data package";
pub(crate) const FILE_LEAD: &str =
    "The .zip that was exported here, by the Configuration Migration Tool or by pac data export.";
pub(crate) const DROP: &str = "Choose a data package";
pub(crate) const DROP_HINT: &str = "A .zip file with data.xml and data_schema.xml. Or drop it here.";
pub(crate) const NO_TABLES_MADE: &str =
    "Rows only: an import makes no tables and columns. If the target lacks them, import your solution first.";
pub(crate) const USE_EXPORTED: &str = "Use the package you just exported";
pub(crate) const OPENING: &str = "Reading the package …";
pub(crate) const OPEN_FAILED: &str = "This package cannot be read";
pub(crate) const CHOSEN: &str = "Chosen package";
pub(crate) const RECORDS: &str = "Records";
pub(crate) const TABLES: &str = "Tables";
pub(crate) const LINKS: &str = "Links";
pub(crate) const SIZE: &str = "File size";
pub(crate) const EXPORTED_AT: &str = "Exported";
pub(crate) const PER_TABLE: &str = "Per table";
pub(crate) const FINDINGS: &str = "Read with care";
pub(crate) const CHECK_TITLE: &str = "Does the target have what the package needs?";
pub(crate) const FITS: &str = "The target has everything the package needs";
pub(crate) const MISSES: &str = "The target lacks some of what the package needs";
pub(crate) const MISSES_TEXT: &str = "If the tables or columns come with a solution, import your solution first and check again. You can also go on: \
     the plan shows which records cannot be written, and what is missing is left out.";
pub(crate) const MAKE_PLAN: &str = "Make the plan";
pub(crate) const NOTHING_FITS: &str = "None of the package’s tables is in this environment. Import your solution first, or choose another environment.";
pub(crate) const PLAN_TITLE: &str = "What will happen";
pub(crate) const PLANNING_TITLE: &str = "Making the plan";
pub(crate) const PLANNING_LEAD: &str =
    "The package’s records are compared with the target’s. Nothing is written.";
pub(crate) const PLAN_FAILED: &str = "The plan could not be made";
pub(crate) const PLAN_FAILED_TEXT: &str = "Nothing was written.";
pub(crate) const PLAN_AGAIN: &str = "Make the plan again";
pub(crate) const PLAN_DONE: &str = "This plan has been run";
pub(crate) const PLAN_DONE_TEXT: &str = "It shows what was to happen before the run. Make the plan again to compare with the target as it is now.";
pub(crate) const NOTHING_TO_DO: &str = "Nothing to do: the target already has all of it.";
pub(crate) const NOTHING_CAN_BE_DONE: &str = "Nothing can be written: each record is unchanged, skipped or blocked. The reasons stand beside the records.";
pub(crate) const RUN_TITLE: &str = "Importing";
pub(crate) const RUN_READY: &str = "Nothing has been written yet";
pub(crate) const RUN_READY_TEXT: &str = "Go back to the plan to start the import.";
pub(crate) const RUN_KEEP_OPEN: &str = "Keep this tab open until the run is over.";
pub(crate) const RUN_FAILED: &str = "The import did not start";
pub(crate) const RUN_OVER: &str = "The run is over";
pub(crate) const TO_REPORT: &str = "Read the report";
pub(crate) const TO_PLAN: &str = "Back to the plan";
pub(crate) const STOP_HINT: &str =
    "What is written stays written; the report tells what was and what was not.";
pub(crate) const REPORT_TITLE: &str = "Report";
pub(crate) const SAVE_PLAN_CSV: &str = "Download plan (CSV)";
pub(crate) const SAVE_PLAN_JSON: &str = "Download plan (JSON)";
pub(crate) const SAVE_FAILED: &str = "Download what failed as a package";
pub(crate) const SAVE_UNDO: &str = "Download the undo package";
pub(crate) const AFTERWARDS: &str = "What you can do now";
pub(crate) const SAVE_FAILED_TEXT: &str = "The records and links that are not in the target as they are in the package. Mend the cause, then import this package.";
pub(crate) const UNDO_TEXT: &str = "The old values, and what tells which rows and links this import made. Open it here as a data package to take the import back: the plan shows first what would happen. Microsoft’s tool alone would bring back only old values that were not empty.";
pub(crate) const PRINT: &str = "Print these records";
pub(crate) const COPY: &str = "Copy these records";
pub(crate) const COPY_REFUSED: &str =
    "The browser does not let this page write to the clipboard. Download the CSV file.";
pub(crate) const PRINTED: &str =
    "Printed are the records that were in sight. “Print these records” prints all of them.";
pub(crate) const RULE: &str = "Found by";
pub(crate) const ANY_RULE: &str = "Any rule";
pub(crate) const IS_UNDO: &str = "This package takes an import back";
pub(crate) const IS_UNDO_TEXT: &str = "It holds the values that were there before, and names the rows and links that the import made. The plan shows what would be changed and removed.";
pub(crate) const SAVE_JSON: &str = "Download report (JSON)";
pub(crate) const SAVE_CSV: &str = "Download report (CSV)";
pub(crate) const ANOTHER: &str = "Import another package";
pub(crate) const RECORDS_TITLE: &str = "Records";
pub(crate) const REMOVALS: &str = "Removals";
pub(crate) const FAILED_LINKS: &str = "Many-to-many links that cannot be made";
pub(crate) const LINK: &str = "Link";
pub(crate) const RELATIONSHIP: &str = "Relationship";
pub(crate) const WHY: &str = "Why";
pub(crate) const NOT_WRITABLE: &str = "Columns nobody may write";
pub(crate) const NOT_WRITABLE_TEXT: &str = "Dataverse sets these itself (created on, modified by and the like), so their values in the package are not sent.";
pub(crate) const SEARCH: &str = "Search by name or id";
pub(crate) const SHOW: &str = "Show";
pub(crate) const ALL: &str = "All";
pub(crate) const WITH_WARNINGS: &str = "With warnings";
pub(crate) const NAME: &str = "Name";
pub(crate) const TABLE: &str = "Table";
pub(crate) const ACTION: &str = "Action";
pub(crate) const FATE: &str = "Result";
pub(crate) const MATCHED_BY: &str = "Found by";
pub(crate) const DETAIL: &str = "Details";
pub(crate) const NO_NAME: &str = "(no name)";
pub(crate) const NO_ROWS: &str = "No record fits this filter.";
pub(crate) const LOADING: &str = "Loading …";
pub(crate) const COLUMN: &str = "Column";
pub(crate) const BEFORE: &str = "Now in the target";
pub(crate) const BEFORE_RUN: &str = "Before";
pub(crate) const AFTER: &str = "In the package";
pub(crate) const EMPTY: &str = "empty";
pub(crate) const RECORD_ID: &str = "Id in the package";
pub(crate) const OPEN: &str = "Open";
pub(crate) const MORE: &str = "Show details of";
pub(crate) const CLEAR_FILTER: &str = "Clear filter";

/// The step's name in the stepper.
pub(crate) fn step(step: ImportStep) -> &'static str {
    match step {
        ImportStep::Environment => "Environment",
        ImportStep::File => "File",
        ImportStep::Check => "Check",
        ImportStep::Plan => "Plan",
        ImportStep::Run => "Run",
        ImportStep::Report => "Report",
    }
}

/// A record's state: the plan speaks of the future, the report of the past.
pub(crate) fn state(of: RowsOf, state: RowState) -> &'static str {
    match (of, state) {
        (RowsOf::Plan, RowState::Create) => "Create",
        (_, RowState::Create) => "Created",
        (_, RowState::Adopt) => "Take over",
        (_, RowState::Remove) => "Remove",
        (RowsOf::Plan, RowState::Update) => "Update",
        (_, RowState::Update) => "Updated",
        (_, RowState::Unchanged) => "Unchanged",
        (RowsOf::Plan, RowState::Skip) => "Skip",
        (_, RowState::Skip) => "Skipped",
        (RowsOf::Plan, RowState::Failed) => "Blocked",
        (_, RowState::Failed) => "Failed",
        (_, RowState::Unconfirmed) => "Not read back",
        (_, RowState::Warning) => WITH_WARNINGS,
    }
}

/// What a state means, for the tile.
pub(crate) fn state_hint(of: RowsOf, state: RowState) -> &'static str {
    match (of, state) {
        (RowsOf::Plan, RowState::Create) => "new in the target",
        (_, RowState::Create) => "and read back",
        (_, RowState::Adopt) => "made by the environment, then filled",
        (_, RowState::Remove) => "no longer in the target",
        (RowsOf::Plan, RowState::Update) => "some columns differ",
        (_, RowState::Update) => "and read back",
        (_, RowState::Unchanged) => "already the same",
        (_, RowState::Skip) => "left out on purpose",
        (RowsOf::Plan, RowState::Failed) => "cannot be written",
        (_, RowState::Failed) => "not as in the package",
        (_, RowState::Unconfirmed) => "written, but the run ended before",
        (_, RowState::Warning) => "written, but not quite as in the package",
    }
}

/// The rule by which a record found its row.
pub(crate) fn rule(rule: Option<&MatchRule>) -> String {
    match rule {
        Some(MatchRule::Id) => "Id".to_owned(),
        Some(MatchRule::Keys(columns)) => format!("Unique: {}", columns.join(", ")),
        Some(MatchRule::Name) => "Name".to_owned(),
        Some(MatchRule::Special(columns)) => format!("Rule: {}", columns.join(", ")),
        Some(MatchRule::Mapped) => "Mapping".to_owned(),
        Some(MatchRule::New) => "New".to_owned(),
        None => String::new(),
    }
}

/// What a record's row says of a creation or an unchanged record when it is opened.
pub(crate) fn no_changes(of: RowsOf, state: RowState) -> &'static str {
    match (of, state) {
        (RowsOf::Plan, RowState::Create) => "A new row will be created with the package’s id and values.",
        (_, RowState::Adopt) => {
            "The environment makes this row by itself; it gets the package’s values then."
        }
        (_, RowState::Create) => "A new row was created with the package’s id and values.",
        (_, RowState::Unchanged) => "The target’s row already has the package’s values. Nothing is written.",
        _ => "",
    }
}

/// The plan's one-sentence introduction.
pub(crate) fn plan_lead(file: &str, target: &str) -> String {
    format!("Importing {file} into {target}. Nothing has been written yet.")
}

/// The file step's primary button.
pub(crate) fn check_against(environment: &str) -> String {
    format!("Check against {environment}")
}

/// The plan step's primary button.
pub(crate) fn import(writes: u64, new_links: u64) -> String {
    match (writes, new_links) {
        (0, 0) => "Import".to_owned(),
        (0, l) => format!("Import {}", links(l)),
        (n, _) => format!("Import {}", count(n, "change", "changes")),
    }
}

/// How much is blocked, above the plan.
pub(crate) fn blocked(n: u64, l: u64) -> String {
    match (n, l) {
        (n, 0) => format!("{} cannot be written", records(n)),
        (0, l) => format!("{} cannot be made", links(l)),
        (n, l) => format!("{} and {} cannot be written", records(n), links(l)),
    }
}

pub(crate) const BLOCKED_TEXT: &str =
    "Everything else can be imported. Open the row below to read why and what to do.";

/// How many records will not be quite as in the package.
pub(crate) fn warnings(n: u64) -> String {
    format!("{} with warnings", records(n))
}

pub(crate) const WARNINGS_TEXT: &str = "They are written, but something of them will not be as in the package, for example a lookup whose target is nowhere.";
/// Above what the environment does besides.
pub(crate) fn notes(of: RowsOf) -> &'static str {
    match of {
        RowsOf::Plan => "Know this before you import",
        _ => "Look at this in the target",
    }
}

pub(crate) const SHOW_THEM: &str = "Show them";
pub(crate) const SHOW_FAILED: &str = "Show failures";

/// What the tiles of the links say.
pub(crate) fn links_hint(unchanged: u64, failed: u64) -> String {
    let mut parts = vec![format!("{} already there", number(unchanged))];
    if failed > 0 {
        parts.push(format!("{} not possible", number(failed)));
    }
    parts.join(", ")
}

/// The links' tile: the plan speaks of the future, the report of the past.
pub(crate) fn links_label(of: RowsOf) -> &'static str {
    match of {
        RowsOf::Plan => "New links",
        _ => "Links made",
    }
}

/// How many rows the filter leaves.
pub(crate) fn shown(total: u64, all: u64) -> String {
    if total == all { records(total) } else { format!("{} of {}", number(total), records(all)) }
}

/// Said on paper where not all records stand there.
pub(crate) fn printed(total: u64, most: u64) -> String {
    match total > most {
        true => format!(
            "The first {} of {}. The CSV and JSON files hold all of them.",
            number(most),
            records(total)
        ),
        false => String::new(),
    }
}

/// Said when records were copied.
pub(crate) fn copied(total: u64, most: u64) -> String {
    match total > most {
        true => format!(
            "The first {} of {} are copied. The CSV file holds all of them.",
            number(most),
            records(total)
        ),
        false => format!("{} copied, as lines for a spreadsheet or a mail.", records(total)),
    }
}

/// A table's counts for a screen reader and the tooltip: `3 create, 1 blocked`.
pub(crate) fn counts(of: RowsOf, counts: &Counts) -> String {
    let parts = [
        (counts.created, RowState::Create),
        (counts.updated, RowState::Update),
        (counts.unchanged, RowState::Unchanged),
        (counts.skipped, RowState::Skip),
        (counts.failed, RowState::Failed),
        (counts.unconfirmed, RowState::Unconfirmed),
    ];
    let told = parts.iter().filter(|(n, _)| *n > 0);
    told.map(|(n, s)| format!("{} {}", number(*n), state(of, *s).to_lowercase()))
        .collect::<Vec<_>>()
        .join(", ")
}

/// A record's changes in one line.
pub(crate) fn changes(names: &[String]) -> String {
    format!("{}: {}", super::columns(names.len() as u64), super::some_of(names, 3))
}

/// The report in one line. Never calls it a success when something failed, stopped or does not add up.
pub(crate) fn verdict(verdict: Verdict) -> String {
    match verdict {
        Verdict::Stopped => "The import stopped before its end".into(),
        Verdict::Failed { records: 0, links: l } => format!("{} could not be made", links(l)),
        Verdict::Failed { records: n, links: 0 } => format!("{} failed", records(n)),
        Verdict::Failed { records: n, links: l } => format!("{} and {} failed", records(n), links(l)),
        Verdict::DoesNotAddUp { .. } => "The report does not add up".into(),
        Verdict::WithWarnings { records: n } => {
            format!("The import is complete, {} with warnings", records(n))
        }
        Verdict::NothingToDo => "Nothing was written: the target already had all of it".into(),
        Verdict::Complete => "The import is complete".into(),
    }
}

/// The sentence below the verdict.
pub(crate) fn verdict_text(verdict: Verdict, report: &ReportSummary) -> String {
    let accounted = accounted(report);
    match verdict {
        Verdict::Stopped => format!(
            "{accounted} What is written stays written. Make the plan again to go on: it finds what is already there."
        ),
        Verdict::Failed { .. } => {
            format!("{accounted} Each failure says why and what to do.")
        }
        Verdict::DoesNotAddUp { counted, in_package } => format!(
            "The package holds {}, but {} are in the report. This is a mistake of the program; please report it.",
            records(in_package),
            number(counted)
        ),
        Verdict::WithWarnings { .. } => {
            format!("{accounted} The warnings say what is not quite as in the package.")
        }
        Verdict::NothingToDo => accounted,
        Verdict::Complete => format!("{accounted} What was written was read back and compared."),
    }
}

fn accounted(report: &ReportSummary) -> String {
    format!("{} of {} accounted for.", number(report.counts.total()), records(report.records_in_package))
}

/// How many tables have columns nobody may write.
pub(crate) fn not_writable(t: usize) -> String {
    format!("{NOT_WRITABLE} ({})", tables(t as u64))
}
