//! Many rows of one table in one message, where the table takes it; and which row it was, where it is refused.

use super::Client;
use crate::bulk_request::{BulkMessage, bulk_part};
use crate::part::Part;
use crate::sending::{MOST_REPEATS, Repeat};
use crate::{Clock, Error, Operation, RetryClass, Row, ServiceError, TableMetadata, Transport, response};
use futures::future::join_all;
use std::ops::Range;
use std::time::Duration;
use uuid::Uuid;

/// What one sending of a message brought.
enum Tried {
    Done,
    Refused(ServiceError),
    /// The rows may be there or not.
    Lost(Error),
}

/// What became of each row, in the order given.
type Outcomes = Vec<Result<(), ServiceError>>;

impl<T: Transport, C: Clock> Client<T, C> {
    /// Creates rows of a table with their ids, never updates one: in one message where the table takes it
    /// ([`Client::takes_bulk`]), else in one batch.
    ///
    /// The message is all or nothing and does not say which row it was: a refused one is sent again in halves,
    /// until the rows that are refused stand alone, each with its own refusal.
    ///
    /// # Errors
    /// [`Error`] where a whole request failed; some of the rows may have been written.
    pub async fn create_rows(
        &self,
        table: &TableMetadata,
        rows: Vec<(Uuid, Row)>,
    ) -> Result<Outcomes, Error> {
        self.write_rows(BulkMessage::CreateMultiple, table, rows).await
    }

    /// Updates rows of a table, never creates one. As [`Client::create_rows`].
    ///
    /// # Errors
    /// [`Error`] where a whole request failed; some of the rows may have been written.
    pub async fn update_rows(
        &self,
        table: &TableMetadata,
        rows: Vec<(Uuid, Row)>,
    ) -> Result<Outcomes, Error> {
        self.write_rows(BulkMessage::UpdateMultiple, table, rows).await
    }

    async fn write_rows(
        &self,
        message: BulkMessage,
        table: &TableMetadata,
        rows: Vec<(Uuid, Row)>,
    ) -> Result<Outcomes, Error> {
        if rows.len() > 1 && self.takes_bulk(message, &[&table.name]).await? == [true] {
            return self.bisected(message, table, &rows).await;
        }
        let operations = rows.into_iter().map(|(id, body)| operation(message, table, id, body)).collect();
        let answers = self.batch(operations).await?;
        Ok(answers.into_iter().map(|answer| answer.map(|_| ())).collect())
    }

    /// Halves what is refused, and sends the halves side by side, until each refusal is one row's.
    async fn bisected(
        &self,
        message: BulkMessage,
        table: &TableMetadata,
        rows: &[(Uuid, Row)],
    ) -> Result<Outcomes, Error> {
        let mut outcomes: Outcomes = rows.iter().map(|_| Ok(())).collect();
        let mut pieces: Vec<Range<usize>> = std::iter::once(0..rows.len()).collect();
        while !pieces.is_empty() {
            let sent = pieces.iter().map(|piece| self.message(message, table, &rows[piece.clone()]));
            // To the last, whatever became of the first: an answer that nobody hears leaves rows in doubt.
            let answers: Vec<_> = join_all(sent).await.into_iter().collect::<Result<_, Error>>()?;
            let refused =
                pieces.into_iter().zip(answers).filter_map(|(piece, answer)| Some((piece, answer.err()?)));
            let mut halves = Vec::new();
            for (piece, refusal) in refused {
                match piece.len() {
                    1 => outcomes[piece.start] = Err(refusal),
                    _ => halves.extend(halved(piece)),
                }
            }
            pieces = halves;
        }
        Ok(outcomes)
    }

