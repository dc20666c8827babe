//! In which order records are written, so that as many lookups as possible point to rows that exist by then.

use crate::package_index::RecordAt;
use cmt::TableGraph;

/// For each table, for each of its records: the records of the package that its lookups point to.
pub(crate) type Uses = Vec<Vec<Vec<RecordAt>>>;

/// Tables in the order of writing, each with its records in the order of writing.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) tables: Vec<(usize, Vec<usize>)>,
}

impl Order {
    /// Tables that others point to come first; tables that point to each other in a circle follow one
    /// another, the most wanted first. Inside a table parents come before children. `last` goes to the end
    /// unless another table points to it.
    pub(crate) fn of(uses: &Uses, last: Option<usize>) -> Order {
        let graph = table_graph(uses);
        let mut tables = graph.order();
        if let Some(last) = last.filter(|&l| graph.wanted_by_others(l) == 0) {
            tables.retain(|&t| t != last);
            tables.push(last);
        }
        Order { tables: tables.into_iter().map(|table| (table, parents_first(uses, table))).collect() }
    }
}

/// How often each table's records point to records of another.
fn table_graph(uses: &Uses) -> TableGraph {
    let pairs = uses
        .iter()
        .enumerate()
        .flat_map(|(from, records)| records.iter().flatten().map(move |to| (from, to.table)));
    TableGraph::new(uses.len(), pairs)
}

/// The table's records, each after those it points to in its own table as far as circles allow, else in file
/// order.
fn parents_first(uses: &Uses, table: usize) -> Vec<usize> {
    let records = &uses[table];
    let mut ordered = Vec::with_capacity(records.len());
    let mut seen = vec![false; records.len()];
    // Chains of parents can be long: the way down is kept here and not on the call stack.
    let mut way: Vec<(usize, usize)> = Vec::new();
    for start in 0..records.len() {
        if !std::mem::replace(&mut seen[start], true) {
            way.push((start, 0));
        }
        while let Some((record, next)) = way.last_mut() {
            match records[*record].get(*next) {
                Some(parent) => {
                    *next += 1;
                    if parent.table == table && !std::mem::replace(&mut seen[parent.record], true) {
                        way.push((parent.record, 0));
                    }
                }
                None => ordered.extend(way.pop().map(|(record, _)| record)),
            }
        }
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::{Order, Uses};
    use crate::package_index::RecordAt;

    fn at(table: usize, record: usize) -> RecordAt {
        RecordAt { table, record }
    }

    fn tables(order: &Order) -> Vec<usize> {
        order.tables.iter().map(|(table, _)| *table).collect()
    }

    #[test]
    fn tables_that_others_point_to_come_first() {
        // 0 page -> 1 template -> 2 website; 3 alone
        let uses: Uses = vec![vec![vec![at(1, 0)]], vec![vec![at(2, 0)]], vec![vec![]], vec![vec![]]];
        assert_eq!(tables(&Order::of(&uses, None)), [2, 3, 1, 0]);
    }

    #[test]
    fn in_a_circle_the_table_that_most_records_want_comes_first() {
        // website 0 wants one language; three languages and two pages want the website.
        let language = vec![at(0, 0)];
        let uses: Uses = vec![
            vec![vec![at(1, 0)]],
            vec![language.clone(), language.clone(), language.clone()],
            vec![language.clone(), language],
        ];
        assert_eq!(tables(&Order::of(&uses, None)), [0, 1, 2]);
    }

    #[test]
    fn a_circle_stands_after_what_it_needs_and_before_what_needs_it() {
        // 0 needs the circle 1 <-> 2, which needs 3.
        let uses: Uses =
            vec![vec![vec![at(1, 0)]], vec![vec![at(2, 0)]], vec![vec![at(1, 0), at(3, 0)]], vec![vec![]]];
        assert_eq!(tables(&Order::of(&uses, None)), [3, 1, 2, 0]);
    }

    #[test]
    fn parents_come_before_children_however_deep() {
        let depth = 100_000;
        let chain = (0..depth).map(|r| if r + 1 < depth { vec![at(0, r + 1)] } else { vec![] }).collect();
        let order = Order::of(&vec![chain], None);
        assert_eq!(order.tables[0].1, (0..depth).rev().collect::<Vec<_>>());
    }

    #[test]
    fn records_that_point_to_each_other_or_themselves_are_all_there_once() {
        let uses: Uses = vec![vec![vec![at(0, 1)], vec![at(0, 0), at(0, 2)], vec![at(0, 2)]]];
        assert_eq!(Order::of(&uses, None).tables[0].1, [2, 1, 0]);
    }

    #[test]
    fn the_last_table_goes_to_the_end_unless_another_needs_it() {
        let alone: Uses = vec![vec![vec![at(1, 0)]], vec![vec![]], vec![vec![at(1, 0)]]];
        assert_eq!(tables(&Order::of(&alone, Some(0))), [1, 2, 0]);
        let needed: Uses = vec![vec![vec![]], vec![vec![at(0, 0)]]];
        assert_eq!(tables(&Order::of(&needed, Some(0))), [0, 1]);
    }
}
