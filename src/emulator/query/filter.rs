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
            let Some(Navigation::Single(relationship)) = catalog.navigation(&here.name, step) else {
                return Err(Refusal::no_property(step, &here.name));
            };
            let hop = here.position(&relationship.column).zip(catalog.position(&relationship.target));
            let (column, target) = hop.ok_or_else(|| Refusal::no_property(step, &here.name))?;
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
        let mut parser = Parser { catalog, table, tokens: tokens(text)?, at: 0, text };
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

struct Parser<'a> {
    catalog: &'a Catalog,
    table: usize,
    tokens: Vec<Token>,
    at: usize,
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
