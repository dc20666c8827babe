//! `$metadata`: the service's model as CSDL.
//!
//! It holds the tables, the functions and actions, and the sets; the types of definitions and the members of the
//! messages' answers are left out. Source: Microsoft's pages on the service documents and on types of the Web API.

mod annotations;
mod container;
mod element;
mod entity_type;
mod operations;

use crate::answer::Answer;
use crate::api::Call;
use crate::environment::Environment;
use crate::error::Refusal;
use element::Element;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, Event};

/// The namespace of everything in the model; `mscrm` is short for it.
const NAMESPACE: &str = "Microsoft.Dynamics.CRM";

impl Environment {
    pub(in crate::metadata) fn model(&self, call: &Call) -> Result<Answer, Refusal> {
        if let Some(more) = call.segments.get(1) {
            return Err(Refusal::no_resource(&more.name));
        }
        call.options.allow(&[])?;
        let annotated = call.options.get("annotations") == Some("true")
            || call.prefer.wants("Org.OData.Core.V1.Description");
        let model = document(self, annotated);
        let mut writer = Writer::new(Vec::new());
        let declaration = Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None));
        let written = writer.write_event(declaration).and_then(|()| model.write(&mut writer));
        // The writer writes to memory, which has no way to fail.
        written.map_err(Refusal::not_implemented)?;
        Ok(Answer::xml(writer.into_inner()))
    }
}

fn document(environment: &Environment, annotated: bool) -> Element {
    let catalog = &environment.catalog;
    let schema = Element::new("Schema")
        .with("Namespace", NAMESPACE)
        .with("Alias", "mscrm")
        .with("xmlns", "http://docs.oasis-open.org/odata/ns/edm")
        .holding(Element::new("EntityType").with("Name", "crmbaseentity").with("Abstract", "true"))
        .holding(managed_property())
        .holding_all(catalog.tables.iter().map(|table| entity_type::entity_type(catalog, table, annotated)))
        .holding_all(operations::operations())
        .holding(container::container(catalog, annotated));
    Element::new("edmx:Edmx")
        .with("Version", "4.0")
        .with("xmlns:edmx", "http://docs.oasis-open.org/odata/ns/edmx")
        .holding_all(annotations::vocabularies())
        .holding(Element::new("edmx:DataServices").holding(schema))
}

/// The value of columns that tell whether a part of a managed solution may be changed.
fn managed_property() -> Element {
    let property = |name: &str, edm: &str| Element::new("Property").with("Name", name).with("Type", edm);
    Element::new("ComplexType")
        .with("Name", "BooleanManagedProperty")
        .holding(property("Value", "Edm.Boolean").with("Nullable", "false"))
        .holding(property("CanBeChanged", "Edm.Boolean").with("Nullable", "false"))
        .holding(property("ManagedPropertyLogicalName", "Edm.String").with("Unicode", "false"))
}

/// The type that a table's rows are of. Owners are principals, of whom users and teams are two kinds.
fn type_name(table: &str) -> &str {
    if table == "owner" { "principal" } else { table }
}

#[cfg(test)]
mod tests {
    use crate::Environment;
    use crate::testing::{portal, send};
    use quick_xml::Reader;
    use quick_xml::events::{BytesStart, Event};
    use serde_json::Value;
    use std::collections::{BTreeMap, BTreeSet};

    /// The elements of the document, each as its name, its attributes and the element around it.
    fn elements(environment: &mut Environment, query: &str, prefer: &str) -> Vec<Found> {
        let (status, _, answer) =
            send(environment, "GET", &format!("$metadata{query}"), &[("Prefer", prefer)], &Value::Null);
        assert_eq!(status, 200);
        assert_eq!(answer.headers()["content-type"], "application/xml");
        let text = String::from_utf8(answer.body().clone()).unwrap();
        let (mut reader, mut open, mut found) = (Reader::from_str(&text), Vec::new(), Vec::new());
        loop {
            match reader.read_event().unwrap() {
                Event::Start(element) => {
                    found.push(described(&element, &open));
                    open.push(found.len() - 1);
                }
                Event::Empty(element) => found.push(described(&element, &open)),
                Event::End(_) => drop(open.pop()),
                Event::Eof => return found,
                _ => {}
            }
        }
    }

    struct Found {
        name: String,
        attributes: BTreeMap<String, String>,
        around: Option<usize>,
    }

    impl Found {
        fn get(&self, name: &str) -> &str {
            self.attributes.get(name).map_or("", String::as_str)
        }
    }

    fn described(element: &BytesStart, open: &[usize]) -> Found {
        let attributes = element.attributes().map(|attribute| {
            let attribute = attribute.unwrap();
            (attribute.key.as_ref().to_owned(), attribute.value.into_owned())
        });
        Found {
            name: element.name().as_ref().to_owned(),
            attributes: attributes.collect(),
            around: open.last().copied(),
        }
    }

