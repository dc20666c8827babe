//! Change tracking: `Prefer: odata.track-changes` and `$deltatoken`.

use super::{Expands, LARGEST_PAGE, Select, Wanted};
use crate::answer::{Answer, Object};
use crate::api::{Call, applied};
use crate::environment::Environment;
use crate::error::Refusal;
use crate::rows::{Grave, Row};
use time::OffsetDateTime;

/// Options that do not go with change tracking (Microsoft's page on it).
const REFUSED: &[&str] = &["$filter", "$orderby", "$expand", "$top"];
/// Seconds for which a token is good: `organization.expirechangetrackingindays` is 7 by default.
const TOKEN_LIFE: i64 = 7 * 86_400;

/// From where on changes are asked for.
struct Token {
    version: u64,
    /// Seconds since 1970.
    time: i64,
}

/// What became of a table since then.
struct Changes<'a> {
    /// New and changed rows in the order of their versions.
    rows: Vec<&'a Row>,
    deleted: Vec<Grave>,
}

impl Environment {
    /// All rows and a link to later changes, or the changes since a link was given.
    pub(crate) fn tracked(&self, call: &Call, table: usize) -> Result<Answer, Refusal> {
        if let Some(name) = REFUSED.iter().find(|name| call.options.get(name).is_some()) {
            let message =
                format!("The \"{name}\" query parameter isn't supported when Change Tracking is enabled.");
            return Err(Refusal::new(400, "0x80060888", message));
        }
        call.options.allow(&["$select", "$deltatoken"])?;
        let described = &self.catalog.tables[table];
        let select = Select::parse(described, &call.options.list("$select"))?;
        let changes = self.changes(call, table)?;
        let size = call.prefer.page_size.unwrap_or(LARGEST_PAGE).min(LARGEST_PAGE);
        if changes.rows.len() + changes.deleted.len() > size {
            return Err(Refusal::not_implemented("change tracking of more rows than a page has"));
        }
        let set = &described.entity_set;
        let columns = self.context_columns(table, &select, &Expands::default());
        let delta = if call.options.get("$deltatoken").is_some() { "/$delta" } else { "" };
        let mut body = Object::default();
        body.push("@odata.context", call.context(&format!("{set}{columns}{delta}")));
        body.push("@odata.deltaLink", self.delta_link(&call.url));
        let wanted = Wanted { select: &select, etag: true, also: Vec::new() };
        let rows = changes.rows.iter().map(|row| self.project(call, table, row, &wanted));
        let deleted = changes.deleted.iter().map(|grave| deleted_entity(call, set, *grave));
        body.push("value", rows.chain(deleted).collect::<Vec<_>>());
        Ok(applied(call, Answer::json(200, &body)))
    }

    /// `GET set/$count?$deltatoken=…`: how many changes there are.
    pub(crate) fn count_changes(&self, call: &Call, table: usize) -> Result<Answer, Refusal> {
        call.options.allow(&["$deltatoken"])?;
        let changes = self.changes(call, table)?;
        Ok(Answer::text(format!("\u{feff}{}", changes.rows.len() + changes.deleted.len())))
    }

