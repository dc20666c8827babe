//! Closes rows whose last state no update sets: cases, opportunities, quotes and orders have messages for it.
//! Source: Microsoft's reference of the Web API's actions; that updates are refused, as other importers found.

use super::Run;
use super::updates::Setting;
use crate::journal::{Outcome, Write};
use crate::{Pass, Problem};
use dataverse::{Clock, Operation, Row, ServiceError, Transport};
use serde_json::{Value as Json, json};

/// Most rows a request: each is closed by two operations at most.
const ROWS: usize = 50;

/// How a row comes into one of its last states.
struct Closing {
    table: &'static str,
    state: i64,
    message: &'static str,
    /// The parameter that tells of the closing, its table and its lookup to the row.
    activity: (&'static str, &'static str, &'static str),
    /// State and status that the row must have before.
    from: Option<(i64, i64)>,
}

const INCIDENT: (&str, &str, &str) = ("IncidentResolution", "incidentresolution", "incidentid");
const OPPORTUNITY: (&str, &str, &str) = ("OpportunityClose", "opportunityclose", "opportunityid");
const QUOTE: (&str, &str, &str) = ("QuoteClose", "quoteclose", "quoteid");
const ORDER: (&str, &str, &str) = ("OrderClose", "orderclose", "salesorderid");
const ACTIVE_QUOTE: Option<(i64, i64)> = Some((1, 2));

const CLOSINGS: [Closing; 7] = [
    closing("incident", 1, "CloseIncident", INCIDENT, None),
    closing("opportunity", 1, "WinOpportunity", OPPORTUNITY, None),
    closing("opportunity", 2, "LoseOpportunity", OPPORTUNITY, None),
    closing("quote", 2, "WinQuote", QUOTE, ACTIVE_QUOTE),
    closing("quote", 3, "CloseQuote", QUOTE, ACTIVE_QUOTE),
    closing("salesorder", 2, "CancelSalesOrder", ORDER, None),
    closing("salesorder", 3, "FulfillSalesOrder", ORDER, None),
];

const fn closing(
    table: &'static str,
    state: i64,
    message: &'static str,
    activity: (&'static str, &'static str, &'static str),
    from: Option<(i64, i64)>,
) -> Closing {
    Closing { table, state, message, activity, from }
}

/// The entries of one request, and how many operations each has.
type Sent = Vec<(usize, usize)>;

impl<'a, T: Transport, C: Clock> Run<'a, T, C> {
    /// Whether the state that the entry's record has is set by a message.
    pub(super) fn is_closed_by_message(&self, number: usize) -> bool {
        self.closing(number).is_some()
    }

    /// Closes the rows of these entries.
    ///
    /// # Errors
    /// What ends the run.
    pub(super) async fn close(&mut self, numbers: &[usize]) -> Result<(), Problem> {
        for numbers in numbers.chunks(ROWS) {
            self.progress.go_on()?;
            let (mut sent, mut operations, mut intents) = (Sent::new(), Vec::new(), Vec::<Write>::new());
            for &number in numbers {
                let own = self.closing_operations(number);
                sent.push((number, own.len()));
                operations.extend(own);
                intents.push(self.intent(Pass::State, number, &self.state_setting(number).0));
            }
            let request = self.journal.intend(intents)?;
            let answers = self.client.batch(operations).await;
            if answers.is_err() {
                let doubt = super::ledger::Standing::InDoubt;
                sent.iter().for_each(|(number, _)| self.ledger.entries[*number].standing = doubt.clone());
            }
            let refusals = refusals(&sent, answers?.into_iter().map(Result::err).collect());
            let told = self.settle_closed(&sent, refusals).await?;
            self.journal.answered(request, told)?;
        }
        Ok(())
    }

    /// What became of each row. One that is in its state whatever was refused, e.g. because an earlier try closed it,
    /// is closed.
    async fn settle_closed(
        &mut self,
        sent: &Sent,
        refusals: Vec<Option<ServiceError>>,
    ) -> Result<Vec<Outcome>, Problem> {
        let refused: Vec<usize> =
            sent.iter().zip(&refusals).filter(|(_, r)| r.is_some()).map(|((number, _), _)| *number).collect();
        let open = self.in_wrong_state(&refused).await?;
        let mut told = Vec::new();
        for ((number, _), refusal) in sent.iter().zip(refusals) {
            told.push(match refusal {
                Some(refusal) if open.contains(number) => self.refused(Pass::State, *number, &refusal)?,
                // Told as done when its state was read.
                Some(_) => Outcome::There,
                None => {
                    self.progress.advance(Pass::State, self.ledger.entries[*number].table, 1, 0);
                    Outcome::Done
                }
            });
        }
        Ok(told)
    }

    fn closing_operations(&self, number: usize) -> Vec<Operation> {
        let entry = &self.ledger.entries[number];
        let (Some(closing), Some(fit)) = (self.closing(number), entry.fit) else { return Vec::new() };
        let (_, values) = self.state_setting(number);
        let status = values.get("statuscode").cloned().unwrap_or(json!(-1));
        let (parameter, table, lookup) = closing.activity;
        let activity = json!({
            "@odata.type": format!("Microsoft.Dynamics.CRM.{table}"),
            "subject": "Closed by an import",
            format!("{lookup}@odata.bind"): format!("/{}({})", fit.metadata.set, entry.target_id),
        });
        let parameters = Row::from_iter([(parameter.to_owned(), activity), ("Status".to_owned(), status)]);
        let before = closing.from.and_then(|(state, status)| {
            let body = [("statecode", state), ("statuscode", status)];
            let body = body.into_iter().map(|(column, value)| (column.to_owned(), json!(value))).collect();
            self.update(number, body, None)
        });
        let close = Operation::Action { name: closing.message.to_owned(), parameters };
        before.into_iter().chain([close]).collect()
    }

    fn closing(&self, number: usize) -> Option<&'static Closing> {
        let entry = &self.ledger.entries[number];
        let (_, values): Setting<'_> = self.state_setting(number);
        let state = values.get("statecode").and_then(Json::as_i64)?;
        CLOSINGS.iter().find(|closing| closing.table == entry.table && closing.state == state)
    }
}

/// For each entry the refusal of its last operation.
fn refusals(sent: &Sent, answers: Vec<Option<ServiceError>>) -> Vec<Option<ServiceError>> {
    let mut answers = answers.into_iter();
    sent.iter().map(|(_, operations)| answers.by_ref().take(*operations).last().flatten()).collect()
}
