//! The service document.

use super::Call;
use crate::answer::Answer;
use crate::environment::Environment;
use crate::error::Refusal;
use serde_json::json;

impl Environment {
    /// The list of entity sets.
    pub(crate) fn service_document(&self, call: &Call) -> Result<Answer, Refusal> {
        call.options.allow(&[])?;
        let sets: Vec<_> = self
            .catalog
            .tables
            .iter()
            .map(|t| json!({"name": t.entity_set, "kind": "EntitySet", "url": t.entity_set}))
            .collect();
        let context = format!("{}$metadata", call.base);
        Ok(Answer::json(200, &json!({"@odata.context": context, "value": sets})))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{get, portal};

    #[test]
    fn there_is_one_organization_with_what_an_import_asks_for() {
        let answer = get(
            &mut portal(),
            "organizations?$select=name,languagecode,maxuploadfilesize,blockedattachments,_basecurrencyid_value",
        );
        let [row] = &answer["value"].as_array().unwrap()[..] else { panic!("{answer}") };
        assert_eq!(
            (row["languagecode"].as_i64(), row["maxuploadfilesize"].as_i64()),
            (Some(1033), Some(5_242_880))
        );
        assert!(row["blockedattachments"].as_str().unwrap().split(';').any(|extension| extension == "js"));
    }
}
