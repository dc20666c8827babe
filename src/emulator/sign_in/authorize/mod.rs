//! The pages where a person signs in, and the code that the application gets for it.

mod asked;
mod back;
#[cfg(test)]
mod tests;

use super::SignIn;
use super::call::{Call, Parameters};
use super::directory::{Consent, Subject, User};
use super::grants::Code;
use super::keys::encoded;
use super::pages::{self, Page};
use super::refusal::SignInRefusal;
use crate::answer::Answer;
pub(super) use asked::application;
use asked::{Asked, Prompt};
pub(super) use back::{Mode, back};
use serde_json::json;

/// Why no code is given, and where that is told.
enum Stop {
    /// On a page: the application hears nothing.
    Here(SignInRefusal),
    /// To the application.
    There(Mode, String, Option<String>, SignInRefusal),
}

/// Seconds for which a code can be handed in.
const CODE_LIFE: i64 = 600;

impl SignIn {
    /// `GET /{tenant}/oauth2/v2.0/authorize`
    pub(super) fn authorize(&mut self, call: &Call<'_>) -> Answer {
        self.on_the_page(call, &call.query, |service, asked| {
            service.scripted(asked)?;
            match asked.prompt {
                Prompt::None => service.silently(call, asked),
                _ => service.begin(call, asked),
            }
        })
    }

    /// `POST /{tenant}/login`: an account was chosen.
    pub(super) fn login(&mut self, call: &Call<'_>) -> Answer {
        let query = Parameters::read(call.form.get("request").unwrap_or_default().as_bytes());
        self.on_the_page(call, &query, |service, asked| {
            let user = service.chosen(call).map_err(Stop::Here)?;
            let cookie = service.sessions.add(call, &user.username, &mut service.random);
            Ok(service.go_on(call, asked, &user)?.with("Set-Cookie", cookie))
        })
    }

    /// `POST /{tenant}/consent`: Accept or Cancel was pressed by somebody who is signed in.
    pub(super) fn consent(&mut self, call: &Call<'_>) -> Answer {
        let query = Parameters::read(call.form.get("request").unwrap_or_default().as_bytes());
        self.on_the_page(call, &query, |service, asked| {
            let user = service.chosen(call).map_err(Stop::Here)?;
            if !service.sessions.of(call).contains(&user.username) {
                return service.begin(call, asked);
            }
            if service.consent_needed(asked, &user)? == Consent::Admin {
                return service.go_on(call, asked, &user);
            }
            if call.form.get("answer") != Some("accept") {
                let text = "User declined to consent to access the app.";
                return Err(asked.there(SignInRefusal::new("access_denied", 65_004, text)));
            }
            let subject = asked.subject(&service.directory, &user)?;
            let consent = (subject.tenant.id, subject.user.id, asked.application.id);
            let code = service.code(call, asked, &user)?;
            service.consents.insert(consent);
            Ok(code)
        })
    }

    /// Reads what is asked and tells what comes of it, with the headers that every one of these answers has.
    fn on_the_page(
        &mut self,
        call: &Call<'_>,
        query: &Parameters,
        carry_out: impl FnOnce(&mut SignIn, &Asked) -> Result<Answer, Stop>,
    ) -> Answer {
        let asked = Asked::read(call.target().0, query, &self.directory);
        let answer =
            asked.and_then(|asked| carry_out(self, &asked)).unwrap_or_else(|stop| self.tell(call, stop));
        let answer = answer.with("Cache-Control", "no-store, no-cache");
        if self.control.isolates(query.get("pocd")) {
            answer.with("Cross-Origin-Opener-Policy", "same-origin")
        } else {
            answer
        }
    }

    fn tell(&mut self, call: &Call<'_>, stop: Stop) -> Answer {
        let trace = self.trace(call);
        match stop {
            Stop::Here(refusal) => pages::refusal(&refusal, trace),
            Stop::There(mode, redirect, state, refusal) => {
                let description = refusal.description(trace);
                let mut answer = vec![("error", refusal.error.as_str()), ("error_description", &description)];
                if refusal.aadsts == 65_004 {
                    answer.push(("error_subcode", "cancel"));
                }
                answer.extend(refusal.suberror.as_deref().map(|suberror| ("suberror", suberror)));
                answer.extend(state.as_deref().map(|state| ("state", state)));
                back(mode, &redirect, &answer)
            }
        }
    }

    /// What a test wants to happen to this request.
    fn scripted(&mut self, asked: &Asked) -> Result<(), Stop> {
        match self.control.next_authorize.take() {
            None => Ok(()),
            Some(failure) if failure.page => Err(Stop::Here(failure.refusal())),
            Some(failure) => Err(asked.there(failure.refusal())),
        }
    }

    pub(super) fn chosen(&self, call: &Call<'_>) -> Result<User, SignInRefusal> {
        let user = call.form.get("account").and_then(|username| self.directory.user(username));
        user.cloned().ok_or_else(|| {
            let name = call.form.get("account").unwrap_or_default();
            let text = format!("The user account {name} does not exist in any directory.");
            SignInRefusal::new("invalid_request", 50_034, text)
        })
    }

