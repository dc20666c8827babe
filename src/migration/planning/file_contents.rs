//! Whether files of the same name have the same content: only the contents tell, so they are read.

use super::matching::{Match, Matches};
use crate::compare::file_shown;
use crate::package_index::{PackageIndex, RecordAt};
use crate::progress::Progress;
use crate::side_by_side::side_by_side;
use crate::table_fit::Fit;
use crate::{Change, Problem};
use cmt::{FileRef, Value};
use dataverse::{Client, Clock, Error, StoredFile, Transport};
use uuid::Uuid;

/// Most files on their way at once: each is in memory as a whole.
pub(crate) const FILES_AT_ONCE: usize = 4;

/// A file of the package and the row that has one of the same name.
struct Question<'a> {
    at: RecordAt,
    row: Uuid,
    column: &'a str,
    file: &'a FileRef,
}

/// Reads the files of matched rows that have the package's names, and adds a change where the contents differ.
///
/// # Errors
/// Where the environment cannot be asked any more, the package's file cannot be read, or the run was stopped.
pub(super) async fn compare_file_contents<T: Transport, C: Clock>(
    client: &Client<T, C>,
    index: &PackageIndex<'_>,
    matches: &mut Matches,
    is_compared: impl Fn(usize) -> bool,
    progress: &mut Progress<'_>,
) -> Result<(), Problem> {
    let questions = questions(index, matches, is_compared);
    let mut waiting = questions.iter();
    let start = |progress: &mut &mut Progress<'_>| {
        let Some(question) = waiting.next() else { return Ok(None) };
        let Some(fit) = &index.fits[question.at.table] else { return Ok(None) };
        progress.go_on()?;
        let file = client.download_file(fit.metadata, question.row, question.column);
        Ok(Some(async move { (question, file.await) }))
    };
    let take = |_: &mut &mut Progress<'_>,
                (question, file): (&Question<'_>, Result<Option<StoredFile>, Error>)| {
        let present = file?.map(|file| file.content).unwrap_or_default();
        let content = index.package.files.content(question.file.id)?.unwrap_or_default();
        if let Match::Row { changes, .. } = &mut matches[question.at.table][question.at.record]
            && *content != present[..]
        {
            let shown = |size: usize| Some(file_shown(&question.file.file_name, size));
            let (before, after) = (shown(present.len()), shown(content.len()));
            changes.push(Change { column: question.column.to_owned(), before, after });
        }
        Ok(())
    };
    side_by_side(&mut &mut *progress, || client.requests_at_once().min(FILES_AT_ONCE), start, take).await
}

fn questions<'a>(
    index: &PackageIndex<'a>,
    matches: &Matches,
    is_compared: impl Fn(usize) -> bool,
) -> Vec<Question<'a>> {
    let mut questions = Vec::new();
    for (table, found) in matches.iter().enumerate().filter(|(table, _)| is_compared(*table)) {
        let Some(fit) = &index.fits[table] else { continue };
        for (record, found) in found.iter().enumerate() {
            let at = RecordAt { table, record };
            let Match::Row { id, changes, .. } = found else { continue };
            for field in &index.record(at).fields {
                let Value::File(file) = &field.value else { continue };
                let is_file = fit.column(&field.column).is_some_and(|c| c.fit == Fit::File);
                let is_same_so_far = changes.iter().all(|change| change.column != field.column);
                if is_file && is_same_so_far && index.package.files.size(file.id).is_some() {
                    questions.push(Question { at, row: *id, column: &field.column, file });
                }
            }
        }
    }
    questions
}
