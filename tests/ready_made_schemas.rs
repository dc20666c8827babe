//! The ready-made schemas: each fits an environment of its type, moves all of a site, and is proposed where it fits.

#![cfg(test)]

use cmt::{ColumnType, Schema};
use dataverse_emulator::{Builder, Environment, Records};
use migration::{
    ExportOptions, ExportReport, LoadedPackage, ProblemKind, ReadyMadeSchema, SchemaProposal, find_portal,
    propose,
};
use scenarios::difference::Excused;
use scenarios::engines::{Engines, load};
use scenarios::exported_values::compare;
use scenarios::small_package::zip_of;
use scenarios::under_weather::UnderWeather;
use std::path::PathBuf;
use uuid::Uuid;

const ONE: u8 = 1;
const OTHER: u8 = 2;
/// A file's content, in base64 where a note holds it.
const CONTENT: &[u8] = b"body { color: navy }";
const ENCODED: &str = "Ym9keSB7IGNvbG9yOiBuYXZ5IH0=";
/// Tables whose rows belong to no website.
const OF_ALL: [&str; 3] = ["adx_portallanguage", "adx_setting", "adx_badgetype"];

fn file(name: &str) -> Vec<u8> {
    std::fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../schemas").join(name)).unwrap()
}

fn catalogue() -> Vec<ReadyMadeSchema> {
    ReadyMadeSchema::catalogue(&file("catalogue.json")).unwrap()
}

fn schema(of: &ReadyMadeSchema) -> Schema {
    let (schema, findings) = Schema::parse(&file(&of.file)).unwrap();
    assert_eq!(findings, [], "{}", of.file);
    assert_eq!(schema.tables.len(), of.tables, "{}", of.file);
    schema
}

fn id(table: &str, site: u8) -> Uuid {
    let name = table.bytes().fold(7_u128, |hash, byte| hash.wrapping_mul(0x0100_0193) ^ u128::from(byte));
    Uuid::from_u128(name << 8 | u128::from(site))
}

