//! Which tables point to which, and the order that follows from it.

use std::collections::{BTreeMap, HashSet};

/// Which tables point to which, and how strongly. Tables are numbers from 0; what a number stands for, and what is
/// counted (records, columns), is the caller's business.
#[derive(Clone, Debug, Default)]
pub struct TableGraph {
    /// For each table: how often it points to each other one.
    uses: Vec<BTreeMap<usize, usize>>,
}

impl TableGraph {
    /// A graph of so many tables and of these pairs: a table, and another that it points to. A pair that comes more
    /// than once counts as often; a table that points to itself, or to a number beyond, says nothing of the order.
    #[must_use]
    pub fn new(tables: usize, pairs: impl IntoIterator<Item = (usize, usize)>) -> TableGraph {
        let mut uses = vec![BTreeMap::new(); tables];
        for (from, to) in pairs.into_iter().filter(|&(from, to)| from != to && from.max(to) < tables) {
            *uses[from].entry(to).or_insert(0) += 1;
        }
        TableGraph { uses }
    }

    /// All tables: those that others point to come first; those that point to each other in a circle follow one
    /// another, the most wanted first; else by number.
    #[must_use]
    pub fn order(&self) -> Vec<usize> {
        self.components().into_iter().flat_map(|component| self.most_wanted_first(component)).collect()
    }

    /// How often other tables point to this one.
    #[must_use]
    pub fn wanted_by_others(&self, table: usize) -> usize {
        (0..self.uses.len()).map(|from| self.count(from, table)).sum()
    }

    /// The strongly connected components, what is pointed to before what points to it, else by number.
    ///
    /// A table reaches everything that the tables it points to reach, and itself: whoever points to a component
    /// without being in it reaches more tables than the component does. So the number of reached tables orders the
    /// components.
    #[must_use]
    pub fn components(&self) -> Vec<Vec<usize>> {
        let reached: Vec<HashSet<usize>> =
            (0..self.uses.len()).map(|table| self.reached_from(table)).collect();
        let mut components: Vec<Vec<usize>> = Vec::new();
        for table in 0..self.uses.len() {
            let same = |c: &&mut Vec<usize>| reached[c[0]].contains(&table) && reached[table].contains(&c[0]);
            match components.iter_mut().find(same) {
                Some(component) => component.push(table),
                None => components.push(vec![table]),
            }
        }
        components.sort_by_key(|component| reached[component[0]].len());
        components
    }

    fn count(&self, from: usize, to: usize) -> usize {
        self.uses.get(from).and_then(|uses| uses.get(&to)).copied().unwrap_or(0)
    }

    fn reached_from(&self, table: usize) -> HashSet<usize> {
        let mut reached = HashSet::from([table]);
        let mut open = vec![table];
        while let Some(from) = open.pop() {
            open.extend(self.uses[from].keys().copied().filter(|to| reached.insert(*to)));
        }
        reached
    }

    /// Takes again and again the table that the remaining ones want most and that wants least of them: its lookups
    /// are the ones that will have to wait.
    fn most_wanted_first(&self, mut component: Vec<usize>) -> Vec<usize> {
        let mut ordered = Vec::with_capacity(component.len());
        while !component.is_empty() {
            let waiting = |t: usize| component.iter().map(|&o| self.count(t, o)).sum::<usize>();
            let wanted = |t: usize| component.iter().map(|&o| self.count(o, t)).sum::<usize>();
            let gain = |t: usize| (waiting(t) == 0, wanted(t).cast_signed() - waiting(t).cast_signed());
            let best = (0..component.len()).rev().max_by_key(|&at| gain(component[at])).unwrap_or(0);
            ordered.push(component.remove(best));
        }
        ordered
    }
}

#[cfg(test)]
mod tests {
    use super::TableGraph;

    #[test]
    fn tables_that_others_point_to_come_first() {
        // 0 page -> 1 template -> 2 website; 3 alone
        assert_eq!(TableGraph::new(4, [(0, 1), (1, 2)]).order(), [2, 3, 1, 0]);
    }

    #[test]
    fn a_circle_stands_after_what_it_needs_and_before_what_needs_it() {
        // 0 needs the circle 1 <-> 2, which needs 3.
        assert_eq!(TableGraph::new(4, [(0, 1), (1, 2), (2, 1), (2, 3)]).order(), [3, 1, 2, 0]);
    }

    #[test]
    fn in_a_circle_the_most_wanted_comes_first() {
        let pairs = [(0, 1), (1, 0), (1, 0), (1, 0), (2, 0), (2, 0)];
        assert_eq!(TableGraph::new(3, pairs).order(), [0, 1, 2]);
    }

    #[test]
    fn a_table_that_points_to_itself_or_to_none_that_is_known_waits_for_nothing() {
        let graph = TableGraph::new(2, [(0, 0), (0, 7)]);
        assert_eq!((graph.order(), graph.wanted_by_others(0)), (vec![0, 1], 0));
    }
}
