//! `GET set?sql=SELECT …`: what FetchXML says too, in other words.

mod parse;
mod tokens;

use super::Cookie;
use crate::answer::Answer;
use crate::api::Call;
use crate::environment::Environment;
use crate::error::Refusal;
use parse::Parser;

impl Environment {
    /// Runs a SELECT of the set's table: columns, WHERE, ORDER BY, TOP and DISTINCT. What else the service knows
    /// (joins, groups) is refused. Pages have links, as lists of rows do (Microsoft's page on SQL).
    pub(crate) fn sql(&self, call: &Call, table: usize, text: &str) -> Result<Answer, Refusal> {
        call.options.allow(&["sql", "$skiptoken"])?;
        let mut fetch = Parser::new(text, &self.catalog.tables[table])?.select()?;
        fetch.cookie = call.options.get("$skiptoken").map(Cookie::of_skiptoken).transpose()?;
        fetch.page = fetch.cookie.as_ref().map(|cookie| cookie.page);
        fetch.has_links = true;
        self.run(call, table, &fetch)
    }
}

#[cfg(test)]
mod tests {
    use crate::Environment;
    use crate::testing::{get, id, page, portal, post, refused, send};
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    use serde_json::{Value, json};

    fn pages() -> Environment {
        let mut environment = portal();
        for (number, name) in [(1, "Home"), (2, "About"), (3, "It's"), (4, "home page"), (5, "")] {
            let mut body = page(number, name);
            body["adx_displayorder"] = number.into();
            body["adx_hiddenfromsitemap"] = (number > 3).into();
            post(&mut environment, "adx_webpages", &body);
        }
        environment
    }

    fn path(sql: &str) -> String {
        format!("adx_webpages?sql={}", utf8_percent_encode(sql, NON_ALPHANUMERIC))
    }

    fn numbers(answer: &Value) -> Vec<i64> {
        let rows = answer["value"].as_array().unwrap().iter();
        rows.map(|row| row["adx_displayorder"].as_i64().unwrap()).collect()
    }

    #[test]
    fn rows_are_selected_filtered_and_sorted() {
        let mut environment = pages();
        for (rest, expected) in [
            ("FROM adx_webpage", vec![1, 2, 3, 4, 5]),
            ("FROM adx_webpage ORDER BY adx_displayorder DESC", vec![5, 4, 3, 2, 1]),
            ("FROM adx_webpage AS p WHERE p.adx_name = 'HOME'", vec![1]),
            ("FROM adx_webpage p WHERE p.adx_name = 'It''s'", vec![3]),
            ("from adx_webpage where adx_displayorder >= 2 and adx_displayorder < 4", vec![2, 3]),
            (
                "FROM adx_webpage WHERE (adx_displayorder = 1 OR adx_displayorder = 4) AND adx_hiddenfromsitemap = 1",
                vec![4],
            ),
            ("FROM adx_webpage WHERE adx_name LIKE 'home%'", vec![1, 4]),
            ("FROM adx_webpage WHERE adx_name NOT LIKE 'home%' AND adx_name IS NOT NULL", vec![2, 3]),
            ("FROM adx_webpage WHERE adx_name IS NULL", vec![5]),
            ("FROM adx_webpage WHERE adx_displayorder IN (1, 5)", vec![1, 5]),
            ("FROM adx_webpage WHERE adx_displayorder NOT IN (1, 5)", vec![2, 3, 4]),
            ("FROM adx_webpage WHERE adx_displayorder BETWEEN 2 AND 3", vec![2, 3]),
            ("FROM adx_webpage WHERE adx_webpageid = '00000000-0000-0000-0000-000000000002'", vec![2]),
        ] {
            let answer = get(&mut environment, &path(&format!("SELECT adx_displayorder {rest}")));
            assert_eq!(numbers(&answer), expected, "{rest}");
        }
    }

