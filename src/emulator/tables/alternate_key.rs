//! Alternate keys: columns whose values together name one row.

use super::Table;
use crate::error::LoadError;
use serde::{Deserialize, Serialize};

/// An alternate key of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlternateKey {
    /// Schema name, as in `/Keys`.
    pub schema_name: String,
    /// Logical names of its columns, in the key's order.
    pub columns: Vec<String>,
}

impl Table {
    /// Adds a key; one of the same schema name is replaced.
    pub(crate) fn add_key(&mut self, key: AlternateKey) -> Result<(), LoadError> {
        let missing = key.columns.iter().find(|column| self.column(column).is_none());
        if let Some(column) = missing.cloned() {
            return Err(LoadError::Key { key: key.schema_name, table: self.name.clone(), column });
        }
        self.keys.retain(|known| known.schema_name != key.schema_name);
        self.keys.push(key);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::{Environment, LoadError};

    #[test]
    fn a_key_belongs_to_its_table_and_survives_saving() {
        let builder = Environment::builder("keys").key("contact", "contoso_Mail", &["contoso_mail"]);
        let Err(LoadError::Key { column, .. }) = builder.build() else { panic!("the column is not there") };
        assert_eq!(column, "contoso_mail");
        let builder =
            Environment::builder("keys").key("transactioncurrency", "contoso_Iso", &["isocurrencycode"]);
        let environment = Environment::restore(&builder.build().unwrap().save()).unwrap();
        let keys = &environment.table("transactioncurrency").unwrap().keys;
        assert_eq!((keys.len(), keys[0].columns.as_slice()), (1, &["isocurrencycode".to_owned()][..]));
    }

    #[test]
    fn a_key_of_a_table_there_is_not_is_an_error() {
        let builder = Environment::builder("keys").key("nothing", "contoso_Key", &["name"]);
        assert_eq!(builder.build().unwrap_err(), LoadError::NoTable("nothing".to_owned()));
    }
}
