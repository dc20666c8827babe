//! How many requests a portal of 924 records takes: those to check and plan it, and those to write it.

#![cfg(test)]

use scenarios::emulated_target::{PlugIns, Stubs, Target};
use scenarios::job::Job;
use scenarios::packages::package_bytes;

/// Most requests to check and plan.
const TO_PLAN: u64 = 60;
/// Most requests to write.
const TO_WRITE: u64 = 110;

/// Rows that are there now are read in larger answers: so many requests more or less are the same reads.
const MORE_OR_LESS: u64 = 2;

fn requests(job: &Job) -> u64 {
    job.way().environment().request_count()
}

#[test]
fn a_portal_is_checked_planned_and_written_in_few_requests_and_planned_again_with_the_same_reads() {
    let Some(zip) = package_bytes("education-k12-portal") else { return };
    for plug_ins in [PlugIns::Off, PlugIns::On] {
        let mut job = Job::new(&zip, Target { stubs: Stubs::Present, plug_ins }).unwrap();
        let (tables, plan) = job.plan().unwrap();
        let to_plan = requests(&job);
        assert_eq!(plan.counts().created, 924);
        assert!(to_plan <= TO_PLAN, "{to_plan} requests to check and plan");
        let report = job.engines.import(&job.loaded, &tables, &plan);
        let to_write = requests(&job) - to_plan;
        assert_eq!((report.counts().created, report.counts().failed), (924, 0));
        assert!(to_write <= TO_WRITE, "{to_write} requests to write");
        let before = requests(&job);
        let (_, second) = job.plan().unwrap();
        let again = requests(&job) - before;
        assert_eq!(second.counts().writes(), 0);
        assert!(
            again.abs_diff(to_plan) <= MORE_OR_LESS,
            "{to_plan} requests to check and plan, {again} again"
        );
    }
}
