//! Duplicate detection rules are put to work by a message, and taken from it by another: no update does either.
//!
//! Source: Microsoft's reference of both actions and of the two tables. Publishing is a job there, as it makes match
//! codes of every row of the rule's table; so it is here, and a rule that is waited for is not published at once.
//! Unpublishing deletes the match codes and answers when that is done, as programs that use it found.

use crate::answer::{Answer, Object};
use crate::api::Call;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::functions::{Arguments, Kind, Message};
use crate::rows::Row;
use crate::solutions::Work;
use crate::values::Cell;
use http::Method;
use uuid::Uuid;

/// The rules' table, and the last step of the path of the action that is bound to it.
pub(crate) const RULE: &str = "duplicaterule";
pub(crate) const PUBLISH: &str = "Microsoft.Dynamics.CRM.PublishDuplicateRule";
const CONDITION: &str = "duplicaterulecondition";

/// What both messages need, by Microsoft's list of privileges by message.
const PRIVILEGE: &str = "prvPublishDuplicateRule";

/// `statuscode` of a rule.
const UNPUBLISHED: i64 = 0;
const PUBLISHING: i64 = 1;
const PUBLISHED: i64 = 2;

/// `statecode` that goes with it.
const INACTIVE: i64 = 0;
const ACTIVE: i64 = 1;

/// Most published rules of one table at a time.
const MOST_PUBLISHED: usize = 5;

/// `{"DuplicateRuleId": "…"}`; without a response.
pub(crate) const UNPUBLISH: Message = Message {
    name: "UnpublishDuplicateRule",
    kind: Kind::Action,
    parameters: &[("DuplicateRuleId", true)],
    run: unpublish,
};

fn unpublish(
    environment: &mut Environment,
    _: &Call,
    arguments: &Arguments,
) -> Result<Option<Object>, Refusal> {
    environment.require_general(PRIVILEGE)?;
    let rule = arguments.id("DuplicateRuleId")?;
    if environment.status_of_rule(rule)? != PUBLISHED {
        // RulesInInconsistentStateFound; that a rule which is not published is such a one is the stricter reading.
        let message = "One or more rules cannot be unpublished, either because they are in the process of being \
                       published, or are in a state where they cannot be unpublished.";
        return Err(Refusal::new(400, "0x80048423", message));
    }
    environment.set_status_of_rule(rule, INACTIVE, UNPUBLISHED);
    Ok(None)
}

impl Environment {
    /// `POST duplicaterules(id)/Microsoft.Dynamics.CRM.PublishDuplicateRule`: answers with the job's row.
    pub(crate) fn publish_rule(&mut self, call: &Call, rule: Uuid) -> Result<Answer, Refusal> {
        if call.method != Method::POST {
            let text = format!("No HTTP resource was found that matches the request URI '{}'.", call.url);
            return Err(Refusal::new(404, "", text));
        }
        call.options.allow(&[])?;
        Arguments::of_action(&call.body, &[])?;
        self.require_general(PRIVILEGE)?;
        self.refuse_publishing(rule)?;
        self.set_status_of_rule(rule, INACTIVE, PUBLISHING);
        let job =
            self.add_job("Publish Duplicate Detection Rule", "PublishDuplicateRule", Work::Publish { rule });
        let jobs = self.catalog.position("asyncoperation").ok_or_else(|| Refusal::no_resource(PUBLISH))?;
        let row = self.store.get(jobs, job).ok_or_else(|| Refusal::no_row("asyncoperation", job))?;
        self.one(call, jobs, row, 200)
    }

    /// The job is done: the rule is at work. One that was deleted meanwhile is not.
    pub(crate) fn finish_publishing(&mut self, rule: Uuid) -> Result<(), Refusal> {
        self.status_of_rule(rule)?;
        self.set_status_of_rule(rule, ACTIVE, PUBLISHED);
        Ok(())
    }

    fn refuse_publishing(&self, rule: Uuid) -> Result<(), Refusal> {
        if self.status_of_rule(rule)? != UNPUBLISHED {
            // RuleAlreadyPublishing; that a published one is refused in the same words is inferred.
            let message = "The selected duplicate detection rule is already being published.";
            return Err(Refusal::new(400, "0x80048434", message));
        }
        if self.conditions(rule) == 0 {
            let message = "No criteria have been specified. Add criteria, and then publish the duplicate detection rule.";
            return Err(Refusal::new(400, "0x80048414", message));
        }
        if self.published_beside(rule) >= MOST_PUBLISHED {
            let message = "The selected record type already has the maximum number of published rules. Unpublish or \
                           delete existing rules for this record type, and then try again.";
            return Err(Refusal::new(400, "0x80048419", message));
        }
        Ok(())
    }

    fn conditions(&self, rule: Uuid) -> usize {
        let table = self.catalog.position(CONDITION);
        let of_rule = |table: usize| {
            let rows = self.store.rows(table);
            rows.filter(|row| self.cell(table, row, "regardingobjectid").id() == Some(rule)).count()
        };
        table.map_or(0, of_rule)
    }

