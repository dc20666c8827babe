//! The pages that a person sees: plain HTML, no script, no password.

use super::directory::User;
use super::refusal::{SignInRefusal, Trace};
use crate::answer::Answer;
use quick_xml::escape::escape;

/// What every page with a form repeats.
pub(super) struct Page<'a> {
    /// As the address names it.
    pub(super) tenant: &'a str,
    /// The query that the sign-in began with.
    pub(super) request: &'a str,
    /// The application's name.
    pub(super) application: &'a str,
}

const CHOICE: &str = "<p><button name=\"answer\" value=\"cancel\">Cancel</button>\n\
    <button name=\"answer\" value=\"accept\">Accept</button></p>\n";

/// A button for each user, which leads to `action`.
pub(super) fn accounts(page: &Page<'_>, action: &str, users: &[&User]) -> Answer {
    let buttons = users.iter().map(|user| {
        let (name, username) = (escape(&user.name), escape(&user.username));
        format!("<p><button name=\"account\" value=\"{username}\">{name} {username}</button></p>\n")
    });
    let form = form(page, action, &buttons.collect::<String>());
    html(200, "Pick an account", &format!("<p>to continue to {}</p>\n{form}", escape(page.application)))
}

/// Accept and Cancel.
pub(super) fn consent(page: &Page<'_>, user: &User) -> Answer {
    let inside =
        format!("<input type=\"hidden\" name=\"account\" value=\"{}\">\n{CHOICE}", escape(&user.username));
    let text = format!(
        "<p>{}</p>\n<p>{} would like to access Dynamics 365 as you, view your basic profile, and maintain access to data \
         you have given it access to.</p>\n{}",
        escape(&user.username),
        escape(page.application),
        form(page, "consent", &inside)
    );
    html(200, "Permissions requested", &text)
}

/// Accept and Cancel for everybody in the tenant.
pub(super) fn admin_consent(page: &Page<'_>) -> Answer {
    let text = format!(
        "<p>{} would like to access Dynamics 365 as the users of your organization. If you accept, nobody else will be asked \
         to.</p>\n{}",
        escape(page.application),
        form(page, "adminconsent", CHOICE)
    );
    html(200, "Permissions requested for your organization", &text)
}

/// Only an administrator can go on.
pub(super) fn admin_approval(refusal: &SignInRefusal, trace: Trace) -> Answer {
    html(200, "Need admin approval", &described(refusal, trace))
}

/// Why the sign-in ends here.
pub(super) fn refusal(refusal: &SignInRefusal, trace: Trace) -> Answer {
    html(400, "Sorry, but we\u{2019}re having trouble signing you in.", &described(refusal, trace))
}

/// What is left when there is nowhere to go back to.
pub(super) fn signed_out() -> Answer {
    html(
        200,
        "You signed out of your account",
        "<p>It\u{2019}s a good idea to close all browser windows.</p>\n",
    )
}

fn described(refusal: &SignInRefusal, trace: Trace) -> String {
    format!("<p>{}</p>\n", escape(refusal.description(trace)))
}

fn form(page: &Page<'_>, action: &str, inside: &str) -> String {
    format!(
        "<form method=\"post\" action=\"/{}/{action}\">\n<input type=\"hidden\" name=\"request\" value=\"{}\">\n\
         {inside}</form>\n",
        escape(page.tenant),
        escape(page.request)
    )
}

/// No frame may show it, as with the service's own pages.
fn html(status: u16, heading: &str, content: &str) -> Answer {
    let heading = escape(heading);
    let text = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>Sign in to your account</title>\n</head>\n\
         <body>\n<main>\n<h1>{heading}</h1>\n{content}<p>This is the emulator\u{2019}s stand-in of the sign-in service. \
         It asks for no password.</p>\n</main>\n</body>\n</html>\n"
    );
    let headers = vec![("Content-Type", "text/html; charset=utf-8".to_owned())];
    Answer { status, headers, body: text.into_bytes() }.with("X-Frame-Options", "DENY")
}
