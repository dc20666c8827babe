//! Writing rows and links, each operation with its own answer, and what a lost answer means for it.

use super::Client;
use crate::operation::AfterLoss;
use crate::part::Part;
use crate::query::ids_filter;
use crate::sending::{Arrived, growing};
use crate::{
    Answer, Clock, Error, Operation, Query, Row, ServiceError, Transport, TransportError, operation, response,
};
use std::collections::HashSet;
use std::time::Duration;
use uuid::Uuid;

/// A write whose connection was cut may land so much later.
pub const LANDS_WITHIN: Duration = Duration::from_secs(60);

/// Stands for the answer that was lost: it cannot be had any more, but that it was good is known.
const DONE_BEFORE: Answer = Answer { status: 204, body: None, entity_id: None };

impl<T: Transport, C: Clock> Client<T, C> {
    /// Sends operations together; each has its own answer or refusal, in the order given. What the service
    /// refuses does not hold up the others. More than 1,000 are sent as several requests, one after the other.
    ///
    /// Where an answer is lost the operations are sent again: creates with the same id, updates and links as
    /// they are. What the first sending did then counts as done. After a lost message this ends only when the first
    /// sending cannot be carried out any more.
    ///
    /// # Errors
    /// [`Error`] where a whole request failed. Writes of that request, and of those before it, may have been
    /// carried out: whoever needs to know sends at most 1,000 at a time.
    pub async fn batch(
        &self,
        operations: Vec<Operation>,
    ) -> Result<Vec<Result<Answer, ServiceError>>, Error> {
        let parts: Vec<Part> = operations.iter().map(|o| o.part(self.url())).collect();
        let meanings: Vec<AfterLoss> = operations.iter().map(Operation::after_loss).collect();
        drop(operations);
        let labels: Vec<String> = parts.iter().map(Part::label).collect();
        let answers = self.parts(&parts).await?;
        drop(parts);
        self.outlast_messages(&meanings, &answers).await?;
        let mut read = Vec::with_capacity(answers.len());
        for ((label, meaning), arrived) in labels.iter().zip(&meanings).zip(&answers) {
            read.push(self.read_answer(label, meaning, arrived).await?);
        }
        Ok(read)
    }

    /// Waits until no message whose answer was lost can land any more.
    async fn outlast_messages(&self, meanings: &[AfterLoss], answers: &[Arrived]) -> Result<(), Error> {
        let of_messages =
            meanings.iter().zip(answers).filter(|(meaning, _)| **meaning == AfterLoss::MayStillCome);
        let Some(cut) = of_messages.filter_map(|(_, arrived)| arrived.lost).max() else { return Ok(()) };
        let left = (cut + LANDS_WITHIN).saturating_sub(self.sender.clock().now());
        Ok(self.pause(left).await?)
    }

    /// The answer; a refusal after a loss may say that the lost sending was carried out.
    async fn read_answer(
        &self,
        label: &str,
        meaning: &AfterLoss,
        arrived: &Arrived,
    ) -> Result<Result<Answer, ServiceError>, Error> {
        let Some(refusal) = response::refusal_of(&arrived.answer) else {
            return operation::parse_answer(label, &arrived.answer).map(Ok);
        };
        let Some(cut) = arrived.lost else { return Ok(Err(refusal)) };
        let done = match meaning {
            _ if meaning.is_done(&refusal) => true,
            AfterLoss::Created { set, key, id } => match self.settled(set, key, &[*id], cut).await {
                Ok(found) => found == 1,
                // Who may not look has the service's words about the row itself, and the other rows theirs.
                Err(Error::Service(_)) => false,
                Err(error) => return Err(error),
            },
            _ => false,
        };
        Ok(if done { Ok(DONE_BEFORE) } else { Err(refusal) })
    }

