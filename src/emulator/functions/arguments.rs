//! What a message is called with: in the path of a function, or in the body of an action.

use crate::api::{Options, Segment, split_outside_quotes, unquote};
use crate::error::Refusal;
use serde_json::{Map, Value};
use uuid::Uuid;

/// The arguments by name, as JSON; an enumeration's member as `Microsoft.Dynamics.CRM.Type'Member'`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Arguments(Map<String, Value>);

/// What a message may be called with: (name, whether it has to be there).
type Parameters = &'static [(&'static str, bool)];

impl Arguments {
    /// Reads `Name(A='x',B=@p)?@p=…`; what a function answers cannot be shaped.
    pub(super) fn of_function(
        segment: &Segment,
        options: &Options,
        parameters: Parameters,
    ) -> Result<Arguments, Refusal> {
        let mut found = Map::new();
        for pair in split_outside_quotes(segment.key.as_deref().unwrap_or_default(), ',') {
            if pair.trim().is_empty() {
                continue;
            }
            let (name, text) = pair.split_once('=').ok_or_else(|| Refusal::no_resource(&segment.name))?;
            found.insert(name.trim().to_owned(), literal(alias(text.trim(), options)?)?);
        }
        options.allow(&[])?;
        // Overloads are told apart by their parameters: with others there is no such function.
        check(&found, parameters).map_err(|_| Refusal::no_resource(&segment.name))?;
        Ok(Arguments(found))
    }

    /// Reads the body of an action; no body is no arguments.
    pub(crate) fn of_action(body: &[u8], parameters: Parameters) -> Result<Arguments, Refusal> {
        if body.is_empty() {
            return check(&Map::new(), parameters).map(|()| Arguments::default());
        }
        let found = serde_json::from_slice(body).map_err(|_| {
            Refusal::odata("An error has occurred.: Microsoft.OData.ODataException: The body is no JSON.")
        })?;
        check(&found, parameters)?;
        Ok(Arguments(found))
    }

    /// Any argument that is there and not null.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A text.
    pub(crate) fn text(&self, name: &str) -> Result<&str, Refusal> {
        let value = self.0.get(name).unwrap_or(&Value::Null);
        value.as_str().ok_or_else(|| Refusal::wrong_literal(&value.to_string(), "Edm.String"))
    }

    /// A unique identifier.
    pub(crate) fn id(&self, name: &str) -> Result<Uuid, Refusal> {
        let value = self.0.get(name).unwrap_or(&Value::Null);
        let id = value.as_str().and_then(|text| Uuid::try_parse(text).ok());
        id.ok_or_else(|| Refusal::wrong_literal(&value.to_string(), "Edm.Guid"))
    }

    /// True or false.
    pub(crate) fn boolean(&self, name: &str) -> Result<bool, Refusal> {
        let value = self.0.get(name).unwrap_or(&Value::Null);
        value.as_bool().ok_or_else(|| Refusal::wrong_literal(&value.to_string(), "Edm.Boolean"))
    }

    /// A list of texts.
    pub(crate) fn texts(&self, name: &str) -> Result<Vec<&str>, Refusal> {
        let value = self.0.get(name).unwrap_or(&Value::Null);
        let texts: Option<Vec<&str>> =
            value.as_array().and_then(|items| items.iter().map(Value::as_str).collect());
        texts.ok_or_else(|| Refusal::wrong_literal(&value.to_string(), "Collection(Edm.String)"))
    }

    /// A member of an enumeration, which has to be one of those.
    pub(crate) fn member(&self, name: &str, of: &str, members: &[&str]) -> Result<&str, Refusal> {
        let text = self.text(name)?;
        let edm = format!("Microsoft.Dynamics.CRM.{of}");
        let member = text.strip_prefix(&edm).and_then(|rest| rest.strip_prefix('\'')?.strip_suffix('\''));
        member.filter(|m| members.contains(m)).ok_or_else(|| Refusal::wrong_literal(text, &edm))
    }
}

