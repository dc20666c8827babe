//! `CreateMultiple`, `UpdateMultiple` and `UpsertMultiple`: many rows of one table in one transaction.
//!
//! Source: Microsoft's page on bulk operation messages and its sample for UpsertMultiple. Standard tables only: any
//! refusal takes all rows back and does not say which row it was.

use super::Call;
use crate::answer::Answer;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::functions::unsupported;
use crate::rows::{Changes, Purpose, RowName};
use crate::values::Cell;
use http::Method;
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// The namespace of bound actions and of table types.
const NAMESPACE: &str = "Microsoft.Dynamics.CRM.";

impl Environment {
    /// `POST set/Microsoft.Dynamics.CRM.…`
    pub(crate) fn bulk(&mut self, call: &Call, table: usize, action: &str) -> Result<Answer, Refusal> {
        let known = ["CreateMultiple", "UpdateMultiple", "UpsertMultiple", "DeleteMultiple"];
        let message = action.strip_prefix(NAMESPACE).ok_or_else(|| Refusal::no_resource(action))?;
        if !known.contains(&message) {
            return Err(unsupported(message));
        }
        if call.method != Method::POST {
            let text = format!("No HTTP resource was found that matches the request URI '{}'.", call.url);
            return Err(Refusal::new(404, "", text));
        }
        self.refuse_message(table, message)?;
        let targets = self.targets(call, table, message)?;
        match message {
            "CreateMultiple" => self.create_multiple(call, table, &targets),
            "UpdateMultiple" => self.update_multiple(table, &targets),
            _ => self.upsert_multiple(table, &targets),
        }
    }

    fn refuse_message(&self, table: usize, message: &str) -> Result<(), Refusal> {
        if message == "DeleteMultiple" {
            return Err(Refusal::new(501, "0x80040203", "DeleteMultiple has not yet been implemented."));
        }
        // UpsertMultiple has no filter of its own.
        let needed: &[&str] =
            if message == "UpsertMultiple" { &["CreateMultiple", "UpdateMultiple"] } else { &[message] };
        if needed.iter().all(|message| self.offers(table, message)) {
            return Ok(());
        }
        let name = &self.catalog.tables[table].name;
        let text = format!("The '{message}' method does not support entities of type '{name}'.");
        Err(Refusal::new(405, "0x80040800", text))
    }

    /// Whether `sdkmessagefilters` lists the message for the table.
    fn offers(&self, table: usize, message: &str) -> bool {
        let tables = self.catalog.position("sdkmessage").zip(self.catalog.position("sdkmessagefilter"));
        let Some((messages, filters)) = tables else { return false };
        let name = Cell::Text(self.catalog.tables[table].name.clone());
        let found =
            self.store.rows(messages).find(|row| self.cell(messages, row, "name").as_text() == Some(message));
        found.is_some_and(|message| {
            self.store.rows(filters).any(|filter| {
                self.cell(filters, filter, "sdkmessageid").id() == Some(message.id)
                    && *self.cell(filters, filter, "primaryobjecttypecode") == name
            })
        })
    }

    /// The rows of the body; each says its type.
    fn targets(&self, call: &Call, table: usize, message: &str) -> Result<Vec<Map<String, Value>>, Refusal> {
        let mut body = self.body_object(table, &call.body)?;
        let Some(Value::Array(targets)) = body.remove("Targets") else {
            return Err(argument(format!("Required field 'Targets' is missing for RequestName='{message}'")));
        };
        if let Some(other) = body.keys().find(|name| !name.starts_with('@')) {
            let text =
                format!("The parameter '{other}' is not a valid parameter for the operation '{message}'.");
            return Err(Refusal::odata(text));
        }
        if targets.is_empty() {
            return Err(argument("The collection of targets is empty.".to_owned()));
        }
        targets.into_iter().map(|target| self.target(table, target)).collect()
    }