    /// How many of these rows are there, once that is stable: all of them, or as many as there are when a write
    /// that was cut at `cut` cannot land any more.
    ///
    /// # Errors
    /// [`Error`], as with every request: a failed question is never "not there".
    pub(super) async fn settled(
        &self,
        set: &str,
        key: &str,
        ids: &[Uuid],
        cut: Duration,
    ) -> Result<usize, Error> {
        let query =
            Query { select: vec![key.to_owned()], filter: Some(ids_filter(key, ids)), ..Query::of(set) };
        let mut tries = 0;
        loop {
            // Asked before the question: an answer from before the last moment proves nothing.
            let left = (cut + LANDS_WITHIN).saturating_sub(self.sender.clock().now());
            let page = self.page(&query).await?;
            let there: HashSet<Uuid> = page.rows.iter().filter_map(|row| id_in(row, key)).collect();
            let found = ids.iter().filter(|id| there.contains(id)).count();
            if found == ids.len() || left.is_zero() {
                return Ok(found);
            }
            tries += 1;
            self.pause(growing(tries).min(left)).await?;
        }
    }

    async fn pause(&self, time: Duration) -> Result<(), TransportError> {
        self.cancel.unless(self.sender.clock().sleep(time)).await
    }
}

fn id_in(row: &Row, key: &str) -> Option<Uuid> {
    row.get(key)?.as_str().and_then(|id| Uuid::parse_str(id).ok())
}

#[cfg(test)]
mod tests {
    use crate::testing::{Script, Step, answer, batch_answer, refusal};
    use crate::{Answer, Clock, Error, Operation, RetryClass, Row, ServiceError};
    use uuid::Uuid;

