//! Microsoft's clouds: who signs people in, where environments live, and where they are listed.
//!
//! Sources, all Microsoft's pages: "Discover user organizations" for the discovery services; "Datacenter regions" for
//! the environments' hosts; "National clouds" (Microsoft Entra) for the authorities; "Dynamics 365 US Government" for
//! GCC, whose people are in the public directory. What no page states is marked as inferred.

use serde::{Deserialize, Serialize};

/// A cloud: an app is registered in each on its own, and a token of one is worth nothing in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Cloud {
    /// Everybody's, as far as nothing else is said.
    Public,
    /// US Government Community Cloud: environments of its own, accounts of the public cloud.
    Gcc,
    /// US Government Community Cloud High.
    GccHigh,
    /// US Department of Defense.
    Dod,
    /// Operated by 21Vianet in China.
    China,
}

/// What is known of a cloud.
struct Facts {
    name: &'static str,
    authority_host: &'static str,
    /// The domain below which its environments live.
    domain: &'static str,
    discovery_origin: &'static str,
}

const fn facts(
    name: &'static str,
    authority_host: &'static str,
    domain: &'static str,
    discovery_origin: &'static str,
) -> Facts {
    Facts { name, authority_host, domain, discovery_origin }
}

const PUBLIC: Facts = facts(
    "Public cloud",
    "login.microsoftonline.com",
    "dynamics.com",
    "https://globaldisco.crm.dynamics.com",
);
const GCC: Facts = facts(
    "US Government (GCC)",
    "login.microsoftonline.com",
    "dynamics.com",
    "https://globaldisco.crm9.dynamics.com",
);
const GCC_HIGH: Facts = facts(
    "US Government (GCC High)",
    "login.microsoftonline.us",
    "microsoftdynamics.us",
    "https://globaldisco.crm.microsoftdynamics.us",
);
// Inferred: the page on authorities names "US Government" as a whole; the environments' domain is the discovery's.
const DOD: Facts = facts(
    "US Government (DoD)",
    "login.microsoftonline.us",
    "appsplatform.us",
    "https://globaldisco.crm.appsplatform.us",
);
const CHINA: Facts = facts(
    "China (21Vianet)",
    "login.partner.microsoftonline.cn",
    "dynamics.cn",
    "https://globaldisco.crm.dynamics.cn",
);

impl Cloud {
    /// All, the usual one first.
    pub const ALL: [Cloud; 5] = [Cloud::Public, Cloud::Gcc, Cloud::GccHigh, Cloud::Dod, Cloud::China];

    const fn facts(self) -> Facts {
        match self {
            Cloud::Public => PUBLIC,
            Cloud::Gcc => GCC,
            Cloud::GccHigh => GCC_HIGH,
            Cloud::Dod => DOD,
            Cloud::China => CHINA,
        }
    }

    /// What people call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.facts().name
    }

    /// The host that signs its people in, e.g. `login.microsoftonline.com`.
    #[must_use]
    pub const fn authority_host(self) -> &'static str {
        self.facts().authority_host
    }

    /// Where to sign in: to `tenant` (its id or one of its domains), or to whichever the account is at home in.
    #[must_use]
    pub fn authority(self, tenant: Option<&str>) -> String {
        format!("https://{}/{}", self.authority_host(), tenant.unwrap_or("organizations"))
    }

    /// The global discovery service: no slash at the end.
    #[must_use]
    pub const fn discovery_origin(self) -> &'static str {
        self.facts().discovery_origin
    }

    /// Whether an environment of this cloud can have this host: `contoso.crm4.dynamics.com`, or the same with `.api`.
    #[must_use]
    pub fn admits_environment(self, host: &str) -> bool {
        Cloud::of_host(host) == Some(self)
    }

    /// The cloud of an environment's host. Discovery services are none, nor are other hosts of the same domains.
    #[must_use]
    pub fn of_host(host: &str) -> Option<Cloud> {
        let host = host.to_ascii_lowercase();
        let (organization, rest) = host.split_once('.')?;
        let (region, domain) = rest.strip_prefix("api.").unwrap_or(rest).split_once('.')?;
        if organization.is_empty() || organization == "globaldisco" {
            return None;
        }
        let number = region.strip_prefix("crm").filter(|n| n.bytes().all(|b| b.is_ascii_digit()))?;
        match (domain, number) {
            ("dynamics.com", "9") => Some(Cloud::Gcc),
            // The page's list of numbers is of 2022, and there are more by now: any number is a region.
            ("dynamics.com", _) => Some(Cloud::Public),
            (_, "") => Cloud::ALL.into_iter().find(|cloud| cloud.facts().domain == domain),
            _ => None,
        }
    }

    /// What to ask a token for, so that it is for what stands at `origin`: an environment, or a discovery service.
    ///
    /// Source: Microsoft's page on OAuth with Dataverse, which has this for clients that keep no secret.
    #[must_use]
    pub fn scope(origin: &str) -> String {
        format!("{origin}/user_impersonation")
    }

    /// The origins that sign people in, each once.
    #[must_use]
    pub fn authority_origins() -> Vec<String> {
        each_once(Cloud::ALL.map(|cloud| format!("https://{}", cloud.authority_host())))
    }

    /// What a page must be allowed to connect to, in the words of a content security policy's `connect-src`. Regions
    /// are numbered below one domain, and a policy has no pattern for that: the domain as a whole is allowed.
    #[must_use]
    pub fn connect_sources() -> Vec<String> {
        let environments = Cloud::ALL.map(|cloud| format!("https://*.{}", cloud.facts().domain));
        each_once(Cloud::authority_origins().into_iter().chain(environments))
    }
}

