//! `POST /{tenant}/oauth2/v2.0/token`: codes and refresh tokens become tokens.

use super::SignIn;
use super::call::Call;
use super::directory::{Application, Consent, Platform};
use super::grants::{Code, NoCode};
use super::keys::{base64url, sha256};
use super::refusal::SignInRefusal;
use super::scopes::Scopes;
use super::tenant;
use super::tokens::Wanted;
use crate::answer::Answer;
use serde_json::Value;

impl SignIn {
    /// Tokens, or why there are none.
    pub(super) fn token(&mut self, call: &Call<'_>) -> Answer {
        let answer = match self.exchanged(call) {
            Ok(tokens) => super::json_answer(200, &tokens),
            Err(refusal) => refusal.answer(self.trace(call)),
        };
        answer.with("Cache-Control", "no-store, no-cache").with("Access-Control-Allow-Origin", "*")
    }

    fn exchanged(&mut self, call: &Call<'_>) -> Result<Value, SignInRefusal> {
        if let Some(failure) = self.control.next_token.take() {
            return Err(failure.refusal());
        }
        let id = call.form.get("client_id").ok_or_else(|| SignInRefusal::missing("client_id"))?;
        let application = self.directory.application(id).cloned();
        let application = application.ok_or_else(|| tenant::no_application(id, call.target().0))?;
        check_origin(call, application.platform)?;
        match call.form.get("grant_type") {
            Some("authorization_code") => self.of_code(call, &application),
            Some("refresh_token") => self.of_refresh_token(call, &application),
            None => Err(SignInRefusal::missing("grant_type")),
            Some(other) => {
                let text = format!("The app requested an unsupported grant type '{other}'.");
                Err(SignInRefusal::new("unsupported_grant_type", 70_003, text))
            }
        }
    }

    fn of_code(&mut self, call: &Call<'_>, application: &Application) -> Result<Value, SignInRefusal> {
        let code = call.form.get("code").ok_or_else(|| SignInRefusal::missing("code"))?;
        let code = self.grants.take_code(code).map_err(no_code)?;
        check_code(call, &code, application)?;
        let directory = self.directory.clone();
        let asked = tenant::of(call.target().0, application, &directory)?;
        if asked.is_some_and(|asked| asked.id != code.tenant) {
            let text = "Provided Authorization Code is intended to use against other tenant, thus rejected.";
            return Err(SignInRefusal::new("invalid_grant", 700_005, text));
        }
        let signed_in_to = directory.tenant(&code.tenant.to_string());
        let user = directory.user(&code.username).ok_or_else(expired)?;
        let wanted = Wanted {
            subject: tenant::subject(signed_in_to, user, &directory)?,
            client: application.id,
            scopes: Scopes::read(call.form.get("scope").unwrap_or(&code.scope), &directory)?,
            nonce: code.nonce,
            claims: call.form.get("claims").map(ToOwned::to_owned).or(code.claims),
            refresh_ends: call.now + self.control.refresh_token_seconds,
        };
        self.issued(call, &wanted)
    }

    fn of_refresh_token(
        &mut self,
        call: &Call<'_>,
        application: &Application,
    ) -> Result<Value, SignInRefusal> {
        let token = call.form.get("refresh_token").ok_or_else(|| SignInRefusal::missing("refresh_token"))?;
        let known = self.grants.refresh_token(token).filter(|known| known.client == application.id);
        let known = known.cloned().ok_or_else(|| {
            SignInRefusal::new(
                "invalid_grant",
                9_002_313,
                "Invalid request. Request is malformed or invalid.",
            )
        })?;
        if known.revoked {
            return Err(revoked(call));
        }
        if known.expires <= call.now {
            return Err(ended());
        }
        let directory = self.directory.clone();
        let asked = tenant::of(call.target().0, application, &directory)?;
        let user = directory.user(&known.username).ok_or_else(expired)?;
        let subject = tenant::subject(asked, user, &directory)?;
        if self.consent_of(&subject, application.id) != Consent::Granted {
            return Err(SignInRefusal::no_consent("invalid_grant", application.id, &application.name));
        }
        let wanted = Wanted {
            subject,
            client: application.id,
            scopes: Scopes::read(call.form.get("scope").unwrap_or_default(), &directory)?,
            nonce: None,
            claims: call.form.get("claims").map(ToOwned::to_owned),
            refresh_ends: known.expires,
        };
        self.issued(call, &wanted)
    }
}

