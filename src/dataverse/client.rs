//! The client: sends what the request functions build, and hands the answers to the parse functions.

use crate::batch::{MOST_PARTS, batch_request};
use crate::batch_answer::parse_batch_answer;
use crate::metadata_request::{PARTS_A_TABLE, table_parts};
use crate::page::first_page_part;
use crate::part::Part;
use crate::request::{LONGEST_URL, single_request};
use crate::retry::{Repeat, wait_before_retry};
use crate::{
    Answer, Clock, EnvironmentUrl, Error, NextPage, Operation, Organization, Page, Query, ServiceError,
    TableMetadata, Transport, WhoAmI, identity, metadata_answer, operation, page, privilege, response,
};
use http::{Method, Request, Response};
use std::time::Duration;

/// Talks to one environment.
pub struct Client<T, C> {
    url: EnvironmentUrl,
    transport: T,
    clock: C,
    on_wait: Option<Box<dyn Fn(Duration)>>,
}

impl<T: Transport, C: Clock> Client<T, C> {
    /// A client for the environment at `url`.
    pub fn new(url: EnvironmentUrl, transport: T, clock: C) -> Client<T, C> {
        Client { url, transport, clock, on_wait: None }
    }

    /// The client, telling `observer` each time before it waits because the service asked to.
    #[must_use]
    pub fn on_wait(mut self, observer: impl Fn(Duration) + 'static) -> Client<T, C> {
        self.on_wait = Some(Box::new(observer));
        self
    }

