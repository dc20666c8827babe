//! What stands behind a failed sign-in, for those who write the words.

/// What stands behind a failure, each to be explained to the person in other words.
///
/// The numbers are of Microsoft's list (`AADSTS…`), the codes of the library. Both may change: choose a text by
/// this, not what a program does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Nobody has approved the app yet: signing in with a window asks for it.
    ConsentNeeded,
    /// Only an administrator may approve the app in this organization.
    AdminConsentNeeded,
    /// The person, or their organization's page, declined to approve the app.
    Declined,
    /// This tenant does not know the app: wrong client id, wrong cloud, or never installed there.
    AppUnknown,
    /// The address of the bridge page is not registered with the app.
    RedirectAddress,
    /// The address is registered as that of a web server, not of a single-page application.
    WebPlatform,
    /// The app is for one tenant only: its authority must name that tenant.
    SingleTenant,
    /// The tenant has no such resource, or the app's registration does not list it.
    ResourceUnknown,
    /// A policy keeps this person, device, network, tenant or app out: only an administrator can help, another
    /// try cannot.
    Policy,
    /// The account is not in that tenant.
    WrongTenant,
    /// There is no such tenant in this cloud.
    TenantUnknown,
    /// The session is over, or a further proof is asked for: the person signs in again.
    SignInAgain,
    /// The browser kept the window closed.
    PopupBlocked,
    /// No connection to the sign-in service.
    Network,
    /// The service is busy: later.
    Busy,
    /// The answer does not belong to the question: somebody may have meddled with it. Nothing was taken from it.
    SecurityStop,
    /// The person closed the window, or the application did for them.
    Cancelled,
    /// Another sign-in of this page still waits.
    AlreadyWaiting,
    /// The application's own settings are at fault: authority, client id, storage, or a page without `https`.
    Settings,
    /// None of these.
    Unknown,
}

impl Reason {
    /// By the number, which people also read from Microsoft's own window: much is shown there and never comes
    /// back to the application.
    #[must_use]
    pub fn of_number(number: u32) -> Reason {
        match number {
            65001 | 90008 => Reason::ConsentNeeded,
            90093..=90095 | 90099 => Reason::AdminConsentNeeded,
            65004 => Reason::Declined,
            70001 | 700_011 | 700_016 => Reason::AppUnknown,
            50011 | 70004 | 500_113 | 900_971 => Reason::RedirectAddress,
            9_002_326 | 7_000_218 => Reason::WebPlatform,
            50194 => Reason::SingleTenant,
            50001 | 65005 | 500_011 | 650_052 | 650_054 | 650_056 | 650_057 => Reason::ResourceUnknown,
            number if is_of_policy(number) => Reason::Policy,
            16000 | 16003 | 50014 | 50020 | 50034 | 51004 | 90072 | 500_208 => Reason::WrongTenant,
            50059 | 50128 | 90002 | 90019 | 90038 | 90051 | 900_023 | 900_382 | 900_432 => {
                Reason::TenantUnknown
            }
            number if is_of_session(number) => Reason::SignInAgain,
            50033 | 50087 | 50088 | 50196 | 70012 | 90006 | 90012 | 90024 | 90033 | 90055 | 90090 | 90091 => {
                Reason::Busy
            }
            _ => Reason::Unknown,
        }
    }

    /// By the library's code and its subcode.
    pub(crate) fn of_code(code: &str, sub_error: &str) -> Reason {
        match code {
            "consent_required" => Reason::ConsentNeeded,
            _ if sub_error == "consent_required" => Reason::ConsentNeeded,
            "access_denied" | "consent_denied" => Reason::Declined,
            "unauthorized_client" => Reason::AppUnknown,
            "invalid_resource" => Reason::ResourceUnknown,
            "login_required"
            | "interaction_required"
            | "no_tokens_found"
            | "refresh_token_expired"
            | "bad_token"
            | "invalid_grant"
            | "no_account_error"
            | "no_account_found" => Reason::SignInAgain,
            "popup_window_error" | "empty_window_error" => Reason::PopupBlocked,
            "temporarily_unavailable" | "server_error" => Reason::Busy,
            "nonce_mismatch" | "state_mismatch" | "issuer_validation_failed" => Reason::SecurityStop,
            "user_cancelled" | "user_canceled" | "timed_out" | "interaction_in_progress_cancelled" => {
                Reason::Cancelled
            }
            "interaction_in_progress" => Reason::AlreadyWaiting,
            code if is_of_network(code) => Reason::Network,
            code if is_of_settings(code) => Reason::Settings,
            _ => Reason::Unknown,
        }
    }
}

