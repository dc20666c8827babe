//! Every page of many queries: the first ones many a request, then each query's pages one after the other, the
//! queries side by side.

use crate::Problem;
use crate::side_by_side::side_by_side;
use dataverse::{Client, Clock, NextPage, Page, Query, Row, Transport};
use std::collections::VecDeque;

/// Most queries a request.
const QUERIES: usize = 20;

/// One request; queries go by their number.
enum Step {
    First(Vec<usize>),
    Next(usize, NextPage),
}

/// The pages that a request brought, or why a query was refused.
type Pages = Vec<(usize, Result<Page, Problem>)>;

/// What is still to be asked, and who hears the answers.
struct Paging<'h, H> {
    host: &'h mut H,
    waiting: VecDeque<Step>,
}

/// Reads every page. `go` is asked before each request; `take` has the rows of a page with the number of their
/// query, or why the query was refused.
///
/// # Errors
/// What `go` or `take` met, or where a whole request failed.
pub(crate) async fn all_pages<T: Transport, C: Clock, H>(
    client: &Client<T, C>,
    queries: &[Query],
    host: &mut H,
    mut go: impl FnMut(&mut H) -> Result<(), Problem>,
    mut take: impl FnMut(&mut H, usize, Result<Vec<Row>, Problem>) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let numbers: Vec<usize> = (0..queries.len()).collect();
    let waiting = numbers.chunks(QUERIES).map(|numbers| Step::First(numbers.to_vec())).collect();
    let start = |paging: &mut Paging<'_, H>| {
        let Some(step) = paging.waiting.pop_front() else { return Ok(None) };
        go(paging.host)?;
        Ok(Some(ask(client, queries, step)))
    };
    let take = |paging: &mut Paging<'_, H>, pages: Result<Pages, Problem>| {
        for (number, page) in pages? {
            let (rows, next) = page.map_or_else(|p| (Err(p), None), |page| (Ok(page.rows), page.next));
            paging.waiting.extend(next.map(|next| Step::Next(number, next)));
            take(paging.host, number, rows)?;
        }
        Ok(())
    };
    side_by_side(&mut Paging { host, waiting }, || client.requests_at_once(), start, take).await
}

async fn ask<T: Transport, C: Clock>(
    client: &Client<T, C>,
    queries: &[Query],
    step: Step,
) -> Result<Pages, Problem> {
    match step {
        Step::First(numbers) => {
            let asked: Vec<Query> = numbers.iter().map(|&number| queries[number].clone()).collect();
            let pages = client.pages(&asked).await?.into_iter().map(|page| page.map_err(Problem::from));
            Ok(numbers.into_iter().zip(pages).collect())
        }
        Step::Next(number, next) => Ok(vec![(number, Ok(client.next_page(&next).await?))]),
    }
}
