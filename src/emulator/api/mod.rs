//! What a request asks for, and who answers it.

mod call;
mod prefer;
mod route;
mod rows;
mod service;
mod url;

pub(crate) use call::Call;
pub(crate) use prefer::Prefer;
pub(crate) use url::{KeyText, Options, Segment};

use crate::answer::Answer;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::{batch, cors};
use http::header::{AUTHORIZATION, HOST};
use http::{HeaderMap, Method, Request, Response, Uri};

/// Longest URL outside a batch.
const LONGEST_URL: usize = 32_768;

impl Environment {
    /// Answers a Web API request. Nothing outside the environment changes.
    ///
    /// The address is the request's own: its absolute URI, or the `Host` header where the URI has no authority.
    pub fn answer(&mut self, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
        self.requests += 1;
        self.clock.now += self.clock.step;
        if request.method() == Method::OPTIONS {
            return response(cors::preflight(request.headers()));
        }
        let answer = self.whole_answer(request).unwrap_or_else(|refusal| Answer::refusal(&refusal));
        self.store.keep();
        let id = self.random.id().to_string();
        response(cors::expose(answer.with("OData-Version", "4.0").with("REQ_ID", id)))
    }

    fn whole_answer(&mut self, request: &Request<Vec<u8>>) -> Result<Answer, Refusal> {
        let headers = request.headers();
        if !has_token(headers) {
            return Err(Refusal::new(
                401,
                "0x8004a102",
                "The ticket specified for authentication is invalid",
            ));
        }
        let target = request.uri().path_and_query().map_or("/", |path| path.as_str());
        if target.len() > LONGEST_URL {
            return Err(Refusal::new(414, "0x0", "The request URI is too long."));
        }
        let origin = origin(request.uri(), headers);
        let call = Call::parse(request.method().clone(), target, &origin, headers, request.body())?;
        if call.is_batch() {
            return batch::run(self, &call, headers);
        }
        self.perform(&call)
    }

    /// Answers one request, alone or in a batch. A refused one has changed nothing.
    pub(crate) fn perform(&mut self, call: &Call) -> Result<Answer, Refusal> {
        let mark = self.store.mark();
        let result = self.route(call);
        if result.is_err() {
            self.store.undo_to(mark);
        }
        result
    }
}

/// Any bearer token will do.
fn has_token(headers: &HeaderMap) -> bool {
    let value = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value
        .split_once(' ')
        .is_some_and(|(scheme, token)| scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty())
}

/// `https://contoso.crm.dynamics.com`
fn origin(uri: &Uri, headers: &HeaderMap) -> String {
    if let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) {
        return format!("{scheme}://{authority}");
    }
    let host = headers.get(HOST).and_then(|value| value.to_str().ok()).unwrap_or("localhost");
    format!("http://{host}")
}

fn response(answer: Answer) -> Response<Vec<u8>> {
    let mut builder = Response::builder().status(answer.status);
    for (name, value) in &answer.headers {
        builder = builder.header(*name, value);
    }
    // A header value that HTTP cannot carry (it came from a request) costs the answer its headers, not the caller.
    builder.body(answer.body.clone()).unwrap_or_else(|_| {
        let mut plain = Response::new(answer.body);
        *plain.status_mut() = http::StatusCode::from_u16(answer.status).unwrap_or_default();
        plain
    })
}
