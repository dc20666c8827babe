//! Signing in: what stands on its buttons and beside them. Why one did not succeed is in [`words`].

mod admin;
mod words;

pub(crate) use admin::{Attempt, admin_request, support_details};
pub(crate) use words::{Help, Words, beside_a_run, denied, of_number};

use browser::sign_in::{Account, Cloud};

pub(crate) const TITLE: &str = "With your work or school account";
pub(crate) const HINT: &str = "Microsoft’s own sign-in window opens. Portage never sees your password, and can do only what you can do in your environments.";
pub(crate) const SIGN_IN: &str = "Sign in with Microsoft";
pub(crate) const LOADING: &str = "Loading Microsoft’s sign-in …";
pub(crate) const LOAD_AGAIN: &str = "Load Microsoft’s sign-in again";
pub(crate) const READING_SETUP: &str = "Reading how this copy of Portage is set up …";
pub(crate) const SETUP_BROKEN: &str = "This copy of Portage is not set up as it should be";

pub(crate) const CLOUD: &str = "Cloud";
pub(crate) const ANOTHER_CLOUD: &str = "Another cloud";
pub(crate) const CLOUD_HINT: &str = "Most people are in the public cloud. Environments of US government agencies and of China live in clouds of their own.";

pub(crate) const WAITING: &str = "Go on in Microsoft’s window";
pub(crate) const WAITING_TEXT: &str =
    "Choose your account there. When you are signed in, the window closes and you go on here.";
pub(crate) const BY_MISTAKE: &str = "Closed it by mistake?";
pub(crate) const OPEN_AGAIN: &str = "Open it again";
pub(crate) const CANCEL: &str = "Cancel";
pub(crate) const SAYS: &str = "What does Microsoft’s window say?";
pub(crate) const SAYS_HINT: &str = "If it shows an error: type its number, for example AADSTS90094, or paste its text. Here you read what to do.";
/// Stands for the code of an error that was only shown.
pub(crate) const SHOWN_THERE: &str = "shown in Microsoft’s window";
pub(crate) const SAYS_NOTHING: &str =
    "There is no number in this. Microsoft’s pages show it as AADSTS and some digits.";

pub(crate) const ACCOUNT: &str = "Account";
pub(crate) const GUEST: &str = "Guest";
pub(crate) const ANOTHER_ACCOUNT: &str = "Use another account";
pub(crate) const FORGET: &str = "Forget here";
pub(crate) const SIGN_OUT: &str = "Sign out of Microsoft";
pub(crate) const LEAVE: &str = "Remove this account";
pub(crate) const LEAVE_TEXT: &str = "Forgetting takes the account off this tab only. Signing out ends your session with Microsoft in this browser, also for other pages.";
pub(crate) const AS_GUEST: &str = "Work as a guest in another organization";
pub(crate) const GUEST_TENANT: &str = "Organization";
pub(crate) const GUEST_TENANT_HINT: &str =
    "The domain or tenant ID of the organization that invited you, for example fabrikam.onmicrosoft.com";
pub(crate) const GUEST_SIGN_IN: &str = "Sign in there";
pub(crate) const TENANT_MISSING: &str = "Type the organization’s domain or tenant ID.";
pub(crate) const TENANT_WRONG: &str =
    "This is neither a domain, like fabrikam.onmicrosoft.com, nor a tenant ID.";

pub(crate) const TRY_AGAIN: &str = "Try again";
pub(crate) const ON_THIS_PAGE: &str = "Sign in on this page";
pub(crate) const ON_THIS_PAGE_TEXT: &str = "Signing in on this page leaves it for a moment: files you have chosen and plans you have made here are lost.";
pub(crate) const CLOSE: &str = "Close";
pub(crate) const DETAILS: &str = "Details for support";
pub(crate) const COPY_DETAILS: &str = "Copy details";
pub(crate) const ADMIN_REQUEST: &str = "Request to your administrator";
pub(crate) const COPY_REQUEST: &str = "Copy request";
pub(crate) const COPIED: &str = "Copied.";
pub(crate) const SELECTED: &str = "Selected: press Ctrl+C, or Command+C, to copy it.";

/// An account in one line: `Adele Vance, adele@contoso.onmicrosoft.com`.
pub(crate) fn person(account: &Account) -> String {
    match &account.name {
        Some(name) if *name != account.username => format!("{name}, {}", account.username),
        _ => account.username.clone(),
    }
}

/// Where an account works as a guest.
pub(crate) fn guest_in(tenant: &str) -> String {
    format!("Guest in the organization {tenant}")
}

/// That a cloud has no registration.
pub(crate) fn not_registered(cloud: Cloud) -> String {
    format!("This copy of Portage has no app registration for {}", cloud_in_sentence(cloud))
}

/// What that means.
pub(crate) const NOT_REGISTERED_TEXT: &str = "Microsoft signs people in only to apps that are registered with it, and whoever runs this copy has not registered it \
     there. Use an app registration of your own, or paste an access token.";

/// A cloud within a sentence: `the public cloud`.
pub(crate) fn cloud_in_sentence(cloud: Cloud) -> String {
    match cloud {
        Cloud::Public => "the public cloud".to_owned(),
        other => format!("the cloud {}", other.name()),
    }
}

/// Which organization was asked: Microsoft's library loses the reason where that is the wrong one.
pub(crate) fn asked_tenant(tenant: &str) -> String {
    format!("Microsoft was asked for the organization {tenant}.")
}

/// What can be seen to be wrong with an organization before it is asked for.
pub(crate) fn tenant_error(typed: &str) -> Option<&'static str> {
    let typed = typed.trim();
    let domain = typed.contains('.') && typed.chars().all(|c| c.is_ascii_alphanumeric() || ".-".contains(c));
    match typed {
        "" => Some(TENANT_MISSING),
        _ if domain || uuid::Uuid::try_parse(typed).is_ok() => None,
        _ => Some(TENANT_WRONG),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_organization_is_named_by_domain_or_tenant_id() {
        for tenant in ["fabrikam.onmicrosoft.com", " fabrikam.com ", "22222222-2222-4222-8222-222222222222"] {
            assert_eq!(tenant_error(tenant), None, "{tenant}");
        }
        assert_eq!(tenant_error(" "), Some(TENANT_MISSING));
        for tenant in ["Fabrikam", "https://fabrikam.com", "me@fabrikam.com", "fabrikam.com/x"] {
            assert_eq!(tenant_error(tenant), Some(TENANT_WRONG), "{tenant}");
        }
    }
}
