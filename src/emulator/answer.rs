//! What goes back: status, headers, body.

use crate::error::Refusal;
use http::{HeaderName, HeaderValue, Response, StatusCode};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

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
