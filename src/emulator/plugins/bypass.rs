//! Which business logic a request asks not to run.

use crate::environment::Environment;
use crate::error::Refusal;
use http::HeaderMap;
use uuid::Uuid;

const STEP_IDS: &str = "MSCRM.BypassBusinessLogicExecutionStepIds";
const LOGIC: &str = "MSCRM.BypassBusinessLogicExecution";
const CUSTOM_PLUG_INS: &str = "MSCRM.BypassCustomPluginExecution";
/// Unless the organization's settings allow more. Source: Microsoft's page on bypassing custom Dataverse logic.
const MOST_STEPS: usize = 3;

/// What the three headers say. `CustomSync`, `CustomAsync` and the older `BypassCustomPluginExecution` do not reach
/// steps whose publisher is Microsoft, which all steps of this environment are: they only need their privileges.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bypass {
    steps: Vec<Uuid>,
    /// What the caller must hold.
    privileges: Vec<&'static str>,
}

impl Bypass {
    /// Reads the headers of one request; those around a batch say nothing about its parts.
    ///
    /// A value that is none of the documented ones is refused; what the service says is not known.
    fn parse(headers: &HeaderMap) -> Result<Bypass, Refusal> {
        let value = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default().trim());
        let mut bypass = Bypass::default();
        if let Some(ids) = value(STEP_IDS) {
            bypass.steps = step_ids(ids)?;
            bypass.privileges.push("prvBypassCustomBusinessLogic");
        }
        if let Some(logic) = value(LOGIC) {
            let known = logic.split(',').all(|kind| ["CustomSync", "CustomAsync"].contains(&kind.trim()));
            known.then_some(()).ok_or_else(|| invalid(LOGIC, logic))?;
            bypass.privileges.push("prvBypassCustomBusinessLogic");
        }
        match value(CUSTOM_PLUG_INS) {
            Some(wanted) if wanted.eq_ignore_ascii_case("true") => {
                bypass.privileges.push("prvBypassCustomPlugins")
            }
            Some(other) if !other.eq_ignore_ascii_case("false") => {
                return Err(invalid(CUSTOM_PLUG_INS, other));
            }
            _ => {}
        }
        Ok(bypass)
    }

    /// Whether the request names this step. A step that would not run for it anyway is ignored.
    pub(crate) fn names(&self, step: Uuid) -> bool {
        self.steps.contains(&step)
    }
}

impl Environment {
    /// Keeps what the request asks not to run until it is answered; refuses what the caller may not bypass.
    pub(crate) fn take_bypass(&mut self, headers: &HeaderMap) -> Result<(), Refusal> {
        let bypass = Bypass::parse(headers)?;
        bypass.privileges.iter().try_for_each(|privilege| self.require_general(privilege))?;
        self.bypass = bypass;
        Ok(())
    }
}

fn step_ids(text: &str) -> Result<Vec<Uuid>, Refusal> {
    let ids: Option<Vec<Uuid>> = text.split(',').map(|id| Uuid::try_parse(id.trim()).ok()).collect();
    let ids = ids.ok_or_else(|| invalid(STEP_IDS, text))?;
    if ids.len() > MOST_STEPS {
        let message = format!("{} steps are named in {STEP_IDS}; the limit is {MOST_STEPS}.", ids.len());
        return Err(Refusal::new(400, "0x80040203", message));
    }
    Ok(ids)
}

fn invalid(header: &str, value: &str) -> Refusal {
    Refusal::new(400, "0x80040203", format!("'{value}' is not a valid value of {header}."))
}

#[cfg(test)]
mod tests {
    use crate::Environment;
    use crate::plugins::testing::{create_steps, home, site, steps};
    use crate::testing::{id, request, send};
    use serde_json::Value;

    const STEP_IDS: &str = super::STEP_IDS;

    /// Creates the home page with these headers; the status, and how many pages there are then.
    fn created(environment: &mut Environment, headers: &[(&str, &str)]) -> (u16, usize) {
        let (status, _, _) = send(environment, "POST", "adx_webpages", headers, &home());
        (status, environment.count("adx_webpage"))
    }

