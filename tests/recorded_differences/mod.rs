//! Where the emulator's answers may differ from the recorded ones, and why.

use super::Found;

/// An expected difference: a part of the recorded answer's name, where in it, how it differs, and why. A star in a
/// place stands for anything.
#[derive(Debug)]
pub(crate) struct Expected {
    body: &'static str,
    place: &'static str,
    how: &'static str,
    reason: &'static str,
}

impl Expected {
    pub(crate) fn covers(&self, (body, place, how): &Found) -> bool {
        let same_place = match self.place.split_once('*') {
            Some((start, end)) => place.starts_with(start) && place.ends_with(end),
            None => place == self.place,
        };
        !self.reason.is_empty() && body.contains(self.body) && same_place && how.starts_with(self.how)
    }
}

const fn expected(
    body: &'static str,
    place: &'static str,
    how: &'static str,
    reason: &'static str,
) -> Expected {
    Expected { body, place, how, reason }
}

const MENU: &str = "how a maker placed a relationship in menus is told by no schema";
const WORDS: &str = "which columns came without a text in words, no schema tells: most have one";
const SETTING: &str = "the setup left empty texts in the organization's row; nobody can write one";
const LABEL: &str = "the organization has no label for this value of its own; the emulator shows the number";

/// All of them.
pub(crate) const EXPECTED: &[Expected] = &[
    expected(
        "get_security_roles",
        "/value[]/_createdby_value",
        "text instead of null",
        "some roles came before there was a user; a row loaded into the emulator was made by its caller",
    ),
    expected(
        "get_entitydefinition_account",
        "/ClusterMode",
        "added",
        "two definitions were recorded before the service told this property",
    ),
    expected(
        "get_entitydefinition_account",
        "/EntityColor",
        "null instead of text",
        "a table's colour is told by no schema",
    ),
    expected(
        "get_entitydefinition_account",
        "/ManyToOneRelationships[lk_account_entityimage]",
        "missing",
        "the id of an image is a column here and leads nowhere: no client follows it",
    ),
    expected(
        "get_entitydefinition_account",
        "/*AssociatedMenuConfiguration/Order",
        "null instead of number",
        MENU,
    ),
    expected(
        "get_entitydefinition_account",
        "/*AssociatedMenuConfiguration/Icon",
        "null instead of text",
        MENU,
    ),
    expected(
        "get_entitydefinition_account",
        "/*AssociatedMenuConfiguration/MenuId",
        "null instead of text",
        MENU,
    ),
    expected(
        "get_entitydefinition_account",
        "/*AssociatedMenuConfiguration/QueryApi",
        "null instead of text",
        MENU,
    ),
    expected(
        "get_entitydefinition_account",
        "/*AssociatedMenuConfiguration/Label/LocalizedLabels[]",
        "missing",
        MENU,
    ),
    expected(
        "get_entitydefinition_account",
        "/*AssociatedMenuConfiguration/Label/UserLocalizedLabel",
        "null instead of object",
        MENU,
    ),
    expected("businessunit_attributes", "/value[calendaridname]", "added", WORDS),
    expected("mailbox_attributes", "/value[exchangecontactsimportstatusname]", "added", WORDS),
    expected("mailbox_attributes", "/value[is*name]", "added", WORDS),
    expected("mailbox_attributes", "/value[orgmarkedasprimaryforexchangesyncname]", "added", WORDS),
    expected("get_mailbox", "/mailboxid", "", "the recorded id was replaced by something that is no id"),
    expected("organisations", "/value[]/fiscalperiodformat", "null instead of text", SETTING),
    expected("organisations", "/value[]/fiscalyearformat", "null instead of text", SETTING),
    expected("organisations", "/value[]/globalhelpurl", "null instead of text", SETTING),
    expected("organisations", "/value[]/dateformatcode@*", "text instead of null", LABEL),
    expected("organisations", "/value[]/timeformatcode@*", "text instead of null", LABEL),
    expected("organisations", "/value[]/weekstartdaycode@*", "text instead of null", LABEL),
    expected(
        "organisations",
        "/value[]/enableipbasedstorageaccesssignaturerule@*",
        "text instead of null",
        LABEL,
    ),
];
