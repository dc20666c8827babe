//! Values the service works out from others.

use super::Row;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::tables::{Kind, Ownership};
use crate::values::{Cell, Fixed};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

impl Environment {
    /// Works out what hangs on other columns. `before` is the row as it was.
    pub(crate) fn derive(
        &mut self,
        table: usize,
        row: &mut Row,
        before: Option<&Row>,
    ) -> Result<(), Refusal> {
        self.derive_owner(table, row);
        self.derive_names(table, row);
        self.derive_addresses(table, row);
        self.derive_money(table, row)?;
        self.derive_images(table, row, before);
        if self.catalog.tables[table].is_activity {
            let name = self.catalog.tables[table].name.clone();
            self.set(table, row, "activitytypecode", Cell::Text(name));
        }
        if self.catalog.tables[table].name == "annotation" {
            self.derive_note(table, row);
        }
        Ok(())
    }

    fn derive_owner(&self, table: usize, row: &mut Row) {
        match self.catalog.tables[table].ownership {
            Ownership::User => {
                let owner = self.cell(table, row, "ownerid").clone();
                let is_team = owner.reference().is_some_and(|(target, _)| target == "team");
                let (user, team) = if is_team { (Cell::Empty, owner) } else { (owner, Cell::Empty) };
                self.set(table, row, "owninguser", user);
                self.set(table, row, "owningteam", team);
                let unit = Cell::Lookup { table: "businessunit".to_owned(), id: self.identity.business_unit };
                self.set(table, row, "owningbusinessunit", unit);
            }
            Ownership::Organization => {
                let organization =
                    Cell::Lookup { table: "organization".to_owned(), id: self.identity.organization };
                self.set(table, row, "organizationid", organization);
            }
            Ownership::None => {}
        }
    }

    /// First, middle and last name make the full name.
    pub(crate) fn derive_names(&self, table: usize, row: &mut Row) {
        for prefix in ["", "yomi"] {
            let full = format!("{prefix}fullname");
            let has_parts = self.catalog.tables[table].column(&format!("{prefix}lastname")).is_some();
            if !has_parts || self.catalog.tables[table].column(&full).is_none_or(|c| c.creatable) {
                continue;
            }
            let parts = ["firstname", "middlename", "lastname"].map(|part| format!("{prefix}{part}"));
            let name = self.joined(table, row, &parts, " ");
            self.set(table, row, &full, Cell::text(&name));
        }
    }

    fn derive_addresses(&self, table: usize, row: &mut Row) {
        for number in 1..=3 {
            let part = |name: &str| format!("address{number}_{name}");
            if self.catalog.tables[table].column(&part("composite")).is_none() {
                continue;
            }
            let lines = self.joined(table, row, &[part("line1"), part("line2"), part("line3")], "\r\n");
            let city =
                self.joined(table, row, &[part("city"), part("stateorprovince"), part("postalcode")], " ");
            let country = self.joined(table, row, &[part("country")], "");
            let composite: Vec<&str> =
                [lines.as_str(), &city, &country].into_iter().filter(|text| !text.is_empty()).collect();
            self.set(table, row, &part("composite"), Cell::text(&composite.join("\r\n")));
        }
    }

    fn joined(&self, table: usize, row: &Row, columns: &[String], separator: &str) -> String {
        let texts = columns.iter().filter_map(|column| self.cell(table, row, column).as_text());
        texts.collect::<Vec<_>>().join(separator)
    }

    /// Money columns and the digits they keep.
    pub(crate) fn amounts(&self, table: usize) -> impl Iterator<Item = (usize, u8)> {
        self.catalog.tables[table].columns.iter().enumerate().filter_map(|(position, column)| {
            match column.kind {
                Kind::Money { digits } if column.creatable => Some((position, digits)),
                _ => None,
            }
        })
    }

    /// The exchange rate and the amounts in the base currency.
    fn derive_money(&self, table: usize, row: &mut Row) -> Result<(), Refusal> {
        let amounts: Vec<(usize, u8)> = self.amounts(table).collect();
        let has_money = amounts.iter().any(|(position, _)| !row.cells[*position].is_empty());
        let currency = self.cell(table, row, "transactioncurrencyid").id();
        if amounts.is_empty() {
            return Ok(());
        }
        let Some(currency) = currency else {
            if has_money {
                return Err(Refusal::new(400, "0x80048cfb", "The currency cannot be null."));
            }
            self.set(table, row, "exchangerate", Cell::Empty);
            return Ok(());
        };
        let rate = self.exchange_rate(currency);
        let digits = match self.catalog.tables[table].column("exchangerate").map(|column| &column.kind) {
            Some(Kind::Decimal { digits }) => *digits,
            _ => 12,
        };
        self.set(table, row, "exchangerate", rate.rescale(digits).map_or(Cell::Empty, Cell::Fixed));
        for (position, digits) in amounts {
            let base = match &row.cells[position] {
                Cell::Fixed(amount) => amount.divided_by(rate, digits).map_or(Cell::Empty, Cell::Fixed),
                _ => Cell::Empty,
            };
            let base_column = format!("{}_base", self.catalog.tables[table].columns[position].name);
            self.set(table, row, &base_column, base);
        }
        Ok(())
    }

