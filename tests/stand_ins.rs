//! Users, teams, business units, currencies and websites: every environment has them under ids of its own, and the plan
//! proposes which stands for which.

#![cfg(test)]

use dataverse_emulator::{Cell, Environment, Records};
use migration::{Action, MappedRow, Mapping, Owners, Plan, ProblemKind, Proposal, ProposalReason, RowRef};
use scenarios::job::Job;
use scenarios::small_package::zip_of;
use uuid::Uuid;

/// A visit belongs to somebody, is paid in a currency, and concerns a business unit; the package brings the people and
/// what they work in along where the test wants so.
const SCHEMA: &str = r#"<entities>
<entity name="contoso_visit" displayname="Visit" primaryidfield="contoso_visitid" primarynamefield="contoso_name"><fields>
 <field displayname="Visit" name="contoso_visitid" type="guid" primaryKey="true" />
 <field displayname="Name" name="contoso_name" type="string" />
 <field displayname="Unit" name="contoso_unit" type="entityreference" lookupType="businessunit" />
 <field displayname="Currency" name="transactioncurrencyid" type="entityreference" lookupType="transactioncurrency" />
 <field displayname="Owner" name="ownerid" type="owner" />
</fields></entity>
<entity name="systemuser" displayname="User" primaryidfield="systemuserid" primarynamefield="fullname"><fields>
 <field displayname="User" name="systemuserid" type="guid" primaryKey="true" />
 <field displayname="Full Name" name="fullname" type="string" />
 <field displayname="User Name" name="domainname" type="string" />
 <field displayname="Email" name="internalemailaddress" type="string" />
</fields></entity>
<entity name="team" displayname="Team" primaryidfield="teamid" primarynamefield="name"><fields>
 <field displayname="Team" name="teamid" type="guid" primaryKey="true" />
 <field displayname="Name" name="name" type="string" />
 <field displayname="Default" name="isdefault" type="bool" />
 <field displayname="Unit" name="businessunitid" type="entityreference" lookupType="businessunit" />
</fields></entity>
<entity name="businessunit" displayname="Business Unit" primaryidfield="businessunitid" primarynamefield="name"><fields>
 <field displayname="Unit" name="businessunitid" type="guid" primaryKey="true" />
 <field displayname="Name" name="name" type="string" />
 <field displayname="Parent" name="parentbusinessunitid" type="entityreference" lookupType="businessunit" />
</fields></entity>
<entity name="transactioncurrency" displayname="Currency" primaryidfield="transactioncurrencyid" primarynamefield="currencyname"><fields>
 <field displayname="Currency" name="transactioncurrencyid" type="guid" primaryKey="true" />
 <field displayname="Name" name="currencyname" type="string" />
 <field displayname="Code" name="isocurrencycode" type="string" />
</fields></entity>
</entities>"#;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn row(table: &str, number: u128) -> RowRef {
    RowRef { table: table.into(), id: id(number) }
}

