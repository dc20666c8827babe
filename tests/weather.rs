//! Whatever happens on the way: every row arrives once, every refusal is told, and nothing is called done that
//! is not.

#![cfg(test)]

use dataverse::{BulkMessage, Operation, Row, ServiceError, TableMetadata};
use dataverse_emulator::loader::Package;
use dataverse_emulator::{Chance, Counters, Effect, Environment, Fault, Gateway, Throttle, Weather};
use futures::future::join_all;
use scenarios::emulated_target::{Stubs, emulated_target};
use scenarios::engines::load;
use scenarios::job::false_claims;
use scenarios::packages::package_bytes;
use scenarios::under_weather::UnderWeather;
use std::collections::BTreeSet;
use std::time::Duration;
use uuid::Uuid;

const SCHEMA: &str = r#"<entities>
<entity name="account" displayname="Account" primaryidfield="accountid" primarynamefield="name"><fields>
 <field displayname="Account" name="accountid" type="guid" primaryKey="true" />
 <field displayname="Name" name="name" type="string" />
</fields></entity>
</entities>"#;

const DETAILS: &str = r#"{"tables":{"account":{"columns":{"name":{"type":"text","maxLength":160}}}}}"#;

/// Rows that are written, and every how manieth is one that the service refuses.
const ROWS: u128 = 400;
const BAD: u128 = 37;

/// One request in three meets something.
fn bad_weather() -> Weather {
    let gateway = |effect| Fault::Unavailable(Gateway::ServiceUnavailable, effect);
    let faults = [
        Fault::Cut,
        Fault::Lost,
        Fault::Late(None),
        Fault::Silent(Effect::Nothing),
        Fault::Silent(Effect::Done),
        gateway(Effect::Nothing),
        gateway(Effect::Done),
        Fault::Throttled(Throttle::Requests),
        Fault::Slow(Duration::from_secs(10)),
    ];
    let busy = Weather::busy().token_life(Duration::from_secs(100));
    faults.into_iter().fold(busy, |weather, fault| weather.chance(fault, Chance::percent(3)))
}

fn way(seed: u64) -> UnderWeather {
    let environment = Environment::builder("Target").tables_xml(SCHEMA.as_bytes());
    let environment = environment.details(DETAILS.as_bytes()).build().unwrap();
    UnderWeather::new(environment, bad_weather(), seed)
}

fn is_bad(id: Uuid) -> bool {
    id.as_u128().is_multiple_of(BAD)
}

fn rows() -> Vec<(Uuid, Row)> {
    let row = |n: u128| {
        let id = Uuid::from_u128(n);
        let name = if is_bad(id) { "x".repeat(161) } else { format!("Row {n}") };
        (id, Row::from_iter([("name".to_owned(), name.into())]))
    };
    (1..=ROWS).map(row).collect()
}

/// What became of each row, as the client tells it.
type Told = Vec<(Uuid, Result<(), ServiceError>)>;

/// Every good row is there once and with its value; every bad one is told with its own words, and is not there.
fn all_is_as_told(way: &UnderWeather, told: &Told, seed: u64) {
    way.let_the_last_ones_in();
    let traffic = way.traffic();
    let environment = traffic.environment();
    assert_eq!(told.len(), ROWS as usize, "seed {seed}");
    for (id, outcome) in told {
        let row = environment.row("account", *id);
        assert_eq!(outcome.is_err(), is_bad(*id), "seed {seed}, {id}: {outcome:?}");
        assert_eq!(row.is_some(), !is_bad(*id), "seed {seed}, {id}");
        if let Err(refusal) = outcome {
            assert!(refusal.has_code("0x80044331"), "seed {seed}: {refusal}");
            assert!(refusal.remedy().contains("Shorten the text"), "{}", refusal.remedy());
        }
    }
    assert_eq!(environment.count("account"), (ROWS - ROWS / BAD) as usize, "seed {seed}: and no other row");
}

type Count = fn(&Counters) -> u64;

fn sum(counters: &[Counters], of: Count) -> u64 {
    counters.iter().map(of).sum()
}

/// Runs `write` in the weather of many seeds; all of the weather must have been met.
fn through_bad_weather(write: impl Fn(&UnderWeather) -> Told) {
    let mut met = Vec::new();
    let mut renewed = 0;
    for seed in 0..12 {
        let way = way(seed);
        let told = write(&way);
        all_is_as_told(&way, &told, seed);
        met.push(way.traffic().counters());
        renewed += way.renewed();
    }
    let kinds: [(&str, Count); 6] = [
        ("cut", |c| c.cut),
        ("late", |c| c.late),
        ("silent", |c| c.silent),
        ("unavailable", |c| c.unavailable),
        ("throttled", |c| c.throttled),
        ("expired", |c| c.expired),
    ];
    for (kind, of) in kinds {
        assert!(sum(&met, of) > 0, "no request was {kind}: {met:?}");
    }
    assert!(renewed > 0);
}

