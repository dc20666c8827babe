//! The messages that close cases, opportunities, quotes and orders: a plain update does not set these states.
//!
//! Names and parameters: Microsoft's reference of the Web API's actions. The words of the refusals are inferred. The
//! activity that tells of the closing is made where the environment has its table.

use crate::answer::Object;
use crate::api::Call;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::functions::{Arguments, Kind, Message};
use crate::rows::{Changes, Purpose};
use crate::values::Cell;
use serde_json::Value;
use uuid::Uuid;

/// A state that only a message sets.
struct Closing {
    message: &'static str,
    table: &'static str,
    state: i64,
    /// The parameter with the activity, and the activity's lookup to the row.
    activity: &'static str,
    activity_table: &'static str,
    lookup: &'static str,
    /// The state that the row must be in before.
    from: Option<i64>,
}

const CLOSINGS: &[Closing] = &[
    Closing {
        message: "CloseIncident",
        table: "incident",
        state: 1,
        activity: "IncidentResolution",
        activity_table: "incidentresolution",
        lookup: "incidentid",
        from: None,
    },
    opportunity("WinOpportunity", 1),
    opportunity("LoseOpportunity", 2),
    quote("WinQuote", 2),
    quote("CloseQuote", 3),
    order("CancelSalesOrder", 2),
    order("FulfillSalesOrder", 3),
];

const fn opportunity(message: &'static str, state: i64) -> Closing {
    Closing {
        message,
        table: "opportunity",
        state,
        activity: "OpportunityClose",
        activity_table: "opportunityclose",
        lookup: "opportunityid",
        from: None,
    }
}

const fn quote(message: &'static str, state: i64) -> Closing {
    Closing {
        message,
        table: "quote",
        state,
        activity: "QuoteClose",
        activity_table: "quoteclose",
        lookup: "quoteid",
        from: Some(1),
    }
}

const fn order(message: &'static str, state: i64) -> Closing {
    Closing {
        message,
        table: "salesorder",
        state,
        activity: "OrderClose",
        activity_table: "orderclose",
        lookup: "salesorderid",
        from: None,
    }
}