    /// The environment's address.
    pub fn url(&self) -> &EnvironmentUrl {
        &self.url
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

    /// The metadata of tables by logical name, in the order asked; `None`: the environment has no such table.
    ///
    /// # Errors
    /// [`Error`]; a refusal of one table is the error of all.
    pub async fn tables(&self, names: &[&str]) -> Result<Vec<Option<TableMetadata>>, Error> {
        let parts: Vec<Part> = names.iter().flat_map(|name| table_parts(name)).collect();
        let answers = self.parts(&parts).await?;
        let asked = names.iter().zip(answers.chunks(PARTS_A_TABLE));
        asked.map(|(name, answers)| metadata_answer::parse_table(name, answers)).collect()
    }

    /// The first page of a query's rows.
    ///
    /// # Errors
    /// [`Error`], as with every request.
    pub async fn page(&self, query: &Query) -> Result<Page, Error> {
        let answer = self.rows(&first_page_part(query)).await?;
        page::parse_page(&self.url, query, None, &answer)
    }

    /// The page that follows.
    ///
    /// # Errors
    /// [`Error`], as with every request.
    pub async fn next_page(&self, next: &NextPage) -> Result<Page, Error> {
        let answer = self.rows(&next.part()).await?;
        page::parse_page(&self.url, next.query(), Some(next), &answer)
    }

    /// The first page of every query, in as few requests as may be.
    ///
    /// # Errors
    /// [`Error`] where a whole request failed; each query has its own refusal.
    pub async fn pages(&self, queries: &[Query]) -> Result<Vec<Result<Page, ServiceError>>, Error> {
        let parts: Vec<Part> = queries.iter().map(first_page_part).collect();
        let answers = self.parts(&parts).await?;
        let read = queries.iter().zip(&answers).map(|(query, answer)| match response::refusal_of(answer) {
            Some(refusal) => Ok(Err(refusal)),
            None => page::parse_page(&self.url, query, None, answer).map(Ok),
        });
        read.collect()
    }

    /// Sends operations together; each has its own answer or refusal, in the order given. What the service
    /// refuses does not hold up the others. More than 1,000 are sent as several requests, one after the other.
    ///
    /// # Errors
    /// [`Error`] where a whole request failed. Writes of that request, and of those before it, may have been
    /// carried out: whoever needs to know sends at most 1,000 at a time.
    pub async fn batch(
        &self,
        operations: Vec<Operation>,
    ) -> Result<Vec<Result<Answer, ServiceError>>, Error> {
        let parts: Vec<Part> = operations.iter().map(|o| o.part(&self.url)).collect();
        drop(operations);
        let answers = self.parts(&parts).await?;
        let read = parts.iter().zip(&answers).map(|(part, answer)| match response::refusal_of(answer) {
            Some(refusal) => Ok(Err(refusal)),
            None => operation::parse_answer(&part.label(), answer).map(Ok),
        });
        read.collect()
    }

    /// A request for rows. An address that is too long travels inside a batch, where it may be longer.
    async fn rows(&self, part: &Part) -> Result<Response<Vec<u8>>, Error> {
        if self.url.resource(&part.path).len() <= LONGEST_URL {
            return self.single(part).await;
        }
        let answers = self.parts(std::slice::from_ref(part)).await?;
        let missing = || Error::Shape { request: part.label(), reason: "it holds no answer".to_owned() };
        response::accepted(&part.label(), answers.into_iter().next().ok_or_else(missing)?)
    }

    /// Sends a part as a request of its own.
    async fn single(&self, part: &Part) -> Result<Response<Vec<u8>>, Error> {
        let request = single_request(&self.url, part)?;
        let answer = self.send(request, repeat_of(std::slice::from_ref(part))).await?;
        response::accepted(&part.label(), answer)
    }

    /// Sends parts in batches; each answer may be a refusal.
    async fn parts(&self, parts: &[Part]) -> Result<Vec<Response<Vec<u8>>>, Error> {
        let mut answers = Vec::with_capacity(parts.len());
        for chunk in parts.chunks(MOST_PARTS) {
            let request = batch_request(&self.url, chunk)?;
            let answer = response::accepted("POST $batch", self.send(request, repeat_of(chunk)).await?)?;
            let shape = |reason| Error::Shape { request: "POST $batch".to_owned(), reason };
            let found = parse_batch_answer(&answer).map_err(shape)?;
            if found.len() != chunk.len() {
                return Err(shape(format!("{} requests have {} answers", chunk.len(), found.len())));
            }
            answers.extend(found);
        }
        Ok(answers)
    }

    /// Sends, and sends again after the time the service asked for.
    async fn send(&self, request: Request<Vec<u8>>, repeat: Repeat) -> Result<Response<Vec<u8>>, Error> {
        let mut tries = 1;
        loop {
            let answer = self.transport.send(request.clone()).await?;
            let Some(wait) = wait_before_retry(&answer, repeat, tries) else { return Ok(answer) };
            if let Some(observer) = &self.on_wait {
                observer(wait);
            }
            self.clock.sleep(wait).await;
            tries += 1;
        }
    }
}

fn repeat_of(parts: &[Part]) -> Repeat {
    if parts.iter().all(|p| p.method == Method::GET) { Repeat::Harmless } else { Repeat::IfRefused }
}

#[cfg(test)]
mod tests {
    use super::Client;
    use crate::{Clock, EnvironmentUrl, Error, Operation, Query, Row, Transport, TransportError};
    use futures::executor::block_on;
    use http::{Request, Response};
    use std::cell::{Cell, RefCell};
    use std::collections::VecDeque;
    use std::rc::Rc;
    use std::time::Duration;
    use uuid::Uuid;

    /// Answers in the order given and keeps what was asked.
    #[derive(Clone, Default)]
    struct Script {
        answers: Rc<RefCell<VecDeque<Response<Vec<u8>>>>>,
        asked: Rc<RefCell<Vec<Request<Vec<u8>>>>>,
    }

    impl Transport for Script {
        async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
            self.asked.borrow_mut().push(request);
            Ok(self.answers.borrow_mut().pop_front().expect("an answer is left"))
        }
    }

    /// Time passes only by sleeping.
    #[derive(Clone, Default)]
    struct Sleeps(Rc<Cell<Duration>>);

    impl Clock for Sleeps {
        fn now(&self) -> Duration {
            self.0.get()
        }
        async fn sleep(&self, duration: Duration) {
            self.0.set(self.0.get() + duration);
        }
    }

