//! Definitions as answers: lists, single ones and single values, each with its context.

use super::expand::{Shape, context};
use super::filter::Condition;
use crate::answer::{Answer, Node, Object};
use crate::api::{Call, METADATA_VERSION, Segment};
use crate::error::Refusal;

/// The annotation that tells the version of all definitions.
const VERSION: &str = "Microsoft.Dynamics.CRM.globalmetadataversion";

/// A list of definitions, all of one type. There is no paging.
pub(super) fn list(call: &Call, of: &str, shape: &Shape, items: Vec<Object>) -> Result<Answer, Refusal> {
    let condition = Condition::parse(&call.options, shape)?;
    shape.check(&call.options)?;
    let items: Result<Vec<Object>, Refusal> = items
        .into_iter()
        .filter(|item| condition.as_ref().is_none_or(|condition| condition.holds(item)))
        .map(|item| shape.shaped(item, &call.options))
        .collect();
    let head = head(call, &format!("{of}{}", context(&call.options)));
    Ok(Answer::json(200, &head.and("value", items?)))
}

/// One definition.
pub(super) fn single(call: &Call, of: &str, shape: &Shape, item: Object) -> Result<Answer, Refusal> {
    if call.options.get("$filter").is_some() {
        return Err(Refusal::new(400, "0x80060888", "The query parameter $filter is not supported."));
    }
    shape.check(&call.options)?;
    let mut found = head(call, &format!("{of}{}/$entity", context(&call.options)));
    found.append(shape.shaped(item, &call.options)?);
    Ok(Answer::json(200, &found))
}

/// `EntityDefinitions(…)/ObjectTypeCode` with or without `/$value`.
pub(super) fn value(call: &Call, of: &str, item: &Object, rest: &[Segment]) -> Result<Answer, Refusal> {
    let [property, tail @ ..] = rest else { return Err(Refusal::no_resource("")) };
    let known = item.get(&property.name).filter(|_| property.key.is_none());
    let value = known.ok_or_else(|| Refusal::no_resource(&property.name))?;
    let of = format!("{of}/{}", property.name);
    match (tail, value) {
        ([], Node::Object(object)) => {
            let mut found = head(call, &of);
            found.append(object.clone());
            Ok(Answer::json(200, &found))
        }
        ([], other) => Ok(Answer::json(200, &head(call, &of).and("value", other.clone()))),
        ([raw], Node::Value(value)) if raw.name == "$value" => {
            Ok(Answer::text(value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        }
        ([next, ..], Node::Object(object)) if object.get(&next.name).is_some() => {
            self::value(call, &of, object, tail)
        }
        ([other, ..], _) => Err(Refusal::no_resource(&other.name)),
    }
}

/// The context, and the version of the metadata where it is asked for.
pub(super) fn head(call: &Call, of: &str) -> Object {
    let head = Object::default().and("@odata.context", call.context(of));
    if call.prefer.wants(VERSION) { head.and(format!("@{VERSION}"), METADATA_VERSION) } else { head }
}
