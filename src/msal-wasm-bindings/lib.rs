//! `@azure/msal-browser` 5 for Rust: sign in with Microsoft Entra ID from WebAssembly.
//!
//! Below lie the raw declarations of the JavaScript library (private), above a small safe interface:
//! [`Msal::load`] fetches the bundle, [`Msal::application`] makes an [`Application`], one for each cloud, and that
//! signs in, hands out tokens and signs out. The library is bundled from `js/` to a single module.
//!
//! ```no_run
//! # async fn example() -> Result<(), msal_wasm_bindings::AuthError> {
//! use msal_wasm_bindings::{Msal, Options, TokenRequest};
//! let msal = Msal::load("./msal.js").await?;
//! let options = Options::new("00000000-0000-0000-0000-000000000000", "https://app.example/redirect.html");
//! let application = msal.application(&options).await?;
//! let request = TokenRequest::new("https://contoso.crm.dynamics.com/user_impersonation");
//! let signed_in = application.sign_in_popup(&request).await?;
//! # Ok(())
//! # }
//! ```

mod account;
mod application;
mod error;
mod event;
mod msal;
mod options;
mod plain_object;
mod raw;
mod reason;
mod request;
mod token;

pub use account::Account;
pub use application::Application;
pub use error::{AuthError, aadsts_number};
pub use event::{Event, Listening, PopupWindow};
pub use msal::Msal;
pub use options::{CacheLocation, Options};
pub use reason::Reason;
pub use request::{Prompt, TokenRequest};
pub use token::{AccessToken, SignedIn};

/// What the README shows compiles.
#[cfg(doctest)]
#[doc = include_str!("README.md")]
struct Readme;
