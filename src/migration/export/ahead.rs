//! Reads ahead of the writing: the package takes rows in its order, while the next ones are on their way.

use super::Exported;
use super::records::asks_for;
use crate::Problem;
use crate::progress::Progress;
use crate::reading::{Ask, Read, Rows, read, requests};
use dataverse::{Client, Clock, Transport};
use futures::StreamExt;
use futures::future::{FutureExt, LocalBoxFuture};
use futures::stream::FuturesOrdered;
use std::collections::VecDeque;

/// Requests on their way or waiting to be written: a few megabytes each.
const AHEAD: usize = 6;

/// The rows of all tables, in the order in which the package takes them.
pub(super) struct Answers<'a, T, C> {
    client: &'a Client<T, C>,
    waiting: VecDeque<Vec<Ask>>,
    under_way: FuturesOrdered<LocalBoxFuture<'a, Result<Read, Problem>>>,
    /// Of the answer that came last: it may hold rows of several tables.
    here: VecDeque<(Ask, Result<Rows, Problem>)>,
}

impl<'a, T: Transport, C: Clock> Answers<'a, T, C> {
    /// Asks for the rows of these tables; [`Ask::table`] is the number among them.
    pub(super) fn new(client: &'a Client<T, C>, exported: &[Exported<'_>]) -> Answers<'a, T, C> {
        let asks = exported.iter().enumerate().flat_map(|(number, table)| asks_for(number, table));
        let waiting = requests(asks.collect()).into();
        Answers { client, waiting, under_way: FuturesOrdered::new(), here: VecDeque::new() }
    }

    /// The next rows of this table; nothing after its last.
    ///
    /// # Errors
    /// Where the run was stopped or a whole request failed.
    pub(super) async fn of_table(
        &mut self,
        table: usize,
        progress: &mut Progress<'_>,
    ) -> Result<Option<(Ask, Result<Rows, Problem>)>, Problem> {
        while self.here.is_empty() {
            self.send(progress)?;
            let Some(answer) = self.under_way.next().await else { return Ok(None) };
            self.here = answer?.into();
        }
        Ok(self.here.pop_front_if(|(ask, _)| ask.table == table))
    }

    fn send(&mut self, progress: &mut Progress<'_>) -> Result<(), Problem> {
        while self.under_way.len() < AHEAD
            && let Some(request) = self.waiting.pop_front()
        {
            progress.go_on()?;
            self.under_way.push_back(read(self.client, request).boxed_local());
        }
        Ok(())
    }
}
