//! `MetadataFilterExpression`: conditions on properties, joined and nested.

use crate::answer::{Node, Object};
use crate::error::Refusal;
use crate::metadata::expand::Shape;
use crate::query::Relation;
use serde::Deserialize;
use serde_json::Value;

/// Conditions and further filters.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Criteria {
    #[serde(rename = "@odata.type", default)]
    _type: Option<String>,
    #[serde(default)]
    conditions: Vec<Condition>,
    #[serde(default)]
    filters: Vec<Criteria>,
    #[serde(default)]
    filter_operator: Joined,
}

/// How conditions are joined.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
enum Joined {
    #[default]
    And,
    Or,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Condition {
    #[serde(rename = "@odata.type", default)]
    _type: Option<String>,
    property_name: String,
    condition_operator: ConditionOperator,
    value: Option<TypedValue>,
}

/// `MetadataConditionOperator`
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
enum ConditionOperator {
    Equals,
    NotEquals,
    In,
    NotIn,
    GreaterThan,
    LessThan,
}

/// A value as text with the name of its .NET type.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct TypedValue {
    #[serde(rename = "@odata.type", default)]
    _odata_type: Option<String>,
    r#type: String,
    value: String,
}

impl Criteria {
    /// Refuses conditions on properties that none of the types has, and on those whose value is no primitive.
    pub(super) fn check(&self, shapes: &[&Shape]) -> Result<(), Refusal> {
        for condition in &self.conditions {
            let name = &condition.property_name;
            match shapes.iter().find_map(|shape| shape.sample.get(name)) {
                None => return Err(Refusal::no_property(name, &shapes[0].type_name)),
                Some(Node::Value(_)) => condition.check()?,
                // A managed property is compared by its value.
                Some(Node::Object(object)) if managed_value(object).is_some() => condition.check()?,
                Some(_) => {
                    return Err(Refusal::odata(format!(
                        "The property '{name}' cannot be used in a condition."
                    )));
                }
            }
        }
        self.filters.iter().try_for_each(|filter| filter.check(shapes))
    }

    pub(super) fn hold(&self, item: &Object) -> Result<bool, Refusal> {
        let mut results = Vec::new();
        for condition in &self.conditions {
            results.push(condition.holds(item)?);
        }
        for filter in &self.filters {
            results.push(filter.hold(item)?);
        }
        Ok(match self.filter_operator {
            Joined::And => results.iter().all(|holds| *holds),
            Joined::Or => results.is_empty() || results.contains(&true),
        })
    }
}

impl Condition {
    fn check(&self) -> Result<(), Refusal> {
        self.wanted().map(drop)
    }

    /// What the property is compared with; several values for `In` and `NotIn`.
    fn wanted(&self) -> Result<Vec<Value>, Refusal> {
        let several = matches!(self.condition_operator, ConditionOperator::In | ConditionOperator::NotIn);
        let Some(given) = &self.value else { return Ok(vec![Value::Null]) };
        match (several, given.r#type.strip_suffix("[]")) {
            (false, None) => Ok(vec![primitive(&given.r#type, Value::String(given.value.clone()))?]),
            (true, Some(element)) => {
                let items: Vec<Value> = serde_json::from_str(&given.value).map_err(|_| unreadable(given))?;
                items.into_iter().map(|item| primitive(element, item)).collect()
            }
            // Inferred, the stricter reading: one value for a list or a list for one value is a mistake.
            _ => Err(unreadable(given)),
        }
    }

    /// A property that the item's type does not have is like null.
    fn holds(&self, item: &Object) -> Result<bool, Refusal> {
        const NULL: &Value = &Value::Null;
        let property = match item.get(&self.property_name) {
            Some(Node::Value(value)) => value,
            Some(Node::Object(object)) => managed_value(object).unwrap_or(NULL),
            _ => NULL,
        };
        let wanted = self.wanted()?;
        let any = |operator: Relation| wanted.iter().any(|value| operator.holds_in_json(property, value));
        Ok(match self.condition_operator {
            ConditionOperator::Equals | ConditionOperator::In => any(Relation::Equal),
            ConditionOperator::NotEquals | ConditionOperator::NotIn => !any(Relation::Equal),
            ConditionOperator::GreaterThan => any(Relation::Greater),
            ConditionOperator::LessThan => any(Relation::Less),
        })
    }
}

fn managed_value(object: &Object) -> Option<&Value> {
    match object.get("Value")? {
        Node::Value(value) => Some(value),
        _ => None,
    }
}

/// A text as a value of a .NET type; enumerations are compared by the names of their members.
fn primitive(type_name: &str, value: Value) -> Result<Value, Refusal> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let found = match type_name {
        "System.Boolean" => text.to_lowercase().parse::<bool>().ok().map(Value::from),
        "System.Int32" | "System.Int64" => text.parse::<i64>().ok().map(Value::from),
        "System.Guid" => uuid::Uuid::try_parse(&text).ok().map(|id| id.to_string().into()),
        "System.String" => Some(text.clone().into()),
        _ if type_name.starts_with("Microsoft.Xrm.Sdk.Metadata.") => Some(text.clone().into()),
        _ => None,
    };
    found.ok_or_else(|| {
        unreadable(&TypedValue { _odata_type: None, r#type: type_name.to_owned(), value: text })
    })
}

fn unreadable(value: &TypedValue) -> Refusal {
    Refusal::odata(format!("'{}' is no value of the type '{}'.", value.value, value.r#type))
}
