//! From a SELECT to the query it stands for.

use super::tokens::{Token, tokens};
use crate::error::Refusal;
use crate::query::fetch::query::{Attribute, Condition, Criterion, Entity, Fetch, Purpose, Sorting};
use crate::tables::{Kind, Table};

/// More levels than any query needs.
const DEEPEST: usize = 100;

pub(super) struct Parser<'a> {
    table: &'a Table,
    tokens: Vec<Token>,
    at: usize,
    /// What the table is called in the query.
    alias: Option<String>,
    /// Open parentheses.
    depth: usize,
}

impl<'a> Parser<'a> {
    pub(super) fn new(sql: &str, table: &'a Table) -> Result<Parser<'a>, Refusal> {
        Ok(Parser { table, tokens: tokens(sql)?, at: 0, alias: None, depth: 0 })
    }

    /// `SELECT [DISTINCT] [TOP n] columns FROM table [WHERE …] [ORDER BY …]`
    pub(super) fn select(mut self) -> Result<Fetch, Refusal> {
        self.expect_word("SELECT")?;
        let distinct = self.take_word("DISTINCT");
        let top = if self.take_word("TOP") { Some(self.number()?) } else { None };
        let columns = self.columns()?;
        self.expect_word("FROM")?;
        let name = self.name()?;
        self.alias = self.table_alias()?;
        self.refuse_unknown()?;
        let mut entity = Entity { name, ..Entity::default() };
        for (column, alias) in columns {
            entity.attributes.push(Attribute { name: self.own(&column)?, alias, purpose: Purpose::Value });
        }
        if self.take_word("WHERE") {
            entity.criteria.push(self.any()?);
        }
        if self.take_word("ORDER") {
            self.expect_word("BY")?;
            entity.orders = self.orders()?;
        }
        self.end()?;
        Ok(Fetch { entity, top, distinct, ..Fetch::default() })
    }

    /// Column names with their aliases.
    fn columns(&mut self) -> Result<Vec<(String, Option<String>)>, Refusal> {
        let mut columns = Vec::new();
        loop {
            if self.take_sign("*") {
                return Err(syntax("SELECT * is not supported."));
            }
            let column = self.name()?;
            if self.peek_sign("(") {
                return Err(Refusal::not_implemented("functions in SQL"));
            }
            let alias = if self.take_word("AS") { Some(self.name()?) } else { None };
            columns.push((column, alias));
            if !self.take_sign(",") {
                return Ok(columns);
            }
        }
    }

    fn table_alias(&mut self) -> Result<Option<String>, Refusal> {
        let is_next = |parser: &Parser<'_>| match parser.tokens.get(parser.at) {
            Some(Token::Word(word)) => !KEYWORDS.iter().any(|keyword| word.eq_ignore_ascii_case(keyword)),
            _ => false,
        };
        if self.take_word("AS") || is_next(self) { self.name().map(Some) } else { Ok(None) }
    }

    fn any(&mut self) -> Result<Criterion, Refusal> {
        let mut criteria = vec![self.all()?];
        while self.take_word("OR") {
            criteria.push(self.all()?);
        }
        Ok(Criterion::Any(criteria))
    }

    fn all(&mut self) -> Result<Criterion, Refusal> {
        let mut criteria = vec![self.one()?];
        while self.take_word("AND") {
            criteria.push(self.one()?);
        }
        Ok(Criterion::All(criteria))
    }

