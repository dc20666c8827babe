//! A Dataverse environment in memory that answers Web API requests.
//!
//! For tests, the demo and third-party clients. It shares no code with the client, so that a mistake of the
//! client cannot hide here. Where the service's behaviour is not known it takes the stricter one.
//!
//! The way of a request: [`Environment::answer`] -> `api` (what is asked) -> `rows`, `query` or `metadata`
//! (what happens) -> `answer` (what is said). Many requests in flight, with distance, load and faults, go
//! through [`Traffic`] first. `tables` says what the environment has, `values` how a value is
//! kept, `loader` makes tables and rows from a data package. [`Discovery`] lists environments, `SignIn` issues tokens for
//! them.

mod answer;
mod api;
mod batch;
mod builder;
mod bulk_delete;
mod caller;
mod closing;
mod clouds;
mod cors;
mod customizing;
mod discovery;
mod duplicate_rules;
mod environment;
mod error;
mod field_security;
mod files;
mod functions;
mod generating;
mod loaded_organization;
pub mod loader;
mod loading;
mod metadata;
mod plugins;
mod privileges;
mod query;
mod random;
mod rows;
mod service_headers;
#[cfg(not(target_arch = "wasm32"))]
mod sign_in;
mod solutions;
mod state;
mod system_rows;
mod tables;
mod tenancy;
#[cfg(test)]
mod testing;
mod values;
mod weather;
mod xml;

pub use api::LARGEST_BODY;
pub use builder::{Builder, Records};
pub use caller::Caller;
pub use discovery::{Discovery, Instance};
pub use environment::{Environment, RowView};
pub use error::LoadError;
#[cfg(not(target_arch = "wasm32"))]
pub use sign_in::{Directory, DirectoryError, KeyError, Keys, SignIn};
pub use tables::{
    AlternateKey, Column, DateBehavior, Kind, Lookup, ManyToMany, OptionValue, Required, Side, Table,
};
pub use tenancy::{Member, Tenancy};
pub use values::{Cell, Fixed, LongText};
pub use weather::{
    Chance, Cost, Counters, Effect, Exchange, Fault, Gateway, Limits, Rule, Span, Throttle, Traffic, Turn,
    Weather, WeatherError,
};