const fn message(name: &'static str, parameters: &'static [(&'static str, bool)]) -> Message {
    Message { name, kind: Kind::Action, parameters, run: close }
}

const OPPORTUNITY: &[(&str, bool)] = &[("OpportunityClose", true), ("Status", true)];
const QUOTE: &[(&str, bool)] = &[("QuoteClose", true), ("Status", true)];
const ORDER: &[(&str, bool)] = &[("OrderClose", true), ("Status", true)];

/// All of them.
pub(crate) const MESSAGES: &[Message] = &[
    message("CloseIncident", &[("IncidentResolution", true), ("Status", true)]),
    message("WinOpportunity", OPPORTUNITY),
    message("LoseOpportunity", OPPORTUNITY),
    message("WinQuote", QUOTE),
    message("CloseQuote", QUOTE),
    message("CancelSalesOrder", ORDER),
    message("FulfillSalesOrder", ORDER),
];

fn close(
    environment: &mut Environment,
    call: &Call,
    arguments: &Arguments,
) -> Result<Option<Object>, Refusal> {
    let name = call.segments.first().map_or("", |segment| segment.name.as_str());
    let closing = CLOSINGS.iter().find(|closing| closing.message == name);
    let closing = closing.ok_or_else(|| Refusal::no_resource(name))?;
    let table = environment.catalog.position(closing.table);
    let table = table.ok_or_else(|| Refusal::no_resource(name))?;
    let activity = arguments.get(closing.activity).and_then(Value::as_object);
    let bound = format!("{}@odata.bind", closing.lookup);
    let reference = activity.and_then(|activity| activity.get(&bound)).and_then(Value::as_str);
    let id = reference.and_then(id_of).ok_or_else(|| argument(closing))?;
    let status = arguments.get("Status").and_then(Value::as_i64).ok_or_else(|| argument(closing))?;
    environment.refuse_closing(table, id, closing)?;
    let column = |name: &str| environment.catalog.tables[table].position(name);
    let state = column("statecode").map(|at| (at, Cell::Integer(closing.state)));
    // The service chooses where it is told -1.
    let status = column("statuscode").filter(|_| status != -1).map(|at| (at, Cell::Integer(status)));
    let cells = state.into_iter().chain(status).collect();
    environment.update(table, id, &Changes { cells, closes: true, ..Changes::default() })?;
    if let (Some(table), Some(activity)) = (environment.catalog.position(closing.activity_table), activity) {
        let changes = environment.read_object(table, activity, Purpose::Create)?;
        environment.create(table, &changes)?;
    }
    Ok(None)
}

impl Environment {
    fn refuse_closing(&self, table: usize, id: Uuid, closing: &Closing) -> Result<(), Refusal> {
        let row = self.store.get(table, id).ok_or_else(|| Refusal::no_row(closing.table, id))?;
        let state = self.cell(table, row, "statecode").integer();
        if state == Some(closing.state) {
            return Err(Refusal::new(400, "0x80048408", format!("The {} is closed already.", closing.table)));
        }
        if closing.from.is_some_and(|from| state != Some(from)) {
            let text =
                format!("The {} cannot be closed because it is not in the correct state.", closing.table);
            return Err(Refusal::new(400, "0x80048408", text));
        }
        Ok(())
    }

    /// Refuses a plain update that sets a state which only a message sets.
    pub(crate) fn refuse_state_of_message(
        &self,
        table: usize,
        before: i64,
        state: i64,
    ) -> Result<(), Refusal> {
        let described = &self.catalog.tables[table];
        let mut closings = CLOSINGS.iter().filter(|_| before != state);
        let Some(closing) = closings.find(|c| c.table == described.name && c.state == state) else {
            return Ok(());
        };
        let label = described.states.iter().find(|s| i64::from(s.value) == state).map_or("", |s| &s.label);
        let (table, message) = (closing.table, closing.message);
        Err(Refusal::new(
            400,
            "0x80048408",
            format!(
                "This message can not be used to set the state of {table} to {label}. In order to set state of {table} \
                 to {label}, use the {message} message instead."
            ),
        ))
    }
}

/// The id in `/incidents(…)`.
fn id_of(reference: &str) -> Option<Uuid> {
    let (_, key) = reference.strip_suffix(')')?.rsplit_once('(')?;
    Uuid::parse_str(key).ok()
}

fn argument(closing: &Closing) -> Refusal {
    let text =
        format!("Required field '{}' is missing for RequestName='{}'", closing.activity, closing.message);
    Refusal::new(400, "0x80040203", text)
}

#[cfg(test)]
mod tests {
    use crate::Environment;
    use crate::testing::{get, post, refused, send};
    use serde_json::{Value, json};

    fn service() -> Environment {
        let table = |name: &str| {
            format!(
                r#"<entity name="{name}" displayname="{name}" primaryidfield="{name}id" primarynamefield="name"><fields>
                <field displayname="Id" name="{name}id" type="guid" primaryKey="true" />
                <field displayname="Name" name="name" type="string" />
                <field displayname="State" name="statecode" type="state" />
                <field displayname="Status" name="statuscode" type="status" />
                </fields></entity>"#
            )
        };
        let schema = format!("<entities>{}{}</entities>", table("incident"), table("quote"));
        Environment::builder("Contoso").tables_xml(schema.as_bytes()).build().unwrap()
    }

    fn message(parameter: &str, lookup: &str, set: &str, id: &str, status: i64) -> Value {
        let bound = format!("{lookup}@odata.bind");
        json!({parameter: {"subject": "Closed", bound: format!("/{set}({id})")}, "Status": status})
    }

    #[test]
    fn a_case_is_resolved_by_its_message_and_by_no_update() {
        let mut environment = service();
        let id = post(&mut environment, "incidents", &json!({"name": "Case"}));
        let path = format!("incidents({id})");
        let body = json!({"statecode": 1, "statuscode": 5});
        let (status, _, message_text) = refused(&mut environment, "PATCH", &path, &body);
        assert_eq!(status, 400);
        assert!(message_text.contains("use the CloseIncident message instead"), "{message_text}");
        let body = message("IncidentResolution", "incidentid", "incidents", &id, 5);
        assert_eq!(send(&mut environment, "POST", "CloseIncident", &[], &body).0, 204);
        assert_eq!(get(&mut environment, &path)["statuscode"], 5);
        assert_eq!(refused(&mut environment, "POST", "CloseIncident", &body).0, 400, "it is closed");
    }

    #[test]
    fn a_quote_is_won_only_when_it_is_active() {
        let mut environment = service();
        let id = post(&mut environment, "quotes", &json!({"name": "Quote"}));
        let body = message("QuoteClose", "quoteid", "quotes", &id, -1);
        assert_eq!(refused(&mut environment, "POST", "WinQuote", &body).0, 400);
        let path = format!("quotes({id})");
        let active = json!({"statecode": 1, "statuscode": 2});
        assert_eq!(send(&mut environment, "PATCH", &path, &[], &active).0, 204);
        assert_eq!(send(&mut environment, "POST", "WinQuote", &[], &body).0, 204);
        assert_eq!(get(&mut environment, &path)["statecode"], 2);
    }
}
