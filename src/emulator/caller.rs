//! Whom a request comes from, where somebody found that out before the environment is asked.

use crate::api::bearer_token;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::values::Cell;
use http::Request;
use uuid::Uuid;

/// What a request's token says of its sender. It travels among the request's extensions; without it an environment
/// takes any bearer token, and everybody is its one user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Signed in: the id that the user has in the environment's tenant.
    Known(Uuid),
    /// There is no token, or none that was issued for this environment.
    Unknown,
    /// The token was good and is too old.
    Expired,
}

impl Environment {
    /// Refuses who is not signed in, is no user of the environment or is disabled in it. Of others it remembers that
    /// this request is theirs.
    pub(crate) fn recognize(&mut self, request: &Request<Vec<u8>>) -> Result<(), Refusal> {
        match request.extensions().get::<Caller>() {
            None if bearer_token(request.headers()).is_some() => Ok(()),
            None | Some(Caller::Unknown) => Err(Refusal::bad_token()),
            Some(Caller::Expired) => Err(Refusal::expired_token()),
            Some(Caller::Known(id)) => {
                self.identity.user = self.member(*id)?;
                Ok(())
            }
        }
    }

    /// The user's row. The service's words for who has none are recorded, the status is not.
    fn member(&self, entra_id: Uuid) -> Result<Uuid, Refusal> {
        let no_member = || Refusal::new(403, "0x80072560", "The user is not a member of the organization.");
        let users = self.catalog.position("systemuser").ok_or_else(no_member)?;
        let is_meant = |row: &&crate::rows::Row| {
            *self.cell(users, row, "azureactivedirectoryobjectid") == Cell::Id(entra_id)
        };
        let found = self.store.rows(users).find(is_meant).ok_or_else(no_member)?;
        if *self.cell(users, found, "isdisabled") == Cell::Boolean(true) {
            let message = "The specified user is either disabled or is not a member of any business unit.";
            return Err(Refusal::new(403, "0x80040225", message));
        }
        Ok(found.id)
    }
}