/// Conditional access (53xxx, 530xxx), tenant restrictions, missing assignment, disabled accounts and apps.
fn is_of_policy(number: u32) -> bool {
    matches!(
        number,
        50002
            | 50005
            | 50053
            | 50057
            | 50097
            | 50105
            | 50127
            | 50129
            | 50131
            | 50155
            | 50187
            | 53000..=53999
            | 530_000..=530_999
            | 500_021
            | 500_022
            | 500_212
            | 500_213
            | 1_000_031
            | 1_000_104
            | 7_000_112
    )
}

/// What was given has ended or was revoked, or a second factor or a new password is asked for.
fn is_of_session(number: u32) -> bool {
    matches!(
        number,
        50055
            | 50058
            | 50072
            | 50074
            | 50076
            | 50078
            | 50079
            | 50085
            | 50089
            | 50125
            | 50132
            | 50133
            | 50135
            | 50139
            | 50143
            | 50144
            | 50158
            | 50173
            | 54005
            | 70000
            | 70008
            | 70043
            | 700_020
            | 700_082
            | 700_084
    )
}

fn is_of_network(code: &str) -> bool {
    matches!(
        code,
        "network_error"
            | "post_request_failed"
            | "get_request_failed"
            | "no_network_connectivity"
            | "endpoints_resolution_error"
            | "openid_config_error"
            | "bundle_not_loaded"
    )
}

fn is_of_settings(code: &str) -> bool {
    matches!(
        code,
        "untrusted_authority"
            | "authority_uri_insecure"
            | "authority_mismatch"
            | "url_parse_error"
            | "empty_url_error"
            | "invalid_client"
            | "invalid_scope"
            | "crypto_nonexistent"
            | "in_mem_redirect_unavailable"
            | "redirect_in_iframe"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use Reason::*;

    /// The rows of what was seen of the service: the numbers, and the codes that come with them or alone.
    const SEEN: &[(Reason, &[u32], &[&str])] = &[
        (ConsentNeeded, &[65001], &["consent_required"]),
        (AdminConsentNeeded, &[90094, 90095], &[]),
        (Declined, &[65004], &["access_denied", "consent_denied"]),
        (AppUnknown, &[700_016, 700_011], &["unauthorized_client"]),
        (RedirectAddress, &[50011, 500_113, 900_971], &[]),
        (WebPlatform, &[9_002_326], &[]),
        (SingleTenant, &[50194], &[]),
        (ResourceUnknown, &[500_011, 650_057, 650_052, 65005], &["invalid_resource"]),
        (Policy, &[53000, 53001, 53002, 53003, 530_032, 50105, 500_021, 500_022, 500_212, 500_213], &[]),
        (WrongTenant, &[50020, 50034, 16003, 90072], &[]),
        (TenantUnknown, &[90002, 90038], &[]),
        (
            SignInAgain,
            &[700_084, 70043, 50173, 50058],
            &["login_required", "invalid_grant", "no_tokens_found"],
        ),
        (PopupBlocked, &[], &["popup_window_error", "empty_window_error"]),
        (Network, &[], &["post_request_failed", "no_network_connectivity", "bundle_not_loaded"]),
        (Busy, &[90033, 90055], &["temporarily_unavailable"]),
        (SecurityStop, &[], &["nonce_mismatch", "state_mismatch"]),
        (Cancelled, &[], &["user_cancelled", "timed_out", "interaction_in_progress_cancelled"]),
        (AlreadyWaiting, &[], &["interaction_in_progress"]),
        (Settings, &[], &["untrusted_authority", "authority_uri_insecure"]),
        (Unknown, &[0, 1, 4_294_967_295], &["", "something_new"]),
    ];

    #[test]
    fn every_number_that_was_seen_has_its_reason() {
        for (reason, numbers, _) in SEEN {
            for number in *numbers {
                assert_eq!(Reason::of_number(*number), *reason, "AADSTS{number}");
            }
        }
    }

    #[test]
    fn every_code_that_was_seen_has_its_reason() {
        for (reason, _, codes) in SEEN {
            for code in *codes {
                assert_eq!(Reason::of_code(code, ""), *reason, "{code}");
            }
        }
    }

    #[test]
    fn a_refused_token_without_consent_asks_for_consent() {
        assert_eq!(Reason::of_code("invalid_grant", "consent_required"), ConsentNeeded);
        assert_eq!(Reason::of_code("invalid_grant", "bad_token"), SignInAgain);
    }
}
