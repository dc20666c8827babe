//! What single tables refuse. Codes and texts: Microsoft's table of error codes.

use super::Row;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::privileges::Right;
use crate::values::Cell;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;

/// Tables whose rows no request makes: one per organization, made by licences, or made through others.
const NOT_CREATED: &[&str] = &["organization", "systemuser", "owner", "activitypointer", "activityparty"];

impl Environment {
    /// Refuses creates in tables that take none.
    pub(crate) fn refuse_create(&self, table: usize) -> Result<(), Refusal> {
        self.require(table, Right::Create)?;
        let described = &self.catalog.tables[table];
        if described.is_intersect || NOT_CREATED.contains(&described.name.as_str()) {
            return Err(Refusal::new(
                405,
                "0x80040800",
                format!("The 'Create' method does not support entities of type '{}'.", described.name),
            ));
        }
        Ok(())
    }

    /// Refuses a row as it would be kept. `before` is the row as it was.
    pub(crate) fn refuse_row(&self, table: usize, row: &Row, before: Option<&Row>) -> Result<(), Refusal> {
        self.refuse_unprivileged(table, row, before)?;
        match self.catalog.tables[table].name.as_str() {
            "transactioncurrency" => self.refuse_currency(table, row, before),
            "businessunit" => self.refuse_business_unit(table, row, before),
            "team" => self.refuse_team(table, row, before),
            "annotation" => self.refuse_note(table, row),
            _ => Ok(()),
        }
    }

    /// What changing the row asks of the caller beyond creating it.
    fn refuse_unprivileged(&self, table: usize, row: &Row, before: Option<&Row>) -> Result<(), Refusal> {
        if before.is_some() {
            self.require(table, Right::Write)?;
        } else if !self.cell(table, row, "overriddencreatedon").is_empty() {
            self.require_general("prvOverrideCreatedOnCreatedBy")?;
        }
        for (position, column) in self.catalog.tables[table].columns.iter().enumerate() {
            let changed = before.is_none_or(|before| before.cells[position] != row.cells[position]);
            let Some((target, _)) = row.cells[position].reference().filter(|_| changed && column.creatable)
            else {
                continue;
            };
            if column.name == "ownerid" {
                // A row of one's own needs no right to assign it.
                if before.is_some() {
                    self.require(table, Right::Assign)?;
                }
            } else if let Some(target) = self.catalog.position(target) {
                self.require(table, Right::Append)?;
                self.require(target, Right::AppendTo)?;
            }
        }
        Ok(())
    }

    fn refuse_currency(&self, table: usize, row: &Row, before: Option<&Row>) -> Result<(), Refusal> {
        let code = self.cell(table, row, "isocurrencycode");
        let twice = self.store.rows(table).any(|other| {
            other.id != row.id && self.cell(table, other, "isocurrencycode") == code && !code.is_empty()
        });
        if twice {
            return Err(Refusal::new(
                400,
                "0x80048cf3",
                "Cannot insert duplicate currency record. Currency with the same currency code already exist in the system.",
            ));
        }
        let Some(before) = before.filter(|_| row.id == self.identity.base_currency) else { return Ok(()) };
        if self.cell(table, row, "exchangerate") != self.cell(table, before, "exchangerate") {
            return Err(Refusal::new(
                400,
                "0x80048cf5",
                "The exchange rate of the base currency cannot be modified.",
            ));
        }
        if self.cell(table, row, "statecode") != self.cell(table, before, "statecode") {
            return Err(Refusal::new(400, "0x80048cf4", "The base currency cannot be deactivated."));
        }
        Ok(())
    }

    fn refuse_business_unit(&self, table: usize, row: &Row, before: Option<&Row>) -> Result<(), Refusal> {
        let is_root = row.id == self.identity.business_unit;
        let parent = self.cell(table, row, "parentbusinessunitid");
        let second_root = !is_root && parent.is_empty();
        // The root's parent stays empty: a tree has one root.
        if second_root || (is_root && before.is_some() && !parent.is_empty()) {
            return Err(Refusal::new(400, "0x8004a10c", "More than one root business unit found"));
        }
        if is_root && *self.cell(table, row, "isdisabled") == Cell::Boolean(true) {
            return Err(Refusal::new(400, "0x80041d63", "Root Business unit cannot be disabled."));
        }
        Ok(())
    }

