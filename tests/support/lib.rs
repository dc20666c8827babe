//! Support for the scenarios: an emulated environment as a transport, the whole way through the engines,
//! and two comparisons that share no code.

pub mod accounting;
pub mod difference;
pub mod emulated_target;
pub mod engines;
pub mod exported_values;
pub mod interrupted;
pub mod job;
pub mod package_facts;
pub mod packages;
pub mod provisioned;
pub mod recorded;
pub mod round_trip;
pub mod simulation;
pub mod small_package;
pub mod target_rows;
pub mod under_weather;
pub mod uninvited;
