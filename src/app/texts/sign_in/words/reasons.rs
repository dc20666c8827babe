//! What is said about each reason.

use super::{APPROVE, Help, LIFT, SHOWN_THERE, Words, say};
use browser::sign_in::{Cloud, Reason};

/// What stands behind a failure, without anything special.
pub(super) fn of_reason(reason: Reason, cloud: Cloud) -> Words {
    match reason {
        Reason::ConsentNeeded | Reason::AdminConsentNeeded | Reason::Declined => of_approval(reason),
        Reason::AppUnknown
        | Reason::RedirectAddress
        | Reason::WebPlatform
        | Reason::SingleTenant
        | Reason::Settings => of_registration(reason),
        Reason::ResourceUnknown | Reason::WrongTenant | Reason::TenantUnknown | Reason::Policy => {
            of_place(reason)
        }
        Reason::Network => of_network(cloud),
        Reason::SignInAgain
        | Reason::PopupBlocked
        | Reason::Busy
        | Reason::SecurityStop
        | Reason::Cancelled
        | Reason::AlreadyWaiting
        | Reason::Unknown => of_window(reason),
    }
}

/// Whether the app may act for the person.
fn of_approval(reason: Reason) -> Words {
    match reason {
        Reason::Declined => say(
            Help::Again,
            "The permission was declined",
            "On Microsoft’s page the permission was not given, so Portage may not act as you.",
            "Sign in again and choose Accept. Portage then may do in Dataverse what you may do there, and nothing more.",
        ),
        Reason::AdminConsentNeeded => say(
            Help::Ask(APPROVE),
            "An administrator has to approve Portage first",
            "Your organization lets only administrators approve apps.",
            "Send the request below to an administrator. When it is approved, sign in again. Until then you can paste an access token.",
        ),
        _ => say(
            Help::Ask(APPROVE),
            "Portage is not approved yet",
            "Neither you nor an administrator has agreed that Portage may act as you in Dataverse.",
            "Sign in again and accept. If Microsoft then asks for an administrator’s approval, send the request below.",
        ),
    }
}

/// Whether Microsoft takes the app as it is registered.
fn of_registration(reason: Reason) -> Words {
    match reason {
        Reason::RedirectAddress => say(
            Help::Address,
            "The address of this page is not registered",
            "Microsoft answers only to addresses that the app registration lists, and this page’s redirect address is not among them.",
            "Add the address below to the app registration, as platform “Single-page application”, letter by letter. Then sign in again.",
        ),
        Reason::WebPlatform => say(
            Help::Address,
            "The address is registered for another platform",
            "The app registration lists this page’s redirect address as “Web”; a browser gets tokens only as “Single-page application”.",
            "Remove the address from “Web”, and add it under “Single-page application”. Then sign in again.",
        ),
        Reason::AppUnknown => say(
            Help::Ask(APPROVE),
            "Microsoft does not know the app there",
            "The client ID is of another cloud or is mistyped, or the organization has never approved the app.",
            "Check the cloud, and the client ID under “Use my own app registration”. If both are right, send the request below.",
        ),
        Reason::SingleTenant => say(
            Help::Nothing,
            "The app registration is for one organization only",
            "It was made as single tenant, and this sign-in is open to every organization.",
            "Type that organization’s tenant under “Use my own app registration”, or set the registration to accounts of any organization.",
        ),
        _ => say(
            Help::Address,
            "The app registration or this page is not as it has to be",
            "The sign-in was refused before Microsoft asked anything: by the client ID, the tenant, or the way this page is served.",
            "Check the client ID and tenant under “Use my own app registration”, and that the address of this page begins with https.",
        ),
    }
}

/// Whether account, organization and environment belong together, and the organization lets them.
fn of_place(reason: Reason) -> Words {
    match reason {
        Reason::ResourceUnknown => say(
            Help::Nothing,
            "That organization does not have this environment",
            "Microsoft knows no environment of this address in the account’s organization, or no Dataverse at all.",
            "Check the environment’s URL, the cloud and the account. For an environment that you are a guest in, name its organization.",
        ),
        Reason::WrongTenant => say(
            Help::Nothing,
            "This account does not belong to that organization",
            "The environment’s organization does not know the account, neither as a member nor as a guest.",
            "Use another account, or check which organization you are a guest in.",
        ),
        Reason::TenantUnknown => say(
            Help::Nothing,
            "There is no such organization in this cloud",
            "Microsoft does not know the domain or tenant ID that was named.",
            "Check its spelling, and the cloud.",
        ),
        _ => say(
            Help::OnlyAsk(LIFT),
            "A rule of your organization blocks this sign-in",
            "It keeps this device, network, account or app out. Portage cannot lift it, and signing in once more leads to the same.",
            "Send the request below to an administrator.",
        ),
    }
}

fn of_network(cloud: Cloud) -> Words {
    let host = cloud.authority_host();
    Words {
        title: "Microsoft’s sign-in cannot be reached".into(),
        what: format!(
            "No connection to {host}: this computer is offline, or a firewall or proxy holds it back."
        ),
        next: format!(
            "Check the connection and try again. In an organization’s network, ask for {host} to be let through."
        ),
        help: Help::Again,
    }
}

/// How the window and the session went.
fn of_window(reason: Reason) -> Words {
    match reason {
        Reason::SignInAgain => say(
            Help::Again,
            "Microsoft wants you to sign in once more",
            "A sign-in in a browser ends after a day, and sooner when a password or a rule changes.",
            "Sign in again, as the same person.",
        ),
        Reason::PopupBlocked => say(
            Help::OnThisPage,
            "The browser kept Microsoft’s window closed",
            "Signing in happens in a window of Microsoft’s own, and this browser does not let the page open one.",
            "Allow pop-ups for this page, at the end of the address bar, and try again. Or sign in on this page.",
        ),
        Reason::Busy => say(
            Help::Again,
            "Microsoft’s sign-in is busy",
            "The service could not answer just now.",
            "Wait a minute and try again.",
        ),
        Reason::SecurityStop => say(
            Help::Nothing,
            "The answer does not belong to this sign-in",
            "It was not used, because somebody else could have made it.",
            "Close this tab and open Portage anew. If it happens again, give the details below to your administrator.",
        ),
        Reason::Cancelled => say(
            Help::Again,
            "Microsoft’s window was closed",
            "It was closed before the sign-in was done.",
            SHOWN_THERE,
        ),
        Reason::AlreadyWaiting => say(
            Help::Again,
            "Another sign-in is still waiting",
            "A window of Microsoft’s is open for this page, perhaps behind this one.",
            "Close that window and try again.",
        ),
        _ => say(
            Help::Again,
            "The sign-in did not succeed",
            "Microsoft’s answer has a code that Portage does not know.",
            "Try again. If it happens again, give the details below to your administrator.",
        ),
    }
}
