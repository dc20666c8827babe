//! The way to a demo environment: Web API requests as messages over a `MessagePort`, and the side that answers.

use dataverse::{Transport, TransportError};
use futures::{
    channel::oneshot,
    future::{Either, select},
};
use gloo_events::EventListener;
use http::{HeaderName, HeaderValue, Request, Response};
use serde::{Deserialize, Serialize};
use std::{cell::RefCell, collections::HashMap, rc::Rc};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, MessagePort};

/// A demo worker that crashed answers nothing any more: so long it may take, in milliseconds.
const ANSWERS_WITHIN: u32 = 60_000;

/// A request's head as it crosses: the JS array is `[json of this, Uint8Array body]`.
#[derive(Serialize, Deserialize)]
struct Asked {
    ask: u32,
    method: String,
    uri: String,
    headers: Vec<(String, String)>,
}

/// An answer's head as it crosses back, in the same array.
#[derive(Serialize, Deserialize)]
struct Answered {
    ask: u32,
    status: u16,
    headers: Vec<(String, String)>,
}

type Open = Rc<RefCell<HashMap<u32, oneshot::Sender<Response<Vec<u8>>>>>>;

/// Sends requests through a port. Needs no token: the other end is in this tab.
#[derive(Clone)]
pub struct PortTransport {
    port: MessagePort,
    open: Open,
    last: Rc<RefCell<u32>>,
    _listener: Rc<EventListener>,
}

impl PortTransport {
    /// Takes the `MessagePort` that came as attachment; `None` if it is something else.
    #[must_use]
    pub fn new(port: JsValue) -> Option<PortTransport> {
        let port: MessagePort = port.dyn_into().ok()?;
        let open = Open::default();
        let answers = open.clone();
        let listener = on_message(&port, move |data| {
            if let Some((ask, answer)) = answer_from(data)
                && let Some(waiting) = answers.borrow_mut().remove(&ask)
            {
                // A request that was dropped meanwhile wants no answer.
                let _ = waiting.send(answer);
            }
        });
        Some(PortTransport { port, open, last: Rc::default(), _listener: Rc::new(listener) })
    }

    fn next(&self) -> u32 {
        let mut last = self.last.borrow_mut();
        *last = last.wrapping_add(1);
        *last
    }
}

impl Transport for PortTransport {
    async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        let lost = || TransportError::Network { host: "the demo".into() };
        let ask = self.next();
        let (sender, receiver) = oneshot::channel();
        self.open.borrow_mut().insert(ask, sender);
        let (head, body) = request.into_parts();
        let asked = Asked {
            ask,
            method: head.method.to_string(),
            uri: head.uri.to_string(),
            headers: header_pairs(&head.headers),
        };
        post(&self.port, &asked, &body).ok_or_else(lost)?;
        let answered = select(receiver, gloo_timers::future::TimeoutFuture::new(ANSWERS_WITHIN)).await;
        self.open.borrow_mut().remove(&ask);
        match answered {
            Either::Left((Ok(answer), _)) => Ok(answer),
            _ => Err(lost()),
        }
    }
}

/// Answers the requests that come through a port, as long as it lives.
pub struct PortServer {
    _listener: EventListener,
}

/// Sends one answer back; may be kept and called later.
pub struct Answer {
    port: MessagePort,
    ask: u32,
}

impl Answer {
    /// Sends the answer. If the other side is gone nobody hears it.
    pub fn send(self, response: Response<Vec<u8>>) {
        let (head, body) = response.into_parts();
        let answered =
            Answered { ask: self.ask, status: head.status.as_u16(), headers: header_pairs(&head.headers) };
        let _ = post(&self.port, &answered, &body);
    }
}

impl PortServer {
    /// Takes the other `MessagePort` of the channel; `None` if it is something else.
    #[must_use]
    pub fn new(port: JsValue, on_request: impl Fn(Request<Vec<u8>>, Answer) + 'static) -> Option<PortServer> {
        let port: MessagePort = port.dyn_into().ok()?;
        let back = port.clone();
        let listener = on_message(&port, move |data| {
            if let Some((ask, request)) = request_from(data) {
                on_request(request, Answer { port: back.clone(), ask });
            }
        });
        Some(PortServer { _listener: listener })
    }
}

fn on_message(port: &MessagePort, hear: impl Fn(&JsValue) + 'static) -> EventListener {
    let listener = EventListener::new(port, "message", move |event| {
        if let Some(event) = event.dyn_ref::<MessageEvent>() {
            hear(&event.data());
        }
    });
    port.start();
    listener
}

fn post<H: Serialize>(port: &MessagePort, head: &H, body: &[u8]) -> Option<()> {
    let bytes = js_sys::Uint8Array::from(body);
    let transfer = js_sys::Array::of1(&bytes.buffer());
    let data = js_sys::Array::of2(&serde_json::to_string(head).ok()?.into(), &bytes);
    port.post_message_with_transferable(&data, &transfer).ok()
}

fn parts<H: for<'a> Deserialize<'a>>(data: &JsValue) -> Option<(H, Vec<u8>)> {
    let parts = data.dyn_ref::<js_sys::Array>()?;
    let head = serde_json::from_str(&parts.get(0).as_string()?).ok()?;
    Some((head, parts.get(1).dyn_into::<js_sys::Uint8Array>().ok()?.to_vec()))
}

fn request_from(data: &JsValue) -> Option<(u32, Request<Vec<u8>>)> {
    let (head, body) = parts::<Asked>(data)?;
    let mut request = Request::builder().method(head.method.as_str()).uri(head.uri);
    fill(request.headers_mut()?, head.headers);
    Some((head.ask, request.body(body).ok()?))
}

fn answer_from(data: &JsValue) -> Option<(u32, Response<Vec<u8>>)> {
    let (head, body) = parts::<Answered>(data)?;
    let mut response = Response::builder().status(head.status);
    fill(response.headers_mut()?, head.headers);
    Some((head.ask, response.body(body).ok()?))
}

fn header_pairs(headers: &http::HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| value.to_str().map(str::to_owned).ok();
    headers.iter().filter_map(|(name, value)| Some((name.to_string(), text(value)?))).collect()
}

fn fill(headers: &mut http::HeaderMap, pairs: Vec<(String, String)>) {
    for (name, value) in pairs {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.append(name, value);
        }
    }
}
