//! `QueryExpression` as JSON becomes FetchXML, as far as it asks for the rows of one table by their values.

use super::is_nothing;
use crate::error::Refusal;
use quick_xml::escape::escape;
use serde_json::{Map, Value};

/// A complex type: its name, the members that are read, and the others of Microsoft's reference.
struct Type {
    name: &'static str,
    read: &'static [&'static str],
    others: &'static [&'static str],
}

const QUERY: Type = Type {
    name: "QueryExpression",
    read: &["EntityName", "ColumnSet", "Criteria"],
    others: &[
        "DataSource",
        "Distinct",
        "ForceSeek",
        "LinkEntities",
        "NoLock",
        "Orders",
        "PageInfo",
        "QueryHints",
        "SubQueryExpression",
        "TopCount",
    ],
};

/// Which columns a query shows changes nothing of what is deleted.
const COLUMNS: Type =
    Type { name: "ColumnSet", read: &["AllColumns", "Columns"], others: &["AttributeExpressions"] };

const FILTER: Type = Type {
    name: "FilterExpression",
    read: &["FilterOperator", "Conditions"],
    others: &["AnyAllFilterLinkEntity", "FilterHint", "Filters", "IsQuickFindFilter"],
};

const CONDITION: Type = Type {
    name: "ConditionExpression",
    read: &["AttributeName", "Operator", "Values"],
    others: &["CompareColumns", "EntityName"],
};

/// A value with the name of its .NET type.
const VALUE: Type = Type { name: "Object", read: &["Value", "Type"], others: &[] };

impl Type {
    /// The members of an object of this type; what is not read must not ask for anything.
    fn members<'a>(&self, value: &'a Value) -> Result<&'a Map<String, Value>, Refusal> {
        let edm = format!("Microsoft.Dynamics.CRM.{}", self.name);
        let members = value.as_object().ok_or_else(|| Refusal::wrong_literal(&value.to_string(), &edm))?;
        for (name, value) in members {
            let is_type =
                name == "@odata.type" && value.as_str().is_some_and(|t| t.trim_start_matches('#') == edm);
            if is_type || self.read.contains(&name.as_str()) {
                continue;
            }
            if !self.others.contains(&name.as_str()) {
                return Err(Refusal::odata(format!(
                    "An error occurred while validating input parameters: Microsoft.OData.ODataException: The property \
                     '{name}' does not exist on type '{edm}'."
                )));
            }
            if !is_nothing(value) {
                return Err(Refusal::not_implemented(format_args!("{name} of {}", self.name)));
            }
        }
        Ok(members)
    }
}

/// The query as FetchXML; whether its table and columns are there is not looked at.
pub(super) fn fetch_xml(query: &Value) -> Result<String, Refusal> {
    let query = QUERY.members(query)?;
    if let Some(columns) = query.get("ColumnSet").filter(|columns| !columns.is_null()) {
        COLUMNS.members(columns)?;
    }
    let criteria = query.get("Criteria").filter(|criteria| !criteria.is_null());
    let filter = criteria.map_or(Ok(String::new()), filter)?;
    Ok(format!("<fetch><entity name=\"{}\">{filter}</entity></fetch>", escape(text(query, "EntityName")?)))
}

fn filter(criteria: &Value) -> Result<String, Refusal> {
    let members = FILTER.members(criteria)?;
    let operator = members.get("FilterOperator").unwrap_or(&Value::Null);
    if !operator.is_null() && operator != "And" {
        return Err(Refusal::not_implemented(format_args!("the filter operator {operator}")));
    }
    let conditions = match members.get("Conditions") {
        None | Some(Value::Null) => String::new(),
        Some(Value::Array(conditions)) => conditions.iter().map(condition).collect::<Result<_, _>>()?,
        Some(other) => {
            return Err(Refusal::wrong_literal(
                &other.to_string(),
                "Collection(Microsoft.Dynamics.CRM.ConditionExpression)",
            ));
        }
    };
    Ok(format!("<filter>{conditions}</filter>"))
}

fn condition(condition: &Value) -> Result<String, Refusal> {
    let members = CONDITION.members(condition)?;
    let column = escape(text(members, "AttributeName")?);
    let given = members.get("Values").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let values: Vec<String> = given.iter().map(value).collect::<Result<_, _>>()?;
    match (text(members, "Operator")?, values.as_slice()) {
        ("Equal", [value]) => {
            Ok(format!("<condition attribute=\"{column}\" operator=\"eq\" value=\"{}\" />", escape(value)))
        }
        ("In", [_, ..]) => {
            let values: String =
                values.iter().map(|value| format!("<value>{}</value>", escape(value))).collect();
            Ok(format!("<condition attribute=\"{column}\" operator=\"in\">{values}</condition>"))
        }
        (operator, values) => Err(Refusal::not_implemented(format_args!(
            "the condition operator {operator} with {} values",
            values.len()
        ))),
    }
}

/// `{"Value":"…","Type":"System.Guid"}`
fn value(value: &Value) -> Result<String, Refusal> {
    let members = VALUE.members(value)?;
    match (text(members, "Type")?, members.get("Value").unwrap_or(&Value::Null)) {
        ("System.Guid" | "System.String" | "System.Int32", Value::String(text)) => Ok(text.clone()),
        ("System.Int32", Value::Number(number)) => Ok(number.to_string()),
        (kind, other) => Err(Refusal::not_implemented(format_args!("the value {other} of the type {kind}"))),
    }
}

fn text<'a>(members: &'a Map<String, Value>, name: &str) -> Result<&'a str, Refusal> {
    let value = members.get(name).unwrap_or(&Value::Null);
    value.as_str().ok_or_else(|| Refusal::wrong_literal(&value.to_string(), "Edm.String"))
}
