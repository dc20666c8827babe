//! Which environments somebody has, by the discovery service of a cloud.

use crate::connect::Doors;
use browser::{clock::BrowserClock, protocol::Asker};
use dataverse::{Cancel, Cloud, ListedEnvironment};
use migration::Problem;

/// Asks the service with the credential that the page has for this listing.
pub(crate) fn list(
    doors: &Doors,
    listing: u32,
    cloud: Cloud,
) -> impl Future<Output = Result<Vec<ListedEnvironment>, Problem>> + use<> {
    let transport = doors.fetch(cloud.discovery_origin(), Asker::Listing(listing));
    async move {
        let origin = cloud.discovery_origin();
        Ok(dataverse::list_environments(origin, transport, BrowserClock, &Cancel::default()).await?)
    }
}
