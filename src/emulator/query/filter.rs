//! `$filter`.

use super::comparison::{Test, literal};
use super::tokens::{Token, tokens};
use crate::environment::Environment;
use crate::error::Refusal;
use crate::rows::Row;
use crate::tables::{Catalog, Kind, Navigation};
use crate::values::Cell;

/// A condition on a row.
#[derive(Clone, Debug)]
pub(crate) enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Not(Box<Filter>),
    Column(Path, Test),
}

/// A column of the row or of a row it points to: `primarycontactid/fullname`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Path {
    /// (lookup column, table it leads to)
    hops: Vec<(usize, usize)>,
    /// The table the column is in.
    table: usize,
    column: usize,
}

impl Path {
    /// Follows `a/b/c` from a table; case counts.
    pub(crate) fn parse(catalog: &Catalog, table: usize, text: &str) -> Result<Path, Refusal> {
        let mut path = Path { hops: Vec::new(), table, column: 0 };
        let mut steps: Vec<&str> = text.split('/').collect();
        let last = steps.pop().unwrap_or_default();
        for step in steps {
            let here = &catalog.tables[path.table];
            let Some(Navigation::Single { column, target }) = catalog.navigation(path.table, step) else {
                return Err(Refusal::no_property(step, &here.name));
            };
            path.hops.push((column, target));
            path.table = target;
        }
        let here = &catalog.tables[path.table];
        path.column =
            here.position_of_property(last).ok_or_else(|| Refusal::no_property(last, &here.name))?;
        Ok(path)
    }

    /// The cell at the end of the path; empty where it leads nowhere.
    pub(crate) fn cell<'a>(&self, environment: &'a Environment, row: &'a Row) -> &'a Cell {
        const EMPTY: &Cell = &Cell::Empty;
        let mut row = row;
        for (column, target) in &self.hops {
            let next = row.cells[*column].id().and_then(|id| environment.store.get(*target, id));
            let Some(next) = next else { return EMPTY };
            row = next;
        }
        &row.cells[self.column]
    }
}

impl Filter {
    pub(crate) fn parse(catalog: &Catalog, table: usize, text: &str) -> Result<Filter, Refusal> {
        let mut parser = Parser { catalog, table, tokens: tokens(text)?, at: 0, depth: 0, text };
        let filter = parser.any()?;
        if parser.at < parser.tokens.len() {
            return Err(parser.syntax());
        }
        Ok(filter)
    }

    pub(crate) fn passes(&self, environment: &Environment, row: &Row) -> bool {
        match self {
            Filter::All(filters) => filters.iter().all(|f| f.passes(environment, row)),
            Filter::Any(filters) => filters.iter().any(|f| f.passes(environment, row)),
            Filter::Not(filter) => !filter.passes(environment, row),
            Filter::Column(path, test) => test.passes(path.cell(environment, row)),
        }
    }
}

/// More levels than any filter needs; each takes room on the stack.
const DEEPEST: usize = 100;

struct Parser<'a> {
    catalog: &'a Catalog,
    table: usize,
    tokens: Vec<Token>,
    at: usize,
    /// Open parentheses and negations.
    depth: usize,
    text: &'a str,
}

