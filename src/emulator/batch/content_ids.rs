//! `$1`: what an earlier item of the same change set wrote.

use super::payload;
use crate::error::Refusal;
use serde_json::Value;
use std::collections::HashMap;

/// The addresses of what the items of a change set wrote, by their `Content-ID`.
#[derive(Clone, Debug, Default)]
pub(super) struct Known(HashMap<String, String>);

impl Known {
    pub(super) fn add(&mut self, content_id: String, address: String) {
        self.0.insert(content_id, address);
    }

    /// The URL with addresses in the place of `$1`, at its start and after `$id=`.
    pub(super) fn in_url(&self, target: &str) -> Result<String, Refusal> {
        let target = self.in_reference(target)?;
        let Some((path, reference)) = target.split_once("$id=") else { return Ok(target) };
        Ok(format!("{path}$id={}", self.in_reference(reference)?))
    }

    /// The body with addresses in the place of `$1` in its binds and references, however deep.
    pub(super) fn in_body(&self, body: &[u8]) -> Result<Vec<u8>, Refusal> {
        // Most bodies have none, and a file is no JSON.
        let has_any = body.windows(2).any(|pair| pair == b"\"$" || pair == b"/$");
        let Some(mut value) = has_any.then(|| serde_json::from_slice::<Value>(body).ok()).flatten() else {
            return Ok(body.to_vec());
        };
        self.in_value(&mut value)?;
        Ok(value.to_string().into_bytes())
    }

    fn in_value(&self, value: &mut Value) -> Result<(), Refusal> {
        match value {
            Value::Array(items) => items.iter_mut().try_for_each(|item| self.in_value(item)),
            Value::Object(members) => members.iter_mut().try_for_each(|(name, value)| {
                let is_reference = name.ends_with("@odata.bind") || name == "@odata.id";
                if is_reference { self.in_references(value) } else { self.in_value(value) }
            }),
            _ => Ok(()),
        }
    }

    /// One reference, or a list of them.
    fn in_references(&self, value: &mut Value) -> Result<(), Refusal> {
        match value {
            Value::String(text) => {
                *text = self.in_reference(text)?;
                Ok(())
            }
            Value::Array(items) => items.iter_mut().try_for_each(|item| self.in_references(item)),
            _ => Ok(()),
        }
    }

    fn in_reference(&self, text: &str) -> Result<String, Refusal> {
        let Some((id, rest)) = content_reference(text) else { return Ok(text.to_owned()) };
        let unknown =
            || payload(&format!("Content-ID Reference: '${id}' does not exist in the batch context."));
        Ok(format!("{}{rest}", self.0.get(id).ok_or_else(unknown)?))
    }
}

/// `$1` or `/$1/collection/$ref` -> (`1`, what follows)
fn content_reference(text: &str) -> Option<(&str, &str)> {
    let rest = text.trim_start_matches('/').strip_prefix('$')?;
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let id = &rest[..end];
    (!id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit())).then_some((id, &rest[end..]))
}

#[cfg(test)]
mod tests {
    use crate::batch::tests::{PAGES, change_set, page, run, statuses};
    use crate::testing::{get, id, portal};

    #[test]
    fn later_items_name_earlier_ones_in_urls_and_binds() {
        let mut environment = portal();
        let child = format!("{{\"adx_webpageid\":\"{}\",\"adx_parentpageid@odata.bind\":\"$1\"}}", id(2));
        let body =
            change_set(&[(PAGES, &page(1)), (PAGES, &child), ("PATCH $2", "{\"adx_name\":\"child\"}")])
                + "--b--\r\n";
        let (_, text) = run(&mut environment, &body, &[]);
        assert_eq!(statuses(&text), [204, 204, 204], "{text}");
        let row = get(&mut environment, &format!("adx_webpages({})", id(2)));
        assert_eq!(
            (row["adx_name"].as_str(), row["_adx_parentpageid_value"].as_str()),
            (Some("child"), Some(id(1).as_str()))
        );
    }

    #[test]
    fn items_are_linked_by_their_numbers() {
        let mut environment = portal();
        let tag = format!("{{\"adx_pagetagid\":\"{}\"}}", id(3));
        let tags = "POST /api/data/v9.2/adx_pagetags";
        let link = ("POST $1/adx_pagetag_webpage/$ref", "{\"@odata.id\":\"$2\"}");
        let body = change_set(&[(PAGES, &page(1)), (tags, &tag), link]) + "--b--\r\n";
        let (_, text) = run(&mut environment, &body, &[]);
        assert_eq!(statuses(&text), [204, 204, 204], "{text}");
        assert_eq!(environment.links("adx_pagetag_webpage").len(), 1);
        let tag = format!("PATCH /api/data/v9.2/adx_pagetags({})", id(3));
        let apart = format!("DELETE /api/data/v9.2/adx_webpages({})/adx_pagetag_webpage/$ref?$id=$1", id(1));
        let body = change_set(&[(&tag, "{}"), (&apart, "")]) + "--b--\r\n";
        let (_, text) = run(&mut environment, &body, &[]);
        assert_eq!(statuses(&text), [204, 204], "{text}");
        assert_eq!(environment.links("adx_pagetag_webpage").len(), 0);
    }

    #[test]
    fn numbers_stand_in_lists_and_inside_of_rows() {
        let mut environment = portal();
        let parent =
            format!("{{\"adx_webpageid\":\"{}\",\"adx_webpage_webpage@odata.bind\":[\"$1\"]}}", id(2));
        let bulk = "{\"Targets\":[{\"adx_name\":\"b\",\"@odata.type\":\"Microsoft.Dynamics.CRM.adx_webpage\",\
                    \"adx_parentpageid@odata.bind\":\"$2\"}]}";
        let create = "POST /api/data/v9.2/adx_webpages/Microsoft.Dynamics.CRM.CreateMultiple";
        let body = change_set(&[(PAGES, &page(1)), (PAGES, &parent), (create, bulk)]) + "--b--\r\n";
        let (_, text) = run(&mut environment, &body, &[]);
        assert_eq!(statuses(&text), [204, 204, 200], "{text}");
        let children = format!("adx_webpages?$filter=_adx_parentpageid_value eq {}", id(2));
        assert_eq!(get(&mut environment, &children)["value"].as_array().unwrap().len(), 2);
    }

    #[test]
    fn a_number_that_comes_later_or_never_is_refused() {
        let mut environment = portal();
        let forward = change_set(&[("PATCH $2", "{\"adx_name\":\"x\"}"), (PAGES, &page(3))]) + "--b--\r\n";
        let (status, text) = run(&mut environment, &forward, &[]);
        assert_eq!(status, 400);
        assert!(text.contains("Content-ID Reference: '$2' does not exist in the batch context."), "{text}");
        let alone = crate::batch::tests::part("PATCH $1", "{\"adx_name\":\"x\"}") + "--b--\r\n";
        assert_eq!(run(&mut environment, &alone, &[]).0, 400);
        assert_eq!(environment.count("adx_webpage"), 0);
    }
}
