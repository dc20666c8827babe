//! What was asked since the start, for a test to look at: `GET /emulator/requests`.

use super::call::{Call, Parameters};
use serde_json::{Map, Value, json};

/// Parameters whose values let somebody in: only that they were there is told.
const SECRET: [&str; 5] = ["code", "code_verifier", "refresh_token", "client_secret", "id_token_hint"];

/// The request, without secrets.
pub(super) fn record(call: &Call<'_>) -> Value {
    json!({
        "method": call.method.as_str(),
        "host": call.host(),
        "path": call.path,
        "query": shown(&call.query),
        "form": shown(&call.form),
        "origin": call.page_origin(),
    })
}

fn shown(parameters: &Parameters) -> Value {
    let pairs = parameters.iter().map(|(name, value)| {
        let value = if SECRET.contains(&name) { Value::Null } else { json!(value) };
        (name.to_owned(), value)
    });
    Value::Object(pairs.collect::<Map<_, _>>())
}
