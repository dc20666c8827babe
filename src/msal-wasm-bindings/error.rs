//! A failed sign-in, by the library's code and the service's number.

use crate::{Reason, raw::fields};
use wasm_bindgen::JsValue;

/// A failed sign-in. The library's texts are links and hashes since version 5: applications write their own,
/// by [`AuthError::reason`]. The service's text is left out: it names people and addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq, thiserror::Error)]
#[error("sign-in failed: {code}{}", aadsts.map(|n| format!(" (AADSTS{n})")).unwrap_or_default())]
#[non_exhaustive]
pub struct AuthError {
    /// `errorCode`, e.g. `popup_window_error`; the error's class where it has none. Of this crate itself are
    /// `bundle_not_loaded`, `incomplete_result` and `nothing_known`.
    pub code: String,
    /// `subError`, e.g. `consent_required`; often empty.
    pub sub_error: String,
    /// The number of Microsoft's list, e.g. 65001.
    pub aadsts: Option<u32>,
    /// What an administrator needs to find the attempt in the sign-in log; empty where none was made.
    pub correlation_id: String,
    /// What a conditional access policy asks to be sent along next time, with [`TokenRequest::claims`](crate::TokenRequest::claims).
    pub claims: Option<String>,
    /// Only the person can go on: a popup or redirect is needed.
    pub interaction_required: bool,
}

impl AuthError {
    /// From whatever was thrown.
    pub(crate) fn read(thrown: JsValue) -> AuthError {
        let Some(thrown) = fields(thrown) else {
            return AuthError::own("nothing_known");
        };
        let class = thrown.name().unwrap_or_default();
        let number = thrown.error_no();
        let number = number.as_f64().map(|n| n as u32).or_else(|| number.as_string()?.parse().ok());
        AuthError {
            interaction_required: class == "InteractionRequiredAuthError",
            code: thrown.error_code().filter(|code| !code.is_empty()).unwrap_or(class),
            sub_error: thrown.sub_error().unwrap_or_default(),
            aadsts: number.or_else(|| marked_number(&thrown.error_message()?)),
            correlation_id: thrown.correlation_id().unwrap_or_default(),
            claims: thrown.claims().filter(|claims| !claims.is_empty()),
        }
    }

    /// One of this crate: with a code and nothing else.
    pub(crate) fn own(code: &str) -> AuthError {
        AuthError { code: code.to_owned(), ..AuthError::default() }
    }

    /// What stands behind it. The number decides where there is one that is known, then the code.
    ///
    /// Numbers may change, says Microsoft: write a text by it, but do not let a program turn on it.
    #[must_use]
    pub fn reason(&self) -> Reason {
        let known = self.aadsts.map(Reason::of_number).filter(|reason| *reason != Reason::Unknown);
        known.unwrap_or_else(|| Reason::of_code(&self.code, &self.sub_error))
    }
}

/// The number in what a person copied from the sign-in window: the first after `AADSTS`, or the text itself.
///
/// ```
/// use msal_wasm_bindings::aadsts_number;
/// assert_eq!(aadsts_number("AADSTS50011: The redirect URI …"), Some(50011));
/// assert_eq!(aadsts_number(" 50011 "), Some(50011));
/// assert_eq!(aadsts_number("it does not work"), None);
/// ```
#[must_use]
pub fn aadsts_number(text: &str) -> Option<u32> {
    marked_number(&text.to_ascii_uppercase()).or_else(|| text.trim().parse().ok())
}

/// `AADSTS65001: …` anywhere in the text: errors that come back by redirect have no number of their own.
fn marked_number(text: &str) -> Option<u32> {
    let (_, after) = text.split_once("AADSTS")?;
    let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
    after[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(code: &str, sub_error: &str, aadsts: Option<u32>) -> AuthError {
        AuthError { sub_error: sub_error.into(), aadsts, ..AuthError::own(code) }
    }

    #[test]
    fn the_number_is_found_in_the_text() {
        assert_eq!(marked_number("invalid_grant: AADSTS65001: The user has not consented"), Some(65001));
        assert_eq!(marked_number("AADSTS"), None);
        assert_eq!(marked_number("no number 5"), None);
    }

    #[test]
    fn a_person_may_type_the_number_as_it_comes() {
        for typed in ["aadsts50011", "Error: AADSTS50011: The redirect URI", "50011", " 50011\n"] {
            assert_eq!(aadsts_number(typed), Some(50011), "{typed}");
        }
        for typed in ["", "AADSTS", "-1", "99999999999999", "a 50011"] {
            assert_eq!(aadsts_number(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_known_number_outweighs_the_code() {
        let cases = [
            (error("invalid_grant", "", Some(700_084)), Reason::SignInAgain),
            (error("invalid_grant", "message_only", Some(53003)), Reason::Policy),
            (error("invalid_grant", "consent_required", None), Reason::ConsentNeeded),
            (error("user_cancelled", "", Some(1)), Reason::Cancelled),
            (error("something_new", "", Some(1)), Reason::Unknown),
        ];
        for (error, reason) in cases {
            assert_eq!(error.reason(), reason, "{error}");
        }
    }

    #[test]
    fn an_error_shows_its_code_and_number() {
        let shown = error("invalid_grant", "", Some(53003)).to_string();
        assert_eq!(shown, "sign-in failed: invalid_grant (AADSTS53003)");
        assert_eq!(AuthError::own("timed_out").to_string(), "sign-in failed: timed_out");
    }
}
