//! Page and step live in the URL's fragment (`#/import/plan`), so that any static host can carry the app.

use crate::state::Model;
use uuid::Uuid;

/// A page and, where it has steps, the step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Route {
    /// `#/`
    #[default]
    Home,
    /// `#/export/…`
    Export(ExportStep),
    /// `#/import/…`
    Import(ImportStep),
    /// `#/package/…`: a package that is looked into.
    Package(PackagePlace),
    /// `#/data`: what this browser keeps.
    KeptData,
}

/// What is shown of a package: `#/package/adx_webpage/ID`. It does not say of which package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PackagePlace {
    /// Logical name of the table. Dataverse makes them of letters, digits and `_`: they need no encoding.
    pub(crate) table: Option<String>,
    /// The record that is opened in it.
    pub(crate) record: Option<Uuid>,
}

/// The steps of an export, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ExportStep {
    Environment,
    Schema,
    Check,
    Run,
    Result,
}

/// The steps of an import, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ImportStep {
    Environment,
    File,
    Check,
    Plan,
    Run,
    Report,
}

/// A chain of steps of which each needs the one before.
pub(crate) trait Step: Copy + Ord + 'static {
    /// All, in order.
    const ALL: &'static [Self];
    /// Its name in the fragment.
    fn name(self) -> &'static str;
    /// Its route.
    fn route(self) -> Route;
    /// Whether its own condition holds; those of the steps before it are asked for themselves.
    fn is_open(self, model: &Model) -> bool;

    /// The last step that can be shown now.
    fn furthest(model: &Model) -> Self {
        let closed = Self::ALL.iter().position(|step| !step.is_open(model)).unwrap_or(Self::ALL.len());
        Self::ALL[closed.saturating_sub(1)]
    }
}

impl Step for ExportStep {
    const ALL: &'static [ExportStep] = &[
        ExportStep::Environment,
        ExportStep::Schema,
        ExportStep::Check,
        ExportStep::Run,
        ExportStep::Result,
    ];

    fn name(self) -> &'static str {
        match self {
            ExportStep::Environment => "environment",
            ExportStep::Schema => "schema",
            ExportStep::Check => "check",
            ExportStep::Run => "run",
            ExportStep::Result => "result",
        }
    }

    fn route(self) -> Route {
        Route::Export(self)
    }

    fn is_open(self, model: &Model) -> bool {
        match self {
            ExportStep::Environment => true,
            ExportStep::Schema => model.source.environment.got().is_some(),
            ExportStep::Check => model.export.schema.got().is_some(),
            ExportStep::Run => model.export.tables_present() > 0,
            ExportStep::Result => model.export.result.got().is_some(),
        }
    }
}

impl Step for ImportStep {
    const ALL: &'static [ImportStep] = &[
        ImportStep::Environment,
        ImportStep::File,
        ImportStep::Check,
        ImportStep::Plan,
        ImportStep::Run,
        ImportStep::Report,
    ];

    fn name(self) -> &'static str {
        match self {
            ImportStep::Environment => "environment",
            ImportStep::File => "file",
            ImportStep::Check => "check",
            ImportStep::Plan => "plan",
            ImportStep::Run => "run",
            ImportStep::Report => "report",
        }
    }

    fn route(self) -> Route {
        Route::Import(self)
    }

    fn is_open(self, model: &Model) -> bool {
        match self {
            ImportStep::Environment => true,
            ImportStep::File => model.target.environment.got().is_some(),
            ImportStep::Check => model.import.package.got().is_some(),
            ImportStep::Plan => model.import.check.got().is_some(),
            ImportStep::Run => model.import.plan.got().is_some(),
            ImportStep::Report => model.import.report.got().is_some(),
        }
    }
}

impl Route {
    /// Reads a fragment. What is unknown leads to the nearest page that is known.
    pub(crate) fn parse(fragment: &str) -> Route {
        let path = fragment.trim_start_matches('#').trim_start_matches('/');
        let (page, step) = path.split_once('/').unwrap_or((path, ""));
        match page {
            "export" => Route::Export(named(step).unwrap_or(ExportStep::Environment)),
            "import" => Route::Import(named(step).unwrap_or(ImportStep::Environment)),
            "package" => Route::Package(PackagePlace::parse(step)),
            "data" => Route::KeptData,
            _ => Route::Home,
        }
    }

