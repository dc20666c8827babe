//! What the service's codes mean. Codes and names are those of Microsoft's page on Web service error codes.

use super::RetryClass::{self, AfterWait, Never};
use super::{LATER, PRIVILEGE};

const ROOT_UNIT: &str = "An environment has one root business unit of its own: leave this row out, and let what points to it point to the environment's root.";

const DEFAULT_TEAM: &str = "Each business unit makes and names its default team itself: leave this row out.";

const BASE_CURRENCY: &str = "The base currency belongs to the environment: leave this row out.";

const ALTERNATE_KEY: &str = "Compare the alternate keys of the table in both environments (make.powerapps.com, Tables, Keys), then start again.";

const FILE: &str = "Shorten the file or leave it out, or let an administrator change the blocked extensions and the largest size (admin center, Settings, Product: Privacy and Security, Email).";

pub(super) type ByCode = (&'static [&'static str], RetryClass, &'static str);

/// Codes that share an advice.
pub(super) const BY_CODE: &[ByCode] = &[
    // ObjectDoesNotExist
    (
        &["0x80040217"],
        Never,
        "Bring the row that is named first, or take the reference to it out, then start again.",
    ),
    // DuplicateRecord
    (&["0x80040237"], Never, "The row is there already: make the plan again, it will show the differences."),
    // ConcurrencyVersionMismatch
    (
        &["0x80060882"],
        Never,
        "Someone changed the row meanwhile: make the plan again, it will show the present values.",
    ),
    // RecordNotFoundByEntityKey
    (&["0x80060891"], Never, "Bring the row with these key values first, then start again."),
    // EntityKeyNotDefined
    (&["0x80060890"], Never, ALTERNATE_KEY),
    // MultipleRecordsFoundByEntityKey
    (&["0x8006089d"], Never, "Several rows have these key values: make them differ, then start again."),
    // DuplicateRecordEntityKey
    (
        &["0x80060892"],
        Never,
        "Another row has the values of this alternate key: change them in one of the two rows, or remove the other row, then start again.",
    ),
    // PrivilegeDenied; AccessDenied
    (&["0x80040220", "0x80048405"], Never, PRIVILEGE),
    // StringLengthTooLong
    (&["0x80044331"], Never, "Shorten the text in the source, or make the column longer in the environment."),
    // IntegerValueOutOfRange, DecimalValueOutOfRange
    (
        &["0x8004432f", "0x80044330"],
        Never,
        "Change the number in the source, or widen the column's range in the environment.",
    ),
    // PicklistValueOutOfRange
    (
        &["0x8004431a"],
        Never,
        "Add the missing option to the choice in the environment, with the same number, then start again.",
    ),
    // The payload cannot be read: an unknown navigation property, or a value of another type.
    (
        &["0x80048d19"],
        Never,
        "The table has another form here than in the source: import the same solution version into both, check again, then start again.",
    ),
    // CrmHttpError: no such segment
    (
        &["0x8006088a"],
        Never,
        "Import the solution that brings this table or column, check again, then start again.",
    ),
    // QueryBuilderNoAttribute
    (
        &["0x80041103"],
        Never,
        "Take the column out of the schema or its filter, or import the solution that brings it.",
    ),
    // InvalidStateCodeStatusCode
    (
        &["0x80048408"],
        Never,
        "Give the row a status that belongs to its state, and that this environment has, then start again.",
    ),
    // CurrencyCannotBeNullDueToNonNullMoneyFields
    (&["0x80048cfb"], Never, "Give the row a currency in the source: its money columns need one."),
    // DuplicateIsoCurrencyCode
    (
        &["0x80048cf3"],
        Never,
        "The environment has this currency with another id: leave this row out, and let what points to it point to the environment's.",
    ),
    // BaseCurrencyCannotBeDeactivated, ExchangeRateOfBaseCurrencyNotUpdatable, BaseCurrencyNotDeletable
    (&["0x80048cf4", "0x80048cf5", "0x80048cff"], Never, BASE_CURRENCY),
    // MultipleRootBusinessUnit, RootBusinessUnitCannotBeDisabled
    (&["0x8004a10c", "0x80041d63"], Never, ROOT_UNIT),
    // CannotUpdateNameDefaultTeam, CannotSetParentDefaultTeam, CannotDeleteDefaultTeam
    (&["0x8004830a", "0x80048308", "0x80048307"], Never, DEFAULT_TEAM),
    // CannotAddMembersToDefaultTeam, CannotRemoveMembersFromDefaultTeam
    (
        &["0x8004830b", "0x8004830c"],
        Never,
        "The members of a default team are those of its business unit: leave the links out.",
    ),
    // AttachmentBlocked, unManagedidsattachmentinvalidfilesize
    (&["0x80043e09", "0x80044a02"], Never, FILE),
    // ThrottlingBurstRequestLimitExceeded, ThrottlingTimeExceeded, ThrottlingConcurrencyLimitExceeded
    (&["0x80072322", "0x80072321", "0x80072326"], AfterWait, LATER),
    // Generic SQL error (a deadlock's victim), SQL timeout: rolled back.
    (&["0x80044150", "0x80044151"], AfterWait, LATER),
    // IsvAborted
    (
        &["0x80040265"],
        Never,
        "A plug-in of the environment refuses this, with its own words: satisfy it, or switch the step off while the import runs.",
    ),
    // DuplicateRecordsFound
    (
        &["0x80040333"],
        Never,
        "A duplicate detection rule found a like row: change one of the two, or unpublish the rule while the import runs.",
    ),
    // AggregateQueryRecordLimitExceeded
    (&["0x8004e023"], Never, "The filter counts more than 50,000 rows: narrow it, then start again."),
    // unManagedidspropbagattributenotnullable
    (&["0x8004203e"], Never, "Fill the column in the source: the system lets it not be empty."),
    // CannotUpdateBecauseItIsReadOnly
    (&["0x8004022e"], Never, "The service keeps this itself: leave it out of the schema."),
    // InvalidDateTime
    (&["0x80040239"], Never, "Correct the date in the source; the service takes dates from 1753 on."),
    // TooManySelectionsForAttributeType
    (&["0x80050222"], Never, "Select fewer options in the source."),
    // SdkEntityDoesNotSupportMessage
    (
        &["0x80040800"],
        Never,
        "Rows of this table are not written this way: leave the table out of the schema.",
    ),
    // QueryBuilderNoEntity
    (
        &["0x80041102"],
        Never,
        "Take the table out of the filter, or import the solution that brings it, then start again.",
    ),
    // InvalidFetchXml
    (&["0x80040303"], Never, "Correct the FetchXML of the table's filter in the schema."),
    // CannotDeleteDueToAssociation
    (&["0x80040227"], Never, "Remove what points to the row first, or keep the row."),
    // BusinessUnitIsNotDisabledAndCannotBeDeleted, -HasChild-, -DefaultTeamOwnsRecords; CannotDeleteTeamOwningRecords
    (
        &["0x80041d60", "0x80041d61", "0x80041d62", "0x8004830e"],
        Never,
        "Give what belongs to it to another owner, remove its children and disable it first, or keep the row.",
    ),
    // DuplicateProductPriceLevel
    (
        &["0x80043b08"],
        Never,
        "The price list has a price for this product and unit already: leave one of the two out.",
    ),
    // InvalidBaseUnit, UnitNotInSchedule, BaseUnitNotNull, BaseUnitNotDeletable, MissingUomScheduleId, MissingUomId,
    // MissingProductId, MissingPriceLevelId
    (
        &[
            "0x80043b0b",
            "0x80043b16",
            "0x80043b17",
            "0x80043b03",
            "0x80043b0a",
            "0x80043b0d",
            "0x80043b11",
            "0x80043b12",
        ],
        Never,
        "Bring the unit group with its base unit, the product and the price list first, and let the row name them.",
    ),
    // ProductFromActiveToDraftState and its like, ProductCanOnlyBeUpdatedInDraft
    (
        &["0x8004f912", "0x8004f913", "0x8004f977", "0x8004f978", "0x8004f979", "0x8004f995"],
        Never,
        "A product changes only as a draft, and goes from draft to active to retired: revise it in the environment, then start again.",
    ),
    // CannotDeleteActiveSla, ActiveSlaCannotEdit
    (&["0x8004f870", "0x8004f871"], Never, "Deactivate the service level agreement, then start again."),
    // CannotPublishEmptyRule
    (&["0x80048414"], Never, "Bring the conditions of the duplicate rule too, then start again."),
    // CannotPublishMoreRules
    (
        &["0x80048419"],
        Never,
        "Unpublish a duplicate rule of the same table, since five can be published at a time, then start again.",
    ),
    // CannotDeleteUpdateInUseRule, RuleAlreadyPublishing, RulesInInconsistentStateFound
    (
        &["0x80048428", "0x80048434", "0x80048423"],
        Never,
        "Wait until the duplicate rule is published or unpublish it, then start again.",
    ),
    // UpdatePublishedWorkflowDefinition
    (&["0x80045002"], Never, "Deactivate the process first, or move it with its solution."),
    // ConnectionRoleNotValidForObjectType, CannotConnectToSelf
    (
        &["0x80048215", "0x80048217"],
        Never,
        "Let the connection join two rows of tables that its role is made for, then start again.",
    ),
    // CannotActOnBehalfOfAnotherUser
    (&["0x8004a110"], Never, PRIVILEGE),
];