    /// Without a page: the browser's session decides.
    fn silently(&mut self, call: &Call<'_>, asked: &Asked) -> Result<Answer, Stop> {
        let users = self.signed_in(call, asked);
        let mut fitting = users.iter().filter(|user| asked.subject(&self.directory, user).is_ok());
        match (fitting.next(), fitting.next()) {
            (None, _) => {
                let text = "A silent sign-in request was sent but no user is signed in.";
                Err(asked.there(SignInRefusal::new("login_required", 50_058, text)))
            }
            (Some(_), Some(_)) => {
                let text = "Either multiple user identities are available for the current request or selected account \
                            is not supported for the scenario.";
                Err(asked.there(SignInRefusal::new("interaction_required", 16_000, text)))
            }
            (Some(user), None) if self.consent_needed(asked, user)? != Consent::Granted => {
                let Asked { application, .. } = asked;
                let error = "interaction_required";
                Err(asked.there(SignInRefusal::no_consent(error, application.id, &application.name)))
            }
            (Some(user), None) => self.code(call, asked, &user.clone()),
        }
    }

    /// Those of the session that the request may mean.
    fn signed_in(&self, call: &Call<'_>, asked: &Asked) -> Vec<User> {
        let session = self.sessions.of(call).iter().filter_map(|username| self.directory.user(username));
        let hinted = self.hinted(asked);
        let is_meant =
            |user: &&User| asked.hint.is_none() || hinted.is_some_and(|hinted| hinted.id == user.id);
        session.filter(is_meant).cloned().collect()
    }

    fn hinted(&self, asked: &Asked) -> Option<&User> {
        asked.hint.as_deref().and_then(|hint| self.by_hint(hint))
    }

    /// With pages: no account page for the only one who is signed in, unless it is asked for.
    fn begin(&mut self, call: &Call<'_>, asked: &Asked) -> Result<Answer, Stop> {
        let users = self.signed_in(call, asked);
        match users.as_slice() {
            [only] if matches!(asked.prompt, Prompt::Needed | Prompt::Consent) => {
                self.go_on(call, asked, only)
            }
            _ => Ok(self.account_page(call, asked)),
        }
    }

    /// Who is named by the request, or everybody.
    fn account_page(&self, call: &Call<'_>, asked: &Asked) -> Answer {
        let hinted = self.hinted(asked).filter(|_| asked.prompt != Prompt::SelectAccount);
        let users: Vec<&User> =
            hinted.map_or_else(|| self.directory.users.iter().collect(), |user| vec![user]);
        let page =
            Page { tenant: call.target().0, request: &asked.query, application: &asked.application.name };
        pages::accounts(&page, "login", &users)
    }

    /// Somebody is signed in: asks for consent where that is needed.
    fn go_on(&mut self, call: &Call<'_>, asked: &Asked, user: &User) -> Result<Answer, Stop> {
        let page =
            Page { tenant: call.target().0, request: &asked.query, application: &asked.application.name };
        match self.consent_needed(asked, user)? {
            Consent::Granted => self.code(call, asked, user),
            Consent::User => Ok(pages::consent(&page, user)),
            Consent::Admin => {
                let text = format!(
                    "{} needs permission to access resources in your organization that only an admin can grant. Please \
                     ask an admin to grant permission to this app before you can use it.",
                    asked.application.name
                );
                Ok(pages::admin_approval(
                    &SignInRefusal::new("access_denied", 90_094, text),
                    self.trace(call),
                ))
            }
        }
    }

    /// Who has to be asked still; nobody where it is granted.
    fn consent_needed(&self, asked: &Asked, user: &User) -> Result<Consent, Stop> {
        let subject = asked.subject(&self.directory, user)?;
        if asked.prompt == Prompt::Consent && subject.tenant.consent != Consent::Admin {
            return Ok(Consent::User);
        }
        Ok(self.consent_of(&subject, asked.application.id))
    }

    /// The code, on its way to the application.
    fn code(&mut self, call: &Call<'_>, asked: &Asked, user: &User) -> Result<Answer, Stop> {
        let Subject { tenant, home, .. } = asked.subject(&self.directory, user)?;
        let client_info = encoded(&json!({"uid": user.id, "utid": home.id}));
        let code = format!("1.{}", super::secret(&mut self.random));
        let session = self.random.id().to_string();
        let grant = Code {
            username: user.username.clone(),
            client: asked.application.id,
            tenant: tenant.id,
            redirect: asked.redirect.clone(),
            challenge: asked.challenge.clone(),
            scope: asked.scope.clone(),
            nonce: asked.nonce.clone(),
            claims: asked.claims.clone(),
            expires: call.now + CODE_LIFE,
        };
        self.grants.add_code(code.clone(), grant);
        let mut answer = vec![("code", code.as_str())];
        answer.extend(asked.client_info.then_some(("client_info", client_info.as_str())));
        answer.extend(asked.state.as_deref().map(|state| ("state", state)));
        answer.push(("session_state", &session));
        Ok(back(asked.mode, &asked.redirect, &answer))
    }
}