    fn exchange_rate(&self, currency: uuid::Uuid) -> Fixed {
        let Some(currencies) = self.catalog.position("transactioncurrency") else { return Fixed::ONE };
        let row = self.store.get(currencies, currency);
        match row.map(|row| self.cell(currencies, row, "exchangerate")) {
            Some(Cell::Fixed(rate)) => *rate,
            _ => Fixed::ONE,
        }
    }

    /// A new picture gets a new id and timestamp.
    fn derive_images(&mut self, table: usize, row: &mut Row, before: Option<&Row>) {
        let images: Vec<(usize, String)> = self.catalog.tables[table]
            .columns
            .iter()
            .enumerate()
            .filter(|(_, column)| column.kind == Kind::Image)
            .map(|(position, column)| (position, column.name.clone()))
            .collect();
        for (position, name) in images {
            if before.is_some_and(|before| before.cells[position] == row.cells[position]) {
                continue;
            }
            let (id, time) = match row.cells[position] {
                Cell::Empty => (Cell::Empty, Cell::Empty),
                _ => (Cell::Id(self.random.id()), Cell::Integer(self.now())),
            };
            self.set(table, row, &format!("{name}id"), id);
            self.set(table, row, &format!("{name}_timestamp"), time);
        }
    }

    /// A note's size, and the table it hangs on.
    fn derive_note(&self, table: usize, row: &mut Row) {
        let size =
            self.cell(table, row, "documentbody").as_text().and_then(|body| STANDARD.decode(body).ok());
        let size = size.and_then(|bytes| i64::try_from(bytes.len()).ok());
        self.set(table, row, "filesize", size.map_or(Cell::Empty, Cell::Integer));
        if self.cell(table, row, "isdocument").is_empty() {
            self.set(table, row, "isdocument", Cell::Boolean(size.is_some()));
        }
        let parent = self.cell(table, row, "objectid").reference().map(|(target, _)| target.to_owned());
        self.set(table, row, "objecttypecode", parent.map_or(Cell::Empty, Cell::Text));
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{get, id, portal, post, send};
    use serde_json::{Value, json};

    #[test]
    fn values_come_back_as_the_service_keeps_them() {
        let mut environment = portal();
        let base = get(&mut environment, "organizations")["value"][0]["_basecurrencyid_value"].clone();
        let body = json!({
            "name": "", "revenue": 20000.00005, "customertypecode": 3, "contoso_interests": "2, 1",
            "accountid": id(7).to_uppercase(),
        });
        post(&mut environment, "accounts", &body);
        let (_, row, answer) =
            send(&mut environment, "GET", &format!("accounts({})", id(7)), &[], &Value::Null);
        let text = String::from_utf8(answer.body().clone()).unwrap();
        assert_eq!(row["name"], Value::Null);
        assert!(
            text.contains("\"revenue\":20000.0001,") && text.contains("\"exchangerate\":1.000000000000"),
            "{text}"
        );
        assert!(text.contains("\"revenue_base\":20000.0001"), "{text}");
        assert_eq!(row["contoso_interests"], "1,2");
        assert_eq!(row["accountid"], id(7).as_str());
        assert_eq!(row["_transactioncurrencyid_value"], base);
        let made = post(
            &mut environment,
            "adx_webpages",
            &json!({"adx_releasedate": "2022-09-30T21:25:01.987+02:00"}),
        );
        assert_eq!(
            get(&mut environment, &format!("adx_webpages({made})"))["adx_releasedate"],
            "2022-09-30T19:25:01Z"
        );
    }

    #[test]
    fn first_and_last_name_make_the_full_name() {
        let mut environment = portal();
        let made = post(&mut environment, "contacts", &json!({"firstname": "Ada", "lastname": "Ng"}));
        assert_eq!(get(&mut environment, &format!("contacts({made})"))["fullname"], "Ada Ng");
    }

    #[test]
    fn a_new_picture_gets_a_new_id_and_the_same_picture_keeps_it() {
        let mut environment = portal();
        let made = post(&mut environment, "accounts", &json!({"entityimage": "iVBORw=="}));
        let path = format!("accounts({made})");
        let first = get(&mut environment, &path)["entityimageid"].clone();
        assert!(first.is_string());
        send(&mut environment, "PATCH", &path, &[], &json!({"entityimage": "iVBORw==", "name": "A"}));
        assert_eq!(get(&mut environment, &path)["entityimageid"], first);
        send(&mut environment, "PATCH", &path, &[], &json!({"entityimage": "/9j/4A=="}));
        assert_ne!(get(&mut environment, &path)["entityimageid"], first);
    }
}