    fn changes(&self, call: &Call, table: usize) -> Result<Changes<'_>, Refusal> {
        let described = &self.catalog.tables[table];
        if described.is_intersect {
            let message = format!("Entity {} isn't enabled for change tracking.", described.name);
            return Err(Refusal::new(400, "0x80072491", message));
        }
        let Some(token) = call.options.get("$deltatoken") else {
            return Ok(Changes { rows: self.store.rows(table).collect(), deleted: Vec::new() });
        };
        let token = self.token(token)?;
        let mut rows: Vec<&Row> = self.store.rows(table).filter(|row| row.version > token.version).collect();
        rows.sort_by_key(|row| row.version);
        Ok(Changes { rows, deleted: self.store.deleted_since(table, token.version) })
    }

    /// A token that is still good. The words for one that is broken are not known; the code for one that is too old
    /// is that of version stamps.
    fn token(&self, text: &str) -> Result<Token, Refusal> {
        let token = Token::parse(text).filter(|token| token.version <= self.store.version());
        let token = token.ok_or_else(|| Refusal::new(400, "0x80060888", "The delta token is not valid."))?;
        if self.now() - token.time <= TOKEN_LIFE {
            return Ok(token);
        }
        let message = "Version stamp associated with the client has expired. Please perform a full sync.";
        Err(Refusal::new(400, "0x80044352", message))
    }

    /// The same URL with a token for what comes after now.
    fn delta_link(&self, url: &str) -> String {
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let is_token = |pair: &&str| pair.starts_with("$deltatoken=") || pair.starts_with("%24deltatoken=");
        let mut kept: Vec<&str> =
            query.split('&').filter(|pair| !pair.is_empty() && !is_token(pair)).collect();
        let token = Token { version: self.store.version(), time: self.now() }.text();
        let option = format!("$deltatoken={token}");
        kept.push(&option);
        format!("{path}?{}", kept.join("&"))
    }
}

impl Token {
    /// `919042%2108%2f22%2f2017%2008%3a10%3a44`, as Microsoft's page on change tracking shows it.
    fn text(&self) -> String {
        let at = OffsetDateTime::from_unix_timestamp(self.time).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let (month, day, year) = (u8::from(at.month()), at.day(), at.year());
        let (hour, minute, second) = at.to_hms();
        format!(
            "{}%21{month:02}%2f{day:02}%2f{year:04}%20{hour:02}%3a{minute:02}%3a{second:02}",
            self.version
        )
    }

    /// Reads `919042!08/22/2017 08:10:44`.
    fn parse(text: &str) -> Option<Token> {
        let (version, time) = text.split_once('!')?;
        let (day, clock) = time.split_once(' ')?;
        let [month, day, year] = day.split('/').collect::<Vec<_>>()[..] else { return None };
        let time = crate::values::parse_instant(&format!("{year}-{month}-{day}T{clock}Z"))?;
        Some(Token { version: version.parse().ok()?, time })
    }
}

fn deleted_entity(call: &Call, set: &str, grave: Grave) -> Object {
    let mut entity = Object::default();
    entity.push("@odata.context", call.context(&format!("{set}/$deletedEntity")));
    entity.push("id", grave.id.to_string());
    entity.push("reason", "deleted");
    entity
}

#[cfg(test)]
mod tests {
    use crate::Environment;
    use crate::testing::{get, id, page, portal, post, refused, send};
    use serde_json::{Value, json};

    const TRACK: &[(&str, &str)] = &[("Prefer", "odata.track-changes")];

    fn pages(count: u8) -> Environment {
        let mut environment = portal();
        for number in 1..=count {
            post(&mut environment, "adx_webpages", &page(number, "p"));
        }
        environment
    }

    fn link(answer: &Value) -> String {
        let link = answer["@odata.deltaLink"].as_str().unwrap();
        link.strip_prefix("https://contoso.crm.dynamics.com/api/data/v9.2/").unwrap().to_owned()
    }