    fn client(answers: Vec<Response<Vec<u8>>>) -> (Client<Script, Sleeps>, Script, Sleeps) {
        let script = Script::default();
        script.answers.borrow_mut().extend(answers);
        let sleeps = Sleeps::default();
        let url = EnvironmentUrl::parse("https://contoso.crm.dynamics.com").unwrap();
        (Client::new(url, script.clone(), sleeps.clone()), script, sleeps)
    }

    fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Response<Vec<u8>> {
        let builder = headers.iter().fold(Response::builder().status(status), |b, (n, v)| b.header(*n, *v));
        builder.body(body.as_bytes().to_vec()).unwrap()
    }

    fn batch_answer(parts: &[(&str, &str)]) -> Response<Vec<u8>> {
        let part = |(status, body): &(&str, &str)| {
            format!("--r\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 {status}\r\n\r\n{body}\r\n")
        };
        let body = parts.iter().map(part).collect::<String>() + "--r--\r\n";
        answer(200, &[("content-type", "multipart/mixed; boundary=r")], &body)
    }

    fn create(n: u128) -> Operation {
        let mut body = Row::new();
        body.insert("accountid".into(), Uuid::from_u128(n).to_string().into());
        Operation::Create { set: "accounts".into(), body, bypass_steps: Vec::new() }
    }

