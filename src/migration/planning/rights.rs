//! What the signed-in user may do, where a plan depends on it.

use crate::Problem;
use dataverse::{Client, Clock, Error, Transport};

/// Whether the user holds a privilege. Where the service does not say, the first write will: it refuses what the user
/// may not do.
///
/// # Errors
/// Where the environment cannot be asked any more.
pub(super) async fn holds<T: Transport, C: Clock>(
    client: &Client<T, C>,
    privilege: &str,
) -> Result<bool, Problem> {
    match client.holds_privilege(privilege).await {
        Ok(held) => Ok(held),
        Err(Error::Service(refusal)) => {
            let problem = Problem::from(refusal);
            if problem.ends_the_run() { Err(problem) } else { Ok(true) }
        }
        Err(other) => Err(other.into()),
    }
}
