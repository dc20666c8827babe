//! Languages: an emulated organization has its own and no other.
//!
//! The three answers hold their list under three different names, as people who asked real organizations report.

use super::{Arguments, Kind, Message};
use crate::answer::Object;
use crate::api::Call;
use crate::environment::Environment;
use crate::error::Refusal;
use serde_json::json;

/// Languages that are switched on.
pub(super) const PROVISIONED: Message = Message {
    name: "RetrieveProvisionedLanguages",
    kind: Kind::Function,
    parameters: &[],
    run: |environment, _, _| listed(environment, "RetrieveProvisionedLanguages"),
};

/// Languages that could be switched on.
pub(super) const AVAILABLE: Message =
    Message { name: "RetrieveAvailableLanguages", kind: Kind::Function, parameters: &[], run: available };

/// Languages whose texts are installed.
pub(super) const INSTALLED: Message = Message {
    name: "RetrieveInstalledLanguagePacks",
    kind: Kind::Function,
    parameters: &[],
    run: |environment, _, _| listed(environment, "RetrieveInstalledLanguagePacks"),
};

fn available(environment: &mut Environment, _: &Call, _: &Arguments) -> Result<Option<Object>, Refusal> {
    listed(environment, "LocaleIds")
}

fn listed(environment: &Environment, member: &str) -> Result<Option<Object>, Refusal> {
    let row = environment.row("organization", environment.identity.organization);
    let language = row.and_then(|row| row.cell("languagecode")?.integer());
    let mut languages = Object::default();
    languages.push(member, json!(language.as_slice()));
    Ok(Some(languages))
}

#[cfg(test)]
mod tests {
    use crate::Environment;
    use crate::testing::get;
    use serde_json::json;

    #[test]
    fn an_organization_has_its_own_language() {
        let mut environment = Environment::builder("test").language(1031).build().unwrap();
        for (name, member) in [
            ("RetrieveProvisionedLanguages", "RetrieveProvisionedLanguages"),
            ("RetrieveAvailableLanguages()", "LocaleIds"),
            ("RetrieveInstalledLanguagePacks()", "RetrieveInstalledLanguagePacks"),
        ] {
            assert_eq!(get(&mut environment, name)[member], json!([1031]), "{name}");
        }
    }
}
