//! Why a pasted token is of no use, in words.

/// What is wrong with what was pasted. Holds nothing of the token but what it is for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenRefused {
    /// Nothing was.
    #[error("Nothing was pasted.")]
    Nothing,
    /// It is no access token that an environment takes.
    #[error("This is no access token: one begins with eyJ and has two dots in it.")]
    NoToken,
    /// It renews access tokens, or is exchanged for one.
    #[error(
        "This is a refresh token or a sign-in code, with which an access token is fetched: it is not one itself."
    )]
    RefreshToken,
    /// It says who signed in to some app.
    #[error("This is an ID token: it says who somebody is, and opens nothing.")]
    IdToken,
    /// It is for something else.
    #[error("This token is for {}, not for this environment.", known_as(audience))]
    OtherAudience {
        /// `aud`, as it stands in the token.
        audience: String,
    },
    /// It was good once.
    #[error("This token expired {} ago, by the clock of this computer.", span(*ago))]
    Expired {
        /// Seconds.
        ago: u64,
    },
}

impl TokenRefused {
    /// What to do next, in plain words.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            TokenRefused::Nothing => "Paste an access token for the environment's address.",
            TokenRefused::NoToken | TokenRefused::RefreshToken => {
                "Look for the value called accessToken or access_token, and paste the whole of it."
            }
            TokenRefused::IdToken => "Paste the access token, which comes beside it as access_token.",
            TokenRefused::OtherAudience { .. } => {
                "Ask for a token whose resource is the environment's address, and paste that."
            }
            TokenRefused::Expired { .. } => {
                "Ask for a new one and paste that; they are good for about an hour."
            }
        }
    }
}

/// Audiences that tokens are often for, by address and by the id of the app behind it, and what people call them.
/// Sources: Microsoft's lists of first-party applications and of the resources of Azure's command line.
const KNOWN: [(&str, &str); 11] = [
    ("https://graph.microsoft.com", "Microsoft Graph"),
    ("00000003-0000-0000-c000-000000000000", "Microsoft Graph"),
    ("https://graph.windows.net", "Azure AD Graph"),
    ("00000002-0000-0000-c000-000000000000", "Azure AD Graph"),
    ("https://management.azure.com", "Azure"),
    ("https://management.core.windows.net", "Azure"),
    ("https://service.powerapps.com", "Power Apps"),
    ("https://api.powerplatform.com", "the Power Platform"),
    ("https://api.bap.microsoft.com", "the Power Platform"),
    ("https://globaldisco.crm.dynamics.com", "the list of environments"),
    ("00000007-0000-0000-c000-000000000000", "Dataverse, but for no environment of it"),
];

fn known_as(audience: &str) -> &str {
    let bare = audience.strip_suffix('/').unwrap_or(audience);
    KNOWN.iter().find(|(known, _)| known.eq_ignore_ascii_case(bare)).map_or(audience, |(_, name)| name)
}

/// `5 minutes`
fn span(seconds: u64) -> String {
    let (count, unit) = match seconds {
        0..60 => (seconds, "second"),
        60..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::{TokenRefused, span};

    #[test]
    fn what_a_token_is_for_is_said_by_its_name_where_it_has_one() {
        let said = |audience: &str| TokenRefused::OtherAudience { audience: audience.to_owned() }.to_string();
        assert_eq!(
            said("https://graph.microsoft.com/"),
            "This token is for Microsoft Graph, not for this environment."
        );
        let fabrikam = "https://fabrikam.crm.dynamics.com/";
        assert_eq!(said(fabrikam), format!("This token is for {fabrikam}, not for this environment."));
    }

    #[test]
    fn spans_of_time_are_told_in_their_largest_unit() {
        let cases =
            [(0, "0 seconds"), (1, "1 second"), (90, "1 minute"), (7_200, "2 hours"), (90_000, "1 day")];
        for (seconds, text) in cases {
            assert_eq!(span(seconds), text);
        }
    }
}