    fn target(&self, table: usize, target: Value) -> Result<Map<String, Value>, Refusal> {
        let Value::Object(target) = target else {
            return Err(Refusal::wrong_literal(&target.to_string(), "Microsoft.Dynamics.CRM.crmbaseentity"));
        };
        let name = &self.catalog.tables[table].name;
        let kind = target.get("@odata.type").and_then(Value::as_str);
        let kind = kind.and_then(|kind| kind.trim_start_matches('#').strip_prefix(NAMESPACE));
        match kind {
            Some(kind) if kind == name => Ok(target),
            Some(kind) => Err(argument(format!(
                "This entity cannot be added to the specified collection. The collection can have entities with \
                 PlatformName = '{name}' while this entity has Platform Name: '{kind}'."
            ))),
            // Inferred: without its type a row is of the abstract base, which has no columns.
            None => {
                let property = target.keys().find(|name| !name.contains('@')).map_or("", String::as_str);
                Err(Refusal::invalid_property(property, "crmbaseentity"))
            }
        }
    }

    fn create_multiple(
        &mut self,
        call: &Call,
        table: usize,
        targets: &[Map<String, Value>],
    ) -> Result<Answer, Refusal> {
        let mut ids = Vec::new();
        for target in targets {
            let changes = self.flat(table, target, Purpose::Create)?;
            ids.push(self.create(table, &changes)?);
        }
        let context = call.context("Microsoft.Dynamics.CRM.CreateMultipleResponse");
        Ok(Answer::json(200, &json!({"@odata.context": context, "Ids": ids})))
    }

    fn update_multiple(&mut self, table: usize, targets: &[Map<String, Value>]) -> Result<Answer, Refusal> {
        for target in targets {
            let changes = self.flat(table, target, Purpose::Update)?;
            let id =
                changes.id.ok_or_else(|| argument("Entity Id must be specified for Update".to_owned()))?;
            self.store.get(table, id).ok_or_else(|| self.none_of(table, id))?;
            self.update(table, id, &changes)?;
        }
        Ok(Answer::no_content())
    }

    fn upsert_multiple(&mut self, table: usize, targets: &[Map<String, Value>]) -> Result<Answer, Refusal> {
        for target in targets {
            let name = self.target_name(table, target)?;
            self.upsert(table, &name, target)?;
        }
        Ok(Answer::no_content())
    }

    /// The row an upsert means: `@odata.id`, or the primary key among the properties.
    fn target_name(&self, table: usize, target: &Map<String, Value>) -> Result<RowName, Refusal> {
        if let Some(reference) = target.get("@odata.id").and_then(Value::as_str) {
            let (found, name) = self.reference_name(reference)?;
            return if found == table {
                Ok(name)
            } else {
                Err(argument(format!("'{reference}' names another table.")))
            };
        }
        let id = self.flat(table, target, Purpose::Create)?.id.map(RowName::Id);
        id.ok_or_else(|| argument("Entity Id or key attributes must be specified for Upsert".to_owned()))
    }

    /// Rows inside of rows: no page says that bulk messages take them.
    fn flat(&self, table: usize, target: &Map<String, Value>, purpose: Purpose) -> Result<Changes, Refusal> {
        let changes = self.read_object(table, target, purpose)?;
        if changes.nested.is_empty() {
            return Ok(changes);
        }
        Err(Refusal::not_implemented("related rows inside the rows of a bulk message"))
    }

    /// The page's words for an update of a row that is not there.
    fn none_of(&self, table: usize, id: Uuid) -> Refusal {
        let label = &self.catalog.tables[table].display_name;
        Refusal::new(404, "0x80040217", format!("{label} With Ids = {id} Do Not Exist"))
    }
}

fn argument(message: String) -> Refusal {
    Refusal::new(400, "0x80040203", message)
}

#[cfg(test)]
mod tests {
    use crate::Environment;
    use crate::testing::{ACCOUNT, get, id, keyed, page, portal, post, refused, send};
    use serde_json::{Value, json};

    const PAGE: &str = "Microsoft.Dynamics.CRM.adx_webpage";

    fn path(set: &str, message: &str) -> String {
        format!("{set}/Microsoft.Dynamics.CRM.{message}")
    }

    /// A target with the page's type.
    fn target(mut page: Value) -> Value {
        page["@odata.type"] = PAGE.into();
        page
    }

    fn run(environment: &mut Environment, message: &str, targets: Vec<Value>) -> (u16, Value) {
        let path = path("adx_webpages", message);
        let (status, answer, _) = send(environment, "POST", &path, &[], &json!({"Targets": targets}));
        (status, answer)
    }

