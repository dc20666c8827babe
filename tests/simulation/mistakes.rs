//! Engines with a mistake: each is made on purpose and laid over the engine's own work, and none passes. That the
//! same seeds pass without it, the other tests of this folder show.

use http::{Request, Response};
use migration::{ImportReport, Problem};
use scenarios::simulation::{Asked, Mistake, simulate, simulate_mistake};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Seeds that are tried with each mistake.
const SEEDS: u64 = 60;

/// What the simulation says of an engine with this mistake.
fn caught<M: Mistake + 'static>(mistake: impl Fn() -> M) -> Vec<String> {
    let failures = (0..SEEDS).filter_map(|seed| simulate_mistake(seed, Asked::default(), mistake()).err());
    failures.flat_map(|failure| failure.faults).collect()
}

fn is_caught(faults: &[String], words: &str) {
    assert!(faults.iter().any(|fault| fault.contains(words)), "none says '{words}': {faults:#?}");
}

#[test]
fn without_a_mistake_the_same_seeds_pass() {
    for seed in 0..SEEDS {
        assert_eq!(simulate(seed, Asked::default()).err(), None);
    }
}

/// Rewrites each JSON body of a request, those of a batch's parts among them. `rewrite` is told the line that says
/// what the part asks for.
fn rewrite_bodies(request: &mut Request<Vec<u8>>, mut rewrite: impl FnMut(&str, &mut Json)) {
    let alone = format!("{} {}", request.method(), request.uri());
    let text = String::from_utf8_lossy(request.body()).into_owned();
    let mut asked = alone;
    let lines = text.split("\r\n").map(|line| {
        if line.ends_with(" HTTP/1.1") {
            asked = line.trim_end_matches(" HTTP/1.1").to_owned();
        }
        match serde_json::from_str::<Json>(line) {
            Ok(mut body) if body.is_object() => {
                rewrite(&asked, &mut body);
                body.to_string()
            }
            _ => line.to_owned(),
        }
    });
    let text = lines.collect::<Vec<_>>().join("\r\n");
    *request.body_mut() = text.into_bytes();
}

/// Whether a row is created with this body: no link, no message.
fn creates(asked: &str, body: &Json) -> bool {
    asked.starts_with("POST ") && !asked.contains("$ref") && body.get("@odata.id").is_none()
}

/// Sends a create again under a new id when its answer was lost.
#[derive(Default)]
struct NewIdAfterLoss {
    sent: BTreeSet<String>,
}

impl Mistake for NewIdAfterLoss {
    fn bend_request(&mut self, request: &mut Request<Vec<u8>>) -> Option<Response<Vec<u8>>> {
        rewrite_bodies(request, |asked, body| {
            if creates(asked, body) && !self.sent.insert(format!("{asked} {body}")) {
                renew_ids(body);
            }
        });
        None
    }
}

/// Gives the row another id, its own column last: the first member whose value is a plain id.
fn renew_ids(body: &mut Json) {
    let members = body.as_object_mut().into_iter().flatten();
    let ids = members.filter_map(|(_, value)| Some((Uuid::parse_str(value.as_str()?).ok()?, value)));
    for (id, value) in ids {
        *value = Json::from(Uuid::from_u128(id.as_u128() ^ 1).to_string());
    }
}

#[test]
fn a_create_that_is_repeated_under_a_new_id_is_caught() {
    is_caught(&caught(NewIdAfterLoss::default), "rows instead of");
}

/// Forgets lookups that had to wait for their target.
struct ForgetsDeferred;

impl Mistake for ForgetsDeferred {
    fn bend_request(&mut self, request: &mut Request<Vec<u8>>) -> Option<Response<Vec<u8>>> {
        rewrite_bodies(request, |asked, body| {
            let only_lookups = |row: &Json| {
                let mut names = row.as_object().into_iter().flatten().map(|(name, _)| name);
                row.as_object().is_some_and(|row| !row.is_empty())
                    && names.all(|n| n.ends_with("@odata.bind"))
            };
            if asked.starts_with("PATCH ") && only_lookups(body) {
                *body = Json::Object(serde_json::Map::new());
            }
        });
        None
    }
}

#[test]
fn a_deferred_lookup_that_is_forgotten_is_caught() {
    is_caught(
        &caught(|| ForgetsDeferred),
        "failed: The row was written, but these columns read back differently",
    );
}

/// Stores what a request is about to do only when it was answered.
struct IntentsAfterwards;

impl Mistake for IntentsAfterwards {
    fn holds_back(&mut self, line: &[u8]) -> bool {
        line.starts_with(br#"{"Intents""#)
    }
}

#[test]
fn an_intent_that_is_stored_after_its_request_is_caught() {
    is_caught(&caught(|| IntentsAfterwards), "the undisturbed run reports");
}

/// Counts links that were there already as failures.
struct ExistingLinksFail;

impl Mistake for ExistingLinksFail {
    fn bend_report(&mut self, report: &mut ImportReport) {
        for link in &mut report.links {
            let why = || Problem {
                kind: migration::ProblemKind::Refused,
                place: migration::Place::default(),
                what: "Cannot insert duplicate key.".to_owned(),
                remedy: "None.".to_owned(),
            };
            let failed = (0..link.unchanged).map(|_| (Uuid::nil(), Uuid::nil(), why()));
            link.failed.extend(failed);
            link.unchanged = 0;
        }
    }
}

#[test]
fn an_existing_link_that_counts_as_a_failure_is_caught() {
    is_caught(&caught(|| ExistingLinksFail), "was not linked: Cannot insert duplicate key.");
}

/// Forgets to switch steps on again.
struct LeavesStepsOff;

impl Mistake for LeavesStepsOff {
    fn bend_request(&mut self, request: &mut Request<Vec<u8>>) -> Option<Response<Vec<u8>>> {
        rewrite_bodies(request, |asked, body| {
            if asked.contains("sdkmessageprocessingsteps(") && body["statecode"] == 0 {
                *body = Json::Object(serde_json::Map::new());
            }
        });
        None
    }
}

#[test]
fn a_step_that_is_left_off_is_caught() {
    is_caught(&caught(|| LeavesStepsOff), "statecode was not put back");
}
