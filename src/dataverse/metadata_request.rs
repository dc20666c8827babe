//! Asking for a table's metadata: one request for what all columns have, one for each typed property.

use crate::part::Part;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Characters that a name in an address may hold as they are.
const NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_');

/// Parts asked per table, in this order; see [`crate::metadata_answer`].
pub(crate) const PARTS_A_TABLE: usize = 8;

/// Properties that only a cast shows: `$expand=Attributes` gives the base type's alone.
const CASTS: [(&str, &str); PARTS_A_TABLE - 1] = [
    ("DateTimeAttributeMetadata", "DateTimeBehavior"),
    ("StringAttributeMetadata", "MaxLength"),
    ("MemoAttributeMetadata", "MaxLength"),
    ("ImageAttributeMetadata", "IsPrimaryImage,CanStoreFullImage,MaxSizeInKB"),
    ("FileAttributeMetadata", "MaxSizeInKB"),
    ("DecimalAttributeMetadata", "Precision"),
    ("MoneyAttributeMetadata", "Precision"),
];

const EXPAND: &str = "Attributes($select=LogicalName,DisplayName,AttributeType,AttributeTypeName,\
IsValidForRead,IsValidForCreate,IsValidForUpdate,RequiredLevel),\
ManyToOneRelationships($select=ReferencingAttribute,ReferencedEntity,ReferencingEntityNavigationPropertyName),\
ManyToManyRelationships($select=SchemaName,IntersectEntityName,\
Entity1LogicalName,Entity1IntersectAttribute,Entity1NavigationPropertyName,\
Entity2LogicalName,Entity2IntersectAttribute,Entity2NavigationPropertyName),\
Keys($select=KeyAttributes)";

const SELECT: &str =
    "LogicalName,DisplayName,EntitySetName,PrimaryIdAttribute,PrimaryNameAttribute,IsActivity,IsIntersect";

/// The requests for one table.
pub(crate) fn table_parts(name: &str) -> Vec<Part> {
    let table = format!("EntityDefinitions(LogicalName='{}')", encoded(name));
    let whole = Part::get(&format!("{table}?$select={SELECT}&$expand={EXPAND}"));
    let casts = CASTS.iter().map(|(cast, property)| {
        Part::get(&format!("{table}/Attributes/Microsoft.Dynamics.CRM.{cast}?$select=LogicalName,{property}"))
    });
    std::iter::once(whole).chain(casts).collect()
}

/// Names come from files: a quote or a slash must not change the address.
fn encoded(name: &str) -> String {
    utf8_percent_encode(&name.replace('\'', "''"), NAME).to_string()
}

#[cfg(test)]
mod tests {
    use super::table_parts;

    #[test]
    fn a_table_is_asked_for_with_all_that_moving_its_rows_needs() {
        let paths: Vec<String> = table_parts("adx_webpage").into_iter().map(|p| p.path).collect();
        let table = "EntityDefinitions(LogicalName='adx_webpage')";
        assert!(
            paths[0].starts_with(&format!("{table}?$select=LogicalName,DisplayName,EntitySetName,")),
            "{}",
            paths[0]
        );
        assert!(paths[0].contains("&$expand=Attributes($select=LogicalName,"), "{}", paths[0]);
        let cast = format!("{table}/Attributes/Microsoft.Dynamics.CRM.");
        assert_eq!(
            paths[1..],
            [
                format!("{cast}DateTimeAttributeMetadata?$select=LogicalName,DateTimeBehavior"),
                format!("{cast}StringAttributeMetadata?$select=LogicalName,MaxLength"),
                format!("{cast}MemoAttributeMetadata?$select=LogicalName,MaxLength"),
                format!(
                    "{cast}ImageAttributeMetadata?$select=LogicalName,IsPrimaryImage,CanStoreFullImage,MaxSizeInKB"
                ),
                format!("{cast}FileAttributeMetadata?$select=LogicalName,MaxSizeInKB"),
                format!("{cast}DecimalAttributeMetadata?$select=LogicalName,Precision"),
                format!("{cast}MoneyAttributeMetadata?$select=LogicalName,Precision"),
            ]
        );
    }

    #[test]
    fn a_strange_table_name_cannot_change_the_address() {
        let path = &table_parts("a') or\r\n('/../b")[0].path;
        assert!(
            path.starts_with("EntityDefinitions(LogicalName='a%27%27%29%20or%0D%0A%28%27%27%2F%2E%2E%2Fb')?"),
            "{path}"
        );
    }
}
