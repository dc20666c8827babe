//! Notes that a filtered export brought without what they belong to.

#![cfg(test)]

use dataverse_emulator::{Cell, Environment};
use migration::{Fate, ProblemKind};
use scenarios::job::Job;
use scenarios::small_package::{data_of, zip_of};
use uuid::Uuid;

const SCHEMA: &str = r#"<entities><entity name="annotation" displayname="Note" primaryidfield="annotationid" primarynamefield="subject" disableplugins="false"><fields>
 <field displayname="Note" name="annotationid" type="guid" primaryKey="true" />
 <field displayname="Subject" name="subject" type="string" />
 <field displayname="Regarding" name="objectid" type="entityreference" lookupType="account" />
</fields></entity></entities>"#;
const ACCOUNTS: &str = r#"<entities><entity name="account" displayname="Account" primaryidfield="accountid" primarynamefield="name" disableplugins="false"><fields>
 <field displayname="Account" name="accountid" type="guid" primaryKey="true" />
 <field displayname="Name" name="name" type="string" />
</fields></entity></entities>"#;
const MADE: &str = "2024-07-26T15:51:30.5429904Z";
const NOTE: Uuid = Uuid::from_u128(1);
const ACCOUNT: Uuid = Uuid::from_u128(2);

/// A note about an account into an environment that has the account or not.
fn job(is_there: bool) -> Job {
    let note = format!(
        r#"<record id="{NOTE}"><field name="annotationid" value="{NOTE}" /><field name="subject" value="Call back" />
           <field name="objectid" value="{ACCOUNT}" lookupentity="account" lookupentityname="Contoso" /></record>"#
    );
    let account = format!(r#"<record id="{ACCOUNT}"><field name="name" value="Contoso" /></record>"#);
    let target = Environment::builder("Target").tables_xml(SCHEMA.as_bytes()).tables_xml(ACCOUNTS.as_bytes());
    let accounts = data_of(MADE, "account", if is_there { &account } else { "" });
    let target = target.data_xml(accounts.as_bytes()).build().unwrap();
    Job::into_environment(&zip_of(SCHEMA, &data_of(MADE, "annotation", &note), &[]), target).unwrap()
}

#[test]
fn a_note_without_its_parent_in_the_package_goes_to_the_parent_that_the_target_has() {
    let mut job = job(true);
    let report = job.import().unwrap().report;
    assert_eq!(report.tables[0].records[0].fate, Fate::Created);
    let environment = job.way().environment();
    let row = environment.row("annotation", NOTE).unwrap();
    assert_eq!(row.cell("objectid"), Some(&Cell::Lookup { table: "account".into(), id: ACCOUNT }));
}

#[test]
fn a_note_whose_parent_is_nowhere_says_which_row_it_lacks() {
    let mut job = job(false);
    let report = job.import().unwrap().report;
    let record = &report.tables[0].records[0];
    let (Fate::Failed(problem) | Fate::Skipped(problem)) = &record.fate else {
        let [problem] = record.warnings.as_slice() else { panic!("{record:?}") };
        assert_eq!(problem.kind, ProblemKind::LookupTargetMissing);
        return assert!(problem.what.contains(&ACCOUNT.to_string()), "{problem}");
    };
    assert!(problem.what.contains(&ACCOUNT.to_string()), "{problem}");
}