fn each_once(all: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut found = Vec::new();
    for one in all {
        if !found.contains(&one) {
            found.push(one);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::Cloud;

    #[test]
    fn each_cloud_is_named_in_settings_as_in_the_readme() {
        let names = Cloud::ALL.map(|cloud| serde_json::to_string(&cloud).unwrap());
        assert_eq!(names, [r#""public""#, r#""gcc""#, r#""gccHigh""#, r#""dod""#, r#""china""#]);
    }

    #[test]
    fn people_sign_in_at_home_or_in_the_tenant_that_is_named() {
        let home = Cloud::ALL.map(|cloud| cloud.authority(None));
        assert_eq!(
            home,
            [
                "https://login.microsoftonline.com/organizations",
                "https://login.microsoftonline.com/organizations",
                "https://login.microsoftonline.us/organizations",
                "https://login.microsoftonline.us/organizations",
                "https://login.partner.microsoftonline.cn/organizations",
            ]
        );
        let abroad = Cloud::Public.authority(Some("fabrikam.onmicrosoft.com"));
        assert_eq!(abroad, "https://login.microsoftonline.com/fabrikam.onmicrosoft.com");
    }

    #[test]
    fn the_host_of_an_environment_tells_its_cloud() {
        let cases = [
            ("contoso.crm.dynamics.com", Cloud::Public),
            ("contoso.crm4.dynamics.com", Cloud::Public),
            ("contoso.crm99.dynamics.com", Cloud::Public),
            ("Contoso-Dev.API.crm21.dynamics.com", Cloud::Public),
            ("contoso.crm9.dynamics.com", Cloud::Gcc),
            ("contoso.api.crm9.dynamics.com", Cloud::Gcc),
            ("contoso.crm.microsoftdynamics.us", Cloud::GccHigh),
            ("contoso.crm.appsplatform.us", Cloud::Dod),
            ("contoso.api.crm.dynamics.cn", Cloud::China),
        ];
        for (host, cloud) in cases {
            assert_eq!(Cloud::of_host(host), Some(cloud), "{host}");
            let admitting: Vec<Cloud> =
                Cloud::ALL.into_iter().filter(|cloud| cloud.admits_environment(host)).collect();
            assert_eq!(admitting, [cloud], "{host}");
        }
    }

    #[test]
    fn a_host_that_only_looks_like_an_environment_is_of_no_cloud() {
        let hosts = [
            "",
            "localhost",
            "crm.dynamics.com",
            ".crm.dynamics.com",
            "dynamics.com",
            "globaldisco.crm.dynamics.com",
            "globaldisco.crm9.dynamics.com",
            "admin.services.crm4.dynamics.com",
            "contoso.operations.dynamics.com",
            "contoso.crmtest.dynamics.com",
            "contoso.crm.dynamics.com.evil.example",
            "contoso.crm.evil-dynamics.com",
            "contoso.crm4.microsoftdynamics.us",
            "contoso.powerappsportals.com",
            "contoso.crm.dynamics.com.",
        ];
        for host in hosts {
            assert_eq!(Cloud::of_host(host), None, "{host}");
        }
    }

    #[test]
    fn a_policy_names_every_host_that_tokens_come_from_and_go_to() {
        let sources = Cloud::connect_sources();
        assert_eq!(
            sources,
            [
                "https://login.microsoftonline.com",
                "https://login.microsoftonline.us",
                "https://login.partner.microsoftonline.cn",
                "https://*.dynamics.com",
                "https://*.microsoftdynamics.us",
                "https://*.appsplatform.us",
                "https://*.dynamics.cn",
            ]
        );
        for cloud in Cloud::ALL {
            let domain = cloud.discovery_origin().split_once(".crm").unwrap().1.split_once('.').unwrap().1;
            assert!(sources.contains(&format!("https://*.{domain}")), "{}", cloud.discovery_origin());
        }
    }

    #[test]
    fn a_token_is_asked_for_what_stands_at_an_origin() {
        assert_eq!(
            Cloud::scope(Cloud::GccHigh.discovery_origin()),
            "https://globaldisco.crm.microsoftdynamics.us/user_impersonation"
        );
    }
}