    fn refuse_team(&self, table: usize, row: &Row, before: Option<&Row>) -> Result<(), Refusal> {
        let Some(before) = before else { return Ok(()) };
        let default = *self.cell(table, before, "isdefault") == Cell::Boolean(true);
        if default && self.cell(table, row, "name") != self.cell(table, before, "name") {
            return Err(Refusal::new(
                400,
                "0x8004830a",
                "The default business unit team name can't be updated.",
            ));
        }
        Ok(())
    }

    /// Blocked kinds of files, and files above the organization's limit, which counts base64 characters.
    fn refuse_note(&self, table: usize, row: &Row) -> Result<(), Refusal> {
        let body = self.cell(table, row, "documentbody").as_text().unwrap_or_default();
        let name = self.cell(table, row, "filename").as_text().unwrap_or_default();
        let Some((organizations, organization)) = self.organization_row() else { return Ok(()) };
        let blocked =
            self.cell(organizations, organization, "blockedattachments").as_text().unwrap_or_default();
        let limit = self.cell(organizations, organization, "maxuploadfilesize").integer().unwrap_or(i64::MAX);
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let is_blocked =
            !extension.is_empty() && blocked.split(';').any(|b| b.eq_ignore_ascii_case(extension));
        if is_blocked || i64::try_from(body.len()).is_ok_and(|length| length > limit) {
            return Err(Refusal::new(
                400,
                "0x80043e09",
                "The attachment is either not a valid type or is too large. It cannot be uploaded or downloaded.",
            ));
        }
        if STANDARD.decode(body).is_err() {
            return Err(Refusal::wrong_literal("documentbody", "Edm.Binary"));
        }
        Ok(())
    }

    fn organization_row(&self) -> Option<(usize, &Row)> {
        let table = self.catalog.position("organization")?;
        Some((table, self.store.get(table, self.identity.organization)?))
    }

    /// Refuses to take away what an environment cannot be without.
    pub(crate) fn refuse_delete(&self, table: usize, id: Uuid) -> Result<(), Refusal> {
        self.require(table, Right::Delete)?;
        let described = &self.catalog.tables[table];
        let refused = match described.name.as_str() {
            "transactioncurrency" if id == self.identity.base_currency => {
                Some(("0x80048cff", "The base currency of an organization cannot be deleted.".to_owned()))
            }
            "businessunit" if id == self.identity.business_unit => {
                Some(("0x80041d64", "Root Business unit cannot be deleted.".to_owned()))
            }
            name if described.is_intersect || NOT_CREATED.contains(&name) => Some((
                "0x80040800",
                format!("The 'Delete' method does not support entities of type '{name}'."),
            )),
            _ => None,
        };
        refused.map_or(Ok(()), |(code, message)| Err(Refusal::new(405, code, message)))
    }
}

#[cfg(test)]
mod tests {
    use crate::Environment;
    use crate::testing::{ACCOUNT, get, portal, post, refused, send};
    use serde_json::{Value, json};

    #[test]
    fn the_base_currency_is_as_it_is() {
        let mut environment = portal();
        let base =
            get(&mut environment, "transactioncurrencies")["value"][0]["transactioncurrencyid"].clone();
        let path = format!("transactioncurrencies({})", base.as_str().unwrap());
        assert_eq!(refused(&mut environment, "PATCH", &path, &json!({"exchangerate": 2})).1, "0x80048cf5");
        assert_eq!(refused(&mut environment, "PATCH", &path, &json!({"statecode": 1})).1, "0x80048cf4");
        assert_eq!(refused(&mut environment, "DELETE", &path, &Value::Null).1, "0x80048cff");
        let twice = json!({"isocurrencycode": "USD", "exchangerate": 1});
        assert_eq!(refused(&mut environment, "POST", "transactioncurrencies", &twice).1, "0x80048cf3");
        post(
            &mut environment,
            "transactioncurrencies",
            &json!({"isocurrencycode": "EUR", "exchangerate": 0.9}),
        );
    }

