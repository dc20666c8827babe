//! Reading rows.

use super::Client;
use crate::page::{self, first_page_part};
use crate::part::Part;
use crate::record_counts::{parse_record_counts, record_counts_part};
use crate::request::LONGEST_URL;
use crate::{Clock, Error, NextPage, Page, Query, RawPage, ServiceError, Transport, response};
use http::Response;

impl<T: Transport, C: Clock> Client<T, C> {
    /// The first page of a query's rows.
    ///
    /// # Errors
    /// [`Error`], as with every request.
    pub async fn page(&self, query: &Query) -> Result<Page, Error> {
        let answer = self.rows(&first_page_part(query)).await?;
        page::parse_page(self.url(), query, None, &answer)
    }

    /// The page that follows.
    ///
    /// # Errors
    /// [`Error`], as with every request.
    pub async fn next_page(&self, next: &NextPage) -> Result<Page, Error> {
        let answer = self.rows(&next.part()).await?;
        page::parse_page(self.url(), next.query(), Some(next), &answer)
    }

    /// The first page of every query, in as few requests as may be.
    ///
    /// # Errors
    /// [`Error`] where a whole request failed; each query has its own refusal.
    pub async fn pages(&self, queries: &[Query]) -> Result<Vec<Result<Page, ServiceError>>, Error> {
        let parts: Vec<Part> = queries.iter().map(first_page_part).collect();
        let answers = self.parts(&parts).await?;
        let read = queries.iter().zip(&answers).map(|(query, arrived)| {
            match response::refusal_of(&arrived.answer) {
                Some(refusal) => Ok(Err(refusal)),
                None => page::parse_page(self.url(), query, None, &arrived.answer).map(Ok),
            }
        });
        read.collect()
    }

    /// As [`Client::pages`], with the rows as the service wrote them.
    ///
    /// # Errors
    /// [`Error`] where a whole request failed; each query has its own refusal.
    pub async fn raw_pages(&self, queries: &[Query]) -> Result<Vec<Result<RawPage, ServiceError>>, Error> {
        if let [query] = queries {
            return match self.rows(&first_page_part(query)).await {
                Ok(answer) => Ok(vec![Ok(page::parse_raw_page(self.url(), query, None, answer)?)]),
                Err(Error::Service(refusal)) => Ok(vec![Err(refusal)]),
                Err(error) => Err(error),
            };
        }
        let parts: Vec<Part> = queries.iter().map(first_page_part).collect();
        let answers = self.parts(&parts).await?;
        let read =
            queries.iter().zip(answers).map(|(query, arrived)| match response::refusal_of(&arrived.answer) {
                Some(refusal) => Ok(Err(refusal)),
                None => page::parse_raw_page(self.url(), query, None, arrived.answer).map(Ok),
            });
        read.collect()
    }

    /// As [`Client::next_page`], with the rows as the service wrote them.
    ///
    /// # Errors
    /// [`Error`], as with every request.
    pub async fn next_raw_page(&self, next: &NextPage) -> Result<RawPage, Error> {
        let answer = self.rows(&next.part()).await?;
        page::parse_raw_page(self.url(), next.query(), Some(next), answer)
    }

    /// How many rows tables have, as the service counted them within the last 24 hours.
    ///
    /// # Errors
    /// [`Error`], as with every request.
    pub async fn record_counts(&self, tables: &[&str]) -> Result<Vec<(String, u64)>, Error> {
        parse_record_counts(&self.single(&record_counts_part(tables)).await?)
    }