/// A record with these fields: name, value, and the table that a lookup leads to.
fn record(number: u128, key: &str, fields: &[(&str, &str, &str)]) -> String {
    let id = id(number);
    let field = |(name, value, table): &(&str, &str, &str)| match *table {
        "" => format!(r#"<field name="{name}" value="{value}" />"#),
        table => {
            let (target, called) = value.split_once(' ').unwrap_or((value, "x"));
            let target = Uuid::from_u128(target.parse().unwrap());
            format!(
                r#"<field name="{name}" value="{target}" lookupentity="{table}" lookupentityname="{called}" />"#
            )
        }
    };
    let fields: String = fields.iter().map(field).collect();
    format!(r#"<record id="{id}"><field name="{key}" value="{id}" />{fields}</record>"#)
}

fn user(number: u128, name: &str, domain: &str, email: &str) -> String {
    let fields = [("fullname", name, ""), ("domainname", domain, ""), ("internalemailaddress", email, "")];
    let fields: Vec<_> = fields.into_iter().filter(|(_, value, _)| !value.is_empty()).collect();
    record(number, "systemuserid", &fields)
}

/// A visit that belongs to a user whom lookups call so.
fn visit(number: u128, owner: &str) -> String {
    record(number, "contoso_visitid", &[("contoso_name", "Audit", ""), ("ownerid", owner, "systemuser")])
}

fn data(tables: &[(&str, String)]) -> String {
    let table = |(name, records): &(&str, String)| {
        format!(
            r#"<entity name="{name}" displayname="{name}"><records>{records}</records><m2mrelationships /></entity>"#
        )
    };
    let tables: String = tables.iter().map(table).collect();
    format!(r#"<entities timestamp="2026-11-22T12:00:00.0000000Z">{tables}</entities>"#)
}

fn job(package: &[(&str, String)], rows: &[(&str, String)]) -> Job {
    let zip = zip_of(SCHEMA, &data(package), &[]);
    let target = Environment::builder("Contoso Test").package(&zip, Records::Leave);
    let target = target.data_xml(data(rows).as_bytes());
    Job::into_environment(&zip, target.build().unwrap()).unwrap()
}

fn proposal<'a>(plan: &'a Plan, table: &str, number: u128) -> &'a Proposal {
    plan.proposals.iter().find(|proposal| proposal.source == row(table, number)).unwrap()
}

fn pointed(job: &Job, visit: u128, column: &str) -> Option<Uuid> {
    match job.way().environment().row("contoso_visit", id(visit))?.cell(column)? {
        Cell::Lookup { id, .. } => Some(*id),
        _ => None,
    }
}

#[test]
fn users_are_proposed_by_domain_name_then_e_mail_then_full_name() {
    let source = [
        user(1, "Ann", "ann@contoso.com", "ann@mail.com"),
        user(2, "Bo Berg", "bo@source.com", "bo@mail.com"),
        user(3, "Cy", "", ""),
        user(4, "Nobody", "nobody@source.com", ""),
    ];
    let target = [
        user(101, "Ann Other", "ANN@contoso.com", "x@mail.com"),
        user(102, "Ann", "a@test.com", "ann@mail.com"),
        user(103, "Bo", "b@test.com", "Bo@Mail.com"),
        user(104, "cy", "c@test.com", ""),
    ];
    let mut job = job(
        &[("systemuser", source.concat()), ("contoso_visit", visit(9, "1 Ann"))],
        &[("systemuser", target.concat())],
    );
    let imported = job.import().unwrap();
    let of = |number| {
        let proposal = proposal(&imported.plan, "systemuser", number);
        (proposal.reason, proposal.target, proposal.uses)
    };
    assert_eq!(of(1), (ProposalReason::DomainName, Some(id(101)), 1));
    assert_eq!(of(2), (ProposalReason::Email, Some(id(103)), 0));
    assert_eq!(of(3), (ProposalReason::FullName, Some(id(104)), 0));
    assert_eq!(of(4), (ProposalReason::Nothing, None, 0));
    assert_eq!(pointed(&job, 9, "ownerid"), Some(id(101)));
    assert_eq!(job.plan().unwrap().1.counts().writes(), 0);
    let users = imported.plan.tables.iter().find(|table| table.table == "systemuser").unwrap();
    assert!(users.records.iter().all(|record| matches!(record.action, Action::Skip(_))), "none is created");
}

#[test]
fn an_owner_whom_the_package_only_names_is_found_by_that_name() {
    let package = [("contoso_visit", visit(9, "1 Ann Ash"))];
    let mut job = job(&package, &[("systemuser", user(101, "Ann Ash", "a@test.com", ""))]);
    job.import().unwrap();
    assert_eq!(pointed(&job, 9, "ownerid"), Some(id(101)));
}

#[test]
fn who_cannot_be_told_apart_is_for_the_user_to_choose_and_until_then_the_lookup_is_left_out_with_a_word() {
    let target = user(101, "Ann", "a@test.com", "") + &user(102, "Ann", "b@test.com", "");
    let mut job = job(&[("contoso_visit", visit(9, "1 Ann"))], &[("systemuser", target)]);
    let (_, plan) = job.plan().unwrap();
    let found = proposal(&plan, "systemuser", 1);
    assert_eq!((found.reason, found.target, found.candidates.len()), (ProposalReason::Ambiguous, None, 2));
    let warnings = &plan.tables[0].records[0].warnings;
    assert_eq!(
        (warnings[0].kind, warnings[0].place.column.as_deref()),
        (ProblemKind::Ambiguous, Some("ownerid"))
    );
    let decision = MappedRow { source: row("systemuser", 1), name: "Ann".into(), target: Some(id(102)) };
    job.engines.options.mapping.decide(decision);
    let imported = job.import().unwrap();
    assert_eq!(proposal(&imported.plan, "systemuser", 1).reason, ProposalReason::Chosen);
    assert_eq!(pointed(&job, 9, "ownerid"), Some(id(102)));
}

#[test]
fn a_decision_for_nobody_leaves_the_lookup_empty_and_says_so() {
    let unit = [("contoso_name", "Audit", ""), ("contoso_unit", "1 North", "businessunit")];
    let mut job = job(&[("contoso_visit", record(9, "contoso_visitid", &unit))], &[]);
    let decision = MappedRow { source: row("businessunit", 1), name: "North".into(), target: None };
    job.engines.options.mapping = Mapping::from_json(&Mapping { rows: vec![decision] }.to_json()).unwrap();
    let imported = job.import().unwrap();
    let warnings = &imported.plan.tables[0].records[0].warnings;
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].what.contains("mapping"), "{}", warnings[0]);
    assert_eq!((imported.report.counts().created, pointed(&job, 9, "contoso_unit")), (1, None));
}