    const DONE: (&str, &str) = ("204 No Content", "");
    const EXISTS: (&str, &str) = (
        "412 Precondition Failed",
        r#"{"error":{"code":"0x80040237","message":"Cannot insert duplicate key."}}"#,
    );
    const KEY_EXISTS: (&str, &str) =
        ("412 Precondition Failed", r#"{"error":{"code":"0x80060892","message":"Entity Key violated."}}"#);
    const GONE: (&str, &str) = (
        "404 Not Found",
        r#"{"error":{"code":"0x80040217","message":"contact With Id = 1 Does Not Exist"}}"#,
    );
    const ID: Uuid = Uuid::from_u128(1);

    fn create() -> Operation {
        Operation::Create {
            set: "accounts".into(),
            key: "accountid".into(),
            id: ID,
            body: Row::new(),
            bypass_steps: Vec::new(),
        }
    }

    fn update() -> Operation {
        Operation::Update {
            set: "accounts".into(),
            id: ID,
            version: None,
            body: Row::new(),
            bypass_steps: Vec::new(),
        }
    }

    fn associate() -> Operation {
        Operation::Associate {
            set: "accounts".into(),
            id: ID,
            navigation: "contacts".into(),
            target_set: "contacts".into(),
            target_id: ID,
        }
    }

    fn disassociate() -> Operation {
        let (set, navigation) = ("accounts".into(), "contacts".into());
        Operation::Disassociate { set, id: ID, navigation, target_id: ID }
    }

    fn delete() -> Operation {
        Operation::Delete { set: "contacts".into(), id: ID }
    }

    fn sent(operation: Operation, steps: Vec<Step>) -> (Result<Answer, ServiceError>, Script) {
        let script = Script::of(steps);
        let answers = script.run(script.client().batch(vec![operation])).unwrap();
        (answers.into_iter().next().unwrap(), script)
    }

    fn part(part: (&str, &str)) -> Step {
        Step::Answer(batch_answer(&[part]))
    }

    fn rows(rows: &str) -> Step {
        Step::Answer(answer(200, &[], &format!(r#"{{"value":[{rows}]}}"#)))
    }

    #[test]
    fn a_batch_has_an_answer_or_a_refusal_for_every_operation() {
        let script = Script::answers(vec![batch_answer(&[DONE, EXISTS, ("400 Bad Request", "")])]);
        let answers = script.run(script.client().batch(vec![create(), create(), create()])).unwrap();
        assert_eq!(answers[0].as_ref().unwrap().status, 204);
        assert!(answers[1].as_ref().unwrap_err().is_duplicate_key());
        assert_eq!(answers[2].as_ref().unwrap_err().to_string(), "The service gave no reason. (HTTP 400)");
    }

    #[test]
    fn a_row_that_exists_on_the_first_try_is_a_refusal() {
        for operation in [create(), associate()] {
            let (outcome, script) = sent(operation, vec![part(EXISTS)]);
            let refusal = outcome.unwrap_err();
            assert!(refusal.is_duplicate_key() && refusal.retry_class() == RetryClass::Never);
            assert_eq!(script.times().len(), 1);
        }
    }

    #[test]
    fn after_a_lost_answer_the_same_create_is_sent_again_and_exists_is_success() {
        for lost in [Step::Cut, Step::Silence, Step::Answer(answer(504, &[], ""))] {
            let (outcome, script) = sent(create(), vec![lost, part(EXISTS)]);
            assert_eq!(outcome.unwrap().status, 204);
            assert_eq!(script.text(0), script.text(1), "create-only, with the same id");
        }
    }

    #[test]
    fn after_a_lost_answer_links_that_exist_and_rows_that_are_gone_are_success() {
        assert!(sent(associate(), vec![Step::Cut, part(EXISTS)]).0.is_ok());
        for removal in [delete(), disassociate()] {
            assert!(sent(removal, vec![Step::Cut, part(GONE)]).0.is_ok());
        }
        assert!(sent(delete(), vec![part(GONE)]).0.unwrap_err().is_not_found(), "first try: a refusal");
    }

    #[test]
    fn an_update_is_sent_again_after_a_lost_answer_and_refused_as_ever() {
        let (outcome, script) = sent(update(), vec![Step::Cut, part(DONE)]);
        assert!(outcome.is_ok());
        assert!(script.text(1).contains("If-Match: *"));
        assert!(sent(update(), vec![Step::Cut, part(GONE)]).0.unwrap_err().is_not_found());
    }

    #[test]
    fn a_create_that_is_refused_otherwise_after_a_loss_is_settled_by_reading_until_stable() {
        let own = format!(r#"{{"accountid":"{ID}"}}"#);
        let landed_late = vec![Step::Cut, part(KEY_EXISTS), rows(""), rows(""), rows(&own)];
        let (outcome, script) = sent(create(), landed_late);
        assert!(outcome.is_ok(), "its own key stood in its way");
        assert_eq!(script.times(), [0, 1, 1, 3, 7]);
        assert!(script.text(2).starts_with("GET ") && script.text(2).contains("PropertyName"));

        let never = [Step::Cut, part(KEY_EXISTS)].into_iter().chain((0..7).map(|_| rows("")));
        let (outcome, script) = sent(create(), never.collect());
        assert!(outcome.unwrap_err().has_code("0x80060892"), "another row has the key");
        assert_eq!(script.times().last(), Some(&60), "a write may land a minute after the cut");
    }

    #[test]
    fn a_refusal_after_a_loss_stands_where_the_row_may_not_be_read() {
        let steps = vec![Step::Cut, part(KEY_EXISTS), Step::Answer(refusal(403, "0x80040220"))];
        assert!(sent(create(), steps).0.unwrap_err().has_code("0x80060892"));
    }

    #[test]
    fn after_a_lost_message_nobody_goes_on_before_its_first_sending_can_land_no_more() {
        let message = || Operation::Action { name: "UnpublishDuplicateRule".into(), parameters: Row::new() };
        for (steps, ended) in [(vec![Step::Cut, part(DONE)], 60), (vec![part(DONE)], 0)] {
            let script = Script::of(steps);
            assert!(script.run(script.client().batch(vec![message()])).unwrap()[0].is_ok());
            assert_eq!(script.clock().now().as_secs(), ended);
        }
    }

    #[test]
    fn a_network_that_stays_away_is_an_error_that_says_the_writes_may_be_there() {
        let script = Script::of((0..7).map(|_| Step::Cut));
        let error = script.run(script.client().batch(vec![create()])).unwrap_err();
        assert!(matches!(error, Error::Transport(_)) && error.retry_class() == RetryClass::Lost);
        assert_eq!(script.times(), [0, 1, 3, 7, 15, 31, 63], "longer than a write takes to land");
    }
}
