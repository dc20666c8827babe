//! `$filter`.

mod functions;
mod lambda;
mod parser;
mod path;
mod tokens;

pub(crate) use path::Path;
pub(super) use tokens::alias;
pub(crate) use tokens::{Token, tokens};

use super::comparison::{Relation, Test};
use crate::api::Options;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::rows::Row;
use parser::Parser;
use std::collections::HashSet;
use uuid::Uuid;

/// A condition on a row.
#[derive(Clone, Debug)]
pub(crate) enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Column(Path, Test),
    /// Two columns against each other.
    Columns(Path, Relation, Path),
    /// The row is one of these, or none of them: what became of a condition on a collection.
    Rows(HashSet<Uuid>, bool),
}

impl Filter {
    /// Reads a filter on rows of a table. Parameter aliases stand among the options, except inside `$expand`.
    pub(crate) fn parse(
        environment: &Environment,
        table: usize,
        text: &str,
        aliases: Option<&Options>,
    ) -> Result<Filter, Refusal> {
        Parser::new(environment, table, text, aliases)?.whole()
    }

    pub(crate) fn passes(&self, environment: &Environment, row: &Row) -> bool {
        match self {
            Filter::All(filters) => filters.iter().all(|f| f.passes(environment, row)),
            Filter::Any(filters) => filters.iter().any(|f| f.passes(environment, row)),
            Filter::Column(path, test) => test.passes(path.cell(environment, row)),
            Filter::Columns(left, relation, right) => {
                relation.holds(left.cell(environment, row), right.cell(environment, row))
            }
            Filter::Rows(ids, among) => ids.contains(&row.id) == *among,
        }
    }

    /// What `not` makes of it; `None` where a part has no opposite.
    fn opposite(self) -> Option<Filter> {
        Some(match self {
            Filter::All(filters) => Filter::Any(opposites(filters)?),
            Filter::Any(filters) => Filter::All(opposites(filters)?),
            Filter::Column(path, test) => Filter::Column(path, test.opposite()?),
            Filter::Columns(left, relation, right) => Filter::Columns(left, relation.opposite(), right),
            Filter::Rows(ids, among) => Filter::Rows(ids, !among),
        })
    }
}

fn opposites(filters: Vec<Filter>) -> Option<Vec<Filter>> {
    filters.into_iter().map(Filter::opposite).collect()
}

#[cfg(test)]
mod tests {
    use crate::Environment;
    use crate::testing::{ACCOUNT, get, id, portal, post, refused, send};
    use serde_json::{Value, json};

    /// Five pages below one site, the last without a name.
    fn pages() -> Environment {
        let mut environment = portal();
        post(&mut environment, "adx_websites", &json!({"adx_websiteid": id(99), "adx_name": "Fabrikam"}));
        for (number, name) in [(1, "Home"), (2, "home page"), (3, "It's"), (4, "100%"), (5, "")] {
            let body = json!({
                "adx_webpageid": id(number), "adx_name": name, "adx_displayorder": number,
                "adx_hiddenfromsitemap": number > 3, "adx_releasedate": format!("2024-01-0{number}T00:00:00Z"),
            });
            post(&mut environment, "adx_webpages", &body);
        }
        let body = json!({"adx_websiteid@odata.bind": format!("/adx_websites({})", id(99))});
        send(&mut environment, "PATCH", &format!("adx_webpages({})", id(1)), &[], &body);
        environment
    }

    #[test]
    fn filters_find_what_the_database_would() {
        let mut environment = pages();
        for (filter, expected) in [
            ("adx_name eq 'HOME'", vec![1]),
            ("adx_name eq 'It''s'", vec![3]),
            ("adx_name eq null", vec![5]),
            ("adx_name ne null", vec![1, 2, 3, 4]),
            ("adx_name ne 'Home'", vec![2, 3, 4, 5]),
            ("adx_displayorder gt 2 and adx_displayorder le 4", vec![3, 4]),
            ("adx_displayorder lt 2 or adx_displayorder ge 5", vec![1, 5]),
            ("not (adx_hiddenfromsitemap eq true)", vec![1, 2, 3]),
            ("adx_displayorder eq 1 or adx_displayorder eq 2 and adx_hiddenfromsitemap eq true", vec![1]),
            ("(adx_displayorder eq 1 or adx_displayorder eq 4) and adx_hiddenfromsitemap eq true", vec![4]),
            ("contains(adx_name,'OM')", vec![1, 2]),
            ("startswith(adx_name,'home')", vec![1, 2]),
            ("endswith(adx_name,'page')", vec![2]),
            ("adx_releasedate ge 2024-01-04T00:00:00Z", vec![4, 5]),
            ("_adx_websiteid_value ne null", vec![1]),
            ("_adx_websiteid_value eq 00000000-0000-0000-0000-000000000063", vec![1]),
            ("adx_websiteid/adx_name eq 'fabrikam'", vec![1]),
            (
                "Microsoft.Dynamics.CRM.In(PropertyName='adx_webpageid',PropertyValues=[\"00000000-0000-0000-0000-000000000002\",\"00000000-0000-0000-0000-000000000004\"])",
                vec![2, 4],
            ),
            (
                "Microsoft.Dynamics.CRM.NotIn(PropertyName='adx_displayorder',PropertyValues=[\"1\",\"2\"])",
                vec![3, 4, 5],
            ),
        ] {
            let answer = get(
                &mut environment,
                &format!("adx_webpages?$select=adx_displayorder&$filter={}", filter.replace('%', "%25")),
            );
            let found: Vec<i64> = answer["value"]
                .as_array()
                .unwrap()
                .iter()
                .map(|row| row["adx_displayorder"].as_i64().unwrap())
                .collect();
            assert_eq!(found, expected, "{filter}");
        }
    }

    #[test]
    fn multi_select_columns_are_searched_by_value() {
        let mut environment = portal();
        let path = "accounts?$filter=Microsoft.Dynamics.CRM.ContainValues(PropertyName='contoso_interests',PropertyValues=['2'])";
        assert_eq!(get(&mut environment, path)["value"][0]["accountid"], ACCOUNT);
        assert_eq!(get(&mut environment, &path.replace("'2'", "'5'"))["value"], json!([]));
    }

    #[test]
    fn a_filter_that_cannot_be_meant_is_refused() {
        let mut environment = pages();
        for filter in [
            "Adx_name eq 'x'",
            "adx_websiteid eq 'x'",
            "adx_name eq",
            "adx_name eq 5",
            "adx_displayorder eq '5'",
            "adx_name eq 'open",
            "adx_name eq 'a' 'b'",
            "(adx_name eq 'a'",
            "adx_name gt null",
            "adx_WebsiteId/adx_name eq 'x'",
            "Microsoft.Dynamics.CRM.In(PropertyName='Adx_name',PropertyValues=[\"a\"])",
            &format!("{}adx_name eq 'a'{}", "(".repeat(9000), ")".repeat(9000)),
        ] {
            let status =
                refused(&mut environment, "GET", &format!("adx_webpages?$filter={filter}"), &Value::Null).0;
            assert_eq!(status, 400, "{filter}");
        }
        let (status, code, _) = refused(
            &mut environment,
            "GET",
            "adx_webpages?$filter=year(adx_releasedate) eq 2024",
            &Value::Null,
        );
        assert_eq!((status, code.as_str()), (501, "0x80040203"), "what is not emulated is said, not guessed");
    }
}
