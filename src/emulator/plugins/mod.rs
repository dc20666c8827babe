//! Plug-ins: what a solution of the environment does when a row is written.
//!
//! The only ones here are those of Microsoft's portals on `adx_webpage`. Each is registered as a step, a row of
//! `sdkmessageprocessingstep`, and runs unless that row is disabled or the request names it in
//! `MSCRM.BypassBusinessLogicExecutionStepIds`. Rows that an environment is built with run none.

mod bypass;
mod pipeline;
mod registration;
#[cfg(test)]
mod testing;
mod web_page;

pub(crate) use bypass::Bypass;
pub(crate) use pipeline::Message;
