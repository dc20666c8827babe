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
use crate::values::Cell;
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

    /// The ids among which the rows are that pass, where the filter names them in the column of the primary key.
    pub(crate) fn ids(&self, primary_id: &Path) -> Option<Vec<Uuid>> {
        match self {
            Filter::All(filters) => filters.iter().find_map(|filter| filter.ids(primary_id)),
            Filter::Any(filters) => {
                let each: Option<Vec<_>> = filters.iter().map(|filter| filter.ids(primary_id)).collect();
                each.map(|each| each.concat())
            }
            Filter::Column(path, Test::Equal(cell)) if path == primary_id => Some(vec![cell.id()?]),
            Filter::Column(path, Test::In(cells)) if path == primary_id => {
                cells.iter().map(Cell::id).collect()
            }
            Filter::Rows(ids, true) => Some(ids.iter().copied().collect()),
            _ => None,
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
    fn rows_named_by_their_keys_come_once_in_their_order_and_heed_the_rest_of_the_filter() {
        let mut environment = pages();
        let is = |number: u8| format!("adx_webpageid eq {}", id(number));
        let among = |numbers: &[u8]| {
            let ids: Vec<String> = numbers.iter().map(|number| format!("\"{}\"", id(*number))).collect();
            let ids = ids.join(",");
            format!("Microsoft.Dynamics.CRM.In(PropertyName='adx_webpageid',PropertyValues=[{ids}])")
        };
        for (filter, expected) in [
            (is(4), vec![4]),
            (among(&[5, 77, 2, 5, 1]), vec![1, 2, 5]),
            (format!("{} or {} or {}", is(5), is(3), among(&[3, 4])), vec![3, 4, 5]),
            (format!("{} and adx_displayorder gt 2", among(&[2, 3, 4])), vec![3, 4]),
            (format!("{} and {}", among(&[2, 3]), among(&[3, 4])), vec![3]),
            (format!("adx_displayorder lt 4 and ({} or {})", is(5), is(1)), vec![1]),
            (format!("{} or adx_displayorder eq 2", is(5)), vec![2, 5]),
            (format!("not ({} or {})", is(5), is(1)), vec![2, 3, 4]),
            (format!("adx_parentpageid/{} or {}", is(1), is(2)), vec![2]),
        ] {
            assert_eq!(found(&mut environment, &filter), expected, "{filter}");
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

    #[test]
    fn a_comparison_without_its_other_side_is_an_error_of_syntax() {
        let path = "adx_webpages?$filter=adx_name eq";
        let (_, _, message) = refused(&mut pages(), "GET", path, &Value::Null);
        assert!(message.starts_with("Syntax error at position "), "{message}");
    }

    /// The numbers of the pages that pass.
    fn found(environment: &mut Environment, filter: &str) -> Vec<i64> {
        let path = format!("adx_webpages?$select=adx_displayorder&$filter={}", filter.replace('%', "%25"));
        let answer = get(environment, &path);
        let rows = answer["value"].as_array().unwrap().iter();
        rows.map(|row| row["adx_displayorder"].as_i64().unwrap()).collect()
    }

    #[test]
    fn not_turns_the_operator_around() {
        let mut environment = pages();
        for (filter, expected) in [
            ("not contains(adx_name,'home')", vec![3, 4, 5]),
            ("not (adx_name eq 'Home' or adx_displayorder gt 3)", vec![2, 3]),
            ("not (adx_displayorder lt 3 and adx_name eq 'Home')", vec![2, 3, 4, 5]),
            ("not (_adx_websiteid_value eq null)", vec![1]),
        ] {
            assert_eq!(found(&mut environment, filter), expected, "{filter}");
        }
        let refused = |environment: &mut Environment, filter: &str| {
            refused(environment, "GET", &format!("adx_webpages?$filter={filter}"), &Value::Null).0
        };
        let dates = "Microsoft.Dynamics.CRM.Today(PropertyName='createdon')";
        assert_eq!(refused(&mut environment, "not adx_name eq 'a'"), 400, "not binds stronger");
        assert_eq!(refused(&mut environment, &format!("not {dates}")), 501);
    }

    #[test]
    fn query_functions_do_what_conditions_do() {
        let mut environment = pages();
        let user = get(&mut environment, "WhoAmI")["UserId"].as_str().unwrap().to_owned();
        for (call, expected) in [
            ("Between(PropertyName='adx_displayorder',PropertyValues=[\"2\",\"4\"])", vec![2, 3, 4]),
            ("NotBetween(PropertyName='adx_displayorder',PropertyValues=[\"2\",\"4\"])", vec![1, 5]),
            ("On(PropertyName='adx_releasedate',PropertyValue='2024-01-02')", vec![2]),
            ("OnOrAfter(PropertyName='adx_releasedate',PropertyValue='2024-01-04')", vec![4, 5]),
            ("OnOrBefore(PropertyName='adx_releasedate',PropertyValue='2024-01-02')", vec![1, 2]),
            ("Today(PropertyName='createdon')", vec![1, 2, 3, 4, 5]),
            ("LastXHours(PropertyName='createdon',PropertyValue=1)", vec![1, 2, 3, 4, 5]),
            ("Last7Days(PropertyName='createdon')", vec![1, 2, 3, 4, 5]),
            ("ThisMonth(PropertyName='createdon')", vec![1, 2, 3, 4, 5]),
            ("NextXMonths(PropertyName='adx_releasedate',PropertyValue=2)", vec![]),
            ("OlderThanXYears(PropertyName='createdon',PropertyValue=1)", vec![]),
            ("EqualUserId(PropertyName='createdby')", vec![1, 2, 3, 4, 5]),
            ("NotEqualUserId(PropertyName='createdby')", vec![]),
            ("In(PropertyName=@p1,PropertyValues=@p2)&@p1='adx_name'&@p2=[\"It's\",\"x]\"]", vec![3]),
            ("In(PropertyName='createdby',PropertyValues=['USER'])", vec![1, 2, 3, 4, 5]),
        ] {
            let filter = format!("Microsoft.Dynamics.CRM.{}", call.replace("USER", &user));
            assert_eq!(found(&mut environment, &filter), expected, "{call}");
        }
        for (call, status) in [
            ("In(PropertyName='adx_name',PropertyValues=['It's'])", 400),
            ("Today(PropertyName='adx_name')", 400),
            ("LastXDays(PropertyName='createdon',PropertyValue=0)", 400),
            ("Between(PropertyName='adx_displayorder',PropertyValues=[\"2\"])", 400),
            ("In(PropertyName=@p1,PropertyValues=[\"a\"])", 400),
            ("Under(PropertyName='adx_webpageid',PropertyValue='00000000-0000-0000-0000-000000000001')", 501),
            ("ThisFiscalYear(PropertyName='createdon')", 501),
        ] {
            let path = format!("adx_webpages?$filter=Microsoft.Dynamics.CRM.{call}");
            assert_eq!(refused(&mut environment, "GET", &path, &Value::Null).0, status, "{call}");
        }
    }

    #[test]
    fn collections_are_asked_for_any_and_all() {
        let mut environment = pages();
        let children = "adx_webpage_webpage";
        for number in [3, 4] {
            let body = json!({"adx_parentpageid@odata.bind": format!("/adx_webpages({})", id(1))});
            send(&mut environment, "PATCH", &format!("adx_webpages({})", id(number)), &[], &body);
        }
        post(&mut environment, "adx_pagetags", &json!({"adx_pagetagid": id(80), "adx_name": "news"}));
        let tag = json!({"@odata.id": format!("/adx_pagetags({})", id(80))});
        send(
            &mut environment,
            "POST",
            &format!("adx_webpages({})/adx_pagetag_webpage/$ref", id(2)),
            &[],
            &tag,
        );
        for (filter, expected) in [
            (format!("{children}/any()"), vec![1]),
            (format!("not {children}/any()"), vec![2, 3, 4, 5]),
            (format!("{children}/any(c:c/adx_displayorder eq 4)"), vec![1]),
            (format!("{children}/any(c:c/adx_displayorder eq 5)"), vec![]),
            (format!("{children}/all(c:c/adx_displayorder gt 3)"), vec![2, 3, 4, 5]),
            (format!("{children}/all(c:c/adx_displayorder gt 2) and adx_displayorder lt 3"), vec![1, 2]),
            (format!("{children}/any(c:contains(c/adx_name,'100') or c/adx_name eq null)"), vec![1]),
            ("adx_pagetag_webpage/any(t:t/adx_name eq 'NEWS')".to_owned(), vec![2]),
            (
                "adx_pagetag_webpage/any(t:t/adx_pagetag_webpage/any(p:p/adx_displayorder eq 2))".to_owned(),
                vec![2],
            ),
        ] {
            assert_eq!(found(&mut environment, &filter), expected, "{filter}");
        }
        for filter in [
            format!("{children}/any(c:adx_displayorder eq 4)"),
            format!("{children}/any(adx_displayorder eq 4)"),
            format!("{children}/all()"),
            format!("{children}/any(c:c/adx_name eq 'a'"),
            "adx_parentpageid/any(p:p/adx_name eq 'a')".to_owned(),
            format!("adx_parentpageid/{children}/any(p:p/adx_name eq 'a')"),
        ] {
            let path = format!("adx_webpages?$filter={filter}");
            assert_eq!(refused(&mut environment, "GET", &path, &Value::Null).0, 400, "{filter}");
        }
    }

    #[test]
    fn parameter_aliases_stand_for_values_and_names() {
        let mut environment = pages();
        let filter = "@p1 eq @p2 or adx_displayorder eq @p3&@p1=adx_name&@p2='Home'&@p3=5";
        assert_eq!(found(&mut environment, filter), [1, 5]);
        assert_eq!(
            found(&mut environment, "adx_displayorder gt 3&$orderby=@o desc&@o=adx_displayorder"),
            [5, 4]
        );
        let path = "adx_webpages?$filter=adx_name eq @p1";
        assert_eq!(refused(&mut environment, "GET", path, &Value::Null).0, 400, "the alias has no value");
    }

    #[test]
    fn columns_of_one_row_are_compared() {
        let mut environment = portal();
        for (number, first, last) in [(1, "Kim", "kim"), (2, "Kim", "Lee"), (3, "", "")] {
            let body = json!({"contactid": id(number), "firstname": first, "lastname": last});
            post(&mut environment, "contacts", &body);
        }
        for (filter, expected) in
            [("firstname eq lastname", 1), ("firstname ne lastname", 2), ("firstname lt lastname", 2)]
        {
            let answer = get(&mut environment, &format!("contacts?$select=lastname&$filter={filter}"));
            assert_eq!(answer["value"][0]["contactid"], id(expected), "{filter}");
            assert_eq!(answer["value"].as_array().unwrap().len(), 1, "{filter}");
        }
        for filter in ["firstname eq birthdate", "firstname eq parentcustomerid_account/name"] {
            let path = format!("contacts?$filter={filter}");
            assert_eq!(refused(&mut environment, "GET", &path, &Value::Null).0, 400, "{filter}");
        }
    }

    #[test]
    fn wildcards_work_inside_but_not_at_the_wrong_end() {
        let mut environment = pages();
        for (filter, expected) in [
            ("startswith(adx_name,'h%25m')", vec![1, 2]),
            ("contains(adx_name,'h_me p')", vec![2]),
            ("startswith(adx_name,'[a-h]ome')", vec![1, 2]),
            ("endswith(adx_name,'100[%25]')", vec![4]),
        ] {
            let path = format!("adx_webpages?$select=adx_displayorder&$filter={filter}");
            let answer = get(&mut environment, &path);
            let rows = answer["value"].as_array().unwrap().iter();
            let numbers: Vec<i64> = rows.map(|row| row["adx_displayorder"].as_i64().unwrap()).collect();
            assert_eq!(numbers, expected, "{filter}");
        }
        for filter in
            ["startswith(adx_name,'%25ome')", "endswith(adx_name,'ome%25')", "contains(adx_displayorder,'1')"]
        {
            let path = format!("adx_webpages?$filter={filter}");
            assert_eq!(refused(&mut environment, "GET", &path, &Value::Null).0, 400, "{filter}");
        }
    }
}
