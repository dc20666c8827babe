use super::propose;
use crate::{FoundPortal, ReadyMadeSchema};
use dataverse::Solution;

const CATALOGUE: &[u8] = include_bytes!("../../../../schemas/catalogue.json");
const FORUMS: [&str; 2] = ["adx_contentaccesslevel", "adx_communityforum"];

fn catalogue() -> Vec<ReadyMadeSchema> {
    ReadyMadeSchema::catalogue(CATALOGUE).unwrap()
}

/// An environment with one website, these solutions and these tables.
fn found(solutions: &[(&str, &str)], tables: &[&str]) -> FoundPortal {
    let solution = |(name, version): &(&str, &str)| Solution {
        unique_name: (*name).to_owned(),
        friendly_name: (*name).to_owned(),
        version: version.parse().ok(),
    };
    FoundPortal {
        solutions: Some(solutions.iter().map(solution).collect()),
        tables: tables.iter().copied().chain(["adx_website"]).map(str::to_owned).collect(),
        websites: Some(1),
        enhanced_websites: Some(0),
    }
}

fn proposed(found: &FoundPortal) -> Option<String> {
    propose(&catalogue(), found).schema
}

#[test]
fn a_blank_portal_is_told_by_its_base_and_its_version_by_what_came_with_it() {
    let columns = ["adx_columnpermissionprofile", "adx_columnpermission", "adx_botconsumer"];
    for (base, kind) in [("MicrosoftPortalBase", "dataverse"), ("MicrosoftCrmPortalBase", "dynamics")] {
        let cases: [(&str, &[&str], &str); 4] = [
            ("8.4.0.275", &[], "blank"),
            ("9.2.2103.12", &columns[2..], "blank-9.2.2103"),
            ("9.3.2201.10", &columns, "blank-9.3.2201"),
            ("9.3.2607.1", &columns, "blank-9.3.2201"),
        ];
        for (version, tables, schema) in cases {
            let found = found(&[(base, version)], tables);
            assert_eq!(proposed(&found), Some(format!("{kind}-{schema}")), "{base} {version}");
        }
    }
}

#[test]
fn a_portal_with_features_is_told_by_its_solution() {
    let base = ("MicrosoftCrmPortalBase", "9.3.2201.10");
    for (solution, schema) in
        [("CustomerPortal", "customer-self-service"), ("ESSPortal", "employee-self-service")]
    {
        assert_eq!(proposed(&found(&[base, (solution, "9.3.1")], &FORUMS)).as_deref(), Some(schema));
    }
    let community = [FORUMS.as_slice(), &["adx_blog", "adx_ideaforum"]].concat();
    for solution in ["CommunityPortal", "BasePortal"] {
        assert_eq!(proposed(&found(&[base, (solution, "9.3.1")], &community)).as_deref(), Some("community"));
    }
    assert_eq!(proposed(&found(&[base], &FORUMS[..1])).as_deref(), Some("partner"));
}

#[test]
fn of_several_portals_in_one_environment_the_one_with_the_most_tables_is_proposed() {
    let solutions = ["MicrosoftCrmPortalBase", "StarterPortal", "CustomerPortal", "CommunityPortal"];
    let tables = [FORUMS.as_slice(), &["adx_blog", "adx_ideaforum", "adx_botconsumer"]].concat();
    let found = found(&solutions.map(|name| (name, "9.3.2201.10")), &tables);
    assert_eq!(proposed(&found).as_deref(), Some("community"));
}

#[test]
fn what_is_left_of_a_feature_does_not_outweigh_the_portals_own_solution() {
    let solutions = [("MicrosoftCrmPortalBase", "9.1.0.1"), ("StarterPortal", "9.1.0.1")];
    assert_eq!(proposed(&found(&solutions, &FORUMS)).as_deref(), Some("dynamics-blank"));
}

#[test]
fn without_the_right_to_read_solutions_the_tables_tell() {
    let unread = |tables: &[&str]| FoundPortal { solutions: None, ..found(&[], tables) };
    assert_eq!(proposed(&unread(&[])).as_deref(), Some("dataverse-blank"));
    let proposal = propose(&catalogue(), &unread(&FORUMS));
    assert_eq!(proposal.schema.as_deref(), Some("customer-self-service"));
    assert_eq!(
        proposal.reason,
        "This environment has the tables adx_website, adx_contentaccesslevel, adx_communityforum. \
         “Employee Self-Service portal” would fit as well."
    );
}

#[test]
fn the_reason_names_solutions_with_their_versions_and_tables() {
    let solutions = [("MicrosoftPortalBase", "9.2.2103.12"), ("CDSBasePortal", "9.2.2103.0")];
    assert_eq!(
        propose(&catalogue(), &found(&solutions, &["adx_botconsumer"])).reason,
        "This environment has the solution CDSBasePortal 9.2.2103.0, the solution MicrosoftPortalBase 9.2.2103.12 \
         and the table adx_botconsumer."
    );
}

#[test]
fn a_portal_below_the_lowest_version_gets_no_proposal() {
    let proposal = propose(&catalogue(), &found(&[("MicrosoftCrmPortalBase", "8.3.0.9")], &[]));
    assert_eq!(proposal.schema, None);
    assert!(
        proposal.reason.contains("8.3.0.9") && proposal.reason.contains("8.4.0.275"),
        "{}",
        proposal.reason
    );
}

#[test]
fn where_all_websites_are_of_the_enhanced_data_model_none_fits_and_it_is_said() {
    let bases = [("PowerPages_Core", "1.0.2605.1"), ("MicrosoftPortalBase", "9.3.2201.10")];
    let all = FoundPortal { websites: Some(0), enhanced_websites: Some(2), ..found(&bases, &[]) };
    let proposal = propose(&catalogue(), &all);
    assert_eq!(proposal.schema, None);
    assert_eq!(proposal.reason, "This environment has no website of the standard data model.");
    assert!(
        proposal.enhanced.unwrap().starts_with("This environment has 2 websites of the enhanced data model.")
    );

    let alone =
        FoundPortal { tables: Default::default(), ..FoundPortal { enhanced_websites: Some(0), ..all } };
    let proposal = propose(&catalogue(), &alone);
    assert!(proposal.schema.is_none() && proposal.enhanced.unwrap().contains("set up for"));
}

#[test]
fn beside_websites_of_the_enhanced_data_model_the_standard_ones_get_their_schema() {
    let both =
        FoundPortal { enhanced_websites: Some(1), ..found(&[("MicrosoftPortalBase", "8.4.0.275")], &[]) };
    let proposal = propose(&catalogue(), &both);
    assert_eq!(proposal.schema.as_deref(), Some("dataverse-blank"));
    assert!(
        proposal.enhanced.unwrap().starts_with("This environment has a website of the enhanced data model.")
    );
}

#[test]
fn an_environment_without_any_portal_gets_no_proposal_and_no_word_of_data_models() {
    let none = FoundPortal {
        solutions: Some(Vec::new()),
        websites: Some(0),
        enhanced_websites: Some(0),
        ..FoundPortal::default()
    };
    let proposal = propose(&catalogue(), &none);
    assert_eq!((proposal.schema, proposal.enhanced), (None, None));
    assert!(proposal.reason.contains("lacks the table adx_website"), "{}", proposal.reason);
}
