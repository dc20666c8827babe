//! An app registration of one's own.

pub(crate) const TITLE: &str = "Use my own app registration";
pub(crate) const LEAD: &str = "Microsoft Entra ID signs people in to this page as an app that you have registered. Making one takes a few \
     minutes and the right to register apps.";
pub(crate) const ADDRESS: &str = "Redirect address to register";
pub(crate) const COPY_ADDRESS: &str = "Copy redirect address";
pub(crate) const HOW: &str = "How do I register it?";
pub(crate) const STEPS: [&str; 6] = [
    "In the Microsoft Entra admin center (entra.microsoft.com) open App registrations, and choose New registration.",
    "Name it Portage. For accounts of every organization choose “Accounts in any organizational directory”; for your own alone \
     leave “this organizational directory only”.",
    "Under Redirect URI choose the platform “Single-page application (SPA)”, paste the redirect address from above, and register.",
    "Under API permissions choose Add a permission, Dynamics CRM, Delegated permissions, user_impersonation.",
    "If your organization lets only administrators approve apps, let one choose “Grant admin consent”.",
    "From the Overview copy the Application (client) ID into the field below. If the registration is for your own organization \
     alone, copy the Directory (tenant) ID too.",
];
pub(crate) const CLIENT_ID: &str = "Application (client) ID";
pub(crate) const CLIENT_ID_HINT: &str = "It looks like c0ffee00-1234-4321-8888-c0ffee000001";
pub(crate) const CLIENT_ID_MISSING: &str = "Paste the registration’s Application (client) ID.";
pub(crate) const CLIENT_ID_WRONG: &str = "This is not a client ID: it has 32 digits and letters from a to f, in five groups. Copy it from the registration’s Overview.";
pub(crate) const TENANT: &str = "Tenant (optional)";
pub(crate) const TENANT_HINT: &str =
    "Only if the registration is for one organization: its domain or its Directory (tenant) ID.";
pub(crate) const USE: &str = "Use this registration";
pub(crate) const KEPT: &str = "Kept in this browser, for this page only. An ID is no secret.";
pub(crate) const IN_USE: &str = "Your own app registration is in use";
pub(crate) const REMOVE: &str = "Use the set-up of this copy";

/// What can be seen to be wrong with a client id.
pub(crate) fn client_id_error(typed: &str) -> Option<&'static str> {
    let typed = typed.trim();
    match typed {
        "" => Some(CLIENT_ID_MISSING),
        // Other ways of writing the same are refused: Microsoft takes this one.
        _ if typed.len() == 36 && uuid::Uuid::try_parse(typed).is_ok() => None,
        _ => Some(CLIENT_ID_WRONG),
    }
}

/// What can be seen to be wrong with a tenant; none need be typed.
pub(crate) fn tenant_error(typed: &str) -> Option<&'static str> {
    match typed.trim() {
        "" | "organizations" => None,
        typed => super::sign_in::tenant_error(typed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_may_be_left_out_and_is_no_address() {
        for right in ["", " ", "organizations", "contoso.onmicrosoft.com"] {
            assert_eq!(tenant_error(right), None, "{right}");
        }
        assert!(tenant_error("https://login.microsoftonline.com/contoso").is_some());
    }

    #[test]
    fn a_client_id_is_a_guid_with_hyphens() {
        assert_eq!(client_id_error(" c0ffee00-1234-4321-8888-c0ffee000001 "), None);
        assert_eq!(client_id_error(""), Some(CLIENT_ID_MISSING));
        for wrong in
            ["portage", "c0ffee001234432188 88c0ffee000001", "{c0ffee00-1234-4321-8888-c0ffee000001}"]
        {
            assert_eq!(client_id_error(wrong), Some(CLIENT_ID_WRONG), "{wrong}");
        }
    }
}