    #[test]
    fn amounts_in_the_base_currency_follow_the_rate() {
        let mut environment = portal();
        let euro = post(
            &mut environment,
            "transactioncurrencies",
            &json!({"isocurrencycode": "EUR", "exchangerate": 0.5}),
        );
        let body = json!({"revenue": 10, "transactioncurrencyid@odata.bind": format!("/transactioncurrencies({euro})")});
        let made = post(&mut environment, "accounts", &body);
        let path = format!("accounts({made})");
        assert_eq!(get(&mut environment, &path)["revenue_base"].to_string(), "20.0000");
        assert_eq!(
            refused(&mut environment, "PATCH", &path, &json!({"transactioncurrencyid": null})).1,
            "0x80048cfb"
        );
    }

    #[test]
    fn there_is_one_root_business_unit() {
        let mut environment = portal();
        let root = get(&mut environment, "WhoAmI")["BusinessUnitId"].as_str().unwrap().to_owned();
        assert_eq!(refused(&mut environment, "POST", "businessunits", &json!({"name": "B"})).1, "0x8004a10c");
        let path = format!("businessunits({root})");
        assert_eq!(refused(&mut environment, "PATCH", &path, &json!({"isdisabled": true})).1, "0x80041d63");
        let child = json!({"name": "B", "parentbusinessunitid@odata.bind": format!("/{path}")});
        post(&mut environment, "businessunits", &child);
    }

    #[test]
    fn the_default_team_keeps_its_name() {
        let mut environment = portal();
        let team = get(&mut environment, "teams")["value"][0]["teamid"].as_str().unwrap().to_owned();
        let path = format!("teams({team})");
        assert_eq!(refused(&mut environment, "PATCH", &path, &json!({"name": "other"})).1, "0x8004830a");
        assert_eq!(send(&mut environment, "PATCH", &path, &[], &json!({"description": "d"})).0, 204);
    }

    #[test]
    fn notes_know_their_size_and_their_table() {
        let mut environment = portal();
        let body = json!({
            "subject": "s", "filename": "a.txt", "documentbody": "aGVsbG8=",
            "objectid_account@odata.bind": format!("/accounts({ACCOUNT})"),
        });
        let made = post(&mut environment, "annotations", &body);
        let row = get(&mut environment, &format!("annotations({made})"));
        assert_eq!((row["filesize"].as_i64(), row["isdocument"].as_bool()), (Some(5), Some(true)));
        assert_eq!(
            (row["objecttypecode"].as_str(), row["_objectid_value"].as_str()),
            (Some("account"), Some(ACCOUNT))
        );
        assert_eq!(refused(&mut environment, "POST", "annotations", &json!({"filesize": 5})).0, 400);
    }

    #[test]
    fn blocked_and_too_large_attachments_are_refused() {
        let mut environment = Environment::builder("small").max_upload_size(8).build().unwrap();
        for body in [
            json!({"filename": "script.js", "documentbody": "aGVsbG8="}),
            json!({"filename": "SCRIPT.JS", "documentbody": "aGVsbG8="}),
            json!({"filename": "a.txt", "documentbody": "aGVsbG8gd29ybGQ="}),
        ] {
            assert_eq!(refused(&mut environment, "POST", "annotations", &body).1, "0x80043e09", "{body}");
        }
        post(&mut environment, "annotations", &json!({"filename": "a.js.txt", "documentbody": "aGVsbG8="}));
    }

    #[test]
    fn some_tables_take_no_new_rows() {
        let mut environment = portal();
        for set in [
            "organizations",
            "systemusers",
            "owners",
            "activitypointers",
            "activityparties",
            "adx_pagetag_webpageset",
        ] {
            assert_eq!(refused(&mut environment, "POST", set, &json!({})).0, 405, "{set}");
        }
    }
}
