//! Tables as an environment has them: exact names, what may be written, where lookups lead.

use uuid::Uuid;

/// A table (`EntityMetadata`), with what moving its rows needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableMetadata {
    /// `LogicalName`
    pub name: String,
    /// `DisplayName` in the user's language, else the logical name.
    pub display_name: String,
    /// `EntitySetName`: the name in URLs.
    pub set: String,
    /// `PrimaryIdAttribute`
    pub primary_id: String,
    /// `PrimaryNameAttribute`
    pub primary_name: Option<String>,
    /// `IsActivity`
    pub is_activity: bool,
    /// `IsIntersect`: rows are links, written by associate only.
    pub is_intersect: bool,
    /// `Attributes`
    pub columns: Vec<ColumnMetadata>,
    /// `ManyToOneRelationships`: one entry a lookup column and target.
    pub lookups: Vec<LookupRelationship>,
    /// `ManyToManyRelationships`
    pub many_to_many: Vec<ManyToManyRelationship>,
    /// `Keys`: columns of each alternate key.
    pub keys: Vec<Vec<String>>,
    /// `MetadataId`
    pub id: Option<Uuid>,
}

/// A column (`AttributeMetadata`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnMetadata {
    /// `LogicalName`
    pub name: String,
    /// `DisplayName`, else the logical name.
    pub display_name: String,
    /// `AttributeType` / `AttributeTypeName`
    pub kind: ColumnKind,
    /// `IsValidForRead`
    pub readable: bool,
    /// `IsValidForCreate`
    pub creatable: bool,
    /// `IsValidForUpdate`
    pub updatable: bool,
    /// `RequiredLevel`: rows must have a value, or forms ask for one.
    pub required: bool,
    /// `MaxLength` of text columns.
    pub max_length: Option<u32>,
    /// `DateTimeBehavior` of date columns.
    pub date_behavior: Option<DateBehavior>,
    /// `MaxSizeInKB` of image and file columns.
    pub max_size_kb: Option<u32>,
    /// `Precision` of decimal and money columns: digits kept after the point.
    pub precision: Option<u32>,
    /// What is said of image columns alone.
    pub image: Option<ImageColumn>,
}

/// What is said of image columns alone (`ImageAttributeMetadata`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageColumn {
    /// `IsPrimaryImage`: the one image of a table that a create may set.
    pub is_primary: bool,
    /// `CanStoreFullImage`: images are kept as they come. Else only their thumbnails are.
    pub stores_full_image: bool,
}

impl ColumnMetadata {
    /// Whether images of this column are kept as they come, apart from the thumbnails that rows show.
    #[must_use]
    pub fn stores_full_image(&self) -> bool {
        self.image.is_some_and(|image| image.stores_full_image)
    }
}

/// What a column's JSON looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the service's AttributeTypeCode, with Memo read as Text")]
pub enum ColumnKind {
    Text,
    Integer,
    BigInt,
    Decimal,
    Money,
    Double,
    Boolean,
    DateTime,
    Choice,
    Choices,
    State,
    Status,
    Id,
    Lookup,
    Customer,
    Owner,
    PartyList,
    Image,
    File,
    EntityName,
    /// `Virtual`, `ManagedProperty`, `CalendarRules`: nothing that moves.
    Other,
}

/// How the service keeps a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateBehavior {
    /// An instant; JSON with `Z`.
    UserLocal,
    /// A day; JSON `2021-04-04`.
    DateOnly,
    /// A wall-clock time; JSON with `Z` that means nothing.
    TimeZoneIndependent,
}

/// A lookup column and one of its targets (`OneToManyRelationshipMetadata` seen from the many side).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookupRelationship {
    /// `ReferencingAttribute`: the lookup column.
    pub column: String,
    /// `ReferencedEntity`: the target table.
    pub target: String,
    /// `ReferencingEntityNavigationPropertyName`: what `@odata.bind` needs; case counts.
    pub navigation: String,
}

/// A many-to-many relationship (`ManyToManyRelationshipMetadata`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManyToManyRelationship {
    /// `SchemaName`
    pub schema_name: String,
    /// `IntersectEntityName`
    pub intersect_table: String,
    /// `Entity1LogicalName`, `Entity1IntersectAttribute`, `Entity1NavigationPropertyName`
    pub first: ManyToManySide,
    /// `Entity2LogicalName`, `Entity2IntersectAttribute`, `Entity2NavigationPropertyName`
    pub second: ManyToManySide,
}

/// One side of a many-to-many relationship.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManyToManySide {
    /// The table on this side.
    pub table: String,
    /// Its column in the intersect table.
    pub intersect_column: String,
    /// The collection on this side's rows that holds the other side's.
    pub navigation: String,
}

impl TableMetadata {
    /// The column of that logical name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&ColumnMetadata> {
        self.columns.iter().find(|c| c.name == name)
    }

    /// The navigation property that sets `column` to a row of `target`.
    #[must_use]
    pub fn navigation(&self, column: &str, target: &str) -> Option<&str> {
        let found = self.lookups.iter().find(|l| l.column == column && l.target == target);
        found.map(|l| l.navigation.as_str())
    }

    /// The relationship whose rows stand in `intersect_table`.
    #[must_use]
    pub fn relationship(&self, intersect_table: &str) -> Option<&ManyToManyRelationship> {
        self.many_to_many.iter().find(|r| r.intersect_table == intersect_table)
    }
}
