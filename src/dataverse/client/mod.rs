//! The client: sends what the request functions build, and hands the answers to the parse functions.

mod bulk;
mod files;
mod images;
mod introduction;
mod reading;
mod tables;
mod writing;

pub use files::{FileDownload, NewFile, StoredFile};
pub use introduction::Introduction;
pub use writing::LANDS_WITHIN;

use crate::batch::{MOST_PARTS, batch_request};
use crate::batch_answer::parse_batch_answer;
use crate::part::Part;
use crate::request::single_request;
use crate::sending::{Arrived, Errand, Repeat, Sender};
use crate::{
    Cancel, Clock, EnvironmentUrl, Error, Organization, ServiceError, Transport, Wait, WhoAmI, identity,
    privilege, response,
};
use http::Response;
use std::rc::Rc;
use std::time::Duration;
use tables::Known;

/// Talks to one environment. Clones share all that requests have in common: how many are in flight, how long
/// the service asked to wait, and what is known of its tables.
pub struct Client<T, C> {
    pub(crate) sender: Rc<Sender<T, C>>,
    known: Rc<Known>,
    cancel: Cancel,
    hurried: bool,
}

impl<T, C> Clone for Client<T, C> {
    fn clone(&self) -> Client<T, C> {
        self.cancelled_by(&self.cancel)
    }
}

impl<T, C> Client<T, C> {
    /// The same client, whose requests `cancel` ends.
    #[must_use]
    pub fn cancelled_by(&self, cancel: &Cancel) -> Client<T, C> {
        let (sender, known) = (self.sender.clone(), self.known.clone());
        Client { sender, known, cancel: cancel.clone(), hurried: self.hurried }
    }

    /// The same client for somebody who waits for the end: an answer that does not come is asked for once more and
    /// then given up.
    #[must_use]
    pub fn hurried(&self) -> Client<T, C> {
        Client { hurried: true, ..self.clone() }
    }
}

impl<T: Transport, C: Clock> Client<T, C> {
    /// A client for the environment at `url`.
    pub fn new(url: EnvironmentUrl, transport: T, clock: C) -> Client<T, C> {
        let sender = Rc::new(Sender::new(url, transport, clock));
        Client { sender, known: Rc::default(), cancel: Cancel::default(), hurried: false }
    }

    /// The client, telling `observer` each time before its requests wait: because the service asked to, or because
    /// no answer came.
    #[must_use]
    pub fn on_wait(self, observer: impl Fn(Wait) + 'static) -> Client<T, C> {
        self.sender.set_observer(Box::new(observer));
        self
    }

    /// The client, giving each request so long to be answered; 4 minutes else.
    #[must_use]
    pub fn deadline(self, deadline: Duration) -> Client<T, C> {
        self.sender.set_deadline(deadline);
        self
    }

    /// The environment's address.
    #[must_use]
    pub fn url(&self) -> &EnvironmentUrl {
        self.sender.url()
    }

    /// How many requests went out so far, repeated ones each time.
    #[must_use]
    pub fn requests_sent(&self) -> u64 {
        self.sender.sent()
    }

    /// How many requests may be in flight at the moment, from 1 to 52: so many are worth being started.
    #[must_use]
    pub fn requests_at_once(&self) -> usize {
        self.sender.limit()
    }

    /// How many of the rows that are `left` to be written should go into the next request, from 10 to 100.
    #[must_use]
    pub fn rows_a_request(&self, left: usize) -> usize {
        self.sender.rows_a_request(left)
    }

    /// Waits for something in the environment that no request hurries, e.g. a job.
    ///
    /// # Errors
    /// [`Error::Transport`] where the run was cancelled before or meanwhile.
    pub async fn wait(&self, time: Duration) -> Result<(), Error> {
        self.cancel.unless(self.sender.clock().sleep(time)).await?;
        Ok(())
    }

    /// Who is signed in.
    ///
    /// # Errors
    /// [`Error`], as with every request.
    pub async fn who_am_i(&self) -> Result<WhoAmI, Error> {
        identity::parse_who_am_i(&self.single(&identity::who_am_i_part()).await?)
    }

    /// The environment's own row.
    ///
    /// # Errors
    /// [`Error`], as with every request.
    pub async fn organization(&self) -> Result<Organization, Error> {
        identity::parse_organization(&self.single(&identity::organization_part()).await?)
    }

    /// The version of Dataverse, e.g. `9.2.24091.195`.
    ///
    /// # Errors
    /// [`Error`], as with every request.
    pub async fn version(&self) -> Result<String, Error> {
        identity::parse_version(&self.single(&identity::version_part()).await?)
    }

    /// Whether a role of the signed-in user grants a privilege, by the privilege's name.
    ///
    /// # Errors
    /// [`Error`]; also where the environment has no such privilege.
    pub async fn holds_privilege(&self, privilege: &str) -> Result<bool, Error> {
        let user = self.who_am_i().await?.user;
        privilege::parse_privilege(&self.single(&privilege::privilege_part(user, privilege)).await?)
    }

