//! What a client asks for: who somebody is, and one API.

use super::directory::Directory;
use super::refusal::SignInRefusal;

/// The names of a `scope` parameter, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Scopes {
    /// `openid`, `profile`, `email`, `offline_access`, as far as they are asked for.
    pub(super) about_user: Vec<String>,
    /// The API as the scope writes it: the audience of the access token.
    pub(super) resource: Option<String>,
    /// `user_impersonation`, `.default`
    pub(super) permissions: Vec<String>,
}

const ABOUT_USER: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// The one delegated permission of Dataverse.
const DELEGATED: &str = "user_impersonation";
/// All that was registered.
const DEFAULT: &str = ".default";

/// What permissions without a resource belong to.
pub(super) const GRAPH: &str = "https://graph.microsoft.com";

impl Scopes {
    /// # Errors
    /// Two APIs, an API that nobody has, a permission that it has not, or nothing at all.
    pub(super) fn read(text: &str, directory: &Directory) -> Result<Scopes, SignInRefusal> {
        let mut scopes = Scopes::default();
        for word in text.split_whitespace() {
            if ABOUT_USER.contains(&word) {
                scopes.about_user.push(word.to_owned());
            } else {
                let (resource, permission) = word.rsplit_once('/').unwrap_or((GRAPH, word));
                scopes.add(resource, permission, text)?;
            }
        }
        match &scopes.resource {
            None if scopes.about_user.is_empty() => Err(SignInRefusal::missing("scope")),
            Some(resource) if resource != GRAPH => scopes.checked(directory),
            _ => Ok(scopes),
        }
    }

    fn add(&mut self, resource: &str, permission: &str, text: &str) -> Result<(), SignInRefusal> {
        let known = self.resource.get_or_insert_with(|| resource.to_owned());
        if known != resource {
            let text = format!(
                "Provided value for the input parameter scope is not valid because it contains more than one \
                 resource. Scope {text} is not valid."
            );
            return Err(SignInRefusal::new("invalid_request", 28_000, text));
        }
        self.permissions.push(permission.to_owned());
        Ok(())
    }

    fn checked(self, directory: &Directory) -> Result<Scopes, SignInRefusal> {
        let resource = self.resource.as_deref().unwrap_or(GRAPH);
        if !is_discovery(resource) && directory.place_at(resource).is_none() {
            let text = format!(
                "The resource principal named {resource} was not found in the tenant. This can happen if the \
                 application has not been installed by the administrator of the tenant or consented to by any user in \
                 the tenant. You might have sent your authentication request to the wrong tenant."
            );
            return Err(SignInRefusal::new("invalid_resource", 500_011, text));
        }
        match self.permissions.iter().find(|permission| ![DELEGATED, DEFAULT].contains(&permission.as_str()))
        {
            Some(unknown) => {
                let text = format!(
                    "The application asked for scope '{unknown}' that doesn't exist on the resource '{resource}'."
                );
                Err(SignInRefusal::new("invalid_client", 650_053, text))
            }
            None => Ok(self),
        }
    }

    pub(super) fn asks(&self, name: &str) -> bool {
        self.about_user.iter().any(|asked| asked == name)
    }

    /// What the answer says was granted. `offline_access` is never among it, and `.default` stands for the
    /// permission that was registered.
    pub(super) fn granted(&self) -> String {
        let about_user = self.about_user.iter().filter(|name| *name != "offline_access").cloned();
        let resource = self.resource.as_deref().unwrap_or(GRAPH);
        let mut names: Vec<String> =
            self.permissions.iter().map(|name| format!("{resource}/{name}")).collect();
        let delegated = format!("{resource}/{DELEGATED}");
        if resource != GRAPH && !names.contains(&delegated) {
            names.insert(0, delegated);
        }
        about_user.chain(names).collect::<Vec<_>>().join(" ")
    }
}

/// The global discovery service of any cloud.
pub(super) fn is_discovery(origin: &str) -> bool {
    origin.starts_with("https://globaldisco.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign_in::testing::directory;

    fn read(text: &str) -> Result<Scopes, u32> {
        Scopes::read(text, &directory()).map_err(|refusal| refusal.aadsts)
    }

    #[test]
    fn a_scope_names_one_api_whose_audience_it_writes() {
        for (text, resource) in [
            (
                "https://contoso-dev.crm.dynamics.com/user_impersonation openid",
                "https://contoso-dev.crm.dynamics.com",
            ),
            ("https://contoso-dev.api.crm.dynamics.com/.default", "https://contoso-dev.api.crm.dynamics.com"),
            ("https://contoso-dev.crm.dynamics.com//.default", "https://contoso-dev.crm.dynamics.com/"),
            ("https://globaldisco.crm.dynamics.cn/user_impersonation", "https://globaldisco.crm.dynamics.cn"),
            ("User.Read openid", GRAPH),
        ] {
            assert_eq!(read(text).unwrap().resource.as_deref(), Some(resource), "{text}");
        }
    }

    #[test]
    fn what_nobody_could_grant_is_refused_by_its_number() {
        for (text, aadsts) in [
            ("", 900_144),
            (
                "https://contoso-dev.crm.dynamics.com/.default https://globaldisco.crm.dynamics.com/.default",
                28_000,
            ),
            ("https://nobody.crm.dynamics.com/user_impersonation", 500_011),
            ("https://contoso-dev.crm.dynamics.com/everything", 650_053),
        ] {
            assert_eq!(read(text), Err(aadsts), "{text}");
        }
    }

    #[test]
    fn the_default_is_granted_as_the_permission_that_it_stands_for() {
        let text = "https://contoso-dev.crm.dynamics.com/.default openid profile offline_access";
        let granted = read(text).unwrap().granted();
        assert_eq!(
            granted,
            "openid profile https://contoso-dev.crm.dynamics.com/user_impersonation https://contoso-dev.crm.dynamics.com/.default"
        );
    }
}
