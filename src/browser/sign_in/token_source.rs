//! The one door to credentials.

use crate::protocol::Credential;
use futures::future::LocalBoxFuture;
use msal_wasm_bindings::AuthError;

/// Where the credential for one origin comes from: an account, a pasted token, or the session of this page.
pub trait TokenSource {
    /// The credential for the next request; `renew`: the service refused the last one.
    fn credential(&self, renew: bool) -> LocalBoxFuture<'static, Result<Credential, Denied>>;

    /// Opens a window in which the person can lift the denial; `None` where no window can. Call it inside the click:
    /// the window opens before this returns.
    fn ask_person(&self, denied: &Denied) -> Option<LocalBoxFuture<'static, Result<(), AuthError>>>;
}

/// Why there is no credential now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Denied {
    /// Microsoft's sign-in says so.
    SignIn(AuthError),
    /// The pasted token has ended, or the environment no longer accepts it: only another one helps.
    TokenEnded,
    /// The session of the page that this app runs in has ended.
    SessionEnded,
}
