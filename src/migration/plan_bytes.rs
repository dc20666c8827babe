//! The plan as bytes: kept beside the journal, so that another run can go on with it.

use crate::{Plan, Problem, ProblemKind};

impl Plan {
    /// The plan as bytes. Another version of this program may not read them.
    ///
    /// # Errors
    /// Never in practice: everything in a plan can be written.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Problem> {
        postcard::to_allocvec(self).map_err(|error| unreadable(&error.to_string()))
    }

    /// The plan that these bytes are.
    ///
    /// # Errors
    /// Kind `File` where they are none, or those of another version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Plan, Problem> {
        postcard::from_bytes(bytes).map_err(|error| unreadable(&error.to_string()))
    }
}

fn unreadable(why: &str) -> Problem {
    Problem::new(
        ProblemKind::File,
        format!("The plan that was kept with this run cannot be read: {why}."),
        "Start a new import of the same package: what is already there is found and not written twice.",
    )
}

#[cfg(test)]
mod tests {
    use crate::{
        Action, Change, MappedRow, MatchRule, Plan, Problem, ProblemKind, RecordPlan, RowRef, TablePlan,
        WriteMode,
    };
    use uuid::Uuid;

    #[test]
    fn a_plan_is_the_same_after_it_was_kept() {
        let id = Uuid::from_u128(1);
        let change = Change { column: "name".into(), before: None, after: Some("Home".into()) };
        let warnings = vec![Problem::new(ProblemKind::Value, "What.", "Remedy.")];
        let matched_by = MatchRule::Keys(vec!["name".into()]);
        let action = Action::Update(vec![change]);
        let record = RecordPlan {
            id,
            target_id: Uuid::from_u128(2),
            name: "Home".into(),
            action,
            matched_by,
            warnings,
        };
        let mode = WriteMode::CreateOnly;
        let table = TablePlan {
            table: "page".into(),
            display_name: "Page".into(),
            mode,
            same_names: 3,
            records: vec![record],
        };
        let mut plan = Plan { tables: vec![table], ..Plan::default() };
        plan.absent.insert(RowRef { table: "page".into(), id });
        plan.ids.set(RowRef { table: "page".into(), id }, Uuid::from_u128(2));
        let decision = MappedRow {
            source: RowRef { table: "team".into(), id },
            name: "All".into(),
            target: Some(Uuid::from_u128(3)),
        };
        plan.terms.options.mapping.decide(decision);
        assert_eq!(Plan::from_bytes(&plan.to_bytes().unwrap()), Ok(plan));
        assert!(Plan::from_bytes(b"\xff").unwrap_err().what.starts_with("The plan that was kept"));
    }
}