    #[test]
    fn many_rows_are_created_and_answered_with_their_ids_in_order() {
        let mut environment = portal();
        let targets = vec![target(page(2, "b")), target(json!({"adx_name": "new"})), target(page(1, "a"))];
        let (status, answer) = run(&mut environment, "CreateMultiple", targets);
        let context = "https://contoso.crm.dynamics.com/api/data/v9.2/$metadata#Microsoft.Dynamics.CRM.CreateMultipleResponse";
        assert_eq!((status, answer["@odata.context"].as_str()), (200, Some(context)));
        let ids = answer["Ids"].as_array().unwrap();
        assert_eq!((ids.len(), ids[0].as_str(), ids[2].as_str()), (3, Some(&*id(2)), Some(&*id(1))));
        assert_eq!(
            get(&mut environment, &format!("adx_webpages({})", ids[1].as_str().unwrap()))["adx_name"],
            "new"
        );
    }

    #[test]
    fn one_refused_row_takes_all_back_and_is_not_named() {
        let mut environment = portal();
        post(&mut environment, "adx_webpages", &page(3, "there"));
        let targets = vec![target(page(1, "a")), target(page(3, "again")), target(page(2, "b"))];
        let (status, answer) = run(&mut environment, "CreateMultiple", targets);
        assert_eq!((status, answer["error"]["code"].as_str()), (412, Some("0x80040237")));
        assert_eq!(answer["error"]["message"], "Cannot insert duplicate key.");
        assert_eq!(environment.count("adx_webpage"), 1);
        let targets = vec![
            target(page(3, "changed")),
            target(json!({"adx_webpageid": id(3), "adx_displayorder": "x"})),
        ];
        assert_eq!(run(&mut environment, "UpdateMultiple", targets).0, 400);
        assert_eq!(get(&mut environment, &format!("adx_webpages({})", id(3)))["adx_name"], "there");
    }

    #[test]
    fn many_rows_are_updated_by_their_ids() {
        let mut environment = portal();
        for number in [1, 2] {
            post(&mut environment, "adx_webpages", &page(number, "old"));
        }
        let targets = vec![target(page(1, "a")), target(page(2, "b"))];
        assert_eq!(run(&mut environment, "UpdateMultiple", targets), (204, Value::Null));
        assert_eq!(get(&mut environment, &format!("adx_webpages({})", id(2)))["adx_name"], "b");
        let (status, answer) = run(&mut environment, "UpdateMultiple", vec![target(page(9, "x"))]);
        assert_eq!((status, answer["error"]["code"].as_str()), (404, Some("0x80040217")));
        let message = format!("Web Page With Ids = {} Do Not Exist", id(9));
        assert_eq!(answer["error"]["message"], message);
        let nameless = run(&mut environment, "UpdateMultiple", vec![target(json!({"adx_name": "x"}))]);
        assert_eq!(nameless.1["error"]["code"], "0x80040203");
    }

    #[test]
    fn many_rows_are_upserted_by_id_or_by_key() {
        let mut environment = keyed();
        post(&mut environment, "adx_webpages", &page(1, "Home"));
        let targets = vec![
            target(page(1, "Start")),
            target(page(2, "Second")),
            target(json!({"@odata.id": "adx_webpages(adx_name='Start')", "adx_displayorder": 5})),
            target(json!({"@odata.id": "adx_webpages(adx_name='Third')", "adx_displayorder": 6})),
        ];
        assert_eq!(run(&mut environment, "UpsertMultiple", targets), (204, Value::Null));
        assert_eq!(environment.count("adx_webpage"), 3);
        assert_eq!(get(&mut environment, &format!("adx_webpages({})", id(1)))["adx_displayorder"], 5);
        assert_eq!(get(&mut environment, "adx_webpages(adx_name='Third')")["adx_displayorder"], 6);
        for wrong in [json!({"adx_name": "x"}), json!({"@odata.id": format!("accounts({ACCOUNT})")})] {
            let (status, answer) = run(&mut environment, "UpsertMultiple", vec![target(wrong)]);
            assert_eq!((status, answer["error"]["code"].as_str()), (400, Some("0x80040203")));
        }
    }

