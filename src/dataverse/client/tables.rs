//! Metadata: asked for once, for just the tables that are needed.

use super::Client;
use crate::bulk_request::{BulkMessage, filters_query, parse_filters};
use crate::metadata_answer::parse_table;
use crate::metadata_request::{PARTS_A_TABLE, table_parts};
use crate::page::first_page_part;
use crate::part::Part;
use crate::{Clock, Error, TableMetadata, Transport};
use futures::future::try_join_all;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

/// Tables whose metadata one request asks for: few requests, and none that keeps the others waiting.
const TABLES_A_REQUEST: usize = 20;

/// Table names in one question for messages, so that its address stays short.
const NAMES_A_QUESTION: usize = 100;

/// What is known of an environment's tables. `None`: it has no such table.
#[derive(Default)]
pub(super) struct Known {
    tables: RefCell<HashMap<String, Option<TableMetadata>>>,
    /// Tables whose messages were asked for.
    asked: RefCell<HashSet<String>>,
    messages: RefCell<HashSet<(BulkMessage, String)>>,
}

impl<T: Transport, C: Clock> Client<T, C> {
    /// The metadata of tables by logical name, in the order asked; `None`: the environment has no such table.
    /// What was asked for before is not asked for again, until [`Client::forget_tables`].
    ///
    /// # Errors
    /// [`Error`]; a refusal of one table is the error of all.
    pub async fn tables(&self, names: &[&str]) -> Result<Vec<Option<TableMetadata>>, Error> {
        let unknown = unknown(names, |name| self.known.tables.borrow().contains_key(name));
        let requests = unknown.chunks(TABLES_A_REQUEST).map(|names| self.ask_tables(names));
        for found in try_join_all(requests).await? {
            self.known.tables.borrow_mut().extend(found);
        }
        let known = self.known.tables.borrow();
        Ok(names.iter().map(|name| known.get(*name).cloned().flatten()).collect())
    }

    /// Whether each of these tables takes the message, by `sdkmessagefilters`. A refusal to say is a no.
    ///
    /// # Errors
    /// [`Error`] where no answer came.
    pub async fn takes_bulk(&self, message: BulkMessage, names: &[&str]) -> Result<Vec<bool>, Error> {
        let unknown = unknown(names, |name| self.known.asked.borrow().contains(name));
        for names in unknown.chunks(NAMES_A_QUESTION) {
            self.ask_messages(names).await?;
        }
        let messages = self.known.messages.borrow();
        Ok(names.iter().map(|name| messages.contains(&(message, (*name).to_owned()))).collect())
    }

    /// Forgets what is known of tables, so that it is asked for again: after the environment was changed.
    pub fn forget_tables(&self) {
        self.known.tables.take();
        self.known.asked.take();
        self.known.messages.take();
    }

    async fn ask_tables(&self, names: &[&str]) -> Result<Vec<(String, Option<TableMetadata>)>, Error> {
        let parts: Vec<Part> = names.iter().flat_map(|name| table_parts(name)).collect();
        let answers: Vec<_> = self.parts(&parts).await?.into_iter().map(|arrived| arrived.answer).collect();
        let asked = names.iter().zip(answers.chunks(PARTS_A_TABLE));
        asked.map(|(name, answers)| Ok(((*name).to_owned(), parse_table(name, answers)?))).collect()
    }

    async fn ask_messages(&self, names: &[&str]) -> Result<(), Error> {
        match self.rows(&first_page_part(&filters_query(names))).await {
            Ok(answer) => self.known.messages.borrow_mut().extend(parse_filters(&answer)?),
            // Without the right to read the filters rows are written one by one, as ever.
            Err(Error::Service(_)) => {}
            Err(error) => return Err(error),
        }
        self.known.asked.borrow_mut().extend(names.iter().map(|name| (*name).to_owned()));
        Ok(())
    }
}

/// Those of `names` that are not known, each once.
fn unknown<'n>(names: &[&'n str], is_known: impl Fn(&str) -> bool) -> Vec<&'n str> {
    let mut seen = HashSet::new();
    names.iter().copied().filter(|name| !is_known(name) && seen.insert(*name)).collect()
}

#[cfg(test)]
mod tests {
    use crate::metadata_request::PARTS_A_TABLE;
    use crate::testing::{Script, Step, answer, batch_answer, refusal};
    use crate::{BulkMessage, Error};
    use http::{Request, Response};

