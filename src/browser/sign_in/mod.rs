//! Who asks: the ways to a credential, all behind one trait, and Microsoft's sign-in with its accounts.
//!
//! All of it is the page's: the library needs a window, and the worker never keeps a token.

mod account_source;
mod accounts;
mod page_session;
mod pasted_source;
mod setup;
mod token_source;

pub use account_source::AccountSource;
pub use accounts::{Account, AccountKey, Accounts, Arrived};
pub use dataverse::{Cloud, EnvironmentUrl, PastedToken, TokenClaims, TokenRefused};
pub use msal_wasm_bindings::{AuthError, Reason, aadsts_number};
pub use page_session::PageSession;
pub use pasted_source::PastedSource;
pub use setup::{Registration, Setup, SetupError};
pub use token_source::{Denied, TokenSource};
