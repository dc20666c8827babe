//! Whether the environment takes the package's attachments: their size, and whether their type is blocked.

use super::rights::holds;
use crate::package_index::{PackageIndex, RecordAt};
use crate::{Action, ImportOptions, Problem, ProblemKind};
use cmt::{Field, Record, Value};
use dataverse::{Client, Clock, Organization, Transport};
use std::collections::BTreeSet;

/// Tables whose rows carry an attachment: the column of its base64 text, and that of its file name.
const ATTACHMENTS: [(&str, &str, &str); 2] =
    [("annotation", "documentbody", "filename"), ("activitymimeattachment", "body", "filename")];
/// What a user needs to change which types are blocked.
const PRIVILEGE: &str = "prvWriteOrganization";

/// The environment's rules for attachments, as they are while the import runs.
#[derive(Clone, Copy, Debug)]
pub(super) struct AttachmentRules<'a> {
    organization: &'a Organization,
    /// Types that the package needs are not blocked while it runs.
    lifted: bool,
}

impl<'a> AttachmentRules<'a> {
    pub(super) fn of(organization: &'a Organization) -> AttachmentRules<'a> {
        AttachmentRules { organization, lifted: false }
    }

    /// The rules as the user wants them, and what is in the way of it.
    ///
    /// # Errors
    /// Where the environment cannot be asked any more.
    pub(super) async fn wanted<T: Transport, C: Clock>(
        client: &Client<T, C>,
        organization: &'a Organization,
        index: &PackageIndex<'_>,
        options: &ImportOptions,
    ) -> Result<(AttachmentRules<'a>, Option<Problem>), Problem> {
        let rules = AttachmentRules::of(organization);
        let blocks = records(index).any(|at| rules.blocked_at(index, at).is_some());
        if !options.lift_attachment_blocks || !blocks {
            return Ok((rules, None));
        }
        Ok(match holds(client, PRIVILEGE).await? {
            true => (AttachmentRules { lifted: true, ..rules }, None),
            false => (rules, Some(not_allowed())),
        })
    }

    /// The blocked types of those records that are to be written: the run takes them out of the blocked ones.
    pub(super) fn blocked_types(&self, index: &PackageIndex<'_>, actions: &[Vec<Action>]) -> Vec<String> {
        let written = records(index).filter(|at| carries(index, *at, &actions[at.table][at.record]));
        let extensions: BTreeSet<String> = written.filter_map(|at| self.blocked_at(index, at)).collect();
        extensions.into_iter().filter(|_| self.lifted).collect()
    }

    /// Why the environment will not take the attachment that this field carries.
    pub(super) fn objection(&self, field: &Field, record: &Record, table: &str) -> Option<Problem> {
        if let Value::File(file) = &field.value {
            let extension = self.blocked(&file.file_name).filter(|_| !self.lifted)?;
            let (what, remedy) = blocked_words(&file.file_name, &extension);
            return Some(Problem::new(ProblemKind::Attachment, what, remedy).at_column(&field.column));
        }
        let (_, body, name) =
            ATTACHMENTS.into_iter().find(|(t, body, _)| *t == table && *body == field.column)?;
        let Value::Text(content) = &field.value else { return None };
        let file = text(record, name);
        let blocked = self.blocked(file).filter(|_| !self.lifted);
        let too_large = self.organization.max_upload_bytes.filter(|most| content.len() as u64 > *most);
        let (what, remedy) = match (blocked, too_large) {
            (Some(extension), _) => blocked_words(file, &extension),
            (None, Some(most)) => too_large_words(file, content.len(), most),
            (None, None) => return None,
        };
        Some(Problem::new(ProblemKind::Attachment, what, remedy).at_column(body))
    }

    fn blocked(&self, file: &str) -> Option<String> {
        let extension = file.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase())?;
        self.organization.blocked_attachments.contains(&extension).then_some(extension)
    }

    /// The blocked type of a record's attachment, or of a file of it.
    fn blocked_at(&self, index: &PackageIndex<'_>, at: RecordAt) -> Option<String> {
        let record = index.record(at);
        let file = files(record).find_map(|(_, name)| self.blocked(name));
        file.or_else(|| {
            let (_, body, name) = attachment(index, at)?;
            self.blocked(text(record, name)).filter(|_| !text(record, body).is_empty())
        })
    }
}

/// Whether what is done to the record sends its attachment.
fn carries(index: &PackageIndex<'_>, at: RecordAt, action: &Action) -> bool {
    let mut files = files(index.record(at));
    match (action, attachment(index, at)) {
        (Action::Create | Action::Adopt, _) => true,
        (Action::Update(changes), None) => {
            files.any(|(column, _)| changes.iter().any(|change| change.column == column))
        }
        (Action::Update(changes), Some((_, body, name))) => {
            changes.iter().any(|change| change.column == body || change.column == name)
        }
        _ => false,
    }
}

fn attachment(index: &PackageIndex<'_>, at: RecordAt) -> Option<(&'static str, &'static str, &'static str)> {
    ATTACHMENTS.into_iter().find(|(table, ..)| *table == index.package.tables[at.table].name)
}

fn records<'a>(index: &'a PackageIndex<'a>) -> impl Iterator<Item = RecordAt> {
    let tables = index.package.tables.iter().enumerate();
    tables.flat_map(|(table, t)| (0..t.records.len()).map(move |record| RecordAt { table, record }))
}

/// The files of a record: column and name.
fn files(record: &Record) -> impl Iterator<Item = (&str, &str)> {
    record.fields.iter().filter_map(|field| match &field.value {
        Value::File(file) => Some((field.column.as_str(), file.file_name.as_str())),
        _ => None,
    })
}

fn text<'a>(record: &'a Record, column: &str) -> &'a str {
    match record.value(column) {
        Some(Value::Text(text)) => text,
        _ => "",
    }
}

fn blocked_words(file: &str, extension: &str) -> (String, String) {
    (
        format!("The file {file} cannot be attached: .{extension} is among the blocked attachments."),
        format!(
            "Let the import take {extension} out of the blocked attachments while it runs, or have it taken out in the \
             Power Platform admin center, under Settings > Privacy + Security, then start again."
        ),
    )
}

fn too_large_words(file: &str, bytes: usize, most: u64) -> (String, String) {
    (
        format!("The file {file} takes {bytes} bytes as base64; attachments may have {most} here."),
        "In the Power Platform admin center, under Settings > Email > Email settings, raise the maximum file size, then \
         start again."
            .to_owned(),
    )
}

fn not_allowed() -> Problem {
    Problem::new(
        ProblemKind::Attachment,
        format!(
            "Files of blocked types cannot be attached, and your user may not change which are blocked: the privilege \
             {PRIVILEGE} is missing."
        ),
        "Let a system administrator run the import, or have the types taken out of the blocked attachments in the Power \
         Platform admin center while it runs.",
    )
}
