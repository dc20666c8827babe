//! What single tables refuse. Codes and texts: Microsoft's table of error codes.

use super::Row;
use super::body::Changes;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::values::Cell;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;

/// Tables whose rows no request makes: one per organization, made by licences, or made through others.
const NOT_CREATED: &[&str] = &["organization", "systemuser", "owner", "activitypointer", "activityparty"];

impl Environment {
    /// Refuses creates in tables that take none.
    pub(crate) fn refuse_create(&self, table: usize, _changes: &Changes) -> Result<(), Refusal> {
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
        match self.catalog.tables[table].name.as_str() {
            "transactioncurrency" => self.refuse_currency(table, row, before),
            "businessunit" => self.refuse_business_unit(table, row, before),
            "team" => self.refuse_team(table, row, before),
            "annotation" => self.refuse_note(table, row),
            _ => Ok(()),
        }
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
