//! The steps as the portal's solution registers them.

use super::Message;
use crate::environment::Environment;
use crate::values::Cell;
use uuid::{Uuid, uuid};

/// The table whose writes have steps.
pub(super) const WEB_PAGE: &str = "adx_webpage";
const STEP: &str = "sdkmessageprocessingstep";
/// Columns that the plug-ins work with. A schema that leaves one of them out makes no portal.
const WORKED_WITH: [&str; 6] = [
    "adx_isroot",
    "adx_parentpageid",
    "adx_partialurl",
    "adx_rootwebpageid",
    "adx_webpagelanguageid",
    "adx_websiteid",
];

/// When a step runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Inside the transaction, before the row is kept.
    PreOperation = 20,
    /// Inside the transaction, after it.
    PostOperation = 40,
}

/// Which plug-in a step runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PlugIn {
    /// A page without parent must be the home page.
    Validate,
    /// A root page gets a content page for each language of its site.
    MakeContentPages,
    /// The content pages of a root page that is deactivated are deactivated too.
    FollowState,
}

/// A plug-in registered for a message of `adx_webpage`.
#[derive(Debug)]
pub(super) struct Step {
    /// The same in every environment: it comes with the managed solution.
    pub(super) id: Uuid,
    name: &'static str,
    pub(super) message: Message,
    pub(super) stage: Stage,
    pub(super) plug_in: PlugIn,
}

/// Two plug-ins are known by name, `WebPageValidationPlugin` and `WebPageUpdatePlugin`; the third's name, the ids and
/// the stages are inferred. Four steps in all: more than one request may bypass, so that a client has to choose
/// those of its message.
pub(super) const STEPS: [Step; 4] = [
    Step {
        id: uuid!("5d3a1f60-7c4e-e611-80d8-00155d0a1101"),
        name: "Adxstudio.Xrm.Plugins.WebPageValidationPlugin: Create of adx_webpage",
        message: Message::Create,
        stage: Stage::PreOperation,
        plug_in: PlugIn::Validate,
    },
    Step {
        id: uuid!("5d3a1f60-7c4e-e611-80d8-00155d0a1102"),
        name: "Adxstudio.Xrm.Plugins.WebPageValidationPlugin: Update of adx_webpage",
        message: Message::Update,
        stage: Stage::PreOperation,
        plug_in: PlugIn::Validate,
    },
    Step {
        id: uuid!("5d3a1f60-7c4e-e611-80d8-00155d0a1103"),
        name: "Adxstudio.Xrm.Plugins.WebPageCreatePlugin: Create of adx_webpage",
        message: Message::Create,
        stage: Stage::PostOperation,
        plug_in: PlugIn::MakeContentPages,
    },
    Step {
        id: uuid!("5d3a1f60-7c4e-e611-80d8-00155d0a1104"),
        name: "Adxstudio.Xrm.Plugins.WebPageUpdatePlugin: Update of adx_webpage",
        message: Message::Update,
        stage: Stage::PostOperation,
        plug_in: PlugIn::FollowState,
    },
];

impl Environment {
    /// Registers the steps where the environment has a portal's web pages.
    pub(crate) fn add_portal_steps(&mut self) {
        let is_portal =
            self.table(WEB_PAGE).is_some_and(|t| WORKED_WITH.iter().all(|c| t.position(c).is_some()));
        if is_portal {
            STEPS.iter().for_each(|step| self.add_step(step));
        }
    }

    fn add_step(&mut self, step: &Step) {
        let lookup = |table: &str, id: Option<Uuid>| {
            id.map_or(Cell::Empty, |id| Cell::Lookup { table: table.to_owned(), id })
        };
        let filter = self.message_filter(step.message);
        let message =
            filter.and_then(|filter| self.row("sdkmessagefilter", filter)?.cell("sdkmessageid")?.id());
        let cells = [
            ("name", Cell::text(step.name)),
            ("stage", Cell::Integer(step.stage as i64)),
            ("mode", Cell::Integer(0)),
            ("rank", Cell::Integer(1)),
            ("customizationlevel", Cell::Integer(1)),
            ("iscustomizable", Cell::Managed(true)),
            ("ismanaged", Cell::Boolean(true)),
            ("sdkmessageid", lookup("sdkmessage", message)),
            ("sdkmessagefilterid", lookup("sdkmessagefilter", filter)),
        ];
        self.add_row(STEP, step.id, &cells);
    }