    /// The fragment, for a link.
    pub(crate) fn href(&self) -> String {
        match self {
            Route::Package(place) => place.href(),
            Route::Home => "#/".to_owned(),
            Route::KeptData => "#/data".to_owned(),
            Route::Export(step) => format!("#/export/{}", step.name()),
            Route::Import(step) => format!("#/import/{}", step.name()),
        }
    }

    /// This route, or the last one before it that can be shown now: a reload starts with empty hands.
    pub(crate) fn reachable(self, model: &Model) -> Route {
        match self {
            Route::Home | Route::KeptData | Route::Package(_) => self,
            Route::Export(step) => Route::Export(step.min(ExportStep::furthest(model))),
            Route::Import(step) => Route::Import(step.min(ImportStep::furthest(model))),
        }
    }
}

impl Route {
    /// A record of the package that is looked into.
    pub(crate) fn record(table: &str, id: Uuid) -> Route {
        Route::Package(PackagePlace { table: Some(table.to_owned()), record: Some(id) })
    }

    /// A table of the package that is looked into.
    pub(crate) fn table(table: &str) -> Route {
        Route::Package(PackagePlace { table: Some(table.to_owned()), record: None })
    }

    /// The page alone: it stays when another part of it is shown.
    pub(crate) fn page(self) -> Route {
        match self {
            Route::Package(_) => Route::Package(PackagePlace::default()),
            other => other,
        }
    }
}

impl PackagePlace {
    fn parse(path: &str) -> PackagePlace {
        let (table, record) = path.split_once('/').unwrap_or((path, ""));
        let table = (!table.is_empty()).then(|| table.to_owned());
        PackagePlace { table, record: record.parse().ok() }
    }

    fn href(&self) -> String {
        match (&self.table, &self.record) {
            (None, _) => "#/package".to_owned(),
            (Some(table), None) => format!("#/package/{table}"),
            (Some(table), Some(record)) => format!("#/package/{table}/{record}"),
        }
    }
}

fn named<S: Step>(name: &str) -> Option<S> {
    S::ALL.iter().copied().find(|step| step.name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use browser::protocol::{Address, Command, End, Environment, Event, Person};

    fn connected(end: End) -> Model {
        let mut model = Model::default();
        let address = Address::Demo { name: "Contoso Test".into() };
        model.asked(&Command::Connect { end, address }, 0.0);
        let environment = Environment {
            name: "Contoso Test".into(),
            address: "Contoso Test".into(),
            version: None,
            language: None,
            kind: None,
            user: Person { id: uuid::Uuid::nil(), name: None, login: None },
            portal: None,
        };
        model.told(Event::Connected { end, environment }, 0.0);
        model
    }

    #[test]
    fn every_route_survives_the_fragment() {
        let steps = ExportStep::ALL.iter().map(|step| step.route());
        let routes = steps
            .chain(ImportStep::ALL.iter().map(|step| step.route()))
            .chain([Route::Home, Route::KeptData, Route::Package(PackagePlace::default())])
            .chain([Route::table("adx_webpage"), Route::record("adx_webpage", Uuid::from_u128(7))]);
        for route in routes {
            assert_eq!(Route::parse(&route.href()), route);
        }
    }

    #[test]
    fn an_unknown_fragment_leads_to_the_nearest_page() {
        let cases = [
            ("", Route::Home),
            ("#/nowhere", Route::Home),
            ("#/import", Route::Import(ImportStep::Environment)),
            ("#/package/adx_webpage/first", Route::table("adx_webpage")),
            ("#/export/later", Route::Export(ExportStep::Environment)),
        ];
        for (fragment, route) in cases {
            assert_eq!(Route::parse(fragment), route, "{fragment}");
        }
    }

    #[test]
    fn a_reload_leads_to_the_first_step() {
        let plan = Route::Import(ImportStep::Plan);
        assert_eq!(plan.reachable(&Model::default()), Route::Import(ImportStep::Environment));
    }

    #[test]
    fn a_connected_target_opens_the_file_step_and_no_further() {
        let report = Route::Import(ImportStep::Report);
        assert_eq!(report.reachable(&connected(End::Target)), Route::Import(ImportStep::File));
        let schema = Route::Export(ExportStep::Schema);
        assert_eq!(schema.reachable(&connected(End::Target)), Route::Export(ExportStep::Environment));
    }
}
