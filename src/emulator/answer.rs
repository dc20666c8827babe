//! What goes back: status, headers, body.

use crate::error::Refusal;
use http::{HeaderName, HeaderValue, Response, StatusCode};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;
use uuid::Uuid;

/// An answer before it becomes an HTTP response or a part of a batch.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

const JSON: &str = "application/json; odata.metadata=minimal";

impl Answer {
    /// 204
    pub(crate) fn no_content() -> Answer {
        Answer { status: 204, ..Answer::default() }
    }

    /// A JSON body.
    pub(crate) fn json(status: u16, body: &impl Serialize) -> Answer {
        // Maps with text keys and numbers: nothing that serde_json refuses.
        let body = serde_json::to_vec(body).unwrap_or_default();
        Answer { status, headers: vec![("Content-Type", JSON.to_owned())], body }
    }

    /// Plain text.
    pub(crate) fn text(body: String) -> Answer {
        let headers = vec![("Content-Type", "text/plain".to_owned())];
        Answer { status: 200, headers, body: body.into_bytes() }
    }

    /// An XML document.
    pub(crate) fn xml(body: Vec<u8>) -> Answer {
        Answer { status: 200, headers: vec![("Content-Type", "application/xml".to_owned())], body }
    }

    /// `{"error":{"code":…,"message":…}}`
    pub(crate) fn refusal(refusal: &Refusal) -> Answer {
        let error = serde_json::json!({"error": {"code": refusal.code, "message": refusal.message}});
        Answer::json(refusal.status, &error)
    }

    /// With one more header.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Answer {
        self.headers.push((name, value.into()));
        self
    }

    /// What came from a request may be more than a header can carry: then that header is left out.
    pub(crate) fn into_response(self) -> Response<Vec<u8>> {
        let mut response = Response::new(self.body);
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        for (name, value) in &self.headers {
            let name = HeaderName::from_bytes(name.as_bytes());
            if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(value)) {
                response.headers_mut().append(name, value);
            }
        }
        response
    }

    /// Whether the request did what it was to do.
    pub(crate) fn is_success(&self) -> bool {
        self.status < 400
    }
}

/// A JSON object whose members keep the order in which the service writes them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Object(Vec<(String, Node)>);

/// A member of an [`Object`].
#[derive(Clone, Debug)]
pub(crate) enum Node {
    Value(Value),
    Object(Object),
    List(Vec<Object>),
}

impl Object {
    pub(crate) fn push(&mut self, name: impl Into<String>, node: impl Into<Node>) {
        self.0.push((name.into(), node.into()));
    }

    /// Adds the members of another object.
    pub(crate) fn append(&mut self, other: Object) {
        self.0.extend(other.0);
    }

    /// With one more member at its end.
    pub(crate) fn and(mut self, name: impl Into<String>, node: impl Into<Node>) -> Object {
        self.push(name, node);
        self
    }

    /// The member of that exact name.
    pub(crate) fn get(&self, name: &str) -> Option<&Node> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, node)| node)
    }

    /// Takes a member out.
    pub(crate) fn take(&mut self, name: &str) -> Option<Node> {
        let position = self.0.iter().position(|(key, _)| key == name)?;
        Some(self.0.remove(position).1)
    }

    /// Puts another value in the place of a member's.
    pub(crate) fn replace(&mut self, name: &str, node: impl Into<Node>) {
        if let Some((_, old)) = self.0.iter_mut().find(|(key, _)| key == name) {
            *old = node.into();
        }
    }

    /// The members in their order.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&str, &Node)> {
        self.0.iter().map(|(name, node)| (name.as_str(), node))
    }
}

impl Node {
    /// The text, if it is one.
    pub(crate) fn as_text(&self) -> Option<&str> {
        if let Node::Value(value) = self { value.as_str() } else { None }
    }

    /// The object, if it is one.
    pub(crate) fn as_object(&self) -> Option<&Object> {
        if let Node::Object(object) = self { Some(object) } else { None }
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, node) in &self.0 {
            map.serialize_entry(name, node)?;
        }
        map.end()
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Node::Value(value) => value.serialize(serializer),
            Node::Object(object) => object.serialize(serializer),
            Node::List(objects) => objects.serialize(serializer),
        }
    }
}

impl From<Value> for Node {
    fn from(value: Value) -> Node {
        Node::Value(value)
    }
}

impl From<bool> for Node {
    fn from(yes: bool) -> Node {
        Node::Value(Value::Bool(yes))
    }
}

impl From<i64> for Node {
    fn from(number: i64) -> Node {
        Node::Value(number.into())
    }
}

impl From<i32> for Node {
    fn from(number: i32) -> Node {
        Node::Value(number.into())
    }
}

impl From<u32> for Node {
    fn from(number: u32) -> Node {
        Node::Value(number.into())
    }
}

impl From<Uuid> for Node {
    fn from(id: Uuid) -> Node {
        Node::Value(Value::String(id.to_string()))
    }
}

/// Nothing is null.
impl<T: Into<Node>> From<Option<T>> for Node {
    fn from(value: Option<T>) -> Node {
        value.map_or(Node::Value(Value::Null), Into::into)
    }
}

impl From<&str> for Node {
    fn from(text: &str) -> Node {
        Node::Value(Value::String(text.to_owned()))
    }
}

impl From<String> for Node {
    fn from(text: String) -> Node {
        Node::Value(Value::String(text))
    }
}

impl From<Object> for Node {
    fn from(object: Object) -> Node {
        Node::Object(object)
    }
}

impl From<Vec<Object>> for Node {
    fn from(objects: Vec<Object>) -> Node {
        Node::List(objects)
    }
}