    /// A request for rows. An address that is too long travels inside a batch, where it may be longer.
    pub(super) async fn rows(&self, part: &Part) -> Result<Response<Vec<u8>>, Error> {
        if self.url().resource(&part.path).len() <= LONGEST_URL {
            return self.single(part).await;
        }
        let answers = self.parts(std::slice::from_ref(part)).await?;
        let missing = || Error::Shape { request: part.label(), reason: "it holds no answer".to_owned() };
        response::accepted(&part.label(), answers.into_iter().next().ok_or_else(missing)?.answer)
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{Script, Step, answer, batch_answer};
    use crate::{Error, Query};

    #[test]
    fn pages_are_followed_to_the_last_and_rows_keep_their_digits() {
        let link = "https://contoso.crm.dynamics.com/api/data/v9.2/accounts?$skiptoken=2";
        let first = format!(r#"{{"value":[{{"revenue":20000.0000}}],"@odata.nextLink":"{link}"}}"#);
        let script = Script::answers(vec![answer(200, &[], &first), answer(200, &[], r#"{"value":[{}]}"#)]);
        let client = script.client();
        let first = script.run(client.page(&Query::of("accounts"))).unwrap();
        assert_eq!(first.rows[0]["revenue"].to_string(), "20000.0000");
        let last = script.run(client.next_page(&first.next.unwrap())).unwrap();
        assert_eq!((last.rows.len(), last.next), (1, None));
        assert_eq!(script.asked.borrow()[1].1.uri(), link);
    }

    #[test]
    fn a_next_page_in_another_environment_is_not_asked_for() {
        let link = "https://evil.example/api/data/v9.2/accounts?$skiptoken=2";
        let page = format!(r#"{{"value":[],"@odata.nextLink":"{link}"}}"#);
        let script = Script::answers(vec![answer(200, &[], &page)]);
        let error = script.run(script.client().page(&Query::of("accounts"))).unwrap_err();
        assert!(matches!(error, Error::Shape { .. }), "{error:?}");
        assert_eq!(script.times().len(), 1);
    }

    #[test]
    fn an_address_that_is_too_long_travels_in_a_batch() {
        let script = Script::answers(vec![batch_answer(&[("200 OK", r#"{"value":[]}"#)])]);
        let query = Query { filter: Some("a".repeat(40_000)), ..Query::of("accounts") };
        assert_eq!(script.run(script.client().page(&query)).unwrap().rows.len(), 0);
        let text = script.text(0);
        assert!(text.starts_with("POST https://contoso.crm.dynamics.com/api/data/v9.2/$batch"), "{text}");
        assert!(text.contains("GET /api/data/v9.2/accounts?$filter=aaa"));
    }

    #[test]
    fn each_of_several_queries_has_its_own_rows_or_refusal() {
        let parts = [
            ("200 OK", r#"{"value":[{"name":"A"}]}"#),
            ("403 Forbidden", r#"{"error":{"code":"0x80040220","message":"No."}}"#),
        ];
        let script = Script::answers(vec![batch_answer(&parts)]);
        let pages =
            script.run(script.client().pages(&[Query::of("accounts"), Query::of("contacts")])).unwrap();
        assert_eq!(pages[0].as_ref().unwrap().rows[0]["name"], "A");
        assert!(pages[1].as_ref().unwrap_err().is_forbidden());
    }

    #[test]
    fn raw_pages_come_alone_or_in_a_batch_and_a_refusal_stays_with_its_query() {
        let refusal = ("403 Forbidden", r#"{"error":{"code":"0x80040220","message":"No."}}"#);
        let script = Script::answers(vec![
            batch_answer(&[("200 OK", r#"{"value":[{"name":"A"}]}"#), refusal]),
            answer(200, &[], r#"{"value":[{"name":"B"}]}"#),
            answer(403, &[], refusal.1),
        ]);
        let (accounts, contacts) = (Query::of("accounts"), Query::of("contacts"));
        let client = script.client();
        let both = script.run(client.raw_pages(&[accounts.clone(), contacts.clone()])).unwrap();
        assert_eq!(both[0].as_ref().unwrap().rows().collect::<Vec<_>>(), [r#"{"name":"A"}"#]);
        assert!(both[1].as_ref().unwrap_err().is_forbidden());
        let alone = script.run(client.raw_pages(&[accounts])).unwrap();
        assert_eq!(alone[0].as_ref().unwrap().rows().collect::<Vec<_>>(), [r#"{"name":"B"}"#]);
        assert!(script.run(client.raw_pages(&[contacts])).unwrap()[0].as_ref().unwrap_err().is_forbidden());
        assert!(script.text(1).starts_with("GET "), "one query needs no batch");
    }

    #[test]
    fn reading_is_repeated_after_a_lost_answer() {
        let script = Script::of([Step::Cut, Step::Cut, Step::Answer(answer(200, &[], r#"{"value":[{}]}"#))]);
        assert_eq!(script.run(script.client().page(&Query::of("accounts"))).unwrap().rows.len(), 1);
        assert_eq!(script.times(), [0, 1, 3]);
    }
}
