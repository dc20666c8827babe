//! Images in full size: a row's JSON has their thumbnails only.

use super::Client;
use crate::operation::row_path;
use crate::part::Part;
use crate::sending::Repeat;
use crate::{Clock, Error, Transport};
use crate::{response, response::refusal_of};
use uuid::Uuid;

impl<T: Transport, C: Clock> Client<T, C> {
    /// The image in a column of a row of the set `set`, in full size. `None`: there is none, the row is not there, or
    /// the column keeps thumbnails only ([`crate::ImageColumn::stores_full_image`]).
    ///
    /// # Errors
    /// [`Error`], as with every request.
    pub async fn download_image(&self, set: &str, id: Uuid, column: &str) -> Result<Option<Vec<u8>>, Error> {
        let part = Part::get(&format!("{}/{column}/$value?size=full", row_path(set, id)));
        let arrived = self.alone(&part, Repeat::Always, 1).await?;
        if refusal_of(&arrived.answer).is_some_and(|refusal| refusal.is_not_found()) {
            return Ok(None);
        }
        let image = response::accepted(&part.label(), arrived.answer)?.into_body();
        Ok(Some(image).filter(|image| !image.is_empty()))
    }
}

#[cfg(test)]
mod tests {
    use crate::Error;
    use crate::testing::{Script, answer, refusal};
    use http::Response;
    use uuid::Uuid;

    fn downloaded(answer: Response<Vec<u8>>) -> (Result<Option<Vec<u8>>, Error>, String) {
        let script = Script::answers(vec![answer]);
        let image = script.run(script.client().download_image("accounts", Uuid::nil(), "entityimage"));
        (image, script.text(0))
    }

    #[test]
    fn an_image_comes_in_full_size_as_the_bytes_it_is() {
        let bytes = b"\x89PNG\r\n\x1a\n\xff";
        let (image, asked) = downloaded(Response::new(bytes.to_vec()));
        assert_eq!(image.unwrap().unwrap(), bytes);
        let path = "accounts(00000000-0000-0000-0000-000000000000)/entityimage/$value?size=full";
        assert!(asked.starts_with(&format!("GET https://contoso.crm.dynamics.com/api/data/v9.2/{path}")));
    }

    #[test]
    fn where_no_full_image_is_there_is_none_and_a_refusal_is_the_services_word() {
        assert_eq!(downloaded(answer(204, &[], "")).0, Ok(None));
        assert_eq!(downloaded(refusal(404, "0x80040217")).0, Ok(None));
        let (refused, _) = downloaded(refusal(403, "0x80040220"));
        assert!(matches!(refused, Err(Error::Service(refusal)) if refusal.is_forbidden()));
    }
}
