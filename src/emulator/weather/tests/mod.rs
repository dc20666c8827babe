//! Stories of requests under weather.

mod chance;
mod faults;
mod limits;
mod load;
mod schedules;

use super::*;
use crate::testing::{page, portal, request};
use http::{Method, Request, Response};
use serde_json::Value;
use uuid::Uuid;

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn under(weather: Weather) -> Traffic {
    Traffic::new(portal(), weather, 1)
}

/// Creates a page with this number.
fn create(number: u8) -> Request<Vec<u8>> {
    request("POST", "adx_webpages", &[], page(number, "p").to_string().as_bytes())
}

fn read() -> Request<Vec<u8>> {
    request("GET", "adx_webpages?$select=adx_name", &[], b"")
}

fn answered(exchange: &Exchange) -> &Response<Vec<u8>> {
    exchange.response().expect("an answer")
}

fn status(exchange: &Exchange) -> u16 {
    answered(exchange).status().as_u16()
}

fn code(exchange: &Exchange) -> String {
    let body: Value = serde_json::from_slice(answered(exchange).body()).unwrap();
    body["error"]["code"].as_str().unwrap().to_owned()
}

fn message(exchange: &Exchange) -> String {
    let body: Value = serde_json::from_slice(answered(exchange).body()).unwrap();
    body["error"]["message"].as_str().unwrap().to_owned()
}

fn retry_after(exchange: &Exchange) -> u64 {
    answered(exchange).headers()["retry-after"].to_str().unwrap().parse().unwrap()
}

fn header<'a>(exchange: &'a Exchange, name: &str) -> &'a str {
    answered(exchange).headers()[name].to_str().unwrap()
}

fn pages(traffic: &Traffic) -> usize {
    traffic.environment().count("adx_webpage")
}

fn created_on(traffic: &Traffic, number: u8) -> crate::Cell {
    let id = Uuid::from_u128(number.into());
    traffic.environment().row("adx_webpage", id).unwrap().cell("createdon").unwrap().clone()
}

/// A number limit that a test can reach.
fn at_most(requests: u32) -> Weather {
    Weather::calm().limits(Limits { requests, ..Limits::PUBLISHED }).enforce(Throttle::Requests)
}
