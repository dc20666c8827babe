//! Values that no plan and no report shows: the secrets among a portal's site settings.

use cmt::{Record, Value};

/// What a plan shows instead.
pub(crate) const HIDDEN: &str = "(not shown)";
/// What the last part of a setting's name tells of a secret: somewhere in it, or at its end.
const WITHIN: [&str; 4] = ["secret", "password", "connectionstring", "privatekey"];
const AT_END: [&str; 5] = ["apikey", "accesskey", "accountkey", "sharedkey", "token"];

/// Whether this column of the record holds a secret, as far as its name tells. A setting whose name the record does not
/// have may be any.
#[must_use]
pub fn is_secret(table: &str, column: &str, record: &Record) -> bool {
    (table, column) == ("adx_sitesetting", "adx_value")
        && match record.value("adx_name") {
            Some(Value::Text(name)) => names_secret(name),
            _ => true,
        }
}

fn names_secret(setting: &str) -> bool {
    let last = setting.rsplit('/').next().unwrap_or_default().to_lowercase();
    let last: String = last.chars().filter(|c| c.is_alphanumeric()).collect();
    WITHIN.iter().any(|part| last.contains(part)) || AT_END.iter().any(|end| last.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::{is_secret, names_secret};
    use cmt::{Field, Record, Value};
    use uuid::Uuid;

    #[test]
    fn a_setting_without_a_name_may_be_a_secret_and_a_snippet_is_none() {
        let field =
            |column: &str, text: &str| Field { column: column.into(), value: Value::Text(text.into()) };
        let record = |fields| Record { id: Uuid::nil(), fields };
        let nameless = record(vec![field("adx_value", "x")]);
        let named = record(vec![field("adx_name", "Search/Enabled"), field("adx_value", "x")]);
        assert!(is_secret("adx_sitesetting", "adx_value", &nameless));
        assert!(!is_secret("adx_sitesetting", "adx_value", &named));
        assert!(!is_secret("adx_contentsnippet", "adx_value", &nameless));
    }

    #[test]
    fn secrets_are_known_by_the_last_part_of_their_name() {
        for secret in [
            "Authentication/OpenAuth/Microsoft/ClientSecret",
            "Authentication/OpenAuth/Facebook/AppSecret",
            "Authentication/OpenAuth/Twitter/ConsumerSecret",
            "Authentication/WsFederation/ADFS/Password",
            "Bing/Maps/API key",
            "Storage/ConnectionString",
        ] {
            assert!(names_secret(secret), "{secret}");
        }
        for open in [
            "Authentication/OpenAuth/Microsoft/ClientId",
            "Authentication/OpenAuth/Twitter/ConsumerKey",
            "Authentication/Registration/Enabled",
            "Secret/Page/Enabled",
            "Search/FacetedView",
        ] {
            assert!(!names_secret(open), "{open}");
        }
    }
}
