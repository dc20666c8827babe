//! Functions in a `$filter`: OData's own on text, and the service's query functions.

use super::Filter;
use super::parser::Parser;
use super::tokens::Token;
use crate::error::Refusal;
use crate::query::Path;
use crate::query::comparison::Test;
use crate::query::like::Pattern;
use crate::tables::Kind;

/// Where the names of the service's functions begin.
const NAMESPACE: &str = "Microsoft.Dynamics.CRM.";

/// What stands in the parentheses of a query function.
#[derive(Default)]
struct Parameters {
    property: String,
    values: Vec<String>,
}

impl Parser<'_> {
    /// `name(…)`; the parenthesis is next.
    pub(super) fn function(&mut self, name: &str) -> Result<Filter, Refusal> {
        self.expect(&Token::Open)?;
        if let Some((collection, quantifier @ ("any" | "all"))) = name.rsplit_once('/') {
            return self.members(collection, quantifier == "all");
        }
        match name {
            "contains" | "startswith" | "endswith" => self.text_function(name),
            _ => match name.strip_prefix(NAMESPACE) {
                Some(function) => self.query_function(function),
                None => Err(Refusal::not_implemented(format_args!("the function {name} in $filter"))),
            },
        }
    }

    /// `contains(path,'text')`
    fn text_function(&mut self, name: &str) -> Result<Filter, Refusal> {
        let Some(Token::Word(path)) = self.next() else { return Err(self.syntax()) };
        let path = self.path(&path)?;
        self.expect(&Token::Comma)?;
        let Some(Token::Text(text)) = self.next() else { return Err(self.syntax()) };
        self.expect(&Token::Close)?;
        let kind = &path.described(&self.environment.catalog).kind;
        if !matches!(kind, Kind::Text { .. } | Kind::EntityName) {
            let message = format!("The function {name} takes text only, in '{}'.", self.text);
            return Err(Refusal::new(400, "0x80060888", message));
        }
        let pattern = match name {
            "contains" => format!("%{text}%"),
            "startswith" if !text.starts_with('%') => format!("{text}%"),
            "endswith" if !text.ends_with('%') => format!("%{text}"),
            // Microsoft's page on filters calls these unsupported without saying what happens: the stricter reading.
            _ => return Err(Refusal::new(400, "0x80060888", "A wildcard at that end is not supported.")),
        };
        Ok(Filter::Column(path, Test::Like(Pattern::new(&pattern))))
    }

    /// `Microsoft.Dynamics.CRM.In(PropertyName='a',PropertyValues=["b"])`; the property is a logical name.
    fn query_function(&mut self, function: &str) -> Result<Filter, Refusal> {
        let operator = operator(function);
        let parameters = self.parameters()?;
        if self.variable.is_some() {
            return Err(Refusal::not_implemented("query functions on the rows of a collection"));
        }
        let described = &self.environment.catalog.tables[self.table];
        let property = &parameters.property;
        let column =
            described.position(property).ok_or_else(|| Refusal::no_property(property, &described.name))?;
        let test = self.environment.condition(&described.columns[column], &operator, &parameters.values)?;
        Ok(Filter::Column(Path::own(self.table, column), test))
    }

    fn parameters(&mut self) -> Result<Parameters, Refusal> {
        let mut parameters = Parameters::default();
        loop {
            let (Some(Token::Word(name)), true) = (self.next(), self.take(&Token::Equals)) else {
                return Err(self.syntax());
            };
            match (name.as_str(), self.next()) {
                ("PropertyName", Some(Token::Text(text))) => parameters.property = text,
                ("PropertyValues", Some(Token::List(text))) => parameters.values = list(&text)?,
                (
                    "PropertyValue" | "PropertyValue1" | "PropertyValue2",
                    Some(Token::Text(text) | Token::Word(text)),
                ) => parameters.values.push(text),
                _ => return Err(self.syntax()),
            }
            if !self.take(&Token::Comma) {
                break;
            }
        }
        self.expect(&Token::Close)?;
        Ok(parameters)
    }
}

/// The condition operator behind a query function: `LastXDays` -> `last-x-days`.
fn operator(function: &str) -> String {
    match function {
        "Last7Days" => return "last-seven-days".to_owned(),
        "Next7Days" => return "next-seven-days".to_owned(),
        "DoesNotContainValues" => return "not-contain-values".to_owned(),
        "EqualUserId" => return "eq-userid".to_owned(),
        "NotEqualUserId" => return "ne-userid".to_owned(),
        "EqualBusinessId" => return "eq-businessid".to_owned(),
        "NotEqualBusinessId" => return "ne-businessid".to_owned(),
        _ => {}
    }
    let mut operator = String::new();
    for character in function.chars() {
        if character.is_ascii_uppercase() && !operator.is_empty() {
            operator.push('-');
        }
        operator.push(character.to_ascii_lowercase());
    }
    operator.replace("older-than-", "olderthan-")
}

/// A JSON array; apostrophes do for quotes as long as no value has one.
fn list(text: &str) -> Result<Vec<String>, Refusal> {
    let values: Result<Vec<serde_json::Value>, _> =
        serde_json::from_str(text).or_else(|_| serde_json::from_str(&text.replace('\'', "\"")));
    let values = values.map_err(|_| {
        Refusal::odata(
            "Invalid JSON. A comma character ',' was expected in scope 'Array'. Every two elements in an array and \
             properties of an object must be separated by commas.",
        )
    })?;
    Ok(values.iter().map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned)).collect())
}