fn create((id, body): (Uuid, Row)) -> Operation {
    let (set, key) = ("accounts".into(), "accountid".into());
    Operation::Create { set, key, id, body, bypass_steps: Vec::new() }
}

#[test]
fn rows_in_batches_arrive_once_each_through_bad_weather_and_every_refusal_is_told() {
    through_bad_weather(|way| {
        let client = way.client();
        let batches =
            rows().chunks(client.rows_a_request(ROWS as usize)).map(<[_]>::to_vec).collect::<Vec<_>>();
        let sent = batches.into_iter().map(|batch| {
            let client = &client;
            async move {
                let ids: Vec<Uuid> = batch.iter().map(|(id, _)| *id).collect();
                let answers = client.batch(batch.into_iter().map(create).collect()).await.unwrap();
                ids.into_iter().zip(answers.into_iter().map(|answer| answer.map(|_| ()))).collect::<Told>()
            }
        });
        way.clock().run(join_all(sent)).concat()
    });
}

#[test]
fn rows_in_bulk_messages_arrive_once_each_through_bad_weather_and_the_bad_ones_are_found() {
    through_bad_weather(|way| {
        let client = way.client();
        way.clock().run(async {
            let table = client.tables(&["account"]).await.unwrap().remove(0).unwrap();
            assert_eq!(client.takes_bulk(BulkMessage::CreateMultiple, &["account"]).await, Ok(vec![true]));
            let rows = rows();
            let written = rows.chunks(50).map(|rows| bulk(&client, &table, rows.to_vec()));
            join_all(written).await.concat()
        })
    });
}

async fn bulk<T: dataverse::Transport, C: dataverse::Clock>(
    client: &dataverse::Client<T, C>,
    table: &TableMetadata,
    rows: Vec<(Uuid, Row)>,
) -> Told {
    let ids: Vec<Uuid> = rows.iter().map(|(id, _)| *id).collect();
    let outcomes = client.create_rows(table, rows).await.unwrap();
    ids.into_iter().zip(outcomes).collect()
}

#[test]
fn updates_and_removals_through_bad_weather_leave_what_was_asked_for() {
    for seed in 0..12 {
        let way = way(seed);
        let client = way.client();
        let good: Vec<Uuid> = rows().into_iter().map(|(id, _)| id).filter(|id| !is_bad(*id)).collect();
        let (kept, removed) = good.split_at(good.len() / 2);
        let name = |text: &str| Row::from_iter([("name".to_owned(), text.into())]);
        let set = || "accounts".to_owned();
        let creates = good.iter().map(|id| create((*id, name("old")))).collect();
        let updates = kept.iter().map(|id| Operation::Update {
            set: set(),
            id: *id,
            version: None,
            body: name("new"),
            bypass_steps: Vec::new(),
        });
        let removals = removed.iter().map(|id| Operation::Delete { set: set(), id: *id });
        let changes: Vec<Operation> = updates.chain(removals).collect();
        let changes = changes.chunks(25).map(|chunk| client.batch(chunk.to_vec()));
        way.clock().run(async {
            assert!(client.batch(creates).await.unwrap().iter().all(Result::is_ok), "seed {seed}");
            for answers in join_all(changes).await {
                assert!(answers.unwrap().iter().all(Result::is_ok), "seed {seed}");
            }
        });
        way.let_the_last_ones_in();
        let traffic = way.traffic();
        let there: BTreeSet<Uuid> = traffic.environment().rows("account").map(|row| row.id()).collect();
        assert_eq!(there, kept.iter().copied().collect(), "seed {seed}");
    }
}

#[test]
fn a_package_is_imported_through_bad_weather_as_if_the_sun_shone() {
    let Some(zip) = package_bytes("fabrikam") else { return };
    let (loaded, package) = (load(&zip).unwrap(), Package::read(&zip).unwrap());
    for seed in 0..6 {
        let environment = emulated_target(&zip, Stubs::Present).unwrap();
        let way = UnderWeather::new(environment, bad_weather(), seed);
        let report = way.import(&loaded).unwrap();
        assert_eq!(report.stopped, None, "seed {seed}");
        let counts = report.counts();
        assert_eq!((counts.created as usize, counts.failed), (loaded.records(), 0), "seed {seed}");
        assert!(report.links.iter().all(|l| l.failed.is_empty()), "seed {seed}");
        way.let_the_last_ones_in();
        assert_eq!(false_claims(&package, way.traffic().environment(), &report), [], "seed {seed}");
        let met = way.traffic().counters();
        assert!(met.cut + met.late + met.silent + met.unavailable > 0, "seed {seed}: {met}");
    }
}
