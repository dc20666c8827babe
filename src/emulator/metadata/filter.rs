//! `$filter` on definitions: comparisons of primitive and enumeration properties, joined by `and`, `or` and `not`.

use super::enums::enumeration;
use super::expand::Shape;
use crate::answer::{Node, Object};
use crate::api::Options;
use crate::error::Refusal;
use crate::query::{Relation, Token, tokens};
use serde_json::Value;

/// A condition on a definition.
pub(super) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Compare { path: Vec<String>, operator: Relation, value: Value },
}

impl Condition {
    /// `$filter`, checked against the properties of the type; `None` where there is none.
    pub(super) fn parse(options: &Options, shape: &Shape) -> Result<Option<Condition>, Refusal> {
        let Some(text) = options.get("$filter") else { return Ok(None) };
        let mut parser = Parser { shape, text, tokens: tokens(text)?, at: 0, depth: 0 };
        let condition = parser.any()?;
        if parser.at < parser.tokens.len() {
            return Err(parser.syntax());
        }
        Ok(Some(condition))
    }

    pub(super) fn holds(&self, item: &Object) -> bool {
        match self {
            Condition::All(conditions) => conditions.iter().all(|condition| condition.holds(item)),
            Condition::Any(conditions) => conditions.iter().any(|condition| condition.holds(item)),
            Condition::Not(condition) => !condition.holds(item),
            Condition::Compare { path, operator, value } => {
                property(item, path).is_some_and(|found| operator.holds_in_json(found, value))
            }
        }
    }
}

/// The primitive value at the end of a path.
fn property<'a>(item: &'a Object, path: &[String]) -> Option<&'a Value> {
    let (first, rest) = path.split_first()?;
    match item.get(first)? {
        Node::Value(value) if rest.is_empty() => Some(value),
        Node::Object(object) => property(object, rest),
        _ => None,
    }
}

/// More levels than any filter needs.
const DEEPEST: usize = 100;

struct Parser<'a> {
    shape: &'a Shape,
    text: &'a str,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn any(&mut self) -> Result<Condition, Refusal> {
        let mut found = vec![self.all()?];
        while self.take("or") {
            found.push(self.all()?);
        }
        Ok(if found.len() == 1 { found.remove(0) } else { Condition::Any(found) })
    }

    fn all(&mut self) -> Result<Condition, Refusal> {
        let mut found = vec![self.one()?];
        while self.take("and") {
            found.push(self.one()?);
        }
        Ok(if found.len() == 1 { found.remove(0) } else { Condition::All(found) })
    }

    fn one(&mut self) -> Result<Condition, Refusal> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Refusal::new(400, "0x80060888", "The filter is nested too deeply."));
        }
        let found = self.negation_group_or_comparison();
        self.depth -= 1;
        found
    }

    fn negation_group_or_comparison(&mut self) -> Result<Condition, Refusal> {
        if self.take("not") {
            return Ok(Condition::Not(Box::new(self.one()?)));
        }
        match self.next() {
            Some(Token::Open) => {
                let inner = self.any()?;
                if self.next() == Some(Token::Close) { Ok(inner) } else { Err(self.syntax()) }
            }
            Some(Token::Word(name)) if self.tokens.get(self.at) == Some(&Token::Open) => {
                Err(Refusal::not_implemented(format_args!("the function {name} on metadata")))
            }
            Some(Token::Word(path)) => self.comparison(&path),
            _ => Err(self.syntax()),
        }
    }

    /// `path eq literal`
    fn comparison(&mut self, path: &str) -> Result<Condition, Refusal> {
        let steps: Vec<String> = path.split('/').map(str::to_owned).collect();
        let sample = self.check(&steps)?;
        let Some(Token::Word(word)) = self.next() else { return Err(self.syntax()) };
        let operator = Relation::named(&word).ok_or_else(|| self.syntax())?;
        let token = self.next().ok_or_else(|| self.syntax())?;
        let value = match enumeration(path) {
            Some((name, members)) => member(name, members, &token)?,
            None => comparable(sample, literal(token).ok_or_else(|| self.syntax())?)?,
        };
        Ok(Condition::Compare { path: steps, operator, value })
    }

    /// The path must end at a primitive value. Labels cannot be filtered by, nor can whole objects and lists.
    /// The answer is a value that the property can have.
    fn check(&self, steps: &[String]) -> Result<&'a Value, Refusal> {
        let no_property = |step: &String| Refusal::no_property(step, &self.shape.type_name);
        let mut item = &self.shape.sample;
        for (position, step) in steps.iter().enumerate() {
            match item.get(step).ok_or_else(|| no_property(step))? {
                Node::Object(object) if object.get("LocalizedLabels").is_some() => {
                    return Err(not_filterable(step));
                }
                Node::Object(object) => item = object,
                Node::Value(value) if !value.is_array() && position + 1 == steps.len() => return Ok(value),
                Node::Value(_) if position + 1 < steps.len() => {
                    return Err(no_property(&steps[position + 1]));
                }
                _ => return Err(not_filterable(step)),
            }
        }
        Err(not_filterable(steps.last().map_or("", String::as_str)))
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.tokens.get(self.at) == Some(&Token::Word(word.to_owned()));
        self.at += usize::from(found);
        found
    }

    fn syntax(&self) -> Refusal {
        Refusal::new(400, "0x80060888", format!("Syntax error in '{}'.", self.text))
    }
}