    #[test]
    fn steps_named_by_their_ids_do_not_run_for_that_request() {
        let mut environment = site(true);
        let ids = create_steps(&mut environment);
        assert_eq!(created(&mut environment, &[(STEP_IDS, &ids)]), (204, 1));
    }

    #[test]
    fn a_step_that_would_not_run_anyway_is_ignored() {
        let mut environment = site(true);
        assert_eq!(created(&mut environment, &[(STEP_IDS, &id(99))]), (204, 3));
    }

    #[test]
    fn what_bypasses_custom_logic_does_not_reach_microsofts_steps() {
        for (name, value) in [
            ("MSCRM.BypassBusinessLogicExecution", "CustomSync"),
            ("MSCRM.BypassBusinessLogicExecution", "CustomSync,CustomAsync"),
            ("MSCRM.BypassCustomPluginExecution", "true"),
        ] {
            assert_eq!(created(&mut site(true), &[(name, value)]), (204, 3), "{name}: {value}");
        }
    }

    #[test]
    fn more_than_three_steps_and_unknown_values_are_refused() {
        let mut environment = site(true);
        let all: Vec<String> = steps(&mut environment).into_iter().map(|(_, id)| id).collect();
        let all = all.join(",");
        for (name, value) in [
            (STEP_IDS, all.as_str()),
            (STEP_IDS, "WebPageValidationPlugin"),
            (STEP_IDS, ""),
            ("MSCRM.BypassBusinessLogicExecution", "All"),
            ("MSCRM.BypassCustomPluginExecution", "yes"),
        ] {
            let (status, answer, _) =
                send(&mut environment, "POST", "adx_webpages", &[(name, value)], &home());
            assert_eq!(
                (status, answer["error"]["code"].as_str()),
                (400, Some("0x80040203")),
                "{name}: {value}"
            );
        }
        assert_eq!(environment.count("adx_webpage"), 0);
    }

    #[test]
    fn each_part_of_a_batch_says_for_itself_what_is_not_to_run() {
        for (around, inside, pages) in [(true, false, 3), (false, true, 1)] {
            let mut environment = site(true);
            let ids = create_steps(&mut environment);
            let line = if inside { format!("{STEP_IDS}: {ids}\r\n") } else { String::new() };
            let body = format!(
                "--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n\
                 POST /api/data/v9.2/adx_webpages HTTP/1.1\r\nContent-Type: application/json\r\n{line}\r\n\
                 {}\r\n--b--\r\n",
                home()
            );
            let mut headers = vec![("Content-Type", "multipart/mixed; boundary=b")];
            headers.extend(around.then_some((STEP_IDS, ids.as_str())));
            let answer = environment.answer(&request("POST", "$batch", &headers, body.as_bytes()));
            assert_eq!((answer.status().as_u16(), environment.count("adx_webpage")), (200, pages));
        }
    }

    #[test]
    fn whoever_bypasses_logic_needs_the_privilege_whatever_the_request() {
        for (header, value, privilege) in [
            (STEP_IDS, "00000000-0000-0000-0000-000000000063", "prvBypassCustomBusinessLogic"),
            (super::LOGIC, "CustomAsync", "prvBypassCustomBusinessLogic"),
            (super::CUSTOM_PLUG_INS, "true", "prvBypassCustomPlugins"),
        ] {
            let mut environment =
                Environment::builder("rights").without_privilege(privilege).build().unwrap();
            let (status, answer, _) =
                send(&mut environment, "GET", "accounts", &[(header, value)], &Value::Null);
            assert_eq!((status, answer["error"]["code"].as_str()), (403, Some("0x80040220")), "{header}");
            let message = answer["error"]["message"].as_str().unwrap();
            assert!(message.contains(&format!("is missing {privilege} privilege")), "{message}");
        }
    }

    #[test]
    fn a_request_that_bypasses_nothing_changes_nothing_for_the_next() {
        let mut environment = site(true);
        let ids = create_steps(&mut environment);
        send(&mut environment, "GET", "adx_webpages", &[(STEP_IDS, &ids)], &Value::Null);
        assert_eq!(created(&mut environment, &[]), (204, 3));
    }
}