    fn one(&mut self) -> Result<Criterion, Refusal> {
        if self.take_word("NOT") {
            return Err(Refusal::not_implemented("NOT before a condition in SQL"));
        }
        if !self.take_sign("(") {
            return self.condition();
        }
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(syntax("It is nested too deeply."));
        }
        let inner = self.any()?;
        self.depth -= 1;
        self.expect_sign(")")?;
        Ok(inner)
    }

    /// A column against literals. Unequal is FetchXML's: rows without a value pass it (inferred).
    fn condition(&mut self) -> Result<Criterion, Refusal> {
        let column = self.name()?;
        let attribute = self.own(&column)?;
        let (operator, values) = self.comparison(&attribute)?;
        let operator = operator.to_owned();
        Ok(Criterion::Condition(Condition { attribute, operator, values, ..Condition::default() }))
    }

    fn comparison(&mut self, column: &str) -> Result<(&'static str, Vec<String>), Refusal> {
        let negated = self.take_word("NOT");
        if self.take_word("LIKE") {
            return Ok((if negated { "not-like" } else { "like" }, vec![self.literal(column)?]));
        }
        if self.take_word("IN") {
            return Ok((if negated { "not-in" } else { "in" }, self.literals(column)?));
        }
        if negated {
            return Err(syntax("LIKE or IN is expected after NOT."));
        }
        if self.take_word("IS") {
            let operator = if self.take_word("NOT") { "not-null" } else { "null" };
            self.expect_word("NULL")?;
            return Ok((operator, Vec::new()));
        }
        if self.take_word("BETWEEN") {
            let from = self.literal(column)?;
            self.expect_word("AND")?;
            return Ok(("between", vec![from, self.literal(column)?]));
        }
        let sign = SIGNS.iter().find(|(sign, _)| self.take_sign(sign));
        let (_, operator) = sign.ok_or_else(|| syntax("A comparison is expected."))?;
        Ok((operator, vec![self.literal(column)?]))
    }

    /// `(1, 2)`
    fn literals(&mut self, column: &str) -> Result<Vec<String>, Refusal> {
        self.expect_sign("(")?;
        let mut literals = vec![self.literal(column)?];
        while self.take_sign(",") {
            literals.push(self.literal(column)?);
        }
        self.expect_sign(")")?;
        Ok(literals)
    }

    /// Numbers, choices and yes or no stand as they are, everything else in quotes.
    fn literal(&mut self, column: &str) -> Result<String, Refusal> {
        let kind = self.table.column(column).map(|column| &column.kind);
        let bare = kind.is_some_and(|kind| {
            matches!(
                kind,
                Kind::Integer
                    | Kind::BigInt
                    | Kind::Decimal { .. }
                    | Kind::Money { .. }
                    | Kind::Double
                    | Kind::Boolean
                    | Kind::Choice { .. }
                    | Kind::State
                    | Kind::Status
            )
        });
        match self.next() {
            Some(Token::Number(number)) if bare || kind.is_none() => Ok(number),
            Some(Token::Text(text)) if !bare => Ok(text),
            _ => Err(syntax(&format!("A literal of the type of '{column}' is expected."))),
        }
    }

    fn orders(&mut self) -> Result<Vec<Sorting>, Refusal> {
        let mut orders = Vec::new();
        loop {
            let column = self.name()?;
            let attribute = Some(self.own(&column)?);
            let descending = self.take_word("DESC");
            if !descending {
                self.take_word("ASC");
            }
            orders.push(Sorting { attribute, alias: None, entity: None, descending });
            if !self.take_sign(",") {
                return Ok(orders);
            }
        }
    }

    /// The column's own name; an alias before it must be the table's.
    fn own(&self, column: &str) -> Result<String, Refusal> {
        match column.split_once('.') {
            None => Ok(column.to_owned()),
            Some((alias, name)) if alias == self.alias.as_deref().unwrap_or(&self.table.name) => {
                Ok(name.to_owned())
            }
            Some((alias, _)) => Err(syntax(&format!("'{alias}' is no table of the query."))),
        }
    }

    /// Nothing may follow; what the service would still take is said to be missing here.
    fn end(&self) -> Result<(), Refusal> {
        self.refuse_unknown()?;
        if self.tokens.get(self.at).is_none() { Ok(()) } else { Err(syntax("The end is expected.")) }
    }

    /// What the service takes here and the emulator does not: joins above all, whose columns are no table's here.
    fn refuse_unknown(&self) -> Result<(), Refusal> {
        match self.tokens.get(self.at) {
            Some(Token::Word(word)) if UNKNOWN.iter().any(|keyword| word.eq_ignore_ascii_case(keyword)) => {
                Err(Refusal::not_implemented(format_args!("{word} in SQL")))
            }
            _ => Ok(()),
        }
    }

    fn next(&mut self) -> Option<Token> {
        self.at += 1;
        self.tokens.get(self.at - 1).cloned()
    }

    fn name(&mut self) -> Result<String, Refusal> {
        match self.next() {
            Some(Token::Word(word)) if !KEYWORDS.iter().any(|keyword| word.eq_ignore_ascii_case(keyword)) => {
                Ok(word)
            }
            _ => Err(syntax("A name is expected.")),
        }
    }

    fn number(&mut self) -> Result<usize, Refusal> {
        let number = match self.next() {
            Some(Token::Number(number)) => number.parse().ok().filter(|number: &usize| *number > 0),
            _ => None,
        };
        number.ok_or_else(|| syntax("A whole number is expected after TOP."))
    }

    fn take_word(&mut self, keyword: &str) -> bool {
        let found =
            matches!(self.tokens.get(self.at), Some(Token::Word(word)) if word.eq_ignore_ascii_case(keyword));
        self.at += usize::from(found);
        found
    }

    fn expect_word(&mut self, keyword: &str) -> Result<(), Refusal> {
        if self.take_word(keyword) { Ok(()) } else { Err(syntax(&format!("{keyword} is expected."))) }
    }

    fn peek_sign(&self, sign: &str) -> bool {
        matches!(self.tokens.get(self.at), Some(Token::Sign(found)) if *found == sign)
    }

    fn take_sign(&mut self, sign: &str) -> bool {
        let found = self.peek_sign(sign);
        self.at += usize::from(found);
        found
    }

    fn expect_sign(&mut self, sign: &str) -> Result<(), Refusal> {
        if self.take_sign(sign) { Ok(()) } else { Err(syntax(&format!("'{sign}' is expected."))) }
    }
}

/// Signs and the operators of FetchXML they stand for.
const SIGNS: &[(&str, &str)] =
    &[("=", "eq"), ("<>", "ne"), ("!=", "ne"), ("<=", "le"), (">=", "ge"), ("<", "lt"), (">", "gt")];

/// Words that are no names.
const KEYWORDS: &[&str] = &[
    "SELECT", "DISTINCT", "TOP", "FROM", "AS", "WHERE", "AND", "OR", "NOT", "LIKE", "IN", "IS", "NULL",
    "BETWEEN", "ORDER", "BY", "ASC", "DESC", "GROUP", "HAVING", "INNER", "LEFT", "RIGHT", "FULL", "CROSS",
    "JOIN", "OFFSET", "UNION", "EXISTS",
];

/// What the service takes and this environment does not.
const UNKNOWN: &[&str] = &["GROUP", "INNER", "LEFT", "JOIN", "OFFSET"];

/// The code and words of the service for SQL are not known.
pub(super) fn syntax(reason: &str) -> Refusal {
    Refusal::new(400, "0x80060888", format!("The SQL command is not valid. {reason}"))
}