    #[test]
    fn a_single_request_carries_the_odata_headers_and_asks_for_a_fresh_answer() {
        let (client, script, _) = client(vec![answer(200, &[], r#"{"Version":"9.2.24091.195"}"#)]);
        assert_eq!(block_on(client.version()).unwrap(), "9.2.24091.195");
        let asked = script.asked.borrow();
        assert_eq!(asked[0].uri(), "https://contoso.crm.dynamics.com/api/data/v9.2/RetrieveVersion()");
        let headers: Vec<String> =
            asked[0].headers().iter().map(|(n, v)| format!("{n}: {}", v.to_str().unwrap())).collect();
        assert_eq!(
            headers,
            [
                "accept: application/json",
                "odata-maxversion: 4.0",
                "odata-version: 4.0",
                "if-none-match: null"
            ]
        );
    }

    #[test]
    fn a_throttled_request_waits_as_asked_and_tells_the_observer() {
        let busy = || answer(429, &[("Retry-After", "17")], "");
        let (client, script, sleeps) = client(vec![busy(), busy(), answer(200, &[], r#"{"Version":"9"}"#)]);
        let told = Rc::new(RefCell::new(Vec::new()));
        let client = client.on_wait({
            let told = told.clone();
            move |wait| told.borrow_mut().push(wait.as_secs())
        });
        assert_eq!(block_on(client.version()).unwrap(), "9");
        assert_eq!((sleeps.now().as_secs(), told.borrow().as_slice()), (34, [17, 17].as_slice()));
        assert_eq!(script.asked.borrow().len(), 3);
    }

    #[test]
    fn a_service_that_keeps_refusing_is_an_error_after_the_fifth_retry() {
        let (client, script, _) = client((0..6).map(|_| answer(429, &[("Retry-After", "1")], "")).collect());
        let error = block_on(client.version()).unwrap_err();
        assert!(matches!(error, Error::Service(s) if s.is_throttled()));
        assert_eq!(script.asked.borrow().len(), 6);
    }

    #[test]
    fn writes_are_not_repeated_when_their_answer_may_have_been_lost() {
        let (client, script, _) = client(vec![answer(503, &[("Retry-After", "1")], "")]);
        let error = block_on(client.batch(vec![create(1)])).unwrap_err();
        assert!(matches!(error, Error::Service(s) if s.status == 503));
        assert_eq!(script.asked.borrow().len(), 1);
    }

    #[test]
    fn a_batch_has_an_answer_or_a_refusal_for_every_operation() {
        let duplicate = r#"{"error":{"code":"0x80040237","message":"Cannot insert duplicate key."}}"#;
        let parts = [("204 No Content", ""), ("412 Precondition Failed", duplicate), ("400 Bad Request", "")];
        let (client, _, _) = client(vec![batch_answer(&parts)]);
        let answers = block_on(client.batch(vec![create(1), create(2), create(3)])).unwrap();
        assert_eq!(answers[0].as_ref().unwrap().status, 204);
        assert!(answers[1].as_ref().unwrap_err().is_duplicate_key());
        assert_eq!(answers[2].as_ref().unwrap_err().to_string(), "The service gave no reason. (HTTP 400)");
    }

    #[test]
    fn a_batch_with_too_few_answers_is_an_error() {
        let (client, _, _) = client(vec![batch_answer(&[("204 No Content", "")])]);
        let error = block_on(client.batch(vec![create(1), create(2)])).unwrap_err();
        assert_eq!(error.to_string(), "The answer to POST $batch cannot be read: 2 requests have 1 answers.");
    }

    #[test]
    fn more_operations_than_a_batch_may_hold_travel_in_several() {
        let full: Vec<(&str, &str)> = vec![("204 No Content", ""); 1000];
        let (client, script, _) = client(vec![batch_answer(&full), batch_answer(&full[..1])]);
        let answers = block_on(client.batch((0..1001).map(create).collect())).unwrap();
        assert_eq!(answers.len(), 1001);
        assert_eq!(script.asked.borrow().len(), 2);
    }

    #[test]
    fn pages_are_followed_to_the_last_and_rows_keep_their_digits() {
        let link = "https://contoso.crm.dynamics.com/api/data/v9.2/accounts?$skiptoken=2";
        let first = format!(r#"{{"value":[{{"revenue":20000.0000}}],"@odata.nextLink":"{link}"}}"#);
        let (client, script, _) =
            client(vec![answer(200, &[], &first), answer(200, &[], r#"{"value":[{}]}"#)]);
        let query = Query::of("accounts");
        let first = block_on(client.page(&query)).unwrap();
        assert_eq!(first.rows[0]["revenue"].to_string(), "20000.0000");
        let last = block_on(client.next_page(&first.next.unwrap())).unwrap();
        assert_eq!((last.rows.len(), last.next), (1, None));
        assert_eq!(script.asked.borrow()[1].uri(), link);
    }

    #[test]
    fn an_address_that_is_too_long_travels_in_a_batch() {
        let (client, script, _) = client(vec![batch_answer(&[("200 OK", r#"{"value":[]}"#)])]);
        let query = Query { filter: Some("a".repeat(40_000)), ..Query::of("accounts") };
        assert_eq!(block_on(client.page(&query)).unwrap().rows.len(), 0);
        let asked = script.asked.borrow();
        assert!(asked[0].uri().path().ends_with("/$batch"));
        assert!(String::from_utf8_lossy(asked[0].body()).contains("GET /api/data/v9.2/accounts?$filter=aaa"));
    }

    #[test]
    fn each_of_several_queries_has_its_own_rows_or_refusal() {
        let parts = [
            ("200 OK", r#"{"value":[{"name":"A"}]}"#),
            ("403 Forbidden", r#"{"error":{"code":"0x80040220","message":"No."}}"#),
        ];
        let (client, _, _) = client(vec![batch_answer(&parts)]);
        let pages = block_on(client.pages(&[Query::of("accounts"), Query::of("contacts")])).unwrap();
        assert_eq!(pages[0].as_ref().unwrap().rows[0]["name"], "A");
        assert!(pages[1].as_ref().unwrap_err().is_forbidden());
    }

    #[test]
    fn the_tables_of_a_schema_are_asked_for_in_one_request() {
        let missing = ("404 Not Found", r#"{"error":{"code":"0x80060888","message":"no such table"}}"#);
        let found = (
            "200 OK",
            r#"{"LogicalName":"account","EntitySetName":"accounts","PrimaryIdAttribute":"accountid","Attributes":[]}"#,
        );
        let none = ("200 OK", r#"{"value":[]}"#);
        let parts = [missing, missing, missing, missing, found, none, none, none];
        let (client, script, _) = client(vec![batch_answer(&parts)]);
        let tables = block_on(client.tables(&["adx_gone", "account"])).unwrap();
        assert_eq!(tables[0], None);
        assert_eq!(tables[1].as_ref().unwrap().set, "accounts");
        assert_eq!(script.asked.borrow().len(), 1);
    }
}