    #[test]
    fn the_answer_is_as_microsofts_page_shows_it() {
        let mut environment = pages();
        let headers = [("Prefer", "odata.include-annotations=\"*\"")];
        let select = path("SELECT TOP 1 adx_name AS title FROM adx_webpage");
        let (_, answer, _) = send(&mut environment, "GET", &select, &headers, &Value::Null);
        let context =
            "https://contoso.crm.dynamics.com/api/data/v9.2/$metadata#adx_webpages(title,adx_webpageid)";
        assert_eq!(answer["@odata.context"], context);
        assert_eq!(answer["@Microsoft.Dynamics.CRM.totalrecordcount"], -1);
        let row = &answer["value"][0];
        assert_eq!((&row["title"], &row["adx_webpageid"]), (&json!("Home"), &json!(id(1))));
        assert_eq!(row["title@OData.Community.Display.V1.AttributeName"], "adx_name");
        assert!(row["@odata.etag"].is_string());
        assert_eq!((answer["value"].as_array().unwrap().len(), answer.get("@odata.nextLink")), (1, None));
    }

    #[test]
    fn pages_are_followed_by_their_links() {
        let mut environment = pages();
        let headers = [("Prefer", "odata.maxpagesize=2")];
        let (mut next, mut seen) = (path("SELECT adx_displayorder FROM adx_webpage"), Vec::new());
        for _ in 0..3 {
            let (_, answer, _) = send(&mut environment, "GET", &next, &headers, &Value::Null);
            seen.extend(numbers(&answer));
            let Some(link) = answer["@odata.nextLink"].as_str() else { break };
            next = link.strip_prefix("https://contoso.crm.dynamics.com/api/data/v9.2/").unwrap().to_owned();
        }
        assert_eq!(seen, [1, 2, 3, 4, 5]);
    }

    #[test]
    fn what_is_no_such_select_is_refused() {
        let mut environment = pages();
        for (sql, status) in [
            ("SELECT * FROM adx_webpage", 400),
            ("SELECT adx_name FROM account", 400),
            ("SELECT Nothing FROM adx_webpage", 400),
            ("SELECT adx_name FROM adx_webpage WHERE adx_name = NULL", 400),
            ("SELECT adx_name FROM adx_webpage WHERE adx_name = 5", 400),
            ("SELECT adx_name FROM adx_webpage WHERE adx_displayorder = '5'", 400),
            ("SELECT adx_name FROM adx_webpage WHERE 1 = 1", 400),
            ("SELECT adx_name FROM adx_webpage WHERE x.adx_name = 'a'", 400),
            ("SELECT adx_name FROM adx_webpage; SELECT adx_name FROM adx_webpage", 400),
            ("SELECT adx_name FROM adx_webpage WHERE adx_name = 'open", 400),
            ("DELETE FROM adx_webpage", 400),
            ("SELECT", 400),
            ("", 400),
            ("SELECT COUNT(*) FROM adx_webpage", 501),
            ("SELECT a.adx_name FROM adx_webpage a INNER JOIN account b ON a.x = b.y", 501),
            ("SELECT a.adx_name, b.name FROM adx_webpage a JOIN account b ON a.x = b.y", 501),
            ("SELECT adx_name FROM adx_webpage GROUP BY adx_name", 501),
            ("SELECT adx_name FROM adx_webpage ORDER BY adx_name OFFSET 1 ROWS", 501),
            ("SELECT adx_name FROM adx_webpage WHERE NOT adx_displayorder = 1", 501),
            (
                &format!("SELECT adx_name FROM adx_webpage WHERE {}adx_displayorder = 1", "(".repeat(5000)),
                400,
            ),
        ] {
            assert_eq!(refused(&mut environment, "GET", &path(sql), &Value::Null).0, status, "{sql:.80}");
        }
        let mixed = format!("{}&$select=adx_name", path("SELECT adx_name FROM adx_webpage"));
        assert_eq!(refused(&mut environment, "GET", &mixed, &Value::Null).0, 400);
    }
}
