//! Full images in the place of the thumbnails that a row's JSON has: what compares, verifies or keeps rows then sees what
//! the environment keeps.

use crate::Problem;
use crate::planning::FILES_AT_ONCE;
use crate::reading::{Rows, Wanted};
use crate::side_by_side::side_by_side;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dataverse::{Client, Clock, Error, TableMetadata, Transport};
use serde_json::Value as Json;
use uuid::Uuid;

/// An image that is to be read in full size.
#[derive(Debug)]
pub(crate) struct FullImage {
    /// The caller's number of the record.
    pub(crate) number: usize,
    pub(crate) row: Uuid,
    pub(crate) column: String,
}

impl FullImage {
    /// The images of these rows in the selected columns that keep them in full size; nothing selected: all columns are.
    pub(crate) fn of(
        table: &TableMetadata,
        select: &[String],
        rows: impl Iterator<Item = Wanted>,
    ) -> Vec<FullImage> {
        let is_selected = |column: &String| select.is_empty() || select.contains(column);
        let columns = table.columns.iter().filter(|column| column.readable && column.stores_full_image());
        let columns: Vec<&String> = columns.map(|column| &column.name).filter(|c| is_selected(c)).collect();
        let of_row = |wanted: Wanted| {
            let image = move |column: &&String| FullImage {
                number: wanted.number,
                row: wanted.id,
                column: (*column).clone(),
            };
            columns.iter().map(image).collect::<Vec<_>>()
        };
        rows.flat_map(of_row).collect()
    }
}

/// Puts each image that a row has into it, in full size. Brings the refusal, where the service refused one.
///
/// # Errors
/// Where the environment cannot be asked any more.
pub(crate) async fn put_full_images<T: Transport, C: Clock>(
    client: &Client<T, C>,
    set: &str,
    images: &[FullImage],
    rows: &mut Rows,
) -> Result<Option<Problem>, Problem> {
    let has_image = |image: &&FullImage| {
        rows.get(&image.row).and_then(|row| row.get(&image.column)).is_some_and(Json::is_string)
    };
    let there: Vec<&FullImage> = images.iter().filter(has_image).collect();
    let (mut waiting, mut refused) = (there.into_iter(), None);
    let start = |_: &mut &mut Rows| {
        let request = |image: &FullImage| {
            let (row, column) = (image.row, image.column.clone());
            async move {
                let found = client.download_image(set, row, &column).await;
                (row, column, found)
            }
        };
        Ok(waiting.next().map(request))
    };
    let take = |rows: &mut &mut Rows, (row, column, found): (Uuid, String, Result<_, Error>)| {
        match found {
            // It was there a moment ago as a thumbnail alone: so it was set before the column kept full images.
            Ok(None) => {}
            Ok(Some(image)) => {
                let image: Vec<u8> = image;
                if let Some(row) = rows.get_mut(&row) {
                    row.insert(column, Json::from(STANDARD.encode(image)));
                }
            }
            Err(error) => {
                let problem = Problem::from(error);
                // Whatever stands in the way of all that follows says nothing of this table.
                if problem.ends_the_run() {
                    return Err(problem);
                }
                refused = Some(problem.at_column(&column));
            }
        }
        Ok(())
    };
    side_by_side(&mut &mut *rows, || client.requests_at_once().min(FILES_AT_ONCE), start, take).await?;
    Ok(refused)
}