    /// Sends a part that reads as a request of its own.
    async fn single(&self, part: &Part) -> Result<Response<Vec<u8>>, Error> {
        let arrived = self.alone(part, Repeat::Always, 1).await?;
        response::accepted(&part.label(), arrived.answer)
    }

    /// Sends a part as a request of its own; the answer may be a refusal.
    async fn alone(&self, part: &Part, repeat: Repeat, weight: usize) -> Result<Arrived, Error> {
        let request = single_request(self.url(), part)?;
        self.sender.send(&Errand { request, repeat, weight, hurried: self.hurried }, &self.cancel).await
    }

    /// Sends parts in batches, one after the other; each answer may be a refusal. All of them may be sent twice.
    async fn parts(&self, parts: &[Part]) -> Result<Vec<Arrived>, Error> {
        let mut answers = Vec::with_capacity(parts.len());
        // What is still to be sent, in the order of the parts.
        let mut waiting: Vec<&[Part]> = parts.chunks(MOST_PARTS).rev().collect();
        while let Some(chunk) = waiting.pop() {
            match self.one_batch(chunk).await {
                Err(Error::Service(refusal)) if is_too_large(&refusal) && chunk.len() > 1 => {
                    let (first, second) = chunk.split_at(chunk.len() / 2);
                    waiting.extend([second, first]);
                }
                found => answers.extend(found?),
            }
        }
        Ok(answers)
    }

    async fn one_batch(&self, parts: &[Part]) -> Result<Vec<Arrived>, Error> {
        let request = batch_request(self.url(), parts)?;
        let (repeat, weight, hurried) = (Repeat::Always, parts.len(), self.hurried);
        let errand = Errand { request, repeat, weight, hurried };
        let Arrived { answer, lost } = self.sender.send(&errand, &self.cancel).await?;
        let answer = response::accepted("POST $batch", answer)?;
        let shape = |reason| Error::Shape { request: "POST $batch".to_owned(), reason };
        let found = parse_batch_answer(&answer).map_err(shape)?;
        if found.len() != parts.len() {
            return Err(shape(format!("{} requests have {} answers", parts.len(), found.len())));
        }
        Ok(found.into_iter().map(|answer| Arrived { answer, lost }).collect())
    }
}

/// Nothing of it ran, and half of it may pass.
fn is_too_large(refusal: &ServiceError) -> bool {
    refusal.status == 413
}

#[cfg(test)]
mod tests {
    use crate::testing::{Script, answer, batch_answer};
    use crate::{Operation, Row};
    use uuid::Uuid;

    fn create(n: u128) -> Operation {
        let (set, key) = ("accounts".into(), "accountid".into());
        Operation::Create { set, key, id: Uuid::from_u128(n), body: Row::new(), bypass_steps: Vec::new() }
    }

    #[test]
    fn a_single_request_carries_the_odata_headers_and_asks_for_a_fresh_answer() {
        let script = Script::answers(vec![answer(200, &[], r#"{"Version":"9.2.24091.195"}"#)]);
        assert_eq!(script.run(script.client().version()).unwrap(), "9.2.24091.195");
        let asked = script.asked.borrow();
        let (_, request) = &asked[0];
        assert_eq!(request.uri(), "https://contoso.crm.dynamics.com/api/data/v9.2/RetrieveVersion()");
        let headers: Vec<String> =
            request.headers().iter().map(|(n, v)| format!("{n}: {}", v.to_str().unwrap())).collect();
        let expected = [
            "accept: application/json",
            "odata-maxversion: 4.0",
            "odata-version: 4.0",
            "if-none-match: null",
        ];
        assert_eq!(headers, expected);
    }

    #[test]
    fn a_batch_with_too_few_answers_is_an_error() {
        let script = Script::answers(vec![batch_answer(&[("204 No Content", "")])]);
        let error = script.run(script.client().batch(vec![create(1), create(2)])).unwrap_err();
        assert_eq!(error.to_string(), "The answer to POST $batch cannot be read: 2 requests have 1 answers.");
    }

    #[test]
    fn more_operations_than_a_batch_may_hold_travel_in_several() {
        let full: Vec<(&str, &str)> = vec![("204 No Content", ""); 1000];
        let script = Script::answers(vec![batch_answer(&full), batch_answer(&full[..1])]);
        let answers = script.run(script.client().batch((0..1001).map(create).collect())).unwrap();
        assert_eq!((answers.len(), script.times().len()), (1001, 2));
    }

    #[test]
    fn a_batch_that_is_too_large_is_sent_in_halves_in_the_same_order() {
        let good = ("204 No Content", "");
        let bad = ("400 Bad Request", r#"{"error":{"code":"0x80044331","message":"Too long."}}"#);
        let large = || answer(413, &[], "");
        let halves =
            vec![large(), batch_answer(&[good]), large(), batch_answer(&[bad]), batch_answer(&[good])];
        let script = Script::answers(halves);
        let answers = script.run(script.client().batch((1..=3).map(create).collect())).unwrap();
        assert_eq!(answers.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, true]);
        for (number, row) in [(1, 1), (3, 2), (4, 3)] {
            assert!(
                script.text(number).contains(&Uuid::from_u128(row).to_string()),
                "{}",
                script.text(number)
            );
        }
    }
}
