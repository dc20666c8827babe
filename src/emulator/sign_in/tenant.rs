//! The tenant that the path of an address names, and who may come in there.

use super::directory::{Application, Directory, Subject, Tenant, User};
use super::refusal::SignInRefusal;

/// The tenant that everybody signs in to; none where each user signs in to their own.
///
/// # Errors
/// A tenant there is not, one that the application is not for, or every tenant where it is for a single one.
pub(super) fn of<'a>(
    segment: &str,
    application: &Application,
    directory: &'a Directory,
) -> Result<Option<&'a Tenant>, SignInRefusal> {
    match segment {
        "organizations" | "common" if application.is_for_all() => Ok(None),
        "organizations" | "common" => Err(single(segment, application)),
        "consumers" => Err(no_personal_accounts(application)),
        _ => {
            let tenant = directory.tenant(segment).ok_or_else(|| no_tenant(segment))?;
            let is_for = application.is_for(tenant, directory);
            is_for
                .then_some(Some(tenant))
                .ok_or_else(|| no_application(&application.id.to_string(), &tenant.name))
        }
    }
}

/// The tenant that an address names where it has to name one.
///
/// # Errors
/// It names none, or none that the application is for.
pub(super) fn named<'a>(
    segment: &str,
    application: &Application,
    directory: &'a Directory,
) -> Result<&'a Tenant, SignInRefusal> {
    of(segment, application, directory)?.ok_or_else(|| no_tenant(segment))
}

/// The user in that tenant, at home where none is named.
///
/// # Errors
/// The tenant has not invited the user.
pub(super) fn subject<'a>(
    tenant: Option<&'a Tenant>,
    user: &'a User,
    directory: &'a Directory,
) -> Result<Subject<'a>, SignInRefusal> {
    let found = tenant.or_else(|| directory.home(user)).and_then(|tenant| directory.subject(user, tenant));
    found.ok_or_else(|| {
        let home = directory.home(user).map(|home| home.id).unwrap_or_default();
        let asked = tenant.map_or("", |tenant| &tenant.name);
        let text = format!(
            "User account '{}' from identity provider 'https://sts.windows.net/{home}/' does not exist in tenant \
             '{asked}' and cannot access the application in that tenant. The account needs to be added as an external \
             user in the tenant first. Sign out and sign in again with a different Azure Active Directory user account.",
            user.username
        );
        SignInRefusal::new("invalid_grant", 50_020, text)
    })
}

pub(super) fn no_application(id: &str, place: &str) -> SignInRefusal {
    let text = format!(
        "Application with identifier '{id}' was not found in the directory '{place}'. This can happen if the application \
         has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may \
         have sent your authentication request to the wrong tenant."
    );
    SignInRefusal::new("unauthorized_client", 700_016, text)
}

fn no_tenant(segment: &str) -> SignInRefusal {
    let text = format!(
        "Tenant '{segment}' not found. Check to make sure you have the correct tenant ID and are signing into the correct \
         cloud."
    );
    SignInRefusal::new("invalid_request", 90_002, text)
}

fn single(segment: &str, application: &Application) -> SignInRefusal {
    let Application { id, name, .. } = application;
    let text = format!(
        "Application '{id}'({name}) is not configured as a multi-tenant application. Usage of the /{segment} endpoint is \
         not supported for such apps. Use a tenant-specific endpoint or configure the application to be multi-tenant."
    );
    SignInRefusal::new("invalid_request", 50_194, text)
}

fn no_personal_accounts(application: &Application) -> SignInRefusal {
    let Application { id, name, .. } = application;
    let text = format!(
        "Application '{id}'({name}) is configured for use by Azure Active Directory users only. Please do not use the \
         /consumers endpoint to serve this request."
    );
    SignInRefusal::new("invalid_request", 9_002_332, text)
}
