//! What a report comes to: never called a success when something failed, stopped or does not add up.

use browser::protocol::{ExportSummary, ReportSummary};

/// How an import ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It stopped before its end.
    Stopped,
    /// Records or links are not in the target.
    Failed { records: u64, links: u64 },
    /// The report counts another number of records than the package holds.
    DoesNotAddUp { counted: u64, in_package: u64 },
    /// All is written, some of it not quite as in the package.
    WithWarnings { records: u64 },
    /// There was nothing to do.
    NothingToDo,
    /// All of it is in the target, and reading it back confirmed it.
    Complete,
}

impl Verdict {
    /// Judges a report, the worst first.
    pub(crate) fn of(report: &ReportSummary) -> Verdict {
        let failed_links: u64 = report.links.iter().map(|links| links.failed).sum();
        let written_links: u64 = report.links.iter().map(|links| links.created).sum();
        let counted = report.counts.total();
        if report.stopped.is_some() {
            Verdict::Stopped
        } else if counted != report.records_in_package {
            Verdict::DoesNotAddUp { counted, in_package: report.records_in_package }
        } else if report.counts.failed + failed_links > 0 {
            Verdict::Failed { records: report.counts.failed, links: failed_links }
        } else if report.warnings > 0 {
            Verdict::WithWarnings { records: report.warnings }
        } else if report.counts.writes() + written_links == 0 {
            Verdict::NothingToDo
        } else {
            Verdict::Complete
        }
    }
}

/// Whether everything the schema asked for is in the package.
pub(crate) fn export_is_whole(export: &ExportSummary, left_out: usize) -> bool {
    export.report.problems.is_empty() && left_out == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use browser::protocol::LinkCounts;
    use migration::{Counts, Place, Problem, ProblemKind};

    fn stop() -> Problem {
        Problem {
            kind: ProblemKind::Network,
            place: Place::default(),
            what: "No answer.".into(),
            remedy: "Wait.".into(),
        }
    }

    fn links(created: u64, failed: u64) -> Vec<LinkCounts> {
        vec![LinkCounts { relationship: "adx_webpage_tag".into(), created, unchanged: 0, failed }]
    }

    #[test]
    fn only_a_whole_import_is_called_complete() {
        let written = Counts { created: 9, skipped: 1, ..Counts::default() };
        let whole = ReportSummary { counts: written, records_in_package: 10, ..ReportSummary::default() };
        let unchanged = Counts { unchanged: 10, ..Counts::default() };
        let cases = [
            (whole.clone(), Verdict::Complete),
            (ReportSummary { stopped: Some(stop()), ..whole.clone() }, Verdict::Stopped),
            (
                ReportSummary { records_in_package: 11, ..whole.clone() },
                Verdict::DoesNotAddUp { counted: 10, in_package: 11 },
            ),
            (ReportSummary { links: links(3, 2), ..whole.clone() }, Verdict::Failed { records: 0, links: 2 }),
            (
                ReportSummary {
                    counts: Counts { created: 8, failed: 2, ..Counts::default() },
                    ..whole.clone()
                },
                Verdict::Failed { records: 2, links: 0 },
            ),
            (ReportSummary { warnings: 1, ..whole.clone() }, Verdict::WithWarnings { records: 1 }),
            (ReportSummary { counts: unchanged, ..whole.clone() }, Verdict::NothingToDo),
            (ReportSummary { counts: unchanged, links: links(1, 0), ..whole }, Verdict::Complete),
        ];
        for (report, verdict) in cases {
            assert_eq!(Verdict::of(&report), verdict, "{report:?}");
        }
    }
}