    #[test]
    fn a_key_holds_among_the_rows_of_one_message() {
        let mut environment = keyed();
        let targets = vec![target(page(1, "Home")), target(page(2, "Home"))];
        let (status, answer) = run(&mut environment, "CreateMultiple", targets);
        assert_eq!((status, answer["error"]["code"].as_str()), (412, Some("0x80060892")));
        assert_eq!(environment.count("adx_webpage"), 0);
    }

    #[test]
    fn every_row_says_its_type_and_it_is_the_sets() {
        let mut environment = portal();
        let (status, answer) = run(&mut environment, "CreateMultiple", vec![page(1, "a")]);
        assert_eq!(status, 400);
        let message = answer["error"]["message"].as_str().unwrap();
        assert!(message.contains("'Microsoft.Dynamics.CRM.crmbaseentity'"), "{message}");
        let other = json!({"name": "A", "@odata.type": "Microsoft.Dynamics.CRM.account"});
        let (_, answer) = run(&mut environment, "CreateMultiple", vec![target(page(1, "a")), other]);
        assert_eq!(answer["error"]["code"], "0x80040203");
        let sharp = json!({"adx_name": "a", "@odata.type": format!("#{PAGE}")});
        assert_eq!(run(&mut environment, "CreateMultiple", vec![sharp]).0, 200);
    }

    #[test]
    fn bulk_messages_are_there_only_where_their_filters_are() {
        let mut environment = portal();
        for (set, table) in [("annotations", "annotation"), ("teams", "team")] {
            for message in ["CreateMultiple", "UpdateMultiple", "UpsertMultiple"] {
                let targets =
                    json!({"Targets": [{"@odata.type": format!("Microsoft.Dynamics.CRM.{table}")}]});
                let (status, code, text) = refused(&mut environment, "POST", &path(set, message), &targets);
                let expected = format!("The '{message}' method does not support entities of type '{table}'.");
                assert_eq!((status, code.as_str(), text), (405, "0x80040800", expected));
            }
        }
        let targets = json!({"Targets": [{"name": "A", "@odata.type": "Microsoft.Dynamics.CRM.account"}]});
        let filters = "sdkmessagefilters?$filter=primaryobjecttypecode eq 'account' and sdkmessageid/name eq 'CreateMultiple'";
        let filter =
            get(&mut environment, filters)["value"][0]["sdkmessagefilterid"].as_str().unwrap().to_owned();
        let position = environment.catalog.position("sdkmessagefilter").unwrap();
        environment.store.remove(position, uuid::Uuid::try_parse(&filter).unwrap());
        for message in ["CreateMultiple", "UpsertMultiple"] {
            assert_eq!(
                refused(&mut environment, "POST", &path("accounts", message), &targets).1,
                "0x80040800"
            );
        }
    }

    #[test]
    fn rows_of_standard_tables_are_not_deleted_in_bulk() {
        let body = json!({"Targets": [target(page(1, "a"))]});
        let (_, code, message) =
            refused(&mut portal(), "POST", &path("adx_webpages", "DeleteMultiple"), &body);
        assert_eq!(
            (code.as_str(), message.as_str()),
            ("0x80040203", "DeleteMultiple has not yet been implemented.")
        );
    }

    #[test]
    fn other_actions_verbs_and_bodies_are_refused() {
        let mut environment = portal();
        let targets = json!({"Targets": [target(page(1, "a"))]});
        assert_eq!(
            refused(&mut environment, "POST", "adx_webpages/CreateMultiple", &targets).1,
            "0x8006088a"
        );
        assert_eq!(
            refused(&mut environment, "POST", &path("adx_webpages", "MergeMultiple"), &targets).0,
            501
        );
        assert_eq!(
            refused(&mut environment, "GET", &path("adx_webpages", "CreateMultiple"), &Value::Null).0,
            404
        );
        let more = json!({"Targets": [target(page(1, "a"))], "Matches": []});
        for body in
            [more, json!({}), json!({"Targets": []}), json!({"Targets": {}}), json!({"Targets": ["a"]})]
        {
            let (status, ..) =
                refused(&mut environment, "POST", &path("adx_webpages", "CreateMultiple"), &body);
            assert_eq!(status, 400, "{body}");
        }
        let nested = target(json!({"adx_websiteid": {"adx_name": "S"}}));
        assert_eq!(run(&mut environment, "CreateMultiple", vec![nested]).0, 501);
    }
}
