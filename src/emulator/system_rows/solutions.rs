//! Solutions that are there before anybody imports one.

use super::lookup;
use crate::builder::Builder;
use crate::environment::Environment;
use crate::values::Cell;
use uuid::Uuid;

/// (unique name, friendly name, managed, visible) of the solutions every environment has.
const ALWAYS: &[(&str, &str, bool, bool)] = &[
    ("Default", "Default Solution", false, true),
    ("Active", "Active Solution", false, false),
    ("System", "System Solution", true, false),
];

/// Solutions of the portal's tables. Source: the version lists of Power Pages and the readme of its command line.
const PORTAL: &[(&str, &str)] = &[
    ("MicrosoftPortalBase", "Dynamics 365 Portals - Portal Base"),
    ("MicrosoftPortalDependencies", "Dynamics 365 Portals - Portal Dependencies"),
    ("CDSBasePortal", "Dataverse base portal"),
];

impl Builder {
    /// The default solutions, and those of the portal where its tables are.
    pub(super) fn add_solutions(&self, environment: &mut Environment) {
        let own = add_publisher(environment, "DefaultPublisher", &format!("{} default", self.name), "new");
        let microsoft = add_publisher(environment, "MicrosoftCorporation", "MicrosoftCorporation", "");
        for (unique, friendly, managed, visible) in ALWAYS {
            let publisher = if *managed { microsoft } else { own };
            add_solution(environment, (unique, friendly), "1.0", publisher, (*managed, *visible));
        }
        let portal = self.solutions_of_portal(environment.catalog.position("adx_website").is_some());
        if portal.is_empty() {
            return;
        }
        let dynamics = add_publisher(environment, "microsoftdynamics", "Dynamics 365", "adx");
        for names in portal {
            add_solution(environment, names, &self.portal_version, dynamics, (true, true));
        }
    }

    /// What is said has the last word.
    fn solutions_of_portal(&self, has_tables: bool) -> Vec<(&str, &str)> {
        match self.portal_solutions.as_slice() {
            [] if has_tables => PORTAL.to_vec(),
            said => said.iter().map(|name| (name.as_str(), name.as_str())).collect(),
        }
    }
}

fn add_publisher(environment: &mut Environment, unique: &str, friendly: &str, prefix: &str) -> Uuid {
    let id = environment.random.id();
    let cells = [
        ("uniquename", Cell::text(unique)),
        ("friendlyname", Cell::text(friendly)),
        ("customizationprefix", Cell::text(prefix)),
        ("customizationoptionvalueprefix", Cell::Integer(10_000)),
        ("isreadonly", Cell::Boolean(prefix != "new")),
    ];
    environment.add_row("publisher", id, &cells);
    id
}

fn add_solution(
    environment: &mut Environment,
    (unique, friendly): (&str, &str),
    version: &str,
    publisher: Uuid,
    (managed, visible): (bool, bool),
) {
    let id = environment.random.id();
    let cells = [
        ("uniquename", Cell::text(unique)),
        ("friendlyname", Cell::text(friendly)),
        ("version", Cell::text(version)),
        ("publisherid", lookup("publisher", publisher)),
        ("ismanaged", Cell::Boolean(managed)),
        ("isvisible", Cell::Boolean(visible)),
        ("isapimanaged", Cell::Boolean(false)),
        ("installedon", Cell::Instant(environment.now())),
    ];
    environment.add_row("solution", id, &cells);
}

#[cfg(test)]
mod tests {
    use crate::Environment;
    use crate::testing::{get, portal};

    #[test]
    fn a_portal_is_known_by_its_managed_solutions() {
        let mut environment = portal();
        let query = "solutions?$select=uniquename,version,installedon&$filter=ismanaged eq true and \
                     contains(uniquename,'Portal')&$orderby=uniquename";
        let found = get(&mut environment, query);
        let names: Vec<&str> =
            found["value"].as_array().unwrap().iter().map(|s| s["uniquename"].as_str().unwrap()).collect();
        assert_eq!(names, ["CDSBasePortal", "MicrosoftPortalBase", "MicrosoftPortalDependencies"]);
        assert_eq!(found["value"][1]["version"], "9.3.2201.10");
        let expanded = get(
            &mut environment,
            "solutions?$select=uniquename&$expand=publisherid($select=uniquename)&$filter=uniquename eq 'Default'",
        );
        assert_eq!(expanded["value"][0]["publisherid"]["uniquename"], "DefaultPublisher");
    }

    #[test]
    fn a_portal_beside_other_apps_has_other_solutions() {
        let builder = Environment::builder("apps").portal_solutions(&["MicrosoftCrmPortalBase", "ESSPortal"]);
        let mut environment = builder.portal_version("9.1.0.7").build().unwrap();
        let query =
            "solutions?$select=uniquename,version&$filter=contains(uniquename,'Portal')&$orderby=uniquename";
        let found = get(&mut environment, query);
        let solutions = found["value"].as_array().unwrap().iter();
        let solutions: Vec<_> =
            solutions.map(|s| (s["uniquename"].as_str(), s["version"].as_str())).collect();
        assert_eq!(
            solutions,
            [(Some("ESSPortal"), Some("9.1.0.7")), (Some("MicrosoftCrmPortalBase"), Some("9.1.0.7"))]
        );
    }

    #[test]
    fn an_environment_without_portal_tables_has_no_portal_solution() {
        let mut environment = Environment::builder("plain").build().unwrap();
        let found = get(&mut environment, "solutions?$filter=contains(uniquename,'Portal')");
        assert_eq!(found["value"].as_array().unwrap().len(), 0);
    }
}
