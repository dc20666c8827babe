//! What the user decides before an import.

use super::{count, number};
use migration::{Owners, PagePlugIns, ProposalReason, WriteMode};

pub(crate) const TITLE: &str = "Your decisions";
pub(crate) const LEAD: &str = "The plan above follows these. Change what does not suit you and make the plan again; nothing is written meanwhile.";
pub(crate) const OUTDATED: &str = "Your decisions have changed";
pub(crate) const OUTDATED_TEXT: &str =
    "The plan still follows the former ones. Make it again to see what will happen now.";
pub(crate) const OUTDATED_NOTE: &str = "Make the plan again first: your decisions have changed.";
pub(crate) const OPTIONS: &str = "How records are written";
pub(crate) const TABLES: &str = "Table by table";
pub(crate) const MODE: &str = "What may happen to its rows";
pub(crate) const MATCH_NAME: &str = "Same name, other id";
pub(crate) const REMOVE_ROWS: &str = "Rows the package lacks";
pub(crate) const REMOVE_THEM: &str = "Remove";
pub(crate) const MATCH_THEM: &str = "Take for the same";

pub(crate) const BY_NAME: &str = "Match by name";
pub(crate) const BY_NAME_HINT: &str = "A record without a row of its id is taken for the row of the same name. Off by default: rows of the same name are not always the same.";
pub(crate) const CLEAR: &str = "Empty values clear the target";
pub(crate) const CLEAR_HINT: &str = "A column of the schema that a record has no value for is emptied. A package cannot say whether such a value was empty or left out.";
pub(crate) const CREATED_ON: &str = "Keep the dates of creation";
pub(crate) const CREATED_ON_HINT: &str =
    "New rows keep the date on which they were created in the source. Needs the privilege to override it.";
pub(crate) const DATES: &str = "Move dates to today";
pub(crate) const DATES_HINT: &str =
    "Only where the package’s schema asks for it: by whole weeks or whole days since its export.";
pub(crate) const HISTORY: &str = "Bring former page addresses along";
pub(crate) const HISTORY_HINT: &str = "The history of URLs (adx_urlhistory), usually noise of the source.";
pub(crate) const LIFT: &str = "Allow blocked file types while the import runs";
pub(crate) const LIFT_HINT: &str = "Takes the types that the package needs, such as .js, out of the blocked attachments of the whole environment, and puts them back at the end.";
pub(crate) const OWNERS: &str = "Owners";
pub(crate) const PLUG_INS: &str = "Plug-ins of web pages";

pub(crate) const MAPPING: &str = "Who stands for whom";
pub(crate) const MAPPING_LEAD: &str = "Users, teams, business units, currencies and websites that the package points to, and what stands for them in the target.";
pub(crate) const SOURCE: &str = "In the package";
pub(crate) const TARGET: &str = "In the target";
pub(crate) const REASON: &str = "Why";
pub(crate) const USES: &str = "Used by";
pub(crate) const LEAVE_EMPTY: &str = "Nobody: leave it empty";
pub(crate) const NOT_FOUND: &str = "Not found";
pub(crate) const OTHER: &str = "Another row …";
pub(crate) const FIND: &str = "Find";
pub(crate) const FIND_NAME: &str = "Part of its name";
pub(crate) const FOUND_NOTHING: &str = "No row of the target has that in its name.";
pub(crate) const CANCEL: &str = "Cancel";
pub(crate) const SAVE_MAPPING: &str = "Download the mapping";
pub(crate) const LOAD_MAPPING: &str = "Load a mapping";
pub(crate) const LOAD_HINT: &str =
    "A mapping.json that was downloaded here. It takes the place of the decisions above.";
pub(crate) const CHOOSE_AGAIN: &str = "Choose the file again; it may have been moved or changed since.";
pub(crate) const MAPPING_KEPT: &str = "Kept by this browser for this target.";

pub(crate) const REMOVALS: &str = "Remove from the target";
pub(crate) const REMOVALS_LEAD: &str = "Nothing is removed unless you ask for it here. What is removed is shown in the plan first, and is part of the undo package.";
pub(crate) const CONSENT: &str = "Before you import";
pub(crate) const CONFIRM_WORD: &str = "REMOVE";
pub(crate) const CONFIRM: &str = "Type REMOVE to confirm";
pub(crate) const CONSENT_NOTE: &str = "Agree above first.";

pub(crate) const LEAVE_OUT: &str = "Leave this record out";
pub(crate) const TAKE_IN: &str = "Take this record in again";
pub(crate) const LEFT_OUT: &str = "It will be left out when the plan is made again.";
pub(crate) const CHOOSE: &str = "Which row is it?";
pub(crate) const CHOSEN: &str = "Chosen. Make the plan again to see what it changes.";

/// Options for a table's mode: key and label.
pub(crate) fn modes() -> Vec<(String, String)> {
    let of = |mode: WriteMode| (format!("{mode:?}"), mode_label(mode).to_owned());
    [WriteMode::CreateAndUpdate, WriteMode::CreateOnly, WriteMode::UpdateOnly, WriteMode::LeaveOut]
        .map(of)
        .into()
}

