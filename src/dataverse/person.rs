//! Who a user is, for people.

use crate::Error;
use crate::part::Part;
use crate::response::json;
use http::Response;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A user of an environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// `systemuserid`
    pub id: Uuid,
    /// `fullname`, where it may be read.
    pub name: Option<String>,
    /// `domainname`: the name that the user signs in with, e.g. `adele@contoso.onmicrosoft.com`.
    pub login: Option<String>,
}

impl Person {
    /// A user of whom nothing more may be read.
    #[must_use]
    pub fn unnamed(id: Uuid) -> Person {
        Person { id, name: None, login: None }
    }
}

#[derive(Deserialize)]
struct UserRow {
    systemuserid: Uuid,
    fullname: Option<String>,
    domainname: Option<String>,
}

pub(crate) fn person_part(id: Uuid) -> Part {
    Part::get(&format!("systemusers({id})?$select=fullname,domainname"))
}

pub(crate) fn parse_person(response: &Response<Vec<u8>>) -> Result<Person, Error> {
    let row: UserRow = json("GET systemusers", response)?;
    let said = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    Ok(Person { id: row.systemuserid, name: said(row.fullname), login: said(row.domainname) })
}

#[cfg(test)]
mod tests {
    use super::{Person, parse_person};
    use http::Response;
    use uuid::uuid;

    #[test]
    fn a_user_has_a_name_and_a_login_where_they_are_told() {
        let id = uuid!("00000000-0000-0000-0000-000000000002");
        let row = |rest: &str| Response::new(format!(r#"{{"systemuserid":"{id}"{rest}}}"#).into_bytes());
        let full = parse_person(&row(r#","fullname":"Adele Vance","domainname":"adele@contoso.example""#));
        let expected = Person {
            id,
            name: Some("Adele Vance".to_owned()),
            login: Some("adele@contoso.example".to_owned()),
        };
        assert_eq!(full, Ok(expected));
        assert_eq!(parse_person(&row(r#","fullname":null,"domainname":"""#)), Ok(Person::unnamed(id)));
    }
}