    #[test]
    fn a_delta_link_tells_of_new_changed_and_deleted_rows_once() {
        let mut environment = pages(3);
        let (_, first, answer) =
            send(&mut environment, "GET", "adx_webpages?$select=adx_name", TRACK, &Value::Null);
        assert_eq!(first["value"].as_array().unwrap().len(), 3);
        assert_eq!(answer.headers()["preference-applied"], "odata.track-changes");
        assert!(link(&first).starts_with("adx_webpages?$select=adx_name&$deltatoken=1000"), "{first}");
        assert_eq!(get(&mut environment, &link(&first))["value"], json!([]));

        post(&mut environment, "adx_webpages", &page(4, "new"));
        let one = format!("adx_webpages({})", id(1));
        send(&mut environment, "PATCH", &one, &[], &json!({"adx_name": "changed"}));
        send(&mut environment, "DELETE", &format!("adx_webpages({})", id(2)), &[], &Value::Null);
        let delta = get(&mut environment, &link(&first));
        let context =
            "https://contoso.crm.dynamics.com/api/data/v9.2/$metadata#adx_webpages(adx_name)/$delta";
        assert_eq!(delta["@odata.context"], context);
        let rows = delta["value"].as_array().unwrap();
        assert_eq!((&rows[0]["adx_name"], &rows[1]["adx_name"]), (&json!("new"), &json!("changed")));
        let deleted = json!({
            "@odata.context": "https://contoso.crm.dynamics.com/api/data/v9.2/$metadata#adx_webpages/$deletedEntity",
            "id": id(2), "reason": "deleted",
        });
        assert_eq!((rows.len(), &rows[2]), (3, &deleted));
        assert_eq!(get(&mut environment, &link(&delta))["value"], json!([]));
        let count = link(&first).replace("adx_webpages?$select=adx_name&", "adx_webpages/$count?");
        let (_, _, answer) = send(&mut environment, "GET", &count, &[], &Value::Null);
        assert_eq!(answer.body(), b"\xef\xbb\xbf3");
    }

    #[test]
    fn a_deletion_that_was_undone_is_no_change() {
        let mut environment = pages(1);
        let (_, first, _) = send(&mut environment, "GET", "adx_webpages", TRACK, &Value::Null);
        let table = environment.catalog.position("adx_webpage").unwrap();
        let mark = environment.store.mark();
        environment.store.remove(table, id(1).parse().unwrap());
        environment.store.undo_to(mark);
        assert_eq!(get(&mut environment, &link(&first))["value"], json!([]));
    }

    #[test]
    fn saved_environments_remember_what_was_deleted() {
        let mut environment = pages(2);
        let (_, first, _) = send(&mut environment, "GET", "adx_webpages", TRACK, &Value::Null);
        send(&mut environment, "DELETE", &format!("adx_webpages({})", id(2)), &[], &Value::Null);
        let mut restored = Environment::restore(&environment.save()).unwrap();
        assert_eq!(get(&mut restored, &link(&first))["value"][0]["id"], id(2).as_str());
    }

    #[test]
    fn what_change_tracking_does_not_do_is_refused() {
        let mut environment = pages(3);
        for option in ["$filter=adx_name eq 'p'", "$orderby=adx_name", "$expand=ownerid", "$top=1"] {
            let path = format!("adx_webpages?{option}");
            let (status, body, _) = send(&mut environment, "GET", &path, TRACK, &Value::Null);
            let name = option.split('=').next().unwrap();
            let message =
                format!("The \"{name}\" query parameter isn't supported when Change Tracking is enabled.");
            assert_eq!((status, &body["error"]["message"]), (400, &json!(message)));
        }
        let (status, body, _) = send(&mut environment, "GET", "adx_pagetag_webpageset", TRACK, &Value::Null);
        assert_eq!((status, &body["error"]["code"]), (400, &json!("0x80072491")));
        let paged = [("Prefer", "odata.track-changes,odata.maxpagesize=2")];
        let (status, ..) = send(&mut environment, "GET", "adx_webpages", &paged, &Value::Null);
        assert_eq!(status, 501, "changes in pages are not emulated");
        for path in [format!("adx_webpages({})", id(1)), format!("adx_webpages({})/createdby", id(1))] {
            assert_eq!(send(&mut environment, "GET", &path, TRACK, &Value::Null).0, 501, "{path}");
        }
    }

    #[test]
    fn a_token_lives_for_seven_days() {
        let mut environment = pages(1);
        let (_, first, _) = send(&mut environment, "GET", "adx_webpages", TRACK, &Value::Null);
        environment.set_time(environment.now() + 7 * 86_400 + 60);
        assert_eq!(refused(&mut environment, "GET", &link(&first), &Value::Null).1, "0x80044352");
        assert_eq!(refused(&mut environment, "GET", "adx_webpages?$deltatoken=1", &Value::Null).0, 400);
    }
}