    /// The row that says the message is offered for web pages.
    fn message_filter(&self, message: Message) -> Option<Uuid> {
        let is_of = |id: Uuid| {
            let row = self.row("sdkmessage", id);
            row.and_then(|row| Some(row.cell("name")?.as_text() == Some(message.name()))) == Some(true)
        };
        let mut filters = self
            .rows("sdkmessagefilter")
            .filter(|filter| filter.cell("primaryobjecttypecode").and_then(Cell::as_text) == Some(WEB_PAGE));
        filters.find(|f| f.cell("sdkmessageid").and_then(Cell::id).is_some_and(is_of)).map(|f| f.id())
    }

    /// Whether the step is registered and not disabled.
    pub(super) fn is_enabled(&self, step: &Step) -> bool {
        let row = self.row(STEP, step.id);
        row.and_then(|row| row.cell("statecode")?.integer()) == Some(0)
    }
}

#[cfg(test)]
mod tests {
    use crate::Environment;
    use crate::plugins::testing::{home, site, steps};
    use crate::testing::{get, portal, post, send};
    use serde_json::json;

    fn names(environment: &mut Environment) -> Vec<String> {
        steps(environment).into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn the_steps_of_web_pages_can_be_found() {
        let names = names(&mut site(true));
        assert_eq!(names.iter().filter(|name| name.ends_with(": Create of adx_webpage")).count(), 2);
        assert_eq!(names.iter().filter(|name| name.ends_with(": Update of adx_webpage")).count(), 2);
        let path =
            "sdkmessageprocessingsteps?$filter=sdkmessagefilterid/primaryobjecttypecode eq 'adx_webpage'";
        let row = get(&mut site(true), path)["value"][0].clone();
        assert_eq!(
            (&row["statecode"], &row["mode"], &row["customizationlevel"]),
            (&json!(0), &json!(0), &json!(1))
        );
        assert_eq!((&row["ismanaged"], &row["iscustomizable"]["Value"]), (&json!(true), &json!(true)));
    }

    #[test]
    fn an_environment_without_plug_ins_or_without_a_portal_has_no_steps() {
        assert_eq!(names(&mut site(false)), [""; 0]);
        assert_eq!(names(&mut portal()), [""; 0], "its pages lack the columns of a portal's");
        let mut environment = site(false);
        post(&mut environment, "adx_webpages", &home());
        post(&mut environment, "adx_webpages", &json!({"adx_partialurl": "lost"}));
        assert_eq!(environment.count("adx_webpage"), 2);
    }

    #[test]
    fn a_disabled_step_does_not_run_until_it_is_enabled_again() {
        let mut environment = site(true);
        let steps = steps(&mut environment);
        let switch = |environment: &mut Environment, state: i32, status: i32| {
            for (_, id) in &steps {
                let body = json!({"statecode": state, "statuscode": status});
                let path = format!("sdkmessageprocessingsteps({id})");
                assert_eq!(send(environment, "PATCH", &path, &[], &body).0, 204);
            }
        };
        switch(&mut environment, 1, 2);
        post(&mut environment, "adx_webpages", &home());
        assert_eq!(environment.count("adx_webpage"), 1);
        switch(&mut environment, 0, -1);
        let mut again = home();
        again["adx_webpageid"] = json!(crate::testing::id(18));
        post(&mut environment, "adx_webpages", &again);
        assert_eq!(environment.count("adx_webpage"), 4);
    }

    #[test]
    fn a_restored_environment_runs_its_steps() {
        let mut environment = Environment::restore(&site(true).save()).unwrap();
        post(&mut environment, "adx_webpages", &home());
        assert_eq!(environment.count("adx_webpage"), 3);
    }
}
