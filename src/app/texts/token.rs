//! Pasted access tokens.

use super::count;

pub(crate) const TOKEN: &str = "Access token";
pub(crate) const HINT: &str =
    "Kept in this tab’s memory only, sent to this environment only, gone when the tab closes.";
pub(crate) const HINT_LOCAL: &str =
    "Not checked: on this computer any text is taken as a token. It is sent nowhere else.";
pub(crate) const HOW: &str = "How do I get an access token?";
pub(crate) const HOW_SIGN_IN: &str = "Install the Azure CLI, and sign in with an account that can open the environment. As a guest, add --tenant and \
     the domain of the organization that invited you.";
pub(crate) const SIGN_IN_COMMAND: &str = "az login --allow-no-subscriptions";
pub(crate) const HOW_ASK: &str = "Ask for a token for the environment’s URL.";
pub(crate) const COMMAND: &str = "Command";
pub(crate) const COPY_COMMAND: &str = "Copy command";
pub(crate) const HOW_PASTE: &str =
    "Paste what it prints. A token is valid for about an hour; before it ends you can paste the next one.";
pub(crate) const FACT: &str = "Access token";
pub(crate) const NOT_CHECKED: &str = "not checked";
pub(crate) const AUDIENCE: &str = "The token is for";
pub(crate) const PERSON: &str = "It acts as";
pub(crate) const TENANT: &str = "Organization";
pub(crate) const ENDS: &str = "Ends";
pub(crate) const PASTE_ANOTHER: &str = "Paste another token";
pub(crate) const USE: &str = "Use this token";
pub(crate) const ENDED: &str = "ended";

/// From so many seconds before its end a token is warned of.
pub(crate) const SOON: i64 = 300;

/// What asks the Azure CLI for a token for an environment.
pub(crate) fn command(url: Option<&str>) -> String {
    let url = url.unwrap_or("https://contoso.crm.dynamics.com");
    format!("az account get-access-token --resource {url} --query accessToken --output tsv")
}

/// How long a token still lasts, by its seconds: for the eyes.
pub(crate) fn ends_in(seconds: i64) -> String {
    match u64::try_from(seconds) {
        Ok(seconds) if seconds > 0 => format!("ends in {}", super::duration(seconds)),
        _ => ENDED.to_owned(),
    }
}

/// The warning before the end, in whole minutes: it changes at most once a minute, for the ears.
pub(crate) fn ends_soon(environment: &str, seconds: i64) -> String {
    match u64::try_from(seconds) {
        Ok(seconds) if seconds > 0 => {
            let minutes = seconds.div_ceil(60);
            format!(
                "The access token for {environment} ends in {}",
                if minutes == 1 { "a minute".to_owned() } else { count(minutes, "minute", "minutes") }
            )
        }
        _ => format!("The access token for {environment} has ended"),
    }
}

pub(crate) const ENDS_SOON_TEXT: &str =
    "Paste the next one now, and nothing has to wait. Without it a run waits until there is one.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_countdown_goes_by_seconds_and_ends() {
        assert_eq!([2_530, 1, 0, -5].map(ends_in), ["ends in 42:10", "ends in 0:01", "ended", "ended"]);
    }

    #[test]
    fn the_warning_changes_at_most_once_a_minute() {
        let spoken = |seconds| ends_soon("Contoso", seconds);
        assert_eq!(spoken(300), "The access token for Contoso ends in 5 minutes");
        assert_eq!(spoken(241), spoken(300));
        assert_eq!(spoken(60), "The access token for Contoso ends in a minute");
        assert_eq!(spoken(0), "The access token for Contoso has ended");
    }
}