    /// How many rules of the same table are at work, or soon will be.
    fn published_beside(&self, rule: Uuid) -> usize {
        let Some(table) = self.catalog.position(RULE) else { return 0 };
        let base = |row: &Row| self.cell(table, row, "baseentityname").as_text().map(str::to_owned);
        let own = self.store.get(table, rule).and_then(base);
        self.store.rows(table).filter(|row| base(row) == own && self.is_at_work(table, row)).count()
    }

    fn status_of_rule(&self, rule: Uuid) -> Result<i64, Refusal> {
        let table = self.catalog.position(RULE).ok_or_else(|| Refusal::no_resource(RULE))?;
        let row = self.store.get(table, rule).ok_or_else(|| Refusal::no_row(RULE, rule))?;
        Ok(self.cell(table, row, "statuscode").integer().unwrap_or(UNPUBLISHED))
    }

    fn set_status_of_rule(&mut self, rule: Uuid, state: i64, status: i64) {
        let cells = [("statecode", Cell::Integer(state)), ("statuscode", Cell::Integer(status))];
        self.change_row(RULE, rule, &cells);
    }

    /// Whether a rule is published, or is being published.
    pub(crate) fn is_at_work(&self, table: usize, rule: &Row) -> bool {
        self.cell(table, rule, "statuscode").integer().is_some_and(|status| status != UNPUBLISHED)
    }

    /// Refuses a create or update that would publish a rule, or take it from its work; a new row has no `before`.
    /// The words are those for other states that only a message sets.
    pub(crate) fn refuse_status_of_rule(
        &self,
        table: usize,
        before: Option<&Row>,
        status: i64,
    ) -> Result<(), Refusal> {
        let described = &self.catalog.tables[table];
        let present = before.and_then(|row| self.cell(table, row, "statuscode").integer());
        let present = present.unwrap_or(UNPUBLISHED);
        if described.name != RULE || status == present {
            return Ok(());
        }
        let label = described.statuses.iter().find(|s| i64::from(s.value) == status).map_or("", |s| &s.label);
        let message = if status == UNPUBLISHED { UNPUBLISH.name } else { "PublishDuplicateRule" };
        Err(Refusal::new(
            400,
            "0x80048408",
            format!(
                "This message can not be used to set the state of {RULE} to {label}. In order to set state of {RULE} to \
                 {label}, use the {message} message instead."
            ),
        ))
    }
}

#[cfg(test)]
mod tests {
    use crate::Environment;
    use crate::testing::{get, post, refused, send};
    use serde_json::{Value, json};

    fn service() -> Environment {
        let details = json!({"tables": {"duplicaterule": {}, "duplicaterulecondition": {}}}).to_string();
        Environment::builder("rules").details(details.as_bytes()).build().unwrap()
    }

    fn rule(environment: &mut Environment, conditions: usize) -> String {
        let body = json!({"name": "Same name", "baseentityname": "account", "matchingentityname": "account"});
        let id = post(environment, "duplicaterules", &body);
        for _ in 0..conditions {
            post(environment, "duplicateruleconditions", &condition(&id));
        }
        id
    }

    fn condition(rule: &str) -> Value {
        json!({"baseattributename": "name", "matchingattributename": "name", "operatorcode": 0,
               "regardingobjectid@odata.bind": format!("/duplicaterules({rule})")})
    }

    /// Time in which a job is done.
    fn pass(environment: &mut Environment) {
        environment.set_time(environment.now() + 60);
    }

    fn publish(rule: &str) -> String {
        format!("duplicaterules({rule})/Microsoft.Dynamics.CRM.PublishDuplicateRule")
    }

    fn statuses(environment: &mut Environment, rule: &str) -> (i64, i64) {
        let row = get(environment, &format!("duplicaterules({rule})"));
        (row["statecode"].as_i64().unwrap(), row["statuscode"].as_i64().unwrap())
    }

    fn published(environment: &mut Environment) -> String {
        let id = rule(environment, 1);
        assert_eq!(send(environment, "POST", &publish(&id), &[], &json!({})).0, 200);
        pass(environment);
        id
    }

    #[test]
    fn a_rule_is_published_by_a_job_and_is_being_published_until_that_is_done() {
        let mut environment = service();
        let id = rule(&mut environment, 1);
        let (status, job, _) = send(&mut environment, "POST", &publish(&id), &[], &json!({}));
        assert_eq!((status, statuses(&mut environment, &id)), (200, (0, 1)));
        let job = format!("asyncoperations({})", job["asyncoperationid"].as_str().unwrap());
        assert_eq!(get(&mut environment, &job)["operationtype"], 7);
        assert_eq!(refused(&mut environment, "POST", &publish(&id), &json!({})).1, "0x80048434");
        pass(&mut environment);
        assert_eq!(statuses(&mut environment, &id), (1, 2));
        assert_eq!(get(&mut environment, &job)["statuscode"], 30);
        assert_eq!(refused(&mut environment, "POST", &publish(&id), &json!({})).1, "0x80048434");
    }

