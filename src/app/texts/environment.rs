//! The environment step.

use browser::protocol::End;

pub(crate) const LEAD_SOURCE: &str = "Rows are read there. Nothing is changed in it.";
pub(crate) const LEAD_TARGET: &str = "Rows are written there, but not before you have seen the plan.";
pub(crate) const URL: &str = "Environment URL";
pub(crate) const URL_HINT: &str = "For example https://contoso.crm.dynamics.com";
pub(crate) const TOKEN: &str = "Access token";
pub(crate) const TOKEN_HINT: &str = "Kept in this tab’s memory only, sent to this environment only, gone when the tab closes. Not checked until the \
     environment answers.";
pub(crate) const TOKEN_HINT_LOCAL: &str =
    "Not checked: on this computer any text is taken as a token. It is sent nowhere else.";
pub(crate) const URL_MISSING: &str = "Type the environment’s URL.";
pub(crate) const URL_WRONG: &str =
    "This is not a web address. It should look like https://contoso.crm.dynamics.com";
pub(crate) const TOKEN_MISSING: &str = "Paste an access token for this environment.";
pub(crate) const CONNECT: &str = "Connect";
pub(crate) const CHANGE: &str = "Use another environment";
pub(crate) const OWN: &str = "Your environment";
pub(crate) const DEMO: &str = "Demo environments";
pub(crate) const DEMO_HINT: &str = "They run inside this tab, without network and without an account.";
pub(crate) const HOW_TOKEN: &str = "How do I get an access token?";
pub(crate) const HOW_TOKEN_STEPS: [&str; 3] = [
    "Install the Azure CLI and sign in with an account that can open the environment: az login --allow-no-subscriptions",
    "Ask for a token for your environment’s URL: az account get-access-token --resource \
     https://contoso.crm.dynamics.com --query accessToken --output tsv",
    "Paste what it prints. A token is valid for about an hour; paste a new one when the environment says that it has \
     expired.",
];
pub(crate) const NEXT_EXPORT: &str = "Next: choose a schema";
pub(crate) const NEXT_IMPORT: &str = "Next: choose a file";
pub(crate) const CONNECTING: &str = "Asking the environment who you are …";
pub(crate) const ADDRESS: &str = "Address";
pub(crate) const USER: &str = "Signed-in user’s id";
pub(crate) const VERSION: &str = "Version";
pub(crate) const LANGUAGE: &str = "Base language";
pub(crate) const UNKNOWN: &str = "not told";
pub(crate) const CONNECTED: &str = "Connected";
pub(crate) const REFUSED: &str = "Could not connect";
pub(crate) const SAME: &str = "Source and target are the same environment";
pub(crate) const SAME_TEXT: &str = "Importing a package where it came from only restores what changed since.";

/// The step's heading.
pub(crate) fn title(end: End) -> &'static str {
    match end {
        End::Source => "Choose the source environment",
        End::Target => "Choose the target environment",
    }
}

/// What a demo environment holds.
pub(crate) fn demo_holds(name: &str) -> &'static str {
    match name {
        "Contoso Development" => "Holds a sample portal.",
        _ => "A freshly provisioned site, ready to be imported into.",
    }
}

/// Chooses a demo environment.
pub(crate) fn use_environment(name: &str) -> String {
    format!("Use {name}")
}

/// What is wrong with a typed URL before anything is asked; the engine looks closer.
pub(crate) fn url_error(url: &str) -> Option<&'static str> {
    match url.trim() {
        "" => Some(URL_MISSING),
        url if url.contains(char::is_whitespace) => Some(URL_WRONG),
        _ => None,
    }
}

/// A base language by its locale id: `English (1033)`.
pub(crate) fn language(lcid: u32) -> String {
    match LANGUAGES.iter().find(|(known, _)| *known == lcid) {
        Some((_, name)) => format!("{name} ({lcid})"),
        None => lcid.to_string(),
    }
}

/// The base languages Dataverse is most often provisioned in.
const LANGUAGES: [(u32, &str); 27] = [
    (1025, "Arabic"),
    (1029, "Czech"),
    (1030, "Danish"),
    (1031, "German"),
    (1032, "Greek"),
    (1033, "English"),
    (1035, "Finnish"),
    (1036, "French"),
    (1037, "Hebrew"),
    (1038, "Hungarian"),
    (1040, "Italian"),
    (1041, "Japanese"),
    (1042, "Korean"),
    (1043, "Dutch"),
    (1044, "Norwegian"),
    (1045, "Polish"),
    (1046, "Portuguese (Brazil)"),
    (1048, "Romanian"),
    (1049, "Russian"),
    (1053, "Swedish"),
    (1055, "Turkish"),
    (1058, "Ukrainian"),
    (2052, "Chinese (simplified)"),
    (2070, "Portuguese (Portugal)"),
    (3076, "Chinese (Hong Kong)"),
    (3082, "Spanish"),
    (1028, "Chinese (traditional)"),
];
