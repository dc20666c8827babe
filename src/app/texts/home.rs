//! The home page.

pub(crate) const TITLE: &str = "Move configuration data between Dataverse environments";
pub(crate) const LEAD: &str = "Portage moves Power Pages sites and other configuration data from one environment to \
    another, as the zip file that Microsoft’s Configuration Migration Tool reads and writes. You see what will \
    happen to every record before anything is written.";
pub(crate) const TRY: &str = "Try it with demo environments";
pub(crate) const TRY_HINT: &str =
    "No account needed. Two environments with a sample portal run inside this tab.";
pub(crate) const DEMO_ON: &str = "The demo environments are on";
pub(crate) const DEMO_ON_TEXT: &str = "Contoso Development is the source, Contoso Test the target. Both live inside \
    this tab; nothing goes over the network.";
pub(crate) const RESET: &str = "Reset demo";
pub(crate) const EXPORT_TITLE: &str = "Export";
pub(crate) const EXPORT_TEXT: &str = "Read the rows of a portal, or of any tables you name in a schema file, and save them as \
    a data package.";
pub(crate) const EXPORT_GO: &str = "Start an export";
pub(crate) const IMPORT_TITLE: &str = "Import";
pub(crate) const IMPORT_TEXT: &str = "Compare a data package with an environment, see the plan, run it, and read what became \
    of each record.";
pub(crate) const IMPORT_GO: &str = "Start an import";
pub(crate) const VIEW_TITLE: &str = "Look into a data package";
pub(crate) const VIEW_TEXT: &str = "Open a package and read it: tables, records, values, pictures and links. No environment is\n    needed, and nothing leaves this tab.";
pub(crate) const VIEW_GO: &str = "Open a package";
pub(crate) const PROMISES: [(&str, &str); 3] = [
    (
        "Your data stays between this tab and your environments.",
        "No server of ours, no analytics, no third-party scripts.",
    ),
    (
        "Nothing is written before you have seen the plan.",
        "Create, update, unchanged, skipped or blocked, record by record, and why.",
    ),
    (
        "Every record is accounted for.",
        "The report adds up to the package, and what was written is read back.",
    ),
];
