//! Optional headers that change what a request does. Source: Microsoft's page on optional parameters.

use super::Call;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::values::Cell;
use http::Method;

/// Both name another user: by Entra id, or by `systemuserid`.
const CALLERS: [&str; 2] = ["callerobjectid", "mscrmcallerid"];

/// `duplicaterule.statuscode`
const PUBLISHED: i64 = 2;

impl Environment {
    /// Refuses what cannot be done here rather than doing it otherwise. `Consistency` and the headers of solutions and
    /// labels change nothing about rows.
    pub(super) fn refuse_headers(&self, call: &Call) -> Result<(), Refusal> {
        if CALLERS.iter().any(|name| call.header(name).is_some()) {
            return Err(self.refuse_impersonation());
        }
        let detects = call.header("mscrm.suppressduplicatedetection");
        if detects.is_some_and(|value| value.eq_ignore_ascii_case("false")) && self.has_duplicate_rules() {
            return Err(Refusal::not_implemented("duplicate detection by published rules"));
        }
        refuse_conditions(call)?;
        refuse_content_type(call)
    }

    fn refuse_impersonation(&self) -> Refusal {
        if self.has_privilege("prvActOnBehalfOfAnotherUser") {
            return Refusal::not_implemented("requests on behalf of another user");
        }
        let message = "User does not have the privilege to act on behalf another user.";
        Refusal::new(403, "0x8004a110", message)
    }

    /// Without a published rule there is nothing to detect.
    fn has_duplicate_rules(&self) -> bool {
        let Some(rules) = self.catalog.position("duplicaterule") else { return false };
        let is_published = |row| *self.cell(rules, row, "statuscode") == Cell::Integer(PUBLISHED);
        self.store.rows(rules).any(is_published)
    }
}

/// Conditions that Microsoft's page on conditional operations does not know: a write of a row that is and is not there,
/// and one of a row that has changed.
fn refuse_conditions(call: &Call) -> Result<(), Refusal> {
    let writes = call.method != Method::GET && call.method != Method::HEAD;
    let both = call.header("if-match").is_some() && call.header("if-none-match") == Some("*");
    if writes && (both || call.known_version.is_some()) {
        return Err(Refusal::not_implemented("that If-None-Match with a write"));
    }
    Ok(())
}

/// A body that says it is something else than JSON, as a page's text does by itself, is not read; the bytes of a
/// column are what they are. Inferred: the stricter reading, with the words of Microsoft's OData library.
fn refuse_content_type(call: &Call) -> Result<(), Refusal> {
    let Some(told) = call.header("content-type").filter(|_| !call.body.is_empty()) else { return Ok(()) };
    let kind = told.split(';').next().unwrap_or_default().trim();
    let is_column = call.segments.len() == 2 && [Method::PATCH, Method::PUT].contains(&call.method);
    if is_column || kind.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    let message = format!(
        "A supported MIME type could not be found that matches the content type of the request. None of the supported \
         type(s) 'application/json' matches the content type '{told}'."
    );
    Err(Refusal::new(415, "0x0", message))
}

#[cfg(test)]
mod tests {
    use crate::testing::{ACCOUNT, portal, send};
    use crate::{Cell, Environment};
    use serde_json::{Value, json};

    #[test]
    fn nobody_acts_for_another_user_here() {
        for name in ["CallerObjectId", "MSCRMCallerID"] {
            let headers = [(name, "00000000-0000-0000-0000-000000000001")];
            assert_eq!(send(&mut portal(), "GET", "accounts", &headers, &Value::Null).0, 501, "{name}");
        }
    }

    #[test]
    fn duplicates_are_looked_for_only_where_a_rule_is_published() {
        const RULES: &str = r#"<entities><entity name="duplicaterule" displayname="Rule" primaryidfield="duplicateruleid" primarynamefield="name"><fields>
 <field displayname="Rule" name="duplicateruleid" type="guid" primaryKey="true" />
 <field displayname="Name" name="name" type="string" />
 <field displayname="State" name="statecode" type="state" />
 <field displayname="Status" name="statuscode" type="status" />
</fields></entity></entities>"#;
        let mut environment = Environment::builder("rules").tables_xml(RULES.as_bytes()).build().unwrap();
        let detect = [("MSCRM.SuppressDuplicateDetection", "false")];
        let post = |environment: &mut Environment, headers| {
            send(
                environment,
                "POST",
                "transactioncurrencies",
                headers,
                &json!({
                    "currencyname": "Euro", "isocurrencycode": "EUR", "currencysymbol": "E", "currencyprecision": 2,
                    "exchangerate": 1,
                }),
            )
            .0
        };
        assert_eq!(post(&mut environment, &detect), 204);
        let id = uuid::Uuid::from_u128(1);
        environment.add_row("duplicaterule", id, &[("statuscode", Cell::Integer(2))]);
        assert_eq!(post(&mut environment, &detect), 501);
        assert_eq!(
            post(&mut environment, &[("MSCRM.SuppressDuplicateDetection", "true")]),
            400,
            "the same currency"
        );
    }

    #[test]
    fn conditions_that_no_page_knows_are_refused() {
        let path = format!("accounts({ACCOUNT})");
        let both = [("If-Match", "*"), ("If-None-Match", "*")];
        for headers in [&both[..], &[("If-None-Match", "W/\"1\"")]] {
            assert_eq!(
                send(&mut portal(), "PATCH", &path, headers, &json!({"name": "A"})).0,
                501,
                "{headers:?}"
            );
        }
        let cached = [("If-None-Match", "null")];
        assert_eq!(send(&mut portal(), "PATCH", &path, &cached, &json!({"name": "A"})).0, 204);
    }

    #[test]
    fn a_body_that_says_it_is_text_is_not_read() {
        let path = format!("accounts({ACCOUNT})");
        for (kind, expected) in [
            ("text/plain;charset=UTF-8", 415),
            ("application/x-www-form-urlencoded", 415),
            ("application/json; odata.metadata=minimal", 204),
        ] {
            let headers = [("Content-Type", kind)];
            let (status, answer, _) = send(&mut portal(), "PATCH", &path, &headers, &json!({"name": "A"}));
            assert_eq!(status, expected, "{kind}");
            let message = answer["error"]["message"].as_str().unwrap_or_default();
            assert_eq!(
                message.ends_with(&format!("matches the content type '{kind}'.")),
                expected == 415,
                "{message}"
            );
        }
    }

    #[test]
    fn a_tag_and_a_wish_for_consistency_change_nothing() {
        let headers = [("Consistency", "Strong")];
        let path = format!("accounts({ACCOUNT})?tag=import");
        assert_eq!(send(&mut portal(), "PATCH", &path, &headers, &json!({"name": "A"})).0, 204);
    }
}