/// A value for the column of a site's row; text with everything that is written in another way in XML.
fn value(table: &cmt::Table, column: &cmt::Column, site: u8) -> Option<String> {
    let of = |table: &str| id(table, site);
    let value = match column.column_type {
        ColumnType::Id => of(&table.name).to_string(),
        ColumnType::Lookup => {
            let target = column.lookup_targets.first()?;
            return Some(format!(r#"value="{}" lookupentity="{target}" lookupentityname="x""#, of(target)));
        }
        ColumnType::File => return Some(format!(r#"value="{}" filename="site.css""#, of("file"))),
        ColumnType::Number | ColumnType::Status => "1".to_owned(),
        ColumnType::Choice => "756150000".to_owned(),
        ColumnType::Choices => "[-1,746610000,746610001,-1]".to_owned(),
        ColumnType::State => "0".to_owned(),
        ColumnType::Bool => "True".to_owned(),
        ColumnType::Float => "1.5".to_owned(),
        ColumnType::DateTime => "2026-01-02T03:04:05.0000000Z".to_owned(),
        _ => match column.name.as_str() {
            "documentbody" => ENCODED.to_owned(),
            "filename" => "site.css".to_owned(),
            "mimetype" => "text/css".to_owned(),
            "objecttypecode" => "adx_webfile".to_owned(),
            _ => format!("site {site}: &amp;lt;b class=&amp;quot;x&amp;quot;&amp;gt;"),
        },
    };
    Some(format!(r#"value="{value}""#))
}

fn record(table: &cmt::Table, site: u8) -> String {
    let field = |column: &cmt::Column| {
        value(table, column, site).map(|value| format!(r#"<field name="{}" {value} />"#, column.name))
    };
    let fields: String = table.columns.iter().filter_map(field).collect();
    format!(r#"<record id="{}">{fields}</record>"#, id(&table.name, site))
}

fn links(table: &cmt::Table, site: u8) -> String {
    let link = |link: &cmt::Relationship| {
        let (source, target) = (id(&table.name, site), id(&link.target_table, site));
        format!(
            r#"<m2mrelationship sourceid="{source}" targetentityname="{}" targetentitynameidfield="{}" m2mrelationshipname="{}"><targetids><targetid>{target}</targetid></targetids></m2mrelationship>"#,
            link.target_table, link.target_primary_id, link.name
        )
    };
    table.relationships.iter().map(link).collect()
}

/// A package with one row of each table for each site, each column filled, each linked to what is of its site.
fn package(of: &ReadyMadeSchema, sites: &[u8]) -> Vec<u8> {
    let each = |what: fn(&cmt::Table, u8) -> String, table: &cmt::Table| -> String {
        sites.iter().map(|site| what(table, *site)).collect()
    };
    let tables = schema(of).tables;
    let tables = tables.iter().map(|table| format!(
        r#"<entity name="{0}" displayname="{0}"><records>{1}</records><m2mrelationships>{2}</m2mrelationships></entity>"#,
        table.name,
        each(record, table),
        each(links, table)
    ));
    let data = format!(
        r#"<entities timestamp="2026-01-05T08:00:00.0000000Z">{}</entities>"#,
        tables.collect::<String>()
    );
    let ids: Vec<String> = sites.iter().map(|site| id("file", *site).to_string()).collect();
    let files: Vec<(&str, &[u8])> = ids.iter().map(|id| (id.as_str(), CONTENT)).collect();
    zip_of(&String::from_utf8(file(&of.file)).unwrap(), &data, &files)
}

/// An environment as the type of portal has it, which may lack its rows.
fn environment(of: &ReadyMadeSchema) -> Builder {
    let base = of.fits.bases.first().map_or("MicrosoftCrmPortalBase", String::as_str);
    let version = if of.fits.bases.is_empty() { "9.3.2201.10".to_owned() } else { of.fits.from.to_string() };
    Environment::builder(&of.title).portal_solutions(&[base, &of.fits.solutions[0]]).portal_version(&version)
}

fn with_rows(of: &ReadyMadeSchema) -> Engines {
    let environment = environment(of).package(&package(of, &[ONE, OTHER]), Records::Load).build();
    Engines::new(&UnderWeather::calm(environment.unwrap()))
}

fn proposal(way: &UnderWeather) -> SchemaProposal {
    let client = way.client();
    way.clock().run(async {
        let solutions = client.introduce().await.unwrap().portal;
        propose(&catalogue(), &find_portal(&client, &catalogue(), solutions).await.unwrap())
    })
}

fn exported(
    engines: &mut Engines,
    of: &ReadyMadeSchema,
    options: &ExportOptions,
) -> (LoadedPackage, ExportReport) {
    let (zip, report) = engines.export_as(&schema(of), options).unwrap();
    (load(&zip).unwrap(), report)
}

#[test]
fn each_fits_an_environment_of_its_type_without_a_problem() {
    for of in catalogue() {
        let way = UnderWeather::calm(environment(&of).tables_xml(&file(&of.file)).build().unwrap());
        let (check, _) = way.clock().run(migration::check(&way.client(), &schema(&of), None)).unwrap();
        assert_eq!(check.problems, [], "{}", of.id);
        assert!(check.tables.iter().all(|table| table.present), "{}", of.id);
    }
}

#[test]
fn each_exports_every_record_value_file_and_link_of_two_sites() {
    for of in catalogue() {
        let mut engines = with_rows(&of);
        let (package_out, report) = exported(&mut engines, &of, &ExportOptions::default());
        let package_in = load(&package(&of, &[ONE, OTHER])).unwrap();
        assert_eq!(report.problems, [], "{}", of.id);
        assert_eq!(package_out.records(), 2 * of.tables, "{}", of.id);
        assert_eq!(package_out.links(), package_in.links(), "{}", of.id);
        let lost = compare(&package_in, &package_out, &Excused::default());
        assert!(lost.is_empty(), "{}: {lost:#?}", of.id);
        let has_files = schema(&of).table("adx_webfile").unwrap().column("adx_filecontent").is_some();
        assert_eq!(report.files, if has_files { 2 } else { 0 }, "{}", of.id);
    }
}

#[test]
fn each_exports_one_site_of_two_and_what_belongs_to_none() {
    for of in catalogue() {
        let mut engines = with_rows(&of);
        let options = ExportOptions { website: Some(id("adx_website", ONE)) };
        let (package, report) = exported(&mut engines, &of, &options);
        assert_eq!(report.problems, [], "{}", of.id);
        for table in &schema(&of).tables {
            let rows: Vec<Uuid> =
                package.table(&table.name).unwrap().records.iter().map(|record| record.id).collect();
            let mut expected = vec![id(&table.name, ONE)];
            expected.extend(OF_ALL.contains(&table.name.as_str()).then(|| id(&table.name, OTHER)));
            assert_eq!(rows, expected, "{}: {}", of.id, table.name);
        }
    }
}

#[test]
fn each_is_proposed_by_an_environment_of_its_type() {
    for of in catalogue() {
        let way = UnderWeather::calm(
            environment(&of).package(&package(&of, &[ONE]), Records::Load).build().unwrap(),
        );
        let proposal = proposal(&way);
        assert_eq!(proposal.schema.as_deref(), Some(of.id.as_str()), "{}", proposal.reason);
        assert!(proposal.reason.contains(&of.fits.solutions[0]), "{}", proposal.reason);
        assert_eq!(proposal.enhanced, None);
    }
}

#[test]
fn what_an_older_environment_lacks_is_named_left_out_and_the_rest_exported() {
    let all = catalogue();
    let named = |id: &str| all.iter().find(|schema| schema.id == id).unwrap();
    let (older, newer) = (named("dataverse-blank"), named("dataverse-blank-9.3.2201"));
    let mut engines = with_rows(older);
    let (client, schema) = (engines.way().client(), schema(newer));
    let check = migration::check(&client, &schema, None);
    let (check, _) = engines.way().clock().run(check).unwrap();
    let missing = |kind| check.problems.iter().filter(|problem| problem.kind == kind).count();
    // The bots' and the two tables of column permissions; their columns in pages, templates, websites and files.
    assert_eq!((missing(ProblemKind::TableMissing), missing(ProblemKind::ColumnMissing)), (3, 5));
    assert_eq!(check.problems.len(), 8);
    let (package, report) = exported(&mut engines, newer, &ExportOptions::default());
    assert_eq!(package.records(), 2 * older.tables);
    assert_eq!(report.tables.len(), older.tables);
    assert_eq!(package.schema, self::schema(older), "the package asks nobody for what is not in it");
}

#[test]
fn an_environment_of_the_enhanced_data_model_is_recognised_and_none_proposed() {
    let tables = r#"<entities><entity name="powerpagesite" displayname="Site" primaryidfield="powerpagesiteid" primarynamefield="name" disableplugins="false"><fields>
 <field displayname="Site" name="powerpagesiteid" type="guid" primaryKey="true" />
 <field displayname="Name" name="name" type="string" />
</fields></entity></entities>"#;
    let row = |site: u8| {
        let id = id("powerpagesite", site);
        format!(
            r#"<record id="{id}"><field name="powerpagesiteid" value="{id}" /><field name="name" value="x" /></record>"#
        )
    };
    let data = format!(
        r#"<entities timestamp="2026-01-05T08:00:00.0000000Z"><entity name="powerpagesite" displayname="Site"><records>{}{}</records><m2mrelationships /></entity></entities>"#,
        row(ONE),
        row(OTHER)
    );
    let builder = Environment::builder("Enhanced").portal_solutions(&["PowerPages_Core"]);
    let enhanced = builder.package(&zip_of(tables, &data, &[]), Records::Load);
    let alone = proposal(&UnderWeather::calm(enhanced.clone().build().unwrap()));
    assert_eq!(alone.schema, None);
    assert!(alone.enhanced.unwrap().contains("2 websites of the enhanced data model"));

    let standard = catalogue().remove(1);
    let both = enhanced.package(&package(&standard, &[ONE]), Records::Load);
    let both = proposal(&UnderWeather::calm(both.build().unwrap()));
    assert!(both.schema.is_some() && both.enhanced.is_some(), "{}", both.reason);
}