    /// One message. Updates are sent again after a lost answer; creates are read first, until that is stable.
    async fn message(
        &self,
        message: BulkMessage,
        table: &TableMetadata,
        rows: &[(Uuid, Row)],
    ) -> Result<Result<(), ServiceError>, Error> {
        let part = bulk_part(message, table, rows);
        let (mut cut, mut losses) = (None, 0);
        loop {
            let tried = self.tried(message, &part, rows.len()).await?;
            if let Tried::Lost(_) = tried {
                (cut, losses) = (Some(self.sender.clock().now()), losses + 1);
            }
            let there = match (&tried, cut) {
                (Tried::Done, _) => true,
                // After a loss a refusal, too, may come from rows that the lost one wrote.
                (_, Some(cut)) => self.all_there(table, rows, cut).await?,
                (_, None) => false,
            };
            match tried {
                _ if there => return Ok(Ok(())),
                Tried::Refused(refusal) => return Ok(Err(refusal)),
                Tried::Lost(error) if losses > MOST_REPEATS => return Err(error),
                Tried::Lost(_) | Tried::Done => {}
            }
        }
    }

    async fn tried(&self, message: BulkMessage, part: &Part, rows: usize) -> Result<Tried, Error> {
        let repeat = match message {
            BulkMessage::CreateMultiple => Repeat::IfRefused,
            BulkMessage::UpdateMultiple => Repeat::Always,
        };
        let sent = self.alone(part, repeat, rows).await;
        match sent.and_then(|arrived| response::accepted(&part.label(), arrived.answer)) {
            Ok(_) => Ok(Tried::Done),
            Err(error) if repeat == Repeat::IfRefused && is_lost(&error) => Ok(Tried::Lost(error)),
            Err(Error::Service(refusal)) if concerns_rows(&refusal) => Ok(Tried::Refused(refusal)),
            Err(error) => Err(error),
        }
    }

    async fn all_there(
        &self,
        table: &TableMetadata,
        rows: &[(Uuid, Row)],
        cut: Duration,
    ) -> Result<bool, Error> {
        let ids: Vec<Uuid> = rows.iter().map(|(id, _)| *id).collect();
        Ok(self.settled(&table.set, &table.primary_id, &ids, cut).await? == ids.len())
    }
}

/// Whether other rows could pass where these were refused.
fn concerns_rows(refusal: &ServiceError) -> bool {
    !matches!(refusal.status, 401 | 429 | 502..=504)
}

/// Whether the rows may be there although no answer tells. An answer that cannot be read is none of the service.
fn is_lost(error: &Error) -> bool {
    !matches!(error, Error::Shape { .. }) && error.retry_class() == RetryClass::Lost
}

fn halved(piece: Range<usize>) -> [Range<usize>; 2] {
    let middle = piece.start + piece.len() / 2;
    [piece.start..middle, middle..piece.end]
}

