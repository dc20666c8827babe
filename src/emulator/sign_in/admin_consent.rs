//! `GET /{tenant}/v2.0/adminconsent`: an administrator agrees for everybody in the tenant. Who is one, the directory does
//! not say: whoever opens the page.

use super::SignIn;
use super::authorize::{Mode, application, back};
use super::call::{Call, Parameters};
use super::directory::{Application, User};
use super::pages::{self, Page};
use super::refusal::SignInRefusal;
use super::tenant;
use crate::answer::Answer;
use uuid::Uuid;

/// What an administrator can agree to.
struct Approvable {
    application: Application,
    redirect: String,
    tenant: Uuid,
}

impl SignIn {
    /// Shows what is asked for, or asks who agrees where the address names no tenant.
    pub(super) fn admin_consent(&mut self, call: &Call<'_>) -> Answer {
        self.admin_page(&call.query, call.target().0)
            .unwrap_or_else(|refusal| pages::refusal(&refusal, self.trace(call)))
    }

    /// `POST /organizations/adminaccount`: an administrator was chosen, who agrees for the tenant they are at home in.
    pub(super) fn admin_account(&mut self, call: &Call<'_>) -> Answer {
        let query = Parameters::read(call.form.get("request").unwrap_or_default().as_bytes());
        let shown = self.chosen(call).and_then(|user| {
            let home = self.directory.home(&user).map(|tenant| tenant.id.to_string());
            self.admin_page(&query, &home.unwrap_or_default())
        });
        shown.unwrap_or_else(|refusal| pages::refusal(&refusal, self.trace(call)))
    }

    fn admin_page(&self, query: &Parameters, segment: &str) -> Result<Answer, SignInRefusal> {
        let (application, _) = application(query, &self.directory)?;
        let request = query.encoded();
        let page = Page { tenant: segment, request: &request, application: &application.name };
        Ok(match tenant::of(segment, &application, &self.directory)? {
            Some(_) => pages::admin_consent(&page),
            None => {
                let users: Vec<&User> = self.directory.users.iter().collect();
                pages::accounts(&page, "adminaccount", &users)
            }
        })
    }

    /// `POST /{tenant}/adminconsent`: Accept or Cancel was pressed.
    pub(super) fn admin_answer(&mut self, call: &Call<'_>) -> Answer {
        self.answered(call).unwrap_or_else(|refusal| pages::refusal(&refusal, self.trace(call)))
    }

    fn answered(&mut self, call: &Call<'_>) -> Result<Answer, SignInRefusal> {
        let query = Parameters::read(call.form.get("request").unwrap_or_default().as_bytes());
        let Approvable { application, redirect, tenant } = self.approvable(call, &query)?;
        let id = tenant.to_string();
        let mut answer = vec![("admin_consent", "True"), ("tenant", id.as_str())];
        let refused =
            SignInRefusal::new("access_denied", 65_004, "Admin declined to consent to access the app.");
        let description = refused.description(self.trace(call));
        if call.form.get("answer") == Some("accept") {
            self.approvals.insert((tenant, application.id));
        } else {
            answer.extend([("error", "access_denied"), ("error_description", description.as_str())]);
        }
        answer.extend(query.get("state").map(|state| ("state", state)));
        Ok(back(Mode::Query, &redirect, &answer))
    }

    fn approvable(&self, call: &Call<'_>, query: &Parameters) -> Result<Approvable, SignInRefusal> {
        let (application, redirect) = application(query, &self.directory)?;
        let tenant = tenant::named(call.target().0, &application, &self.directory)?.id;
        Ok(Approvable { application, redirect, tenant })
    }
}
