//! Functions and actions that belong to no table.

mod arguments;
mod identity;
mod languages;
mod organization;
mod record_count;
mod settings;
mod unsupported;
mod user_privilege;

pub(crate) use arguments::Arguments;
pub(crate) use organization::url_name;
pub(crate) use record_count::RecordCounts;
pub(crate) use unsupported::{refuse_bound, unsupported};
pub(crate) use user_privilege::USER_PRIVILEGE;

use crate::answer::{Answer, Object};
use crate::api::Call;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::solutions;
use http::Method;

/// What answers a message: the members of its response, none where it has no response.
type Run = fn(&mut Environment, &Call, &Arguments) -> Result<Option<Object>, Refusal>;

/// A function or an action by its name.
pub(crate) struct Message {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// (name, whether it has to be there)
    pub(crate) parameters: &'static [(&'static str, bool)],
    pub(crate) run: Run,
}

/// Functions are asked for by GET, actions by POST.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Function,
    Action,
}

/// The messages of this module.
const MESSAGES: &[Message] = &[
    identity::WHO_AM_I,
    organization::VERSION,
    organization::CURRENT,
    languages::PROVISIONED,
    languages::AVAILABLE,
    languages::INSTALLED,
    record_count::TOTAL,
    settings::LIST,
    crate::metadata::CHANGES,
    crate::bulk_delete::BULK_DELETE,
    crate::duplicate_rules::UNPUBLISH,
];

/// All messages that belong to no table.
pub(crate) fn messages() -> impl Iterator<Item = &'static Message> {
    MESSAGES.iter().chain(crate::files::MESSAGES).chain(crate::closing::MESSAGES)
}

impl Environment {
    /// Runs the message that a path without a table names.
    pub(crate) fn message(&mut self, call: &Call) -> Result<Answer, Refusal> {
        let [segment] = call.segments.as_slice() else { return Err(unknown(call)) };
        let message = find(&segment.name).ok_or_else(|| unknown(call))?;
        if call.method != message.kind.method() {
            return Err(wrong_verb(call));
        }
        let arguments = match message.kind {
            Kind::Function => Arguments::of_function(segment, &call.options, message.parameters)?,
            Kind::Action => Arguments::of_action(&call.body, message.parameters)?,
        };
        let Some(response) = (message.run)(self, call, &arguments)? else { return Ok(Answer::no_content()) };
        let mut body = Object::default();
        body.push(
            "@odata.context",
            call.context(&format!("Microsoft.Dynamics.CRM.{}Response", message.name)),
        );
        body.append(response);
        Ok(Answer::json(200, &body))
    }
}

impl Kind {
    fn method(self) -> Method {
        match self {
            Kind::Function => Method::GET,
            Kind::Action => Method::POST,
        }
    }
}

fn find(name: &str) -> Option<&'static Message> {
    messages().chain(solutions::MESSAGES).find(|message| message.name == name)
}

fn unknown(call: &Call) -> Refusal {
    unsupported::unknown(call.segments.first().map_or("", |segment| &segment.name))
}

/// As Microsoft's page on Web API client errors shows it: another verb finds no such function.
fn wrong_verb(call: &Call) -> Refusal {
    let message = format!("No HTTP resource was found that matches the request URI '{}'.", call.url);
    Refusal::new(404, "", message)
}

#[cfg(test)]
mod tests {
    use crate::testing::{get, portal, refused};
    use serde_json::Value;

    #[test]
    fn functions_take_no_post_and_unknown_segments_are_not_found() {
        let mut environment = portal();
        let (status, code, message) = refused(&mut environment, "POST", "WhoAmI", &Value::Null);
        assert_eq!((status, code.as_str()), (404, ""));
        assert_eq!(
            message,
            "No HTTP resource was found that matches the request URI 'https://contoso.crm.dynamics.com/api/data/v9.2/WhoAmI'."
        );
        let (status, code, message) = refused(&mut environment, "GET", "Account", &Value::Null);
        assert_eq!(
            (status, code.as_str(), message.as_str()),
            (404, "0x8006088a", "Resource not found for the segment 'Account'.")
        );
    }

    #[test]
    fn names_are_case_sensitive_and_nothing_follows_a_function() {
        for path in ["whoami", "WhoAmI/UserId", "WhoAmI(Name='x')"] {
            let (status, code, _) = refused(&mut portal(), "GET", path, &Value::Null);
            assert_eq!((status, code.as_str()), (404, "0x8006088a"), "{path}");
        }
    }

    #[test]
    fn every_answer_names_its_own_type() {
        for name in ["WhoAmI", "RetrieveVersion", "RetrieveSettingList", "RetrieveProvisionedLanguages"] {
            let context = get(&mut portal(), name)["@odata.context"].as_str().unwrap().to_owned();
            assert!(context.ends_with(&format!("/$metadata#Microsoft.Dynamics.CRM.{name}Response")));
        }
    }
}
