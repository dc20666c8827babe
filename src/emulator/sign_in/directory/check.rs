//! What a directory must not say.

use super::{Application, Directory, DirectoryError, Place, User};
use http::Uri;
use std::collections::BTreeSet;

const REDIRECT: &str = "a redirect is https, or http on localhost or 127.0.0.1, and has no fragment";
const ENVIRONMENT: &str = "an environment's is https://HOST, without a path";

impl Directory {
    pub(super) fn checked(mut self) -> Result<Directory, DirectoryError> {
        for place in self.environments.values_mut() {
            place.url.truncate(place.url.trim_end_matches('/').len());
        }
        self.refuse_doubles()?;
        self.users.iter().try_for_each(|user| self.check_user(user))?;
        self.applications.iter().try_for_each(|application| self.check_application(application))?;
        self.environments.iter().try_for_each(|(name, place)| self.check_place(name, place))?;
        Ok(self)
    }

    fn refuse_doubles(&self) -> Result<(), DirectoryError> {
        let tenants = self.tenants.iter().flat_map(|tenant| [tenant.id.to_string(), tenant.domain.clone()]);
        let users = self.users.iter().flat_map(|user| [user.id.to_string(), user.username.clone()]);
        let applications = self.applications.iter().map(|application| application.id.to_string());
        let places = self.environments.values().map(|place| place.url.clone());
        let mut seen = BTreeSet::new();
        match tenants.chain(users).chain(applications).chain(places).find(|name| !seen.insert(name.clone())) {
            Some(name) => Err(DirectoryError::Twice(name)),
            None => Ok(()),
        }
    }

    fn check_user(&self, user: &User) -> Result<(), DirectoryError> {
        let home = user.username.split_once('@').map_or("", |(_, domain)| domain);
        let domains = user.guest_of.iter().map(String::as_str).chain([home]);
        domains.into_iter().try_for_each(|domain| self.require_tenant(&user.username, domain))
    }

    fn require_tenant(&self, place: &str, domain: &str) -> Result<(), DirectoryError> {
        match self.tenant(domain) {
            Some(_) => Ok(()),
            None => Err(unknown(place, "tenant", domain)),
        }
    }

    fn check_application(&self, application: &Application) -> Result<(), DirectoryError> {
        if application.audience != super::every_tenant() {
            self.require_tenant(&application.name, &application.audience)?;
        }
        match application.redirects.iter().find(|redirect| !is_redirect(redirect)) {
            Some(redirect) => Err(address(&application.name, redirect, REDIRECT)),
            None => Ok(()),
        }
    }

    fn check_place(&self, name: &str, place: &Place) -> Result<(), DirectoryError> {
        self.require_tenant(name, &place.tenant)?;
        if !is_origin(&place.url) {
            return Err(address(name, &place.url, ENVIRONMENT));
        }
        for username in &place.members {
            let user = self.user(username).ok_or_else(|| unknown(name, "user", username))?;
            let tenant = self.tenant(&place.tenant).and_then(|tenant| self.subject(user, tenant));
            tenant.ok_or_else(|| DirectoryError::Stranger {
                user: username.clone(),
                environment: name.to_owned(),
                tenant: place.tenant.clone(),
            })?;
        }
        Ok(())
    }
}

fn unknown(place: &str, kind: &'static str, name: &str) -> DirectoryError {
    DirectoryError::Unknown { place: place.to_owned(), kind, name: name.to_owned() }
}

fn address(place: &str, address: &str, needed: &'static str) -> DirectoryError {
    DirectoryError::Address { place: place.to_owned(), address: address.to_owned(), needed }
}

fn is_redirect(address: &str) -> bool {
    let Ok(uri) = address.parse::<Uri>() else { return false };
    let is_local = matches!(uri.host(), Some("localhost" | "127.0.0.1"));
    let is_safe = uri.scheme_str() == Some("https") || is_local && uri.scheme_str() == Some("http");
    is_safe && uri.host().is_some() && !address.contains('#')
}

fn is_origin(address: &str) -> bool {
    let Ok(uri) = address.parse::<Uri>() else { return false };
    let is_bare = matches!(uri.path_and_query().map_or("/", |path| path.as_str()), "/");
    uri.scheme_str() == Some("https") && uri.host().is_some() && is_bare
}
