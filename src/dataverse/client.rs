//! The client: sends what the request functions build, and hands the answers to the parse functions.

use crate::batch::{MOST_PARTS, Part, batch_request};
use crate::batch_answer::parse_batch_answer;
use crate::metadata_request::{PARTS_A_TABLE, table_parts};
use crate::page::first_page_part;
use crate::request::{LONGEST_URL, single_request};
use crate::retry::{Repeat, wait_before_retry};
use crate::{
    Answer, Clock, EnvironmentUrl, Error, NextPage, Operation, Organization, Page, Query, ServiceError,
    TableMetadata, Transport, WhoAmI, identity, metadata_answer, operation, page, response,
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
