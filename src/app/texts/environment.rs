//! The environment step.

use super::{count, number};
use browser::protocol::{End, EnvironmentKind, PortalKind};

pub(crate) const LEAD_SOURCE: &str = "Rows are read there. Nothing is changed in it.";
pub(crate) const LEAD_TARGET: &str = "Rows are written there, but not before you have seen the plan.";
pub(crate) const URL: &str = "Environment URL";
pub(crate) const URL_HINT: &str =
    "For example https://contoso.crm.dynamics.com. Power Apps shows it under Settings, Session details.";
pub(crate) const URL_MISSING: &str = "Type the environment’s URL.";
pub(crate) const CONNECT: &str = "Connect";
pub(crate) const CHANGE: &str = "Use another environment";
pub(crate) const KEEP: &str = "Keep this environment";
pub(crate) const HERE: &str = "This environment";
pub(crate) const HERE_TEXT: &str = "This page lies in a Dataverse environment. It can use your session there: no registration and no token is needed.";
pub(crate) const HERE_USE: &str = "Use this environment";
pub(crate) const RECENT: &str = "Recently used";
pub(crate) const RECENT_FORGET: &str = "Forget";
pub(crate) const TYPED: &str = "By its URL";
pub(crate) const ACCESS: &str = "How do you want to connect?";
pub(crate) const BY_ACCOUNT: &str = "Microsoft account";
pub(crate) const BY_ACCOUNT_NEW: &str = "Your work or school account. You sign in when you connect.";
pub(crate) const BY_ACCOUNT_LOCAL: &str = "Not for an environment on this computer.";
pub(crate) const BY_TOKEN: &str = "Paste an access token";
pub(crate) const BY_TOKEN_HINT: &str = "From another tool, without signing in here. Lasts about an hour.";
pub(crate) const GUEST_SUMMARY: &str = "I am a guest there";
pub(crate) const GUEST_TENANT: &str = "Organization (only for guests)";
pub(crate) const USE: &str = "Use";
pub(crate) const DEMO: &str = "Demo environments";
pub(crate) const DEMO_HINT: &str = "They run inside this tab, without network and without an account.";

pub(crate) const LIST_TITLE: &str = "Your environments";
pub(crate) const SEARCH: &str = "Search environments";
pub(crate) const LIST_HINT: &str = "Choose one to connect. With the keyboard: arrow keys, then Enter.";
pub(crate) const LISTING: &str = "Asking Microsoft which environments you have …";
pub(crate) const LIST_AGAIN: &str = "Try again";
pub(crate) const LIST_REFRESH: &str = "Refresh the list";
pub(crate) const LIST_FAILED: &str = "The list of environments could not be loaded";
pub(crate) const LIST_EMPTY: &str = "Microsoft lists no environments for this account";
pub(crate) const LIST_EMPTY_TEXT: &str = "That is usual for delegated administrators, for people who are not in an environment’s security group, and for guests \
     who signed in to their own organization. If you can open the environment all the same, type its URL under “By its URL”. As a guest, sign in to \
     the organization that invited you.";
pub(crate) const NOTHING_FOUND: &str = "No environment has that in its name, URL or region.";
pub(crate) const DISABLED: &str = "Disabled";
pub(crate) const USED: &str = "Recently used";
pub(crate) const NEXT_EXPORT: &str = "Next: choose a schema";
pub(crate) const NEXT_IMPORT: &str = "Next: choose a file";
pub(crate) const CONNECTING: &str = "Asking the environment who you are …";
pub(crate) const ADDRESS: &str = "Address";
pub(crate) const VERSION: &str = "Version";
pub(crate) const LANGUAGE: &str = "Base language";
pub(crate) const KIND: &str = "Type";
pub(crate) const PORTAL: &str = "Portal";
pub(crate) const PORTAL_HIDDEN: &str = "unknown: you may not read the solutions";
pub(crate) const NO_PORTAL: &str = "no portal solutions found";
pub(crate) const SOLUTIONS: &str = "Portal solutions";
pub(crate) const SOLUTION: &str = "Solution";
pub(crate) const UNKNOWN: &str = "unknown";
pub(crate) const CONNECTED: &str = "Connected";
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

/// That an environment, by its host, could not be connected.
pub(crate) fn refused(host: Option<&str>) -> String {
    match host {
        Some(host) => format!("Could not connect to {host}"),
        None => "Could not connect".to_owned(),
    }
}

/// Which environment a failed sign-in was for, and whose it was.
pub(crate) fn about(host: &str, person: Option<&str>) -> String {
    match person {
        Some(person) => format!("Environment: {host}. Account: {person}."),
        None => format!("Environment: {host}."),
    }
}

/// Who is signed in where.
pub(crate) fn signed_in_as(person: &str, environment: &str) -> String {
    format!("Signed in as {person} to {environment}.")
}

/// A person by what the environment tells: `Adele Vance (adele@contoso.onmicrosoft.com)`.
pub(crate) fn person(name: Option<&str>, login: Option<&str>) -> Option<String> {
    match (name, login) {
        (Some(name), Some(login)) if name != login => Some(format!("{name} ({login})")),
        (one, other) => one.or(other).map(str::to_owned),
    }
}

/// Completes "Connect" for who hears the page.
pub(crate) fn to(environment: &str) -> String {
    format!("to {environment}")
}

/// Whose environments are listed.
pub(crate) fn of(person: &str) -> String {
    format!("Environments of {person}")
}

/// How many environments are shown.
pub(crate) fn shown(shown: usize, all: usize) -> String {
    let environments = count(all as u64, "environment", "environments");
    if shown == all { environments } else { format!("{} of {environments}", number(shown as u64)) }
}

/// What a portal's rows are kept in.
pub(crate) fn portal_kind(kind: PortalKind) -> &'static str {
    match kind {
        PortalKind::Dataverse => "Power Pages, standard data model",
        PortalKind::CustomerEngagement => "Portals for Dynamics 365, standard data model",
        PortalKind::Enhanced => "Power Pages, enhanced data model",
    }
}

/// Solutions of a portal without the one it stands on.
pub(crate) fn portal_without_base(solutions: usize) -> String {
    format!("{} without the portal’s base", count(solutions as u64, "solution", "solutions"))
}

/// An environment’s version, in a list.
pub(crate) fn version(version: &str) -> String {
    format!("version {version}")
}

/// What an environment is for.
pub(crate) fn kind(kind: EnvironmentKind) -> &'static str {
    match kind {
        EnvironmentKind::Production => "Production",
        EnvironmentKind::Sandbox => "Sandbox",
        EnvironmentKind::Developer => "Developer",
        EnvironmentKind::Trial => "Trial",
        EnvironmentKind::Default => "Default",
        EnvironmentKind::Teams => "Teams",
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_told_by_what_is_known() {
        let told = |name, login| person(name, login);
        assert_eq!(
            told(Some("Adele"), Some("adele@contoso.com")).as_deref(),
            Some("Adele (adele@contoso.com)")
        );
        assert_eq!(told(None, Some("adele@contoso.com")).as_deref(), Some("adele@contoso.com"));
        assert_eq!(told(Some("Adele"), None).as_deref(), Some("Adele"));
        assert_eq!(told(None, None), None);
    }

    #[test]
    fn a_search_says_how_many_it_leaves() {
        assert_eq!(
            [shown(1, 1), shown(140, 140), shown(2, 140)],
            ["1 environment", "140 environments", "2 of 140 environments"]
        );
    }
}