    const NONE: (&str, &str) = ("200 OK", r#"{"value":[]}"#);
    const MISSING: (&str, &str) =
        ("404 Not Found", r#"{"error":{"code":"0x80060888","message":"no such table"}}"#);
    const ACCOUNT: (&str, &str) = (
        "200 OK",
        r#"{"LogicalName":"account","EntitySetName":"accounts","PrimaryIdAttribute":"accountid","Attributes":[]}"#,
    );

    /// All that is answered about a table without columns.
    const ACCOUNT_PARTS: [(&str, &str); PARTS_A_TABLE] = [ACCOUNT, NONE, NONE, NONE, NONE, NONE, NONE, NONE];

    #[test]
    fn the_tables_of_a_schema_are_asked_for_in_one_request_and_once() {
        let answers = batch_answer(&[[MISSING; PARTS_A_TABLE], ACCOUNT_PARTS].concat());
        let script = Script::answers(vec![answers, batch_answer(&ACCOUNT_PARTS)]);
        let client = script.client();
        for _ in 0..2 {
            let tables = script.run(client.tables(&["adx_gone", "account", "account"])).unwrap();
            assert_eq!(tables[0], None);
            assert_eq!(tables[1].as_ref().unwrap().set, "accounts");
            assert_eq!(tables[1], tables[2]);
        }
        assert!(script.run(client.clone().tables(&["account"])).unwrap()[0].is_some());
        assert_eq!(script.times().len(), 1, "clones know what one of them learned");

        client.forget_tables();
        assert!(script.run(client.tables(&["account"])).unwrap()[0].is_some());
        assert_eq!(script.times().len(), 2);
    }

    #[test]
    fn many_tables_are_asked_for_side_by_side_in_few_requests() {
        let tables = |request: &Request<Vec<u8>>| {
            let body = String::from_utf8_lossy(request.body());
            body.matches("EntityDefinitions").count() / PARTS_A_TABLE
        };
        let script = Script::new(move |request| {
            let parts = ACCOUNT_PARTS.repeat(tables(request));
            Step::Slow(1, batch_answer(&parts))
        });
        let names: Vec<String> = (0..50).map(|n| format!("table{n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert_eq!(script.run(script.client().tables(&names)).unwrap().len(), 50);
        assert_eq!(script.times(), [0, 0, 0]);
    }

    fn filters() -> Response<Vec<u8>> {
        let filter = |table: &str, message: &str| {
            format!(r#"{{"primaryobjecttypecode":"{table}","sdkmessageid":{{"name":"{message}"}}}}"#)
        };
        let taken = [filter("account", "CreateMultiple"), filter("annotation", "CreateMultiple")];
        answer(200, &[], &format!(r#"{{"value":[{}]}}"#, taken.join(",")))
    }

    #[test]
    fn which_tables_take_a_bulk_message_is_asked_once_for_all_and_notes_never_do() {
        let script = Script::answers(vec![filters()]);
        let client = script.client();
        let names = ["account", "contact", "annotation"];
        let created = script.run(client.takes_bulk(BulkMessage::CreateMultiple, &names)).unwrap();
        assert_eq!(created, [true, false, false]);
        let updated = script.run(client.takes_bulk(BulkMessage::UpdateMultiple, &names)).unwrap();
        assert_eq!(updated, [false, false, false]);
        assert_eq!(script.times().len(), 1);
        let text = percent_encoding::percent_decode_str(&script.text(0)).decode_utf8_lossy().into_owned();
        let expected = "sdkmessagefilters?$select=primaryobjecttypecode\
            &$filter=(sdkmessageid/name eq 'CreateMultiple' or sdkmessageid/name eq 'UpdateMultiple') \
            and (primaryobjecttypecode eq 'account' or primaryobjecttypecode eq 'contact' or \
            primaryobjecttypecode eq 'annotation')&$expand=sdkmessageid($select=name)";
        assert!(text.contains(expected), "{text}");
    }

    #[test]
    fn who_may_not_read_the_filters_writes_without_bulk_messages() {
        let script = Script::answers(vec![refusal(403, "0x80040220")]);
        let client = script.client();
        for _ in 0..2 {
            let found = script.run(client.takes_bulk(BulkMessage::CreateMultiple, &["account"]));
            assert_eq!(found, Ok(vec![false]));
        }
        let script = Script::of((0..7).map(|_| Step::Cut));
        let unanswered = script.run(script.client().takes_bulk(BulkMessage::CreateMultiple, &["account"]));
        assert!(matches!(unanswered, Err(Error::Transport(_))), "no answer is no no");
    }
}
