//! Which hosts are environments, and what to say of those that are not.

use crate::Cloud;

/// Hosts that people take for an environment's, or for all below them (`*.`), and what they are.
const NOT_ENVIRONMENTS: [(&str, &str); 10] = [
    ("make.powerapps.com", LISTING),
    ("apps.powerapps.com", LISTING),
    ("make.powerpages.microsoft.com", LISTING),
    ("admin.powerplatform.microsoft.com", LISTING),
    ("login.microsoftonline.com", LISTING),
    ("portal.azure.com", LISTING),
    ("*.powerappsportals.com", SITE),
    ("*.powerappsportals.us", SITE),
    ("*.microsoftcrmportals.com", SITE),
    (
        "*.operations.dynamics.com",
        "it is of a finance and operations app; Dataverse beside it has its own address",
    ),
];

const LISTING: &str = "this page tells about environments; the environment itself has its own address";

const SITE: &str = "it is of the portal that visitors see; the environment behind it has its own address";

/// Whether `host` is the one that `pattern` names, or below the one that it names after `*.`.
pub(super) fn is_among(host: &str, pattern: &str) -> bool {
    let (host, pattern) = (host.to_ascii_lowercase(), pattern.to_ascii_lowercase());
    match pattern.strip_prefix('*') {
        Some(end) => end.starts_with('.') && end.len() > 1 && end.len() < host.len() && host.ends_with(end),
        None => host == pattern,
    }
}

/// Lets an environment's host in one of the clouds through.
///
/// # Errors
/// What is wrong with it, as the end of a sentence.
pub(super) fn check(host: &str) -> Result<(), &'static str> {
    if let Some((_, reason)) = NOT_ENVIRONMENTS.iter().find(|(pattern, _)| is_among(host, pattern)) {
        return Err(reason);
    }
    match Cloud::of_host(host) {
        Some(_) => Ok(()),
        None if host.contains('.') => Err(UNKNOWN),
        None => Err("it should look like https://contoso.crm.dynamics.com"),
    }
}

const UNKNOWN: &str = "Dataverse is at contoso.crm.dynamics.com, also with a number as in crm4, or at the same below \
    crm.microsoftdynamics.us, crm.appsplatform.us and crm.dynamics.cn; whoever hosts this app can let it talk to more, \
    by hosts in its config.json";

/// The address without `.api`, where it is an environment's in one of the clouds.
pub(super) fn without_api(origin: &str) -> String {
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    match Cloud::of_host(host) {
        // The organization is the first label, and what may follow it is this: so the cloud is told.
        Some(_) => origin.replacen(".api.", ".", 1),
        None => origin.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{UNKNOWN, check, is_among};
    use crate::Cloud;

    #[test]
    fn a_pattern_names_a_host_or_all_below_one() {
        let cases = [
            ("crm.contoso.example", "crm.contoso.example", true),
            ("crm.contoso.example", "CRM.contoso.example", true),
            ("crm.contoso.example", "*.contoso.example", true),
            ("a.b.contoso.example", "*.contoso.example", true),
            ("contoso.example", "*.contoso.example", false),
            (".contoso.example", "*.contoso.example", false),
            ("evilcontoso.example", "*.contoso.example", false),
            ("crm.contoso.example.evil", "*.contoso.example", false),
            ("crm.contoso.example", "contoso.example", false),
            ("crm.contoso.example", "*.", false),
            ("crm.contoso.example", "*", false),
            ("crm.contoso.example.", "*.", false),
            ("crm.contoso.example", "", false),
        ];
        for (host, pattern, expected) in cases {
            assert_eq!(is_among(host, pattern), expected, "{host} {pattern}");
        }
    }

    #[test]
    fn the_words_for_an_unknown_host_name_the_domains_of_all_clouds() {
        for cloud in Cloud::ALL.into_iter().filter(|cloud| *cloud != Cloud::Gcc) {
            let domain = cloud.discovery_origin().trim_start_matches("https://globaldisco.");
            assert!(UNKNOWN.contains(domain), "{domain}");
        }
        assert_eq!(check("contoso.example"), Err(UNKNOWN));
    }
}
