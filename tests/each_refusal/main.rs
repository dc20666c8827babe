//! Every refusal by itself: what the service says, in its own words, and what the client makes of it.
//!
//! Codes and texts are those of Microsoft's page on Web API client errors, its table of error codes and recorded
//! answers. Where neither says how a refusal reads, the test says so.

#![cfg(test)]

mod case;
mod keys;
mod requests;
mod rows;
mod special_tables;
mod values;