#[test]
fn the_root_business_unit_stands_for_the_root_and_its_team_for_its_team() {
    let units = record(1, "businessunitid", &[("name", "Contoso Development", "")])
        + &record(
            2,
            "businessunitid",
            &[("name", "North", ""), ("parentbusinessunitid", "1", "businessunit")],
        );
    let default = [
        ("name", "Contoso Development", ""),
        ("isdefault", "True", ""),
        ("businessunitid", "1", "businessunit"),
    ];
    let visits =
        record(9, "contoso_visitid", &[("contoso_unit", "1", "businessunit"), ("ownerid", "3", "team")]);
    let package =
        [("businessunit", units), ("team", record(3, "teamid", &default)), ("contoso_visit", visits)];
    let mut job = job(&package, &[]);
    let (root, team) = {
        let environment = job.way().environment();
        let first = |table: &str| environment.rows(table).next().map(|row| row.id()).unwrap();
        (first("businessunit"), first("team"))
    };
    let imported = job.import().unwrap();
    let of = |table, number| {
        let proposal = proposal(&imported.plan, table, number);
        (proposal.reason, proposal.target)
    };
    assert_eq!(of("businessunit", 1), (ProposalReason::Root, Some(root)));
    assert_eq!(of("businessunit", 2), (ProposalReason::Nothing, None), "a new one");
    assert_eq!(of("team", 3), (ProposalReason::Root, Some(team)));
    assert_eq!((pointed(&job, 9, "contoso_unit"), pointed(&job, 9, "ownerid")), (Some(root), Some(team)));
    let north =
        job.way().environment().row("businessunit", id(2)).unwrap().cell("parentbusinessunitid").cloned();
    assert!(matches!(north, Some(Cell::Lookup { id, .. }) if id == root));
    let counts = imported.report.counts();
    assert_eq!((counts.skipped, counts.failed), (2, 0), "the environment's own keep their names");
    assert_eq!(job.plan().unwrap().1.counts().writes(), 0);
}

#[test]
fn the_only_business_unit_stands_for_one_that_the_package_does_not_bring() {
    let unit = [("contoso_unit", "1 Contoso Development", "businessunit")];
    let mut job = job(&[("contoso_visit", record(9, "contoso_visitid", &unit))], &[]);
    let imported = job.import().unwrap();
    assert_eq!(proposal(&imported.plan, "businessunit", 1).reason, ProposalReason::OnlyOne);
    assert!(pointed(&job, 9, "contoso_unit").is_some());
}

#[test]
fn a_currency_is_told_by_its_code_whatever_it_is_called() {
    let money = record(
        1,
        "transactioncurrencyid",
        &[("currencyname", "US Dollar", ""), ("isocurrencycode", "USD", "")],
    );
    let visits = record(9, "contoso_visitid", &[("transactioncurrencyid", "1", "transactioncurrency")]);
    let mut job = job(&[("transactioncurrency", money), ("contoso_visit", visits)], &[]);
    let base = job.way().environment().rows("transactioncurrency").next().unwrap().id();
    let imported = job.import().unwrap();
    let found = proposal(&imported.plan, "transactioncurrency", 1);
    assert_eq!((found.reason, found.target), (ProposalReason::IsoCode, Some(base)));
    assert_eq!(job.way().environment().count("transactioncurrency"), 1);
    assert_eq!(pointed(&job, 9, "transactioncurrencyid"), Some(base));
}

#[test]
fn owners_are_kept_by_their_ids_alone_or_left_to_whoever_imports() {
    let target = user(101, "Ann", "a@test.com", "");
    for (owners, warned) in [(Owners::Kept, 1), (Owners::Left, 0)] {
        let mut job = job(&[("contoso_visit", visit(9, "1 Ann"))], &[("systemuser", target.clone())]);
        job.engines.options.owners = owners;
        let imported = job.import().unwrap();
        assert_eq!(imported.plan.tables[0].records[0].warnings.len(), warned, "{owners:?}");
        assert_ne!(pointed(&job, 9, "ownerid"), Some(id(101)), "{owners:?}");
    }
}

#[test]
fn the_names_of_hundreds_of_users_are_asked_for_in_few_requests() {
    let source: String =
        (1..=300).map(|n| user(n, &format!("User {n}"), &format!("u{n}@source.com"), "")).collect();
    let target: String = (1..=300).map(|n| user(1000 + n, &format!("User {n}"), "", "")).collect();
    let visits: String = (1..=300).map(|n| visit(5000 + n, &format!("{n} User {n}"))).collect();
    let mut job = job(&[("systemuser", source), ("contoso_visit", visits)], &[("systemuser", target)]);
    let (_, tables) = job.engines.check(&job.loaded).unwrap();
    let before = job.way().environment().request_count();
    let plan = job.engines.plan(&job.loaded, &tables).unwrap();
    let asked = job.way().environment().request_count() - before;
    assert!(plan.proposals.iter().filter(|p| p.reason == ProposalReason::FullName).count() == 300);
    assert!(asked <= 12, "{asked} requests");
}
