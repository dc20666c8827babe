//! What is handed on to others: a request to an administrator, and the details that support asks for. No token is in
//! either.

use super::cloud_in_sentence;
use crate::texts::PRODUCT;
use browser::sign_in::{AuthError, Cloud, Denied};

/// What was tried, as far as others need to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Attempt {
    /// Where.
    pub(crate) cloud: Cloud,
    /// The organization that was asked, if one was named.
    pub(crate) tenant: Option<String>,
    /// The registration's client id.
    pub(crate) client_id: String,
    /// The address that answers come back to.
    pub(crate) redirect: String,
}

impl Attempt {
    /// Where an administrator grants the permission for everybody in the organization.
    fn consent_link(&self) -> String {
        let scope = Cloud::scope(self.cloud.discovery_origin());
        format!(
            "{}/v2.0/adminconsent?client_id={}&scope={}&redirect_uri={}",
            self.cloud.authority(self.tenant.as_deref()),
            encoded(&self.client_id),
            encoded(&scope),
            encoded(&self.redirect),
        )
    }
}

/// A message to an administrator that says all they need. `ask`: what they are asked to do, in a sentence; with `link`
/// where the app's approval is what is missing.
pub(crate) fn admin_request(ask: &str, link: bool, attempt: &Attempt, denied: &Denied) -> String {
    let cloud = cloud_in_sentence(attempt.cloud);
    let mut lines = vec![
        format!("{ask} I need it to move configuration data between our Dataverse environments."),
        String::new(),
        format!("App: {PRODUCT}"),
        format!("Client ID: {}", attempt.client_id),
        format!("Cloud: {cloud}"),
        "Permission: Dynamics CRM user_impersonation (delegated: the app acts as the person who signed in, with no rights of its own)".to_owned(),
    ];
    if link {
        lines.extend(["Approve it for the organization here:".to_owned(), attempt.consent_link()]);
    }
    if let Denied::SignIn(error) = denied {
        lines.push(String::new());
        lines.extend(traces(error));
    }
    lines.join("\n")
}

/// What support asks for first. `time`: when it happened, ISO 8601.
pub(crate) fn support_details(attempt: &Attempt, denied: &Denied, time: &str) -> String {
    let mut lines = match denied {
        Denied::SignIn(error) => traces(error),
        Denied::TokenEnded => vec!["Error: the pasted token has ended or is refused".to_owned()],
        Denied::SessionEnded => vec!["Error: the session with the environment has ended".to_owned()],
    };
    lines.push(format!("Time: {time}"));
    lines.push(format!("Client ID: {}", attempt.client_id));
    lines.push(format!("Authority: {}", attempt.cloud.authority(attempt.tenant.as_deref())));
    lines.push(format!("Redirect address: {}", attempt.redirect));
    lines.join("\n")
}

/// What finds the attempt in the sign-in log.
fn traces(error: &AuthError) -> Vec<String> {
    let code = [error.code.as_str(), error.sub_error.as_str()];
    let code = code.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    let number = error.aadsts.map(|number| format!("Number: AADSTS{number}"));
    let id = Some(&error.correlation_id).filter(|id| !id.is_empty());
    let id = id.map(|id| format!("Correlation ID: {id}"));
    [Some(format!("Error: {code}")), number, id].into_iter().flatten().collect()
}

/// As a query's value.
fn encoded(value: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(byte);
    value
        .bytes()
        .map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::sign_in::words::tests::error;

    fn attempt(cloud: Cloud, tenant: Option<&str>) -> Attempt {
        Attempt {
            cloud,
            tenant: tenant.map(str::to_owned),
            client_id: "c0ffee00-1234-4321-8888-c0ffee000001".into(),
            redirect: "https://portage.example/redirect.html".into(),
        }
    }

    #[test]
    fn an_administrator_gets_the_consent_link_of_the_right_cloud() {
        let denied = Denied::SignIn(error("access_denied", Some(90094)));
        for cloud in Cloud::ALL {
            let request = admin_request("Please approve Portage.", true, &attempt(cloud, None), &denied);
            let link = format!(
                "https://{}/organizations/v2.0/adminconsent?client_id=c0ffee00-",
                cloud.authority_host()
            );
            assert!(request.contains(&link), "{request}");
            let scope =
                format!("scope={}", encoded(&format!("{}/user_impersonation", cloud.discovery_origin())));
            assert!(request.contains(&scope), "{request}");
            assert!(
                request.contains("redirect_uri=https%3A%2F%2Fportage.example%2Fredirect.html"),
                "{request}"
            );
        }
    }

    #[test]
    fn the_request_names_app_permission_and_the_attempt_in_the_log() {
        let denied = Denied::SignIn(error("access_denied", Some(90094)));
        let attempt = attempt(Cloud::Public, Some("fabrikam.onmicrosoft.com"));
        let request = admin_request("Please approve Portage.", true, &attempt, &denied);
        let parts = [
            "Please approve Portage.",
            "App: Portage",
            "Client ID: c0ffee00-1234-4321-8888-c0ffee000001",
            "Dynamics CRM user_impersonation (delegated: the app acts as the person who signed in, with no rights of its own)",
            "https://login.microsoftonline.com/fabrikam.onmicrosoft.com/v2.0/adminconsent?",
            "AADSTS90094",
            "Correlation ID: 0f0e0d0c",
        ];
        for part in parts {
            assert!(request.contains(part), "{part} is not in {request}");
        }
    }

    #[test]
    fn who_has_to_lift_a_rule_is_not_asked_for_approval() {
        let denied = Denied::SignIn(error("access_denied", Some(53003)));
        let request = admin_request("Please look into it.", false, &attempt(Cloud::Public, None), &denied);
        assert!(request.contains("AADSTS53003") && !request.contains("adminconsent"), "{request}");
    }

    #[test]
    fn details_for_support_have_codes_and_time_and_nothing_secret() {
        let mut error = error("invalid_grant", Some(53003));
        error.claims = Some("eyJhbGciOi".into());
        let details =
            support_details(&attempt(Cloud::Dod, None), &Denied::SignIn(error), "2026-11-27T03:40:00Z");
        for part in
            ["invalid_grant", "AADSTS53003", "0f0e0d0c", "2026-11-27T03:40:00Z", "login.microsoftonline.us"]
        {
            assert!(details.contains(part), "{part} is not in {details}");
        }
        assert!(!details.contains("eyJ"), "{details}");
    }

    #[test]
    fn what_has_no_number_does_not_show_an_empty_one() {
        let details = support_details(&attempt(Cloud::Public, None), &Denied::TokenEnded, "now");
        assert!(!details.contains("Number") && !details.contains("Correlation"), "{details}");
    }
}