/// The text behind `@name`, or the text itself.
fn alias<'a>(text: &'a str, options: &'a Options) -> Result<&'a str, Refusal> {
    if !text.starts_with('@') {
        return Ok(text);
    }
    let missing = || Refusal::odata(format!("The parameter alias '{text}' has no value in the request URL."));
    options.get(text).ok_or_else(missing)
}

/// A literal of a URL: `'text'`, `Type'Member'`, an id, or JSON.
fn literal(text: &str) -> Result<Value, Refusal> {
    if text.starts_with('\'') {
        return Ok(Value::String(unquote(text)));
    }
    if text.ends_with('\'') || Uuid::try_parse(text).is_ok() {
        return Ok(Value::String(text.to_owned()));
    }
    // Lists come with either quote: `["a"]` in Microsoft's pages, `['a']` from many clients.
    serde_json::from_str(text)
        .or_else(|_| serde_json::from_str(&text.replace('\'', "\"")))
        .map_err(|_| Refusal::odata(format!("Expression '{text}' is no literal.")))
}

fn check(found: &Map<String, Value>, parameters: Parameters) -> Result<(), Refusal> {
    if let Some(name) = found.keys().find(|name| parameters.iter().all(|(known, _)| known != name)) {
        return Err(Refusal::odata(format!("'{name}' is no parameter of this request.")));
    }
    match parameters.iter().find(|(name, needed)| *needed && !found.contains_key(*name)) {
        Some((name, _)) => Err(Refusal::odata(format!("Required parameter '{name}' is missing."))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::segments;

    fn read(path: &str, query: &str, parameters: Parameters) -> Result<Arguments, Refusal> {
        Arguments::of_function(&segments(path).unwrap()[0], &Options::parse(query), parameters)
    }

    #[test]
    fn arguments_stand_in_the_path_or_behind_aliases() {
        let parameters: Parameters = &[("A", true), ("B", true), ("C", false)];
        let found = read("F(A='it''s',B=@p1)", "@p1=[\"a,b\",\"c\"]", parameters).unwrap();
        assert_eq!((found.text("A").unwrap(), found.texts("B").unwrap()), ("it's", vec!["a,b", "c"]));
        assert_eq!(found.get("C"), None);
        let id = "00000000-0000-0000-0000-00000000000a";
        let found = read(&format!("F(A={id},B=['x'])"), "", parameters).unwrap();
        assert_eq!((found.id("A").unwrap().to_string().as_str(), found.texts("B").unwrap()), (id, vec!["x"]));
    }

    #[test]
    fn a_member_of_an_enumeration_names_its_type() {
        let parameters: Parameters = &[("A", true)];
        for (text, right) in [
            ("Microsoft.Dynamics.CRM.Colour'Red'", true),
            ("Microsoft.Dynamics.CRM.Colour'Blue'", false),
            ("'Red'", false),
            ("0", false),
        ] {
            let found = read(&format!("F(A={text})"), "", parameters).unwrap();
            assert_eq!(found.member("A", "Colour", &["Red"]).is_ok(), right, "{text}");
        }
    }

    #[test]
    fn other_parameters_name_another_function_and_an_alias_needs_its_value() {
        let parameters: Parameters = &[("A", true)];
        for path in ["F", "F()", "F(B=1)", "F(A=1,B=1)"] {
            let refusal = read(path, "", parameters).unwrap_err();
            assert_eq!((refusal.status, refusal.code), (404, "0x8006088a"), "{path}");
        }
        assert_eq!(read("F(A=@p)", "@q=1", parameters).unwrap_err().status, 400);
    }

    #[test]
    fn a_body_with_other_members_is_refused() {
        let parameters: Parameters = &[("A", true)];
        assert!(Arguments::of_action(b"{\"A\":1}", parameters).is_ok());
        for body in ["", "{}", "[]", "{\"A\":1,\"B\":2}"] {
            assert_eq!(Arguments::of_action(body.as_bytes(), parameters).unwrap_err().status, 400, "{body}");
        }
    }
}