/// Browsers say where a request comes from, programs do not; which of both it has to be is registered.
fn check_origin(call: &Call<'_>, platform: Platform) -> Result<(), SignInRefusal> {
    match (platform, call.page_origin()) {
        (Platform::Spa, Some(_)) | (Platform::Native, None) => Ok(()),
        (Platform::Spa, None) => {
            let text = "Tokens issued for the 'Single-Page Application' client-type may only be redeemed via \
                        cross-origin requests.";
            Err(SignInRefusal::new("invalid_request", 9_002_327, text))
        }
        (Platform::Web | Platform::Native, Some(origin)) => {
            let text = format!(
                "Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type. \
                 Request origin: '{origin}'."
            );
            Err(SignInRefusal::new("invalid_request", 9_002_326, text))
        }
        (Platform::Web, None) => {
            let text = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.";
            Err(SignInRefusal::new("invalid_client", 7_000_218, text))
        }
    }
}

/// A code is for the client, the redirect and the verifier that it was asked for with.
fn check_code(call: &Call<'_>, code: &Code, application: &Application) -> Result<(), SignInRefusal> {
    if code.client != application.id {
        let text = "The authorization code was issued to another application.";
        return Err(SignInRefusal::new("invalid_grant", 70_000, text));
    }
    if code.expires <= call.now {
        return Err(expired());
    }
    let redirect = call.form.get("redirect_uri").ok_or_else(|| SignInRefusal::missing("redirect_uri"))?;
    if redirect != code.redirect {
        let text = format!(
            "The reply address '{redirect}' does not match the reply address '{}' provided when requesting \
             Authorization code.",
            code.redirect
        );
        return Err(SignInRefusal::new("invalid_client", 500_112, text));
    }
    let verifier = call.form.get("code_verifier").ok_or_else(|| SignInRefusal::missing("code_verifier"))?;
    if base64url(&sha256(verifier.as_bytes())) != code.challenge {
        let text =
            "The Code_Verifier does not match the code_challenge supplied in the authorization request.";
        return Err(SignInRefusal::new("invalid_grant", 501_481, text));
    }
    Ok(())
}

fn no_code(why: NoCode) -> SignInRefusal {
    match why {
        NoCode::Unknown => SignInRefusal::new(
            "invalid_grant",
            9_002_313,
            "Invalid request. Request is malformed or invalid.",
        ),
        NoCode::Used => {
            let text = "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an \
                        existing refresh token.";
            SignInRefusal::new("invalid_grant", 54_005, text)
        }
    }
}

fn expired() -> SignInRefusal {
    let text = "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive \
                authorization request for this user and resource.";
    SignInRefusal::new("invalid_grant", 70_008, text)
}

fn ended() -> SignInRefusal {
    let text = "The refresh token was issued to a single page app (SPA), and therefore has a fixed, limited lifetime of \
                1.00:00:00, which cannot be extended. It is now expired and a new sign in request must be sent by the \
                SPA to the sign in page.";
    SignInRefusal::new("invalid_grant", 700_084, text)
}

fn revoked(call: &Call<'_>) -> SignInRefusal {
    let text = format!(
        "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have \
         changed or reset their password. The grant is no longer valid at {}.",
        crate::values::instant_text(call.now)
    );
    SignInRefusal::new("invalid_grant", 50_173, text)
}
