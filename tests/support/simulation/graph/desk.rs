//! What people at a desk do: rows whose last state a message sets, calls with those who take part in them, and rules
//! against duplicates.

use super::super::dice::Dice;
use super::tables::{column, lookup, named};
use super::{Graph, values};
use cmt::{Column, ColumnType, Field, Lookup, Party, Record, Schema, Table, Value};
use migration::LoadedTable;
use uuid::Uuid;

const STATE: [(&str, ColumnType); 2] = [("statecode", ColumnType::State), ("statuscode", ColumnType::Status)];
/// Tables with the states and statuses in which their rows may stand, open ones first.
const CLOSED: [(&str, [(i32, i32); 3]); 4] = [
    ("incident", [(0, 1), (1, 1000), (1, 5)]),
    ("opportunity", [(0, 1), (1, 3), (2, 5)]),
    ("quote", [(0, 1), (2, 4), (3, 6)]),
    ("salesorder", [(0, 1), (3, 100_001), (3, 100_001)]),
];
const RULE: &str = "duplicaterule";
const CONDITION: &str = "duplicaterulecondition";
const CALL: &str = "phonecall";
const CONTACT: &str = "contact";
/// Statuses of a rule: at rest, at work.
const RULE_STATUSES: [i32; 2] = [0, 2];

/// Some rows of each of these tables.
pub(super) fn draw(dice: &mut Dice) -> Graph {
    let mut desk = Desk { dice, tables: Vec::new() };
    let contacts = desk.contacts();
    desk.calls(&contacts);
    CLOSED.iter().for_each(|(table, states)| desk.closed(table, states));
    desk.rules();
    Graph { schema: schema(), tables: desk.tables, files: Vec::new() }
}

struct Desk<'d> {
    dice: &'d mut Dice,
    tables: Vec<LoadedTable>,
}

impl Desk<'_> {
    fn contacts(&mut self) -> Vec<Uuid> {
        (0..3)
            .map(|number| self.add(CONTACT, "contactid", vec![("lastname", text(&format!("Ng {number}")))]))
            .collect()
    }

    fn calls(&mut self, contacts: &[Uuid]) {
        for number in 0..self.dice.below(4) {
            let parties =
                [("from", 1), ("to", 2)].map(|(column, role)| (column, self.parties(contacts, role)));
            let done = i32::from(self.dice.chance(40));
            let mut fields = vec![("subject", text(&format!("Call {number}")))];
            fields.extend(parties.into_iter().filter_map(|(column, parties)| Some((column, parties?))));
            fields.extend([("statecode", Value::Choice(done)), ("statuscode", Value::Choice(1 + done))]);
            self.add(CALL, "activityid", fields);
        }
    }

    /// One or two of them, or nobody.
    fn parties(&mut self, contacts: &[Uuid], role: i32) -> Option<Value> {
        let count = self.dice.place(3).min(contacts.len());
        let party = |contact: &Uuid| {
            let lookup = Lookup { id: *contact, table: CONTACT.to_owned(), name: None };
            let fields = [("partyid", Value::Lookup(lookup)), ("participationtypemask", Value::Choice(role))];
            Party {
                id: Uuid::from_u128(contact.as_u128() ^ role as u128),
                fields: fields.map(field).to_vec(),
            }
        };
        (count > 0).then(|| Value::Parties(contacts.iter().take(count).map(party).collect()))
    }

    fn closed(&mut self, table: &'static str, states: &[(i32, i32)]) {
        for number in 0..self.dice.below(3) {
            let (state, status) = *self.dice.pick(states);
            let name = values::text(self.dice, usize::try_from(number).unwrap_or(0));
            let fields = vec![
                ("name", text(&name)),
                ("statecode", Value::Choice(state)),
                ("statuscode", Value::Choice(status)),
            ];
            self.add(table, &format!("{table}id"), fields);
        }
    }

    /// Rules with a condition or two each.
    fn rules(&mut self) {
        let mut rules = Vec::new();
        for number in 0..self.dice.below(4) {
            let fields = vec![
                ("name", text(&format!("Rule {number}"))),
                ("description", text(&format!("About accounts {number}"))),
                ("baseentityname", text("account")),
                ("matchingentityname", text("account")),
                ("statuscode", Value::Choice(*self.dice.pick(&RULE_STATUSES))),
            ];
            rules.push(self.add(RULE, "duplicateruleid", fields));
        }
        for rule in rules {
            for column in ["name", "telephone1"].into_iter().take(1 + self.dice.place(2)) {
                let lookup = Lookup { id: rule, table: RULE.to_owned(), name: None };
                let fields = vec![
                    ("baseattributename", text(column)),
                    ("matchingattributename", text(column)),
                    ("operatorcode", Value::Choice(0)),
                    ("regardingobjectid", Value::Lookup(lookup)),
                ];
                self.add(CONDITION, "duplicateruleconditionid", fields);
            }
        }
    }

    fn add(&mut self, table: &'static str, primary_id: &str, fields: Vec<(&str, Value)>) -> Uuid {
        let id = self.dice.id();
        let own = Field { column: primary_id.to_owned(), value: Value::Id(id) };
        let record =
            Record { id, fields: std::iter::once(own).chain(fields.into_iter().map(field)).collect() };
        match self.tables.iter_mut().find(|known| known.name == table) {
            Some(known) => known.records.push(record),
            None => self.tables.push(LoadedTable {
                name: table.to_owned(),
                display_name: table.to_owned(),
                records: vec![record],
                ..LoadedTable::default()
            }),
        }
        id
    }
}

fn field((column, value): (&str, Value)) -> Field {
    Field { column: column.to_owned(), value }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn schema() -> Schema {
    let text = |name: &str| column(name, ColumnType::Text, &[]);
    let states = || STATE.map(|(name, kind)| column(name, kind, &[])).to_vec();
    let parties = |name: &str| column(name, ColumnType::PartyList, &[]);
    let mut contact = named(CONTACT, "contactid", "fullname");
    contact.columns.retain(|column| column.name != "fullname");
    contact.columns.push(text("lastname"));
    let mut tables =
        vec![contact, with(named(CALL, "activityid", "subject"), vec![parties("from"), parties("to")])];
    tables[1].columns.extend(states());
    for (name, _) in CLOSED {
        tables.push(with(named(name, &format!("{name}id"), "name"), states()));
    }
    let mut rule = named(RULE, "duplicateruleid", "name");
    rule.columns.extend(["description", "baseentityname", "matchingentityname"].map(text));
    rule.columns.push(column("statuscode", ColumnType::Status, &[]));
    let mut condition = named(CONDITION, "duplicateruleconditionid", "");
    condition.columns.retain(|column| !column.name.is_empty());
    condition.columns.extend(["baseattributename", "matchingattributename"].map(text));
    condition.columns.push(column("operatorcode", ColumnType::Choice, &[]));
    condition.columns.push(lookup("regardingobjectid", &[RULE.to_owned()]));
    tables.extend([rule, condition]);
    Schema { tables, ..Schema::default() }
}

fn with(mut table: Table, columns: Vec<Column>) -> Table {
    table.columns.extend(columns);
    table
}
