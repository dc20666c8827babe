//! What differs from cloud to cloud. Source: Microsoft's pages on national clouds and on the discovery service.

// The browser's demo has no sign-in service, which most of this is for.
#![cfg_attr(target_arch = "wasm32", allow(dead_code))]

/// A cloud's names.
struct Cloud {
    /// The end of its environments' names, after `crm` and a number.
    environments: &'static str,
    login: &'static str,
    token_issuer: &'static str,
}

const CLOUDS: [Cloud; 4] = [
    Cloud {
        environments: ".dynamics.com",
        login: "login.microsoftonline.com",
        token_issuer: "https://sts.windows.net/",
    },
    Cloud {
        environments: ".microsoftdynamics.us",
        login: "login.microsoftonline.us",
        token_issuer: "https://sts.windows.net/",
    },
    Cloud {
        environments: ".appsplatform.us",
        login: "login.microsoftonline.us",
        token_issuer: "https://sts.windows.net/",
    },
    Cloud {
        environments: ".dynamics.cn",
        login: "login.partner.microsoftonline.cn",
        token_issuer: "https://sts.chinacloudapi.cn/",
    },
];

/// The names of all clouds' sign-in and discovery services.
pub(crate) fn services() -> impl Iterator<Item = String> {
    let logins = CLOUDS.iter().map(|cloud| cloud.login.to_owned());
    let discovery = CLOUDS.iter().map(|cloud| format!("globaldisco.crm{}", cloud.environments));
    logins.chain(discovery).chain(["globaldisco.crm9.dynamics.com".to_owned()])
}

/// Who issues access tokens where the sign-in service has that name.
pub(crate) fn token_issuer(login: &str) -> &'static str {
    CLOUDS.iter().find(|cloud| cloud.login == login).unwrap_or(&CLOUDS[0]).token_issuer
}

/// Whether a discovery service lists an environment; both are origins. The one for the American government's community
/// cloud lists that region only, and no other lists it. Addresses of no cloud are in every list.
pub(crate) fn lists(discovery: &str, environment: &str) -> bool {
    let (Some(service), Some(place)) = (region(discovery), region(environment)) else { return true };
    let community = ("crm9", CLOUDS[0].environments);
    service.1 == place.1 && (service == community) == (place == community)
}

/// `https://contoso.crm4.dynamics.com` -> `("crm4", ".dynamics.com")`
fn region(origin: &str) -> Option<(&str, &'static str)> {
    let cloud = CLOUDS.iter().find(|cloud| origin.ends_with(cloud.environments))?;
    let (_, region) = origin.strip_suffix(cloud.environments)?.rsplit_once('.')?;
    Some((region, cloud.environments))
}

/// The name of the sign-in service for an environment's or the discovery service's address.
pub(crate) fn login(origin: &str) -> &'static str {
    CLOUDS.iter().find(|cloud| origin.ends_with(cloud.environments)).unwrap_or(&CLOUDS[0]).login
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_discovery_service_lists_the_regions_of_its_own_cloud() {
        for (discovery, environment, expected) in [
            ("https://globaldisco.crm.dynamics.com", "https://contoso.crm.dynamics.com", true),
            ("https://globaldisco.crm.dynamics.com", "https://contoso.crm17.dynamics.com", true),
            ("https://globaldisco.crm.dynamics.com", "https://contoso.crm9.dynamics.com", false),
            ("https://globaldisco.crm9.dynamics.com", "https://contoso.crm9.dynamics.com", true),
            ("https://globaldisco.crm9.dynamics.com", "https://contoso.crm.dynamics.com", false),
            ("https://globaldisco.crm.dynamics.cn", "https://contoso.crm.dynamics.cn", true),
            ("https://globaldisco.crm.dynamics.cn", "https://contoso.crm.dynamics.com", false),
            ("https://globaldisco.crm.microsoftdynamics.us", "https://contoso.crm.appsplatform.us", false),
            ("https://globaldisco.crm.dynamics.com", "https://localhost:9401", true),
        ] {
            assert_eq!(lists(discovery, environment), expected, "{discovery} {environment}");
        }
    }

    #[test]
    fn every_cloud_has_a_sign_in_service_of_its_own() {
        assert_eq!(login("https://contoso.crm.dynamics.cn"), "login.partner.microsoftonline.cn");
        assert_eq!(login("https://contoso.crm.appsplatform.us"), "login.microsoftonline.us");
        assert_eq!(login("https://contoso.crm9.dynamics.com"), "login.microsoftonline.com");
        assert_eq!(login("https://localhost:9401"), "login.microsoftonline.com");
    }
}
