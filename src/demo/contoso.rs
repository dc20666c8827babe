//! The two environments as they are delivered: Contoso's portal in development, and a freshly provisioned site.

use dataverse_emulator::{Environment, LoadError};

/// The tables of both: those of a blank portal whose web files have their content in notes, and a version that had them.
const TABLES: &[u8] = include_bytes!("../../schemas/dataverse-blank.xml");
const VERSION: &str = "9.1.2012.7";

/// An environment of the demo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Contoso {
    /// A portal with pages, files, roles and permissions.
    Development,
    /// A new site that shares a few rows with it, and takes no scripts as attachments.
    Test,
}

impl Contoso {
    /// Both.
    pub(crate) const ALL: [Contoso; 2] = [Contoso::Development, Contoso::Test];

    /// The environment of that name.
    pub(crate) fn named(name: &str) -> Option<Contoso> {
        Contoso::ALL.into_iter().find(|contoso| contoso.name() == name)
    }

    /// As the page shows it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Contoso::Development => "Contoso Development",
            Contoso::Test => "Contoso Test",
        }
    }

    /// The file its state is kept in.
    pub(crate) fn state_file(self) -> &'static str {
        match self {
            Contoso::Development => "demo-contoso-development.state",
            Contoso::Test => "demo-contoso-test.state",
        }
    }

    /// As delivered.
    pub(crate) fn build(self) -> Result<Environment, LoadError> {
        let builder = Environment::builder(self.name()).tables_xml(TABLES).portal_version(VERSION);
        match self {
            Contoso::Development => builder.data_xml(include_bytes!("contoso_development.xml")).seed(1),
            Contoso::Test => {
                builder.data_xml(include_bytes!("contoso_test.xml")).blocked_attachments("exe;js").seed(2)
            }
        }
        .build()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_environments_can_be_built_and_found_by_name() {
        for contoso in Contoso::ALL {
            assert!(contoso.build().is_ok(), "{}", contoso.name());
            assert_eq!(Contoso::named(contoso.name()), Some(contoso));
        }
    }
}