/// Microsoft's page on querying definitions: only properties of primitive and enumeration types can be filtered by.
/// The words are not known.
fn not_filterable(property: &str) -> Refusal {
    let message = format!("The property '{property}' cannot be used in the $filter query option.");
    Refusal::new(400, "0x80060888", message)
}

/// `Microsoft.Dynamics.CRM.OwnershipTypes'UserOwned'`, as Microsoft's pages write it, or `'UserOwned'` alone, as its
/// client for Python sends it.
fn member(name: &str, members: &[&str], token: &Token) -> Result<Value, Refusal> {
    let full = format!("Microsoft.Dynamics.CRM.{name}");
    let (written, inner) = match token {
        Token::Word(word) if word == "null" => return Ok(Value::Null),
        Token::Word(word) => {
            let inner = word.strip_prefix(&full).and_then(|rest| rest.strip_prefix('\'')?.strip_suffix('\''));
            (word, inner)
        }
        Token::Text(text) => (text, Some(text.as_str())),
        _ => return Err(Refusal::odata(format!("A member of '{full}' is expected."))),
    };
    inner.filter(|inner| members.contains(inner)).map(Into::into).ok_or_else(|| {
        Refusal::odata(format!("The string '{written}' is not a valid enumeration type constant."))
    })
}

/// The literal, where the property can be compared with it.
fn comparable(sample: &Value, literal: Value) -> Result<Value, Refusal> {
    let fits = match &literal {
        Value::Bool(_) => sample.is_boolean(),
        Value::Number(_) => sample.is_number(),
        Value::String(_) => sample.is_string(),
        _ => true,
    };
    if fits || sample.is_null() {
        return Ok(literal);
    }
    Err(Refusal::odata(format!(
        "A binary operator with incompatible types was detected. Found operand types '{}' and '{}' for operator kind \
         'Equal'.",
        edm(sample),
        edm(&literal)
    )))
}

fn edm(value: &Value) -> &'static str {
    match value {
        Value::Bool(_) => "Edm.Boolean",
        Value::Number(_) => "Edm.Int32",
        _ => "Edm.String",
    }
}