fn operation(message: BulkMessage, table: &TableMetadata, id: Uuid, body: Row) -> Operation {
    let set = table.set.clone();
    match message {
        BulkMessage::CreateMultiple => {
            Operation::Create { set, key: table.primary_id.clone(), id, body, bypass_steps: Vec::new() }
        }
        BulkMessage::UpdateMultiple => {
            Operation::Update { set, id, version: None, body, bypass_steps: Vec::new() }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{Script, Step, answer, batch_answer, refusal};
    use crate::{Row, TableMetadata};
    use http::{Request, Response};
    use std::cell::RefCell;
    use std::collections::BTreeSet;
    use std::rc::Rc;
    use uuid::Uuid;

    /// A table that takes both messages, and what became of its rows.
    #[derive(Clone, Default)]
    struct Service {
        rows: Rc<RefCell<BTreeSet<Uuid>>>,
        bad: Rc<Vec<Uuid>>,
    }

    fn table() -> TableMetadata {
        TableMetadata {
            name: "account".into(),
            display_name: "Account".into(),
            set: "accounts".into(),
            primary_id: "accountid".into(),
            primary_name: None,
            is_activity: false,
            is_intersect: false,
            columns: Vec::new(),
            lookups: Vec::new(),
            many_to_many: Vec::new(),
            keys: Vec::new(),
            id: None,
        }
    }

    fn ids(numbers: impl IntoIterator<Item = u128>) -> Vec<Uuid> {
        numbers.into_iter().map(Uuid::from_u128).collect()
    }

    fn rows(count: u128) -> Vec<(Uuid, Row)> {
        ids(1..=count).into_iter().map(|id| (id, Row::new())).collect()
    }

    fn filters(tables: &[&str]) -> Response<Vec<u8>> {
        let filter = |table: &&str, message: &str| {
            format!(r#"{{"primaryobjecttypecode":"{table}","sdkmessageid":{{"name":"{message}"}}}}"#)
        };
        let each = |t| [filter(t, "CreateMultiple"), filter(t, "UpdateMultiple")];
        let all: Vec<String> = tables.iter().flat_map(each).collect();
        answer(200, &[], &format!(r#"{{"value":[{}]}}"#, all.join(",")))
    }

    /// The ids named in a request's targets.
    fn targets(request: &Request<Vec<u8>>) -> Vec<Uuid> {
        let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
        let id = |target: &serde_json::Value| {
            assert_eq!(target["@odata.type"], "Microsoft.Dynamics.CRM.account");
            Uuid::parse_str(target["accountid"].as_str().unwrap()).unwrap()
        };
        body["Targets"].as_array().unwrap().iter().map(id).collect()
    }

    impl Service {
        /// All or nothing, naming no row.
        fn create(&self, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
            let ids = targets(request);
            let mut rows = self.rows.borrow_mut();
            if ids.iter().any(|id| rows.contains(id)) {
                return refusal(412, "0x80040237");
            }
            if ids.iter().any(|id| self.bad.contains(id)) {
                return refusal(400, "0x80044331");
            }
            rows.extend(ids);
            answer(200, &[], r#"{"Ids":[]}"#)
        }

        fn answer(&self, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
            match request.uri().path().rsplit('/').next().unwrap() {
                "sdkmessagefilters" => filters(&["account"]),
                "Microsoft.Dynamics.CRM.CreateMultiple" => self.create(request),
                "accounts" => self.read(),
                other => panic!("{other}"),
            }
        }

        fn read(&self) -> Response<Vec<u8>> {
            let rows = self.rows.borrow();
            let rows: Vec<String> = rows.iter().map(|id| format!(r#"{{"accountid":"{id}"}}"#)).collect();
            answer(200, &[], &format!(r#"{{"value":[{}]}}"#, rows.join(",")))
        }
    }

    fn script(service: &Service) -> Script {
        let service = service.clone();
        Script::new(move |request| Step::Answer(service.answer(request)))
    }

    #[test]
    fn rows_of_a_table_that_takes_the_message_go_in_one_request() {
        let service = Service::default();
        let script = script(&service);
        let outcomes = script.run(script.client().create_rows(&table(), rows(100))).unwrap();
        assert_eq!(outcomes, vec![Ok(()); 100]);
        assert_eq!(script.times().len(), 2, "one question, one message");
    }

    #[test]
    fn bisecting_isolates_exactly_the_bad_rows_and_writes_all_others_once() {
        let bad = ids([1, 38, 39, 100]);
        let service = Service { bad: Rc::new(bad.clone()), ..Service::default() };
        let script = script(&service);
        let outcomes = script.run(script.client().create_rows(&table(), rows(100))).unwrap();
        for (number, outcome) in outcomes.iter().enumerate() {
            let is_bad = bad.contains(&Uuid::from_u128(number as u128 + 1));
            assert_eq!(outcome.as_ref().is_err_and(|e| e.has_code("0x80044331")), is_bad, "{number}");
            assert_eq!(outcome.is_err(), is_bad, "{number}");
        }
        assert_eq!(service.rows.borrow().len(), 96);
        assert!(script.times().len() < 60, "{} requests", script.times().len());
    }

    #[test]
    fn a_row_that_was_there_before_is_refused_and_the_others_are_made() {
        let service = Service::default();
        service.rows.borrow_mut().insert(Uuid::from_u128(7));
        let script = script(&service);
        let outcomes = script.run(script.client().create_rows(&table(), rows(10))).unwrap();
        let refused: Vec<usize> = (0..10).filter(|&n| outcomes[n].is_err()).collect();
        assert_eq!(refused, [6]);
        assert!(outcomes[6].as_ref().unwrap_err().is_duplicate_key());
    }

    /// Loses the answer to the first message; the write lands when the n-th reading comes, or never.
    fn cut_once(service: &Service, lands_at_reading: Option<u32>) -> Script {
        let (service, mut lost, mut readings) = (service.clone(), None, 0);
        Script::new(move |request| {
            let path = request.uri().path();
            if path.ends_with("CreateMultiple") && lost.is_none() {
                lost = Some(request.clone());
                return Step::Cut;
            }
            if path.ends_with("/accounts") {
                readings += 1;
                if Some(readings) == lands_at_reading {
                    service.create(lost.as_ref().unwrap());
                }
            }
            Step::Answer(service.answer(request))
        })
    }

    #[test]
    fn a_message_without_answer_is_settled_by_reading_until_stable() {
        for reading in [1, 3, 6] {
            let service = Service::default();
            let script = cut_once(&service, Some(reading));
            let outcomes = script.run(script.client().create_rows(&table(), rows(10))).unwrap();
            assert_eq!(outcomes, vec![Ok(()); 10]);
            let messages = script.asked.borrow().iter().filter(|(_, r)| r.method() == "POST").count();
            assert_eq!((messages, service.rows.borrow().len()), (1, 10), "landed at reading {reading}");
        }
    }

    #[test]
    fn a_message_that_did_not_land_within_a_minute_is_sent_again() {
        let service = Service::default();
        let script = cut_once(&service, None);
        let outcomes = script.run(script.client().create_rows(&table(), rows(10))).unwrap();
        assert_eq!((outcomes, service.rows.borrow().len()), (vec![Ok(()); 10], 10));
        assert_eq!(script.times().last(), Some(&60));
    }

    #[test]
    fn a_message_that_is_refused_after_a_loss_for_a_row_of_before_is_bisected() {
        let service = Service::default();
        service.rows.borrow_mut().insert(Uuid::from_u128(2));
        let script = cut_once(&service, None);
        let outcomes = script.run(script.client().create_rows(&table(), rows(4))).unwrap();
        let made: Vec<bool> = outcomes.iter().map(Result::is_ok).collect();
        assert_eq!(made, [true, false, true, true]);
    }

    #[test]
    fn updates_are_sent_again_after_a_lost_answer() {
        let script =
            Script::of([Step::Answer(filters(&["account"])), Step::Cut, Step::Answer(answer(204, &[], ""))]);
        let outcomes = script.run(script.client().update_rows(&table(), rows(3))).unwrap();
        assert_eq!(outcomes, vec![Ok(()); 3]);
        assert_eq!(script.text(1), script.text(2));
        assert!(script.text(1).contains("/accounts/Microsoft.Dynamics.CRM.UpdateMultiple"));
    }

    #[test]
    fn rows_of_other_tables_go_in_a_batch() {
        let done = ("204 No Content", "");
        let script = Script::answers(vec![filters(&[]), batch_answer(&[done, done])]);
        let outcomes = script.run(script.client().create_rows(&table(), rows(2))).unwrap();
        assert_eq!(outcomes, vec![Ok(()); 2]);
        assert!(script.text(1).contains("/$batch\n"));
    }

    #[test]
    fn a_refusal_that_concerns_all_requests_is_not_bisected() {
        let script = Script::answers(vec![filters(&["account"]), answer(401, &[], ""), answer(401, &[], "")]);
        let error = script.run(script.client().create_rows(&table(), rows(4))).unwrap_err();
        assert!(matches!(error, crate::Error::Service(s) if s.is_unauthorized()));
    }
}