impl Parser<'_> {
    fn any(&mut self) -> Result<Filter, Refusal> {
        let mut filters = vec![self.all()?];
        while self.take_word("or") {
            filters.push(self.all()?);
        }
        Ok(if filters.len() == 1 { filters.remove(0) } else { Filter::Any(filters) })
    }

    fn all(&mut self) -> Result<Filter, Refusal> {
        let mut filters = vec![self.one()?];
        while self.take_word("and") {
            filters.push(self.one()?);
        }
        Ok(if filters.len() == 1 { filters.remove(0) } else { Filter::All(filters) })
    }

    fn one(&mut self) -> Result<Filter, Refusal> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Refusal::new(400, "0x80060888", "The filter is nested too deeply."));
        }
        let filter = self.negation_group_or_test();
        self.depth -= 1;
        filter
    }

    fn negation_group_or_test(&mut self) -> Result<Filter, Refusal> {
        if self.take_word("not") {
            return Ok(Filter::Not(Box::new(self.one()?)));
        }
        match self.next() {
            Some(Token::Open) => {
                let inner = self.any()?;
                self.expect(&Token::Close)?;
                Ok(inner)
            }
            Some(Token::Word(word)) if self.peek() == Some(&Token::Open) => self.function(&word),
            Some(Token::Word(word)) => self.comparison(&word),
            _ => Err(self.syntax()),
        }
    }

    /// `path eq literal`
    fn comparison(&mut self, path: &str) -> Result<Filter, Refusal> {
        let path = Path::parse(self.catalog, self.table, path)?;
        let Some(Token::Word(operator)) = self.next() else { return Err(self.syntax()) };
        let value = self.next();
        if matches!(&value, Some(Token::Word(word)) if word == "null") {
            let test = match operator.as_str() {
                "eq" => Test::Empty,
                "ne" => Test::NotEmpty,
                _ => return Err(self.syntax()),
            };
            return Ok(Filter::Column(path, test));
        }
        let cell = self.literal(&path, value)?;
        let test = match operator.as_str() {
            "eq" => Test::Equal(cell),
            "ne" => Test::NotEqual(cell),
            "lt" => Test::Less(cell),
            "le" => Test::LessOrEqual(cell),
            "gt" => Test::Greater(cell),
            "ge" => Test::GreaterOrEqual(cell),
            _ => return Err(self.syntax()),
        };
        Ok(Filter::Column(path, test))
    }

    /// Text is quoted, everything else is not.
    fn literal(&self, path: &Path, token: Option<Token>) -> Result<Cell, Refusal> {
        let column = &self.catalog.tables[path.table].columns[path.column];
        let is_text = column.kind.edm() == "Edm.String";
        let found = match &token {
            Some(Token::Text(text)) if is_text => literal(column, text),
            Some(Token::Word(word)) if !is_text => literal(column, word),
            _ => None,
        };
        found.ok_or_else(|| {
            Refusal::new(
                400,
                "0x80060888",
                format!(
                    "A binary operator with incompatible types was detected. Found operand types '{}' and another in \
                     '{}'.",
                    column.kind.edm(),
                    self.text
                ),
            )
        })
    }

    fn function(&mut self, name: &str) -> Result<Filter, Refusal> {
        self.expect(&Token::Open)?;
        match name {
            "contains" | "startswith" | "endswith" => self.text_function(name),
            _ if name.starts_with("Microsoft.Dynamics.CRM.") => self.query_function(&name[23..]),
            _ => Err(Refusal::not_implemented(format_args!("the function {name} in $filter"))),
        }
    }

    /// `contains(path,'text')`
    fn text_function(&mut self, name: &str) -> Result<Filter, Refusal> {
        let Some(Token::Word(path)) = self.next() else { return Err(self.syntax()) };
        let path = Path::parse(self.catalog, self.table, &path)?;
        self.expect(&Token::Comma)?;
        let Some(Token::Text(text)) = self.next() else { return Err(self.syntax()) };
        self.expect(&Token::Close)?;
        let pattern = match name {
            "contains" => format!("%{text}%"),
            "startswith" => format!("{text}%"),
            _ => format!("%{text}"),
        };
        Ok(Filter::Column(path, Test::Like(pattern)))
    }

    /// `Microsoft.Dynamics.CRM.In(PropertyName='a',PropertyValues=["b"])`; the property is a logical name.
    fn query_function(&mut self, name: &str) -> Result<Filter, Refusal> {
        let (mut property, mut values) = (String::new(), Vec::new());
        loop {
            let (Some(Token::Word(parameter)), true) = (self.next(), self.take(&Token::Equals)) else {
                return Err(self.syntax());
            };
            match (parameter.as_str(), self.next()) {
                ("PropertyName", Some(Token::Text(text))) => property = text,
                ("PropertyValues", Some(Token::List(list))) => values = self.list(&list)?,
                ("PropertyValue", Some(Token::Text(text) | Token::Word(text))) => values = vec![text],
                _ => return Err(self.syntax()),
            }
            if !self.take(&Token::Comma) {
                break;
            }
        }
        self.expect(&Token::Close)?;
        self.query_test(name, &property, &values)
    }

    fn query_test(&self, name: &str, property: &str, values: &[String]) -> Result<Filter, Refusal> {
        let described = &self.catalog.tables[self.table];
        let column =
            described.position(property).ok_or_else(|| Refusal::no_property(property, &described.name))?;
        let path = Path { hops: Vec::new(), table: self.table, column };
        let kind = &described.columns[column].kind;
        let cells: Option<Vec<Cell>> =
            values.iter().map(|text| literal(&described.columns[column], text)).collect();
        let cells = cells.ok_or_else(|| Refusal::wrong_literal(&values.join(","), kind.edm()))?;
        let test = match name {
            "In" => Test::In(cells),
            "NotIn" => Test::NotIn(cells),
            "ContainValues" if matches!(kind, Kind::Choices { .. }) => {
                Test::Contains(values.iter().filter_map(|text| text.parse().ok()).collect())
            }
            _ => return Err(Refusal::not_implemented(format_args!("the query function {name}"))),
        };
        Ok(Filter::Column(path, test))
    }

    fn list(&self, list: &str) -> Result<Vec<String>, Refusal> {
        let values: Vec<serde_json::Value> =
            serde_json::from_str(&list.replace('\'', "\"")).map_err(|_| self.syntax())?;
        Ok(values.iter().map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned)).collect())
    }

    fn next(&mut self) -> Option<Token> {
        self.at += 1;
        self.tokens.get(self.at - 1).cloned()
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn take(&mut self, token: &Token) -> bool {
        let found = self.peek() == Some(token);
        self.at += usize::from(found);
        found
    }

    fn take_word(&mut self, word: &str) -> bool {
        self.take(&Token::Word(word.to_owned()))
    }

    fn expect(&mut self, token: &Token) -> Result<(), Refusal> {
        if self.take(token) { Ok(()) } else { Err(self.syntax()) }
    }

    fn syntax(&self) -> Refusal {
        Refusal::new(400, "0x80060888", format!("Syntax error at position {} in '{}'.", self.at, self.text))
    }
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
