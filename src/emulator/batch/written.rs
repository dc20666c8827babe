//! A batch's answer, put together.

use crate::answer::Answer;
use crate::environment::Environment;

/// The answer's body as it grows.
pub(super) struct Written {
    boundary: String,
    text: Vec<u8>,
}

impl Written {
    pub(super) fn new(environment: &mut Environment) -> Written {
        Written { boundary: format!("batchresponse_{}", environment.random.id()), text: Vec::new() }
    }

    pub(super) fn add(&mut self, environment: &mut Environment, answer: &Answer, content_id: Option<&str>) {
        self.line(&format!("--{}", self.boundary));
        self.part(environment, answer, content_id);
    }

    pub(super) fn add_set(&mut self, environment: &mut Environment, answers: &[(Answer, Option<String>)]) {
        let inner = format!("changesetresponse_{}", environment.random.id());
        self.line(&format!("--{}", self.boundary));
        self.line(&format!("Content-Type: multipart/mixed; boundary={inner}"));
        self.line("");
        for (answer, content_id) in answers {
            self.line(&format!("--{inner}"));
            self.part(environment, answer, content_id.as_deref());
        }
        self.line(&format!("--{inner}--"));
    }

    fn part(&mut self, environment: &mut Environment, answer: &Answer, content_id: Option<&str>) {
        self.line("Content-Type: application/http");
        self.line("Content-Transfer-Encoding: binary");
        if let Some(id) = content_id {
            self.line(&format!("Content-ID: {id}"));
        }
        self.line("");
        let reason = http::StatusCode::from_u16(answer.status).ok().and_then(|s| s.canonical_reason());
        self.line(&format!("HTTP/1.1 {} {}", answer.status, reason.unwrap_or_default()));
        if !answer.is_success() {
            let id = environment.random.id();
            self.line(&format!("REQ_ID: {id}"));
        }
        self.line("OData-Version: 4.0");
        for (name, value) in &answer.headers {
            if *name == "OData-EntityId" {
                self.line(&format!("Location: {value}"));
            }
            self.line(&format!("{name}: {value}"));
        }
        self.line("");
        self.text.extend_from_slice(&answer.body);
        self.line("");
    }

    fn line(&mut self, line: &str) {
        self.text.extend_from_slice(line.as_bytes());
        self.text.extend_from_slice(b"\r\n");
    }

    pub(super) fn finish(mut self, status: u16) -> Answer {
        self.line(&format!("--{}--", self.boundary));
        let content_type = format!("multipart/mixed; boundary={}", self.boundary);
        Answer { status, headers: vec![("Content-Type", content_type)], body: self.text }
    }
}
