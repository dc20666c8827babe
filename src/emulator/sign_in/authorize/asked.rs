//! What an application asks the authorization endpoint for.

use super::Stop;
use super::back::Mode;
use crate::sign_in::call::Parameters;
use crate::sign_in::directory::{Application, Directory, Subject, Tenant, User};
use crate::sign_in::refusal::SignInRefusal;
use crate::sign_in::scopes::Scopes;
use crate::sign_in::tenant;

/// A request that a code may be given for.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) application: Application,
    /// The one that the address names; else everybody signs in to their own.
    pub(super) tenant: Option<Tenant>,
    pub(super) redirect: String,
    pub(super) mode: Mode,
    pub(super) state: Option<String>,
    pub(super) nonce: Option<String>,
    pub(super) challenge: String,
    pub(super) scope: String,
    pub(super) claims: Option<String>,
    /// A username, or what an id token calls its user.
    pub(super) hint: Option<String>,
    pub(super) prompt: Prompt,
    pub(super) client_info: bool,
    /// All of it, for the form of a page.
    pub(super) query: String,
}

/// What a person is to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prompt {
    /// What is needed.
    Needed,
    /// Nothing.
    None,
    SelectAccount,
    Login,
    Consent,
}

impl Asked {
    pub(super) fn read(segment: &str, query: &Parameters, directory: &Directory) -> Result<Asked, Stop> {
        let (application, redirect) = application(query, directory).map_err(Stop::Here)?;
        let tenant = tenant::of(segment, &application, directory).map_err(Stop::Here)?;
        let state = owned(query, "state");
        let mode = Mode::named(query.get("response_mode"));
        let there =
            |refusal| Stop::There(mode.unwrap_or(Mode::Query), redirect.clone(), state.clone(), refusal);
        let mode = mode.ok_or_else(|| there(unsupported("response_mode", query, 70_007)))?;
        let (prompt, challenge) = parameters(query).map_err(there)?;
        let scope = query.get("scope").unwrap_or_default().to_owned();
        Scopes::read(&scope, directory).map_err(there)?;
        Ok(Asked {
            application,
            tenant: tenant.cloned(),
            mode,
            nonce: owned(query, "nonce"),
            challenge,
            scope,
            claims: owned(query, "claims"),
            hint: owned(query, "login_hint"),
            prompt,
            client_info: query.get("client_info") == Some("1"),
            query: query.encoded(),
            redirect,
            state,
        })
    }

    /// Tells the application why there is no code.
    pub(super) fn there(&self, refusal: SignInRefusal) -> Stop {
        Stop::There(self.mode, self.redirect.clone(), self.state.clone(), refusal)
    }

    /// The user in the tenant that is asked for; a page says who is no guest there.
    pub(super) fn subject<'a>(
        &'a self,
        directory: &'a Directory,
        user: &'a User,
    ) -> Result<Subject<'a>, Stop> {
        tenant::subject(self.tenant.as_ref(), user, directory).map_err(Stop::Here)
    }
}

/// Without them nobody knows where to send an answer: the page tells what is wrong.
pub(in crate::sign_in) fn application(
    query: &Parameters,
    directory: &Directory,
) -> Result<(Application, String), SignInRefusal> {
    let id = query.get("client_id").ok_or_else(|| SignInRefusal::missing("client_id"))?;
    let known = directory.application(id).ok_or_else(|| tenant::no_application(id, "any directory"))?;
    let redirect = query.get("redirect_uri").ok_or_else(|| SignInRefusal::missing("redirect_uri"))?;
    if known.has_redirect(redirect) {
        return Ok((known.clone(), redirect.to_owned()));
    }
    let text = format!(
        "The redirect URI '{redirect}' specified in the request does not match the redirect URIs configured for the \
         application '{id}'. Make sure the redirect URI sent in the request matches one added to your application."
    );
    Err(SignInRefusal::new("invalid_request", 50_011, text))
}

/// How it is to go, and the challenge that a code is bound to.
fn parameters(query: &Parameters) -> Result<(Prompt, String), SignInRefusal> {
    if query.get("response_type") != Some("code") {
        return Err(unsupported("response_type", query, 700_051));
    }
    let challenge = query.get("code_challenge");
    match challenge.filter(|_| query.get("code_challenge_method") == Some("S256")) {
        Some(challenge) => Ok((prompt(query)?, challenge.to_owned())),
        None => {
            let text =
                "Proof Key for Code Exchange is required for cross-origin authorization code redemption.";
            Err(SignInRefusal::new("invalid_request", 9_002_325, text))
        }
    }
}

fn prompt(query: &Parameters) -> Result<Prompt, SignInRefusal> {
    Ok(match query.get("prompt") {
        None => Prompt::Needed,
        Some("none") => Prompt::None,
        Some("select_account") => Prompt::SelectAccount,
        Some("login") => Prompt::Login,
        Some("consent") => Prompt::Consent,
        Some(_) => return Err(unsupported("prompt", query, 90_023)),
    })
}

fn unsupported(parameter: &str, query: &Parameters, aadsts: u32) -> SignInRefusal {
    let value = query.get(parameter).unwrap_or_default();
    let error = if parameter == "response_type" { "unsupported_response_type" } else { "invalid_request" };
    SignInRefusal::new(error, aadsts, format!("Unsupported '{parameter}' value '{value}'."))
}

fn owned(query: &Parameters, name: &str) -> Option<String> {
    query.get(name).map(ToOwned::to_owned)
}
