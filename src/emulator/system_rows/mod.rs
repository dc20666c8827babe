//! The rows every environment starts with.

mod messages;
mod privileges;
mod solutions;

use crate::builder::Builder;
use crate::environment::Environment;
use crate::tenancy::Member;
use crate::values::{Cell, Fixed};
use uuid::Uuid;

/// What `organization.initialversion` and `RetrieveVersion` say, as recorded.
pub(crate) const VERSION: &str = "9.2.25084.176";

impl Builder {
    /// The organization with its currency, the root business unit, and who works in it.
    pub(crate) fn add_system_rows(&self, environment: &mut Environment, organization: &str) {
        self.add_organization(environment, organization);
        self.add_business_unit(environment);
        let role = add_caller(environment);
        let members = self.tenancy.iter().flat_map(|tenancy| &tenancy.members);
        members.for_each(|member| add_member(environment, member, role));
        self.add_solutions(environment);
        environment.add_messages();
    }

    fn add_organization(&self, environment: &mut Environment, name: &str) {
        let (organization, currency) =
            (environment.identity.organization, environment.identity.base_currency);
        environment.add_row(
            "organization",
            organization,
            &[
                ("name", Cell::text(name)),
                ("languagecode", Cell::Integer(self.language)),
                ("basecurrencyid", lookup("transactioncurrency", currency)),
                ("maxuploadfilesize", Cell::Integer(self.max_upload)),
                ("blockedattachments", Cell::text(&self.blocked_attachments)),
                ("initialversion", Cell::text(VERSION)),
                ("isauditenabled", Cell::Boolean(false)),
            ],
        );
        environment.add_row(
            "transactioncurrency",
            currency,
            &[
                ("currencyname", Cell::text(&self.base_currency)),
                ("isocurrencycode", Cell::text(&self.base_currency)),
                ("currencysymbol", Cell::text("$")),
                ("currencyprecision", Cell::Integer(2)),
                ("exchangerate", Fixed::ONE.rescale(12).map_or(Cell::Empty, Cell::Fixed)),
            ],
        );
    }

    /// The root business unit and the team that the service makes with it.
    fn add_business_unit(&self, environment: &mut Environment) {
        let unit = environment.identity.business_unit;
        let user = environment.identity.user;
        environment.add_row(
            "businessunit",
            unit,
            &[("name", Cell::text(&self.name)), ("isdisabled", Cell::Boolean(false))],
        );
        let team = environment.random.id();
        let queue = add_queue(environment, &self.name);
        environment.add_row(
            "team",
            team,
            &[
                ("name", Cell::text(&self.name)),
                ("businessunitid", lookup("businessunit", unit)),
                ("administratorid", lookup("systemuser", user)),
                ("isdefault", Cell::Boolean(true)),
                ("teamtype", Cell::Integer(0)),
                ("queueid", queue),
            ],
        );
        add_pair(environment, "teammembership", (team, user));
    }
}

/// The private queue that a user or a team has for itself; a lookup to it.
fn add_queue(environment: &mut Environment, owner: &str) -> Cell {
    let queue = environment.random.id();
    let cells = [("name", Cell::Text(format!("<{owner}>"))), ("queueviewtype", Cell::Integer(1))];
    environment.add_row("queue", queue, &cells);
    lookup("queue", queue)
}

/// Who asks, and the role, whose id comes back.
fn add_caller(environment: &mut Environment) -> Uuid {
    let unit = lookup("businessunit", environment.identity.business_unit);
    let user = environment.identity.user;
    let queue = add_queue(environment, "Avery Howard");
    environment.add_row(
        "systemuser",
        user,
        &[
            ("fullname", Cell::text("Avery Howard")),
            ("firstname", Cell::text("Avery")),
            ("lastname", Cell::text("Howard")),
            ("domainname", Cell::text("avery.howard@contoso.example")),
            ("businessunitid", unit.clone()),
            ("isdisabled", Cell::Boolean(false)),
            ("accessmode", Cell::Integer(0)),
            ("queueid", queue),
        ],
    );
    let role = environment.random.id();
    environment.add_row(
        "role",
        role,
        &[
            ("name", Cell::text("System Administrator")),
            ("businessunitid", unit),
            ("ismanaged", Cell::Boolean(true)),
            ("iscustomizable", Cell::Managed(false)),
        ],
    );
    add_pair(environment, "systemuserroles", (user, role));
    environment.add_privileges(role);
    role
}

/// Somebody who signs in, with the caller's rights.
fn add_member(environment: &mut Environment, member: &Member, role: Uuid) {
    let user = environment.random.id();
    let queue = add_queue(environment, &member.name);
    let (first, last) = member.name.split_once(' ').unwrap_or(("", &member.name));
    environment.add_row(
        "systemuser",
        user,
        &[
            ("fullname", Cell::text(&member.name)),
            ("firstname", Cell::text(first)),
            ("lastname", Cell::text(last)),
            ("domainname", Cell::text(&member.username)),
            ("internalemailaddress", Cell::text(&member.username)),
            ("azureactivedirectoryobjectid", Cell::Id(member.id)),
            ("businessunitid", lookup("businessunit", environment.identity.business_unit)),
            ("isdisabled", Cell::Boolean(false)),
            ("accessmode", Cell::Integer(0)),
            ("queueid", queue),
        ],
    );
    add_pair(environment, "systemuserroles", (user, role));
}

/// Links the two sides of a many-to-many relationship.
fn add_pair(environment: &mut Environment, intersect: &str, pair: (Uuid, Uuid)) {
    if let Some(intersect) = environment.catalog.position(intersect) {
        environment.add_link(intersect, pair);
    }
}

fn lookup(table: &str, id: Uuid) -> Cell {
    Cell::Lookup { table: table.to_owned(), id }
}
