//! `any` and `all` over collections.

use super::Filter;
use super::parser::Parser;
use super::tokens::Token;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::rows::Row;
use crate::tables::Navigation;
use std::collections::HashSet;
use uuid::Uuid;

impl Parser<'_> {
    /// `collection/any(o:o/name eq 'x')`; the parenthesis is open. `any()` asks whether there is any.
    pub(super) fn members(&mut self, collection: &str, every: bool) -> Result<Filter, Refusal> {
        let navigation = self.collection(collection)?;
        if self.take(&Token::Close) {
            let all = owners(self.environment, navigation, |_| true);
            return if every { Err(self.syntax()) } else { Ok(Filter::Rows(all, true)) };
        }
        let inner = self.inner(navigation.target())?;
        self.expect(&Token::Close)?;
        // Every row passes where none fails.
        let found = owners(self.environment, navigation, |row| inner.passes(self.environment, row) != every);
        Ok(Filter::Rows(found, !every))
    }

    /// `o:o/name eq 'x'`, about the rows of another table.
    fn inner(&mut self, table: usize) -> Result<Filter, Refusal> {
        let variable = self.variable_name()?;
        let outer = (self.table, self.variable.replace(variable));
        self.table = table;
        let inner = self.any();
        (self.table, self.variable) = outer;
        inner
    }

    /// The collection's own row comes first inside another one. Collections behind a lookup are refused, as
    /// Microsoft's page on filters says.
    fn collection(&self, name: &str) -> Result<Navigation, Refusal> {
        let catalog = &self.environment.catalog;
        let own = match &self.variable {
            None => Some(name),
            Some(variable) => name.strip_prefix(variable.as_str()).and_then(|rest| rest.strip_prefix('/')),
        };
        let found = own.and_then(|own| catalog.navigation(self.table, own));
        found
            .filter(|navigation| !navigation.is_single())
            .ok_or_else(|| Refusal::no_property(name, &catalog.tables[self.table].name))
    }

    /// Takes `o:`; what follows it without a blank stays as a word.
    fn variable_name(&mut self) -> Result<String, Refusal> {
        let Some(Token::Word(word)) = self.peek().cloned() else { return Err(self.syntax()) };
        let Some((variable, rest)) = word.split_once(':') else { return Err(self.syntax()) };
        if rest.is_empty() {
            self.at += 1;
        } else {
            self.tokens[self.at] = Token::Word(rest.to_owned());
        }
        Ok(variable.to_owned())
    }
}

/// The ids of the rows that have a wanted member.
fn owners(environment: &Environment, navigation: Navigation, wanted: impl Fn(&Row) -> bool) -> HashSet<Uuid> {
    match navigation {
        Navigation::Children { table, column } => {
            let members = environment.store.rows(table).filter(|row| wanted(row));
            members.filter_map(|row| row.cells[column].id()).collect()
        }
        Navigation::Links { intersect, target, from_first } => {
            let links = environment.store.links(intersect);
            let pairs = links.map(|(a, b)| if from_first { (a, b) } else { (b, a) });
            let has = |member: Uuid| environment.store.get(target, member).is_some_and(&wanted);
            pairs.filter(|(_, member)| has(*member)).map(|(owner, _)| owner).collect()
        }
        Navigation::Single { .. } => HashSet::new(),
    }
}
