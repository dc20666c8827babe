//! Questions to a directory.

use super::{Application, Directory, Place, Tenant, User};
use crate::random::{Random, fingerprint};
use crate::tenancy::{Member, Tenancy};
use http::Uri;
use uuid::Uuid;

/// A user as one tenant knows them.
#[derive(Clone, Copy, Debug)]
pub(in crate::sign_in) struct Subject<'a> {
    pub(in crate::sign_in) user: &'a User,
    /// Where the user is at home.
    pub(in crate::sign_in) home: &'a Tenant,
    /// Where the user is now.
    pub(in crate::sign_in) tenant: &'a Tenant,
    /// The user's id there.
    pub(in crate::sign_in) id: Uuid,
}

impl Subject<'_> {
    pub(in crate::sign_in) fn is_guest(&self) -> bool {
        self.home.id != self.tenant.id
    }
}

impl Directory {
    /// By domain or id.
    pub(in crate::sign_in) fn tenant(&self, name: &str) -> Option<&Tenant> {
        let id = Uuid::try_parse(name).ok();
        self.tenants.iter().find(|tenant| tenant.domain.eq_ignore_ascii_case(name) || Some(tenant.id) == id)
    }

    pub(in crate::sign_in) fn user(&self, username: &str) -> Option<&User> {
        self.users.iter().find(|user| user.username.eq_ignore_ascii_case(username))
    }

    pub(in crate::sign_in) fn application(&self, id: &str) -> Option<&Application> {
        let id = Uuid::try_parse(id).ok()?;
        self.applications.iter().find(|application| application.id == id)
    }

    pub(in crate::sign_in) fn home(&self, user: &User) -> Option<&Tenant> {
        self.tenant(user.username.split_once('@')?.1)
    }

    /// Nothing where the tenant has not invited the user.
    pub(in crate::sign_in) fn subject<'a>(
        &'a self,
        user: &'a User,
        tenant: &'a Tenant,
    ) -> Option<Subject<'a>> {
        let home = self.home(user)?;
        if home.id == tenant.id {
            return Some(Subject { user, home, tenant, id: user.id });
        }
        let is_guest = user.guest_of.iter().any(|domain| domain.eq_ignore_ascii_case(&tenant.domain));
        is_guest.then(|| Subject { user, home, tenant, id: guest_id(user, tenant) })
    }

    /// What the environment of that name is to know of itself; nothing where the directory has none of that name.
    #[must_use]
    pub fn tenancy(&self, environment: &str) -> Option<Tenancy> {
        let place = self.environments.get(environment)?;
        let tenant = self.tenant(&place.tenant)?;
        let users = place.members.iter().filter_map(|username| self.user(username));
        let members = users.filter_map(|user| {
            let id = self.subject(user, tenant)?.id;
            Some(Member { id, username: user.username.clone(), name: user.name.clone() })
        });
        Some(Tenancy {
            tenant: tenant.id,
            url: place.url.clone(),
            api_url: place.api_url(),
            region: place.region.clone(),
            members: members.collect(),
        })
    }

    /// The host names by which clients ask for its environments, for the discovery services and for sign-in.
    #[must_use]
    pub fn host_names(&self) -> Vec<String> {
        let places = self.environments.values().flat_map(|place| [place.url.clone(), place.api_url()]);
        let hosts = places.filter_map(|url| Some(url.parse::<Uri>().ok()?.host()?.to_owned()));
        hosts.chain(crate::clouds::services()).collect()
    }

    /// The names of the environments that it knows.
    pub fn environments(&self) -> impl Iterator<Item = &str> {
        self.environments.keys().map(String::as_str)
    }

    /// The environment that has that origin, by its own or by its API's name.
    pub(in crate::sign_in) fn place_at(&self, origin: &str) -> Option<&Place> {
        self.environments.values().find(|place| place.is_at(origin))
    }
}

impl Application {
    /// Character by character; on this machine itself the port does not count.
    pub(in crate::sign_in) fn has_redirect(&self, asked: &str) -> bool {
        self.redirects.iter().any(|known| known == asked || are_one_here(known, asked))
    }

    /// Whether users of that tenant can sign in to it.
    pub(in crate::sign_in) fn is_for(&self, tenant: &Tenant, directory: &Directory) -> bool {
        self.is_for_all() || directory.tenant(&self.audience).is_some_and(|only| only.id == tenant.id)
    }

    pub(in crate::sign_in) fn is_for_all(&self) -> bool {
        self.audience == super::every_tenant()
    }
}

impl Place {
    /// `https://contoso-dev.crm.dynamics.com` -> `https://contoso-dev.api.crm.dynamics.com`
    pub(in crate::sign_in) fn api_url(&self) -> String {
        match self.url.split_once('.') {
            Some((name, rest)) => format!("{name}.api.{rest}"),
            None => self.url.clone(),
        }
    }

    pub(in crate::sign_in) fn is_at(&self, origin: &str) -> bool {
        let origin = origin.trim_end_matches('/');
        self.url.eq_ignore_ascii_case(origin) || self.api_url().eq_ignore_ascii_case(origin)
    }
}

/// Always the same for a user and a tenant.
fn guest_id(user: &User, tenant: &Tenant) -> Uuid {
    Random::new(fingerprint(&format!("{} as a guest of {}", user.id, tenant.id))).id()
}

/// The scheme, the host and the rest of an `http` address of this machine.
fn without_local_port(address: &str) -> Option<(String, String)> {
    let uri: Uri = address.parse().ok()?;
    let host = uri.host().filter(|host| ["localhost", "127.0.0.1"].contains(host))?;
    let is_http = uri.scheme_str() == Some("http");
    is_http.then(|| (host.to_owned(), uri.path_and_query().map_or_else(String::new, ToString::to_string)))
}

fn are_one_here(known: &str, asked: &str) -> bool {
    without_local_port(known).is_some_and(|known| Some(known) == without_local_port(asked))
}
