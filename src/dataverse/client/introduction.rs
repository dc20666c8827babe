//! An environment introduces itself to whoever has just connected to it.

use super::Client;
use crate::organization_detail::{organization_detail_part, parse_organization_detail};
use crate::person::{parse_person, person_part};
use crate::portal_solutions::{parse_portal_solutions, portal_solutions_part};
use crate::{
    Clock, EnvironmentKind, Error, Organization, Person, Solution, Transport, Version, identity, response,
};
use uuid::Uuid;

/// Where one is connected to, and as whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Introduction {
    /// What people call the environment; the organization's own name where that is not told.
    pub name: String,
    /// Its own row.
    pub organization: Organization,
    /// Who is signed in.
    pub user: Person,
    /// The version of Dataverse.
    pub version: Option<Version>,
    /// What it is for.
    pub kind: Option<EnvironmentKind>,
    /// A code, which [`crate::region_name`] puts into words.
    pub region: Option<String>,
    /// The tenant it belongs to.
    pub tenant_id: Option<Uuid>,
    /// The Power Platform's id of it.
    pub environment_id: Option<String>,
    /// The portal's solutions, by name; none: no portal is installed. `None`: the user may not read them.
    pub portal: Option<Vec<Solution>>,
}

impl<T: Transport, C: Clock> Client<T, C> {
    /// Asks an environment what one wants to know of it first: who one is there, and the rest in one batch.
    ///
    /// # Errors
    /// [`Error`], as with every request; also where the organization's row may not be read. What else an environment
    /// keeps to itself is left open.
    pub async fn introduce(&self) -> Result<Introduction, Error> {
        let user = self.who_am_i().await?.user;
        let parts = [
            identity::organization_part(),
            organization_detail_part(),
            identity::version_part(),
            person_part(user),
            portal_solutions_part(),
        ];
        let answers = self.parts(&parts).await?.into_iter().zip(&parts);
        let answers: Vec<_> =
            answers.map(|(arrived, part)| response::accepted(&part.label(), arrived.answer)).collect();
        let [organization, detail, version, person, portal] =
            <[_; 5]>::try_from(answers).map_err(|_| too_few())?;
        let organization = identity::parse_organization(&organization?)?;
        let detail = detail.and_then(|answer| parse_organization_detail(&answer)).unwrap_or_default();
        let version = version.and_then(|answer| identity::parse_version(&answer));
        let person = person.and_then(|answer| parse_person(&answer));
        let portal = portal.and_then(|answer| parse_portal_solutions(&answer)).ok();
        Ok(Introduction {
            name: detail.friendly_name.unwrap_or_else(|| organization.name.clone()),
            organization,
            user: person.unwrap_or_else(|_| Person::unnamed(user)),
            version: detail.version.or_else(|| version.ok()?.parse().ok()),
            kind: detail.kind,
            region: detail.region,
            tenant_id: detail.tenant,
            environment_id: detail.environment,
            portal,
        })
    }
}

/// A batch with too few answers is an error before this, when it arrives.
fn too_few() -> Error {
    Error::Shape { request: "POST $batch".to_owned(), reason: "it holds too few answers".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::Introduction;
    use crate::testing::{Script, answer, batch_answer};
    use crate::{EnvironmentKind, Error, Person, PortalKind, Version};
    use http::Response;
    use uuid::{Uuid, uuid};

    const USER: Uuid = uuid!("00000000-0000-0000-0000-000000000002");
    const REFUSED: (&str, &str) = ("403 Forbidden", r#"{"error":{"code":"0x80040220","message":"No."}}"#);

    fn who_am_i() -> Response<Vec<u8>> {
        let id = "00000000-0000-0000-0000-000000000001";
        let body = format!(r#"{{"UserId":"{USER}","BusinessUnitId":"{id}","OrganizationId":"{id}"}}"#);
        answer(200, &[], &body)
    }

    const ORGANIZATION: (&str, &str) = (
        "200 OK",
        r#"{"value":[{"organizationid":"00000000-0000-0000-0000-000000000001","name":"org271c9bf4","languagecode":1031}]}"#,
    );

    fn introduced(parts: &[(&str, &str)]) -> Result<Introduction, Error> {
        let script = Script::answers(vec![who_am_i(), batch_answer(parts)]);
        script.run(script.client().introduce())
    }

    #[test]
    fn an_environment_says_its_name_its_version_its_portal_and_who_is_signed_in() {
        let parts = [
            ORGANIZATION,
            (
                "200 OK",
                r#"{"Detail":{"FriendlyName":"Contoso Test","OrganizationVersion":"9.2.1.1","OrganizationType":"Developer"}}"#,
            ),
            ("200 OK", r#"{"Version":"9.2.1.2"}"#),
            (
                "200 OK",
                r#"{"systemuserid":"00000000-0000-0000-0000-000000000002","fullname":"Adele Vance","domainname":"adele@contoso.example"}"#,
            ),
            ("200 OK", r#"{"value":[{"uniquename":"MicrosoftCrmPortalBase","version":"8.4.0.275"}]}"#),
        ];
        let found = introduced(&parts).unwrap();
        assert_eq!((found.name.as_str(), found.organization.language), ("Contoso Test", Some(1031)));
        assert_eq!(
            (found.version, found.kind),
            (Some(Version([9, 2, 1, 1])), Some(EnvironmentKind::Developer))
        );
        assert_eq!(found.user.name.as_deref(), Some("Adele Vance"));
        let portal = found.portal.unwrap();
        assert_eq!(portal[0].base_of(), Some(PortalKind::CustomerEngagement));
        assert_eq!(portal[0].version, Some(Version([8, 4, 0, 275])));
    }

    #[test]
    fn what_an_environment_keeps_to_itself_is_left_open() {
        let found = introduced(&[ORGANIZATION, REFUSED, REFUSED, REFUSED, REFUSED]).unwrap();
        assert_eq!(found.name, "org271c9bf4");
        assert_eq!((found.user, found.version, found.portal), (Person::unnamed(USER), None, None));
    }

    #[test]
    fn the_version_is_asked_for_twice_and_told_once() {
        let version = ("200 OK", r#"{"Version":"9.2.24091.195"}"#);
        let found = introduced(&[ORGANIZATION, REFUSED, version, REFUSED, REFUSED]).unwrap();
        assert_eq!(found.version, Some(Version([9, 2, 24091, 195])));
    }

    #[test]
    fn without_its_own_row_an_environment_is_not_introduced() {
        let error = introduced(&[REFUSED, REFUSED, REFUSED, REFUSED, REFUSED]).unwrap_err();
        assert!(matches!(&error, Error::Service(refusal) if refusal.is_forbidden()), "{error:?}");
    }
}
