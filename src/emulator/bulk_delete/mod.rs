//! `BulkDelete`: a job that deletes the rows its queries find. Parameters by Microsoft's reference.
//!
//! There is no `bulkdeleteoperation` here: what came of it stands in the job's row of `asyncoperation`.

mod query_expression;

use crate::answer::Object;
use crate::api::Call;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::functions::{Arguments, Kind, Message};
use crate::solutions::Work;
use crate::values::parse_instant;
use query_expression::fetch_xml;
use serde_json::Value;
use uuid::Uuid;

/// Seconds by which the clock of a client may be ahead.
const CLOCKS_DIFFER: i64 = 60;

/// What may not be asked for: a mail at the end, an import to undo, and what is for internal use only.
const UNSUPPORTED: &[&str] =
    &["SendEmailNotification", "ToRecipients", "CCRecipients", "SourceImportId", "RunNow"];

/// `{"QuerySet":[…],"JobName":"…","SendEmailNotification":false,"ToRecipients":[],"CCRecipients":[],
/// "RecurrencePattern":"","StartDateTime":"…"}`
pub(crate) const BULK_DELETE: Message = Message {
    name: "BulkDelete",
    kind: Kind::Action,
    parameters: &[
        ("QuerySet", true),
        ("JobName", true),
        ("SendEmailNotification", true),
        ("ToRecipients", true),
        ("CCRecipients", true),
        ("RecurrencePattern", true),
        ("StartDateTime", true),
        ("SourceImportId", false),
        ("RunNow", false),
    ],
    run: bulk_delete,
};

fn bulk_delete(
    environment: &mut Environment,
    _: &Call,
    arguments: &Arguments,
) -> Result<Option<Object>, Refusal> {
    environment.require_general("prvBulkDelete")?;
    environment.refuse_more_than_deletion(arguments)?;
    let name = arguments.text("JobName")?;
    let queries = queries(arguments)?;
    for query in &queries {
        let (table, _) = environment.fetched_ids(query)?;
        // Both privileges are on Microsoft's page on this message; that it is refused at once is the stricter reading.
        environment.refuse_delete(table, Uuid::nil())?;
    }
    let job = environment.add_job(name, "BulkDelete", Work::Delete { queries });
    Ok(Some(Object::default().and("JobId", job.to_string())))
}

/// The queries as FetchXML.
fn queries(arguments: &Arguments) -> Result<Vec<String>, Refusal> {
    let given = arguments.get("QuerySet").unwrap_or(&Value::Null);
    match given.as_array() {
        Some(queries) if !queries.is_empty() => queries.iter().map(fetch_xml).collect(),
        // Inferred: a job without a query has nothing to do.
        _ => Err(Refusal::wrong_literal(
            &given.to_string(),
            "Collection(Microsoft.Dynamics.CRM.QueryExpression)",
        )),
    }
}

impl Environment {
    fn refuse_more_than_deletion(&self, arguments: &Arguments) -> Result<(), Refusal> {
        arguments.boolean("SendEmailNotification")?;
        for name in UNSUPPORTED {
            if arguments.get(name).is_some_and(|value| !is_nothing(value)) {
                return Err(Refusal::not_implemented(format_args!("{name} of BulkDelete")));
            }
        }
        if !arguments.text("RecurrencePattern")?.is_empty() {
            return Err(Refusal::not_implemented("bulk deletion that recurs"));
        }
        let start = arguments.text("StartDateTime")?;
        let wrong = || Refusal::wrong_literal(start, "Edm.DateTimeOffset");
        if parse_instant(start).ok_or_else(wrong)? > self.now() + CLOCKS_DIFFER {
            return Err(Refusal::not_implemented("bulk deletion that starts later"));
        }
        Ok(())
    }

    /// Deletes what the queries find by now, each row for itself: what one leaves behind stops no other.
    ///
    /// Inferred, the stricter reading: a job with rows that stay has failed, with the code that Microsoft's table of
    /// codes has for it.
    pub(crate) fn finish_bulk_delete(&mut self, queries: &[String]) -> Result<(), Refusal> {
        let (mut deleted, mut failed) = (0_usize, 0_usize);
        for query in queries {
            let (table, ids) = self.fetched_ids(query)?;
            for id in ids {
                match self.delete_or_leave(table, id) {
                    Ok(()) => deleted += 1,
                    Err(_) => failed += 1,
                }
            }
        }
        if failed == 0 {
            return Ok(());
        }
        let message = format!(
            "One of the Bulk Delete Child Jobs Failed. Rows deleted: {deleted}. Rows that cannot be deleted: {failed}."
        );
        Err(Refusal::new(400, "0x80048459", message))
    }

    /// Deletes a row with what hangs on it, or changes nothing.
    fn delete_or_leave(&mut self, table: usize, id: Uuid) -> Result<(), Refusal> {
        // It may have gone with a row before it.
        if self.store.get(table, id).is_none() {
            return Ok(());
        }
        let mark = self.store.mark();
        self.delete(table, id).inspect_err(|_| self.store.undo_to(mark))
    }
}

/// Whether a member asks for nothing.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