fn literal(token: Token) -> Option<Value> {
    match token {
        Token::Text(text) => Some(text.into()),
        Token::Word(word) => match word.as_str() {
            "null" => Some(Value::Null),
            "true" => Some(true.into()),
            "false" => Some(false.into()),
            _ if uuid::Uuid::try_parse(&word).is_ok() => Some(word.to_lowercase().into()),
            _ => word.parse::<serde_json::Number>().ok().map(Value::Number),
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{get, portal, refused};
    use serde_json::Value;

    fn names(path: &str) -> Vec<String> {
        let answer = get(&mut portal(), path);
        let items = answer["value"].as_array().unwrap();
        items.iter().map(|item| item["LogicalName"].as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn primitive_and_enumeration_properties_can_be_filtered_by() {
        let owned = names(
            "EntityDefinitions?$filter=OwnershipType eq Microsoft.Dynamics.CRM.OwnershipTypes'UserOwned' and not (IsActivity eq true)&$select=LogicalName",
        );
        assert!(owned.contains(&"account".to_owned()) && !owned.contains(&"task".to_owned()), "{owned:?}");
        let short = names("EntityDefinitions?$filter=OwnershipType ne 'UserOwned'&$select=LogicalName");
        assert!(short.contains(&"businessunit".to_owned()) && !short.contains(&"account".to_owned()));
        let low = names(
            "EntityDefinitions?$filter=ObjectTypeCode le 2 or LogicalName eq 'task'&$select=LogicalName",
        );
        assert_eq!(low.len(), 3, "{low:?}");
        let open = names("EntityDefinitions?$filter=CanCreateAttributes/Value eq true&$select=LogicalName");
        assert!(open.contains(&"account".to_owned()) && !open.contains(&"adx_pagetag_webpage".to_owned()));
        let by_id = get(&mut portal(), "EntityDefinitions(LogicalName='account')")["MetadataId"].clone();
        let path = format!(
            "EntityDefinitions?$filter=MetadataId eq {}&$select=LogicalName",
            by_id.as_str().unwrap()
        );
        assert_eq!(names(&path), ["account"]);
    }

    #[test]
    fn attributes_are_filtered_inside_of_an_expand() {
        let path = "EntityDefinitions(LogicalName='account')?$select=LogicalName&$expand=Attributes($select=LogicalName;$filter=AttributeType eq Microsoft.Dynamics.CRM.AttributeTypeCode'Money')";
        let table = get(&mut portal(), path);
        let names: Vec<&str> = table["Attributes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|a| a["LogicalName"].as_str().unwrap())
            .collect();
        assert!(names.contains(&"revenue_base") && names.contains(&"creditlimit"), "{names:?}");
        assert!(!names.contains(&"name") && !names.contains(&"exchangerate"), "{names:?}");
    }

    #[test]
    fn labels_and_names_there_are_not_are_refused() {
        for (filter, message) in [
            (
                "DisplayName/UserLocalizedLabel/Label eq 'Account'",
                "The property 'DisplayName' cannot be used",
            ),
            ("CanCreateAttributes eq true", "The property 'CanCreateAttributes' cannot be used"),
            ("IsActivity eq 'true'", "Found operand types 'Edm.Boolean' and 'Edm.String'"),
            ("LogicalName eq true", "Found operand types 'Edm.String' and 'Edm.Boolean'"),
            ("OwnershipType eq 'Nobody'", "The string 'Nobody' is not a valid enumeration type constant."),
            (
                "OwnershipType eq Microsoft.Dynamics.CRM.OwnershipTypes'Nobody'",
                "The string 'Microsoft.Dynamics.CRM.OwnershipTypes'Nobody'' is not a valid enumeration type constant.",
            ),
            (
                "logicalName eq 'account'",
                "Could not find a property named 'logicalName' on type 'Microsoft.Dynamics.CRM.EntityMetadata'.",
            ),
            ("LogicalName eq", "Syntax error in 'LogicalName eq'."),
            ("LogicalName eq 'a' 'b'", "Syntax error"),
        ] {
            let path = format!("EntityDefinitions?$filter={filter}");
            let (status, _, found) = refused(&mut portal(), "GET", &path, &Value::Null);
            assert_eq!(status, 400, "{filter}");
            assert!(found.contains(message), "{filter}: {found}");
        }
        let path = "EntityDefinitions?$filter=startswith(LogicalName,'a')";
        assert_eq!(refused(&mut portal(), "GET", path, &Value::Null).0, 501);
    }
}