    #[test]
    fn a_rule_is_unpublished_at_once_and_only_if_it_is_published() {
        let mut environment = service();
        let id = published(&mut environment);
        let body = json!({"DuplicateRuleId": id});
        assert_eq!(send(&mut environment, "POST", "UnpublishDuplicateRule", &[], &body).0, 204);
        assert_eq!(statuses(&mut environment, &id), (0, 0));
        assert_eq!(refused(&mut environment, "POST", "UnpublishDuplicateRule", &body).1, "0x80048423");
        send(&mut environment, "POST", &publish(&id), &[], &json!({}));
        assert_eq!(refused(&mut environment, "POST", "UnpublishDuplicateRule", &body).1, "0x80048423");
    }

    #[test]
    fn rules_that_are_not_there_without_conditions_or_too_many_are_not_published() {
        let mut environment = service();
        let unknown = crate::testing::id(9);
        assert_eq!(refused(&mut environment, "POST", &publish(&unknown), &json!({})).0, 404);
        let body = json!({"DuplicateRuleId": unknown});
        assert_eq!(refused(&mut environment, "POST", "UnpublishDuplicateRule", &body).0, 404);
        let empty = rule(&mut environment, 0);
        assert_eq!(refused(&mut environment, "POST", &publish(&empty), &json!({})).1, "0x80048414");
        for _ in 0..5 {
            published(&mut environment);
        }
        let sixth = rule(&mut environment, 1);
        assert_eq!(refused(&mut environment, "POST", &publish(&sixth), &json!({})).1, "0x80048419");
    }

    #[test]
    fn no_create_or_update_publishes_a_rule_or_takes_it_from_its_work() {
        let mut environment = service();
        for status in [1, 2] {
            let body = json!({"name": "r", "statuscode": status});
            assert_eq!(refused(&mut environment, "POST", "duplicaterules", &body).1, "0x80048408");
        }
        let id = rule(&mut environment, 1);
        let path = format!("duplicaterules({id})");
        let (_, _, message) = refused(&mut environment, "PATCH", &path, &json!({"statuscode": 2}));
        assert!(message.contains("use the PublishDuplicateRule message instead"), "{message}");
        let id = published(&mut environment);
        let path = format!("duplicaterules({id})");
        let (_, _, message) = refused(&mut environment, "PATCH", &path, &json!({"statuscode": 0}));
        assert!(message.contains("use the UnpublishDuplicateRule message instead"), "{message}");
    }

    #[test]
    fn who_may_not_publish_rules_does_neither() {
        let details = json!({"tables": {"duplicaterule": {}, "duplicaterulecondition": {}}}).to_string();
        let builder = Environment::builder("rules").details(details.as_bytes());
        let mut environment = builder.without_privilege("prvPublishDuplicateRule").build().unwrap();
        let id = rule(&mut environment, 1);
        assert_eq!(refused(&mut environment, "POST", &publish(&id), &json!({})).0, 403);
        let body = json!({"DuplicateRuleId": id});
        assert_eq!(refused(&mut environment, "POST", "UnpublishDuplicateRule", &body).0, 403);
    }

    #[test]
    fn a_rule_at_work_and_its_conditions_do_not_change_until_it_is_unpublished() {
        let mut environment = service();
        let id = published(&mut environment);
        let path = format!("duplicaterules({id})");
        let rows = get(&mut environment, "duplicateruleconditions");
        let own = rows["value"][0]["duplicateruleconditionid"].as_str().unwrap().to_owned();
        let own = format!("duplicateruleconditions({own})");
        let change = json!({"operatorcode": 5});
        for (method, at, body) in [
            ("PATCH", path.as_str(), json!({"description": "after"})),
            ("POST", "duplicateruleconditions", condition(&id)),
            ("PATCH", own.as_str(), change.clone()),
            ("DELETE", own.as_str(), Value::Null),
        ] {
            assert_eq!(refused(&mut environment, method, at, &body).1, "0x80048428", "{method} {at}");
        }
        let unpublish = json!({"DuplicateRuleId": id});
        assert_eq!(send(&mut environment, "POST", "UnpublishDuplicateRule", &[], &unpublish).0, 204);
        assert_eq!(send(&mut environment, "PATCH", &own, &[], &change).0, 204);
    }

    #[test]
    fn a_published_rule_is_deleted_with_its_conditions_but_not_while_it_is_being_published() {
        let mut environment = service();
        let id = rule(&mut environment, 2);
        let path = format!("duplicaterules({id})");
        send(&mut environment, "POST", &publish(&id), &[], &json!({}));
        assert_eq!(refused(&mut environment, "DELETE", &path, &Value::Null).1, "0x80048428");
        pass(&mut environment);
        assert_eq!(send(&mut environment, "DELETE", &path, &[], &Value::Null).0, 204);
        assert_eq!(environment.count("duplicaterulecondition"), 0);
    }
}
