//! Why a sign-in failed, by the library's codes and the service's numbers.

use crate::raw::fields;
use wasm_bindgen::JsValue;

/// A failed sign-in. The library's texts are links and hashes since version 5: applications write their own,
/// by [`AuthError::reason`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("sign-in failed: {code}{}", aadsts.map(|n| format!(" (AADSTS{n})")).unwrap_or_default())]
pub struct AuthError {
    /// `errorCode`, e.g. `popup_window_error`; the error's class where it has none.
    pub code: String,
    /// `subError`, e.g. `consent_required`; often empty.
    pub sub_error: String,
    /// The number of Microsoft's list, e.g. 65001.
    pub aadsts: Option<u32>,
    /// What an administrator needs to find the attempt in the sign-in log.
    pub correlation_id: String,
    /// What a conditional access policy asks to be sent along next time.
    pub claims: Option<String>,
    /// Only the person can go on: a popup or redirect is needed.
    pub interaction_required: bool,
}

/// What stands behind a failure, as far as the person can do something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The session is over.
    SignInAgain,
    /// The browser kept the window closed.
    PopupBlocked,
    /// Closed, cancelled, or the service was busy: the same again may work.
    TryAgain,
    /// An administrator must approve the app.
    AdminConsent,
    /// A policy keeps this person, device, network or tenant out.
    Policy,
    /// The account is not in that tenant.
    WrongTenant,
    /// The tenant has no such resource: wrong cloud or wrong environment.
    WrongResource,
    /// The app's registration is not as this app needs it.
    Registration,
    /// No connection to the sign-in service.
    Network,
    /// None of these.
    Unknown,
}

impl AuthError {
    /// From whatever was thrown.
    pub(crate) fn read(thrown: JsValue) -> AuthError {
        let Some(thrown) = fields(thrown) else {
            return AuthError::incomplete("something without a code was thrown");
        };
        let class = thrown.name().unwrap_or_default();
        let message = thrown.error_message().unwrap_or_default();
        let number = thrown.error_no();
        let number = number.as_f64().map(|n| n as u32).or_else(|| number.as_string()?.parse().ok());
        AuthError {
            interaction_required: class == "InteractionRequiredAuthError",
            code: thrown.error_code().filter(|code| !code.is_empty()).unwrap_or(class),
            sub_error: thrown.sub_error().unwrap_or_default(),
            aadsts: number.or_else(|| aadsts(&message)),
            correlation_id: thrown.correlation_id().unwrap_or_default(),
            claims: thrown.claims().filter(|claims| !claims.is_empty()),
        }
    }

    pub(crate) fn incomplete(what: &str) -> AuthError {
        AuthError {
            code: what.to_owned(),
            sub_error: String::new(),
            aadsts: None,
            correlation_id: String::new(),
            claims: None,
            interaction_required: false,
        }
    }

    /// What stands behind it. The number decides where there is one, then the code.
    #[must_use]
    pub fn reason(&self) -> Reason {
        self.aadsts.and_then(reason_of_number).unwrap_or_else(|| self.reason_of_code())
    }

    fn reason_of_code(&self) -> Reason {
        if self.sub_error == "consent_required" {
            return Reason::AdminConsent;
        }
        match self.code.as_str() {
            "popup_window_error" | "empty_window_error" => Reason::PopupBlocked,
            "user_cancelled"
            | "timed_out"
            | "interaction_in_progress"
            | "interaction_in_progress_cancelled"
            | "access_denied"
            | "temporarily_unavailable" => Reason::TryAgain,
            "login_required"
            | "interaction_required"
            | "no_tokens_found"
            | "refresh_token_expired"
            | "invalid_grant"
            | "bad_token" => Reason::SignInAgain,
            "network_error"
            | "post_request_failed"
            | "get_request_failed"
            | "no_network_connectivity"
            | "endpoints_resolution_error"
            | "openid_config_error" => Reason::Network,
            "untrusted_authority" | "authority_uri_insecure" | "invalid_client" | "unauthorized_client" => {
                Reason::Registration
            }
            _ => Reason::Unknown,
        }
    }
}

/// Microsoft's list of AADSTS numbers, as far as a person can act on them.
fn reason_of_number(number: u32) -> Option<Reason> {
    Some(match number {
        65001 | 90094 | 90095 | 650_052 | 650_056 => Reason::AdminConsent,
        50105
        | 50131
        | 53000..=53004
        | 53010
        | 53011
        | 530_032
        | 530_034
        | 530_035
        | 500_021
        | 500_022
        | 500_212
        | 500_213 => Reason::Policy,
        16000 | 16003 | 50014 | 50020 | 50034 | 51004 | 90072 => Reason::WrongTenant,
        50002 | 90002 | 90038 | 500_011 => Reason::WrongResource,
        50011 | 50194 | 65005 | 500_113 | 650_057 | 700_011 | 700_016 | 700_054 | 7_000_112 | 7_000_218
        | 9_002_325 | 9_002_326 => Reason::Registration,
        50058 | 50089 | 50132 | 50133 | 50173 | 70043 | 700_082 | 700_084 => Reason::SignInAgain,
        50087 | 65004 | 90006 | 90012 | 90024 | 90033 | 90055 => Reason::TryAgain,
        _ => return None,
    })
}

/// `AADSTS65001: …` anywhere in the text: errors that come back by redirect have no number of their own.
fn aadsts(text: &str) -> Option<u32> {
    let (_, after) = text.split_once("AADSTS")?;
    let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
    after[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(code: &str, sub_error: &str, aadsts: Option<u32>) -> AuthError {
        AuthError { sub_error: sub_error.into(), aadsts, ..AuthError::incomplete(code) }
    }

    #[test]
    fn the_number_is_found_in_the_text() {
        assert_eq!(aadsts("invalid_grant: AADSTS65001: The user has not consented"), Some(65001));
        assert_eq!(aadsts("AADSTS"), None);
        assert_eq!(aadsts("no number"), None);
    }

    #[test]
    fn the_number_outweighs_the_code() {
        let cases = [
            (error("invalid_grant", "", Some(700_084)), Reason::SignInAgain),
            (error("invalid_grant", "", Some(53003)), Reason::Policy),
            (error("invalid_grant", "consent_required", None), Reason::AdminConsent),
            (error("popup_window_error", "", None), Reason::PopupBlocked),
            (error("user_cancelled", "", Some(1)), Reason::TryAgain),
            (error("something_new", "", None), Reason::Unknown),
        ];
        for (error, reason) in cases {
            assert_eq!(error.reason(), reason, "{error}");
        }
    }
}