/// The mode of that key.
pub(crate) fn mode_named(key: &str) -> Option<WriteMode> {
    [WriteMode::CreateAndUpdate, WriteMode::CreateOnly, WriteMode::UpdateOnly, WriteMode::LeaveOut]
        .into_iter()
        .find(|mode| format!("{mode:?}") == key)
}

fn mode_label(mode: WriteMode) -> &'static str {
    match mode {
        WriteMode::CreateAndUpdate => "Create and update",
        WriteMode::CreateOnly => "Create only, keep what is there",
        WriteMode::UpdateOnly => "Update only",
        WriteMode::LeaveOut => "Leave out",
    }
}

/// Options for owners: key and label.
pub(crate) fn owners() -> Vec<(String, String)> {
    [
        (Owners::Mapped, "As mapped above, else the same user"),
        (Owners::Kept, "The same user, by id"),
        (Owners::Left, "Whoever imports; existing rows keep theirs"),
    ]
    .map(|(owners, label)| (format!("{owners:?}"), label.to_owned()))
    .into()
}

/// The choice of that key.
pub(crate) fn owners_named(key: &str) -> Option<Owners> {
    [Owners::Mapped, Owners::Kept, Owners::Left].into_iter().find(|owners| format!("{owners:?}") == key)
}

/// Options for the plug-ins of web pages: key and label.
pub(crate) fn plug_ins() -> Vec<(String, String)> {
    [
        (PagePlugIns::Bypassed, "Bypass them for this import, if I may"),
        (PagePlugIns::SwitchedOff, "Switch them off for everybody while it runs"),
        (PagePlugIns::Running, "Let them run and use the pages they make"),
    ]
    .map(|(choice, label)| (format!("{choice:?}"), label.to_owned()))
    .into()
}

/// The choice of that key.
pub(crate) fn plug_ins_named(key: &str) -> Option<PagePlugIns> {
    [PagePlugIns::Bypassed, PagePlugIns::SwitchedOff, PagePlugIns::Running]
        .into_iter()
        .find(|choice| format!("{choice:?}") == key)
}

/// Why a row of the target stands for one of the source.
pub(crate) fn reason(reason: ProposalReason) -> &'static str {
    match reason {
        ProposalReason::Chosen => "You chose it",
        ProposalReason::SameId => "Same id",
        ProposalReason::DomainName => "Same user name",
        ProposalReason::Email => "Same e-mail address",
        ProposalReason::FullName => "Same full name",
        ProposalReason::Name => "Same name",
        ProposalReason::IsoCode => "Same ISO code",
        ProposalReason::Root => "Both are the root",
        ProposalReason::OnlyOne => "The only one there",
        ProposalReason::Ambiguous => "Several would do: choose one",
        ProposalReason::Nothing => "None found: choose one, or leave it empty",
    }
}

/// `Who stands for whom (12, 2 to decide)`
pub(crate) fn mapping(all: usize, open: usize) -> String {
    if open == 0 { format!("{MAPPING} ({all})") } else { format!("{MAPPING} ({all}, {open} to decide)") }
}

/// How many rows of the same name there are.
pub(crate) fn same_names(rows: u64) -> String {
    if rows == 1 { "1 record".to_owned() } else { format!("{} records", number(rows)) }
}

/// Whose row is being looked for.
pub(crate) fn looking_for(name: &str) -> String {
    format!("Which row of the target is “{name}”?")
}

/// The removal of a provisioned website.
pub(crate) fn remove_website(name: &str) -> String {
    format!("Remove the website “{name}” and everything on it first")
}

/// What comes of it.
pub(crate) const REMOVE_WEBSITE_HINT: &str = "For a target where the same template was provisioned: its default rows go, and the package’s website is created whole.";

/// The removal of links of a relationship.
pub(crate) fn remove_links(relationship: &str) -> String {
    format!("Remove links of {relationship} between these records that the package lacks")
}

/// What is switched off for everybody: steps and file types.
pub(crate) fn switched_off(steps: usize, rules: usize, attachments: &[String]) -> String {
    let said = count(steps as u64, "plug-in step of web pages", "plug-in steps of web pages");
    let types = (!attachments.is_empty()).then(|| format!("the block on {}", attachments.join(", ")));
    let published = count(rules as u64, "published duplicate rule", "published duplicate rules");
    let published = (rules > 0).then_some(published);
    let what: Vec<String> = (steps > 0).then_some(said).into_iter().chain(types).chain(published).collect();
    let are = if steps > 1 || rules > 1 || what.len() > 1 { "are" } else { "is" };
    format!(
        "I agree that {} {are} switched off for everybody while the import runs, and on again at its end",
        what.join(" and ")
    )
}

/// What will be removed.
pub(crate) fn removed(rows: u64, links: u64) -> String {
    let parts = [(rows, count(rows, "row", "rows")), (links, super::links(links))];
    let parts: Vec<String> = parts.into_iter().filter(|(n, _)| *n > 0).map(|(_, said)| said).collect();
    format!("{} will be removed from the target", parts.join(" and "))
}