    /// The only element of that kind and name inside of that type.
    fn inside<'a>(found: &'a [Found], of: &str, kind: &str, name: &str) -> &'a Found {
        let is_inside =
            |element: &&Found| element.around.is_some_and(|around| found[around].get("Name") == of);
        let mut all = found.iter().filter(is_inside).filter(|e| e.name == kind && e.get("Name") == name);
        let first = all.next().unwrap_or_else(|| panic!("{kind} {name} in {of}"));
        assert!(all.next().is_none(), "{kind} {name} stands twice in {of}");
        first
    }

    #[test]
    fn properties_have_the_types_that_rows_show() {
        let found = elements(&mut portal(), "", "");
        for (table, property, edm) in [
            ("account", "accountid", "Edm.Guid"),
            ("account", "name", "Edm.String"),
            ("account", "revenue", "Edm.Decimal"),
            ("account", "_ownerid_value", "Edm.Guid"),
            ("account", "customertypecode", "Edm.Int32"),
            ("account", "contoso_interests", "Edm.String"),
            ("account", "entityimage", "Edm.Binary"),
            ("account", "versionnumber", "Edm.Int64"),
            ("contact", "birthdate", "Edm.Date"),
            ("contact", "createdon", "Edm.DateTimeOffset"),
            ("adx_webpage", "adx_hiddenfromsitemap", "Edm.Boolean"),
        ] {
            assert_eq!(inside(&found, table, "Property", property).get("Type"), edm, "{table}.{property}");
        }
        assert_eq!(inside(&found, "account", "Property", "name").get("Unicode"), "false");
    }

    #[test]
    fn navigation_properties_name_their_partners_and_the_column_behind_them() {
        let found = elements(&mut portal(), "", "");
        let company = inside(&found, "contact", "NavigationProperty", "parentcustomerid_account");
        assert_eq!(company.get("Type"), "mscrm.account");
        let back = inside(&found, "account", "NavigationProperty", company.get("Partner"));
        assert_eq!(
            (back.get("Type"), back.get("Partner")),
            ("Collection(mscrm.contact)", "parentcustomerid_account")
        );
        let constraint = found.iter().find(|e| {
            e.name == "ReferentialConstraint"
                && e.around.is_some_and(|around| std::ptr::eq(&raw const found[around], company))
        });
        let constraint = constraint.unwrap();
        assert_eq!(
            (constraint.get("Property"), constraint.get("ReferencedProperty")),
            ("_parentcustomerid_value", "accountid")
        );
        let tags = inside(&found, "adx_webpage", "NavigationProperty", "adx_pagetag_webpage");
        assert_eq!(
            (tags.get("Type"), tags.get("Partner")),
            ("Collection(mscrm.adx_pagetag)", "adx_pagetag_webpage")
        );
    }

    #[test]
    fn users_and_teams_are_principals() {
        let found = elements(&mut portal(), "", "");
        let base = |name: &str| {
            let is_meant = |e: &&Found| e.name == "EntityType" && e.get("Name") == name;
            found.iter().find(is_meant).unwrap().get("BaseType").to_owned()
        };
        assert_eq!(
            [base("systemuser"), base("team"), base("account")],
            ["mscrm.principal", "mscrm.principal", "mscrm.crmbaseentity"]
        );
        assert_eq!(inside(&found, "account", "NavigationProperty", "ownerid").get("Type"), "mscrm.principal");
        assert_eq!(inside(&found, "principal", "Property", "ownerid").get("Type"), "Edm.Guid");
    }

    #[test]
    fn every_type_partner_and_set_that_is_named_is_there() {
        let mut environment = portal();
        let found = elements(&mut environment, "", "");
        let types: BTreeSet<&str> = found
            .iter()
            .filter(|e| ["EntityType", "ComplexType"].contains(&e.name.as_str()))
            .map(|e| e.get("Name"))
            .collect();
        let sets: BTreeSet<&str> =
            found.iter().filter(|e| e.name == "EntitySet").map(|e| e.get("Name")).collect();
        assert_eq!(sets.len(), environment.tables().len());
        for element in &found {
            if element.name == "NavigationProperty" {
                let of = element.get("Type").trim_start_matches("Collection(").trim_end_matches(')');
                let of = of.trim_start_matches("mscrm.");
                assert!(types.contains(of), "{of}");
                inside(&found, of, "NavigationProperty", element.get("Partner"));
            }
            if element.name == "NavigationPropertyBinding" {
                assert!(sets.contains(element.get("Target")), "{}", element.get("Target"));
            }
        }
    }

    #[test]
    fn every_message_is_in_the_model() {
        let found = elements(&mut portal(), "", "");
        for message in crate::functions::messages() {
            let is_named = |kind: &str| found.iter().any(|e| e.name == kind && e.get("Name") == message.name);
            assert!(is_named("Function") || is_named("Action"), "{}", message.name);
            assert!(is_named("FunctionImport") || is_named("ActionImport"), "{}", message.name);
        }
    }

    #[test]
    fn annotations_come_where_they_are_asked_for() {
        let terms = |query: &str, prefer: &str| -> BTreeSet<String> {
            let found = elements(&mut portal(), query, prefer);
            let annotations = found.iter().filter(|e| e.name == "Annotation");
            annotations.map(|e| e.get("Term").rsplit('.').next().unwrap().to_owned()).collect()
        };
        assert_eq!(terms("", "").len(), 0);
        let all = ["ChangeTracking", "Computed", "Description", "Permissions"].map(str::to_owned);
        assert_eq!(terms("?annotations=true", ""), BTreeSet::from(all.clone()));
        assert_eq!(terms("", "odata.include-annotations=\"*\""), BTreeSet::from(all));
    }

    #[test]
    fn alternate_keys_are_told_without_being_asked_for() {
        let builder =
            Environment::builder("keys").key("transactioncurrency", "contoso_Iso", &["isocurrencycode"]);
        let found = elements(&mut builder.build().unwrap(), "", "");
        assert!(
            found.iter().any(|e| e.name == "PropertyValue" && e.get("PropertyPath") == "isocurrencycode")
        );
    }
}
