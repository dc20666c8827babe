//! Bodies of answers: at once, or drop by drop.

use http_body_util::channel::Channel;
use http_body_util::{Either, Full};
use hyper::body::Bytes;
use std::time::Duration;

/// A whole body, or one that is still coming.
pub(crate) type AnswerBody = Either<Full<Bytes>, Channel<Bytes>>;

/// In so many pieces a slow body comes.
const PIECES: u32 = 20;

/// A body that takes so long.
pub(super) fn within(bytes: Vec<u8>, time: Duration) -> AnswerBody {
    let bytes = Bytes::from(bytes);
    if time.is_zero() || bytes.is_empty() {
        return Either::Left(Full::new(bytes));
    }
    let (mut sender, body) = Channel::new(1);
    tokio::spawn(async move {
        for piece in bytes.chunks(bytes.len().div_ceil(PIECES as usize)) {
            tokio::time::sleep(time / PIECES).await;
            // Nobody reads it any more.
            if sender.send_data(bytes.slice_ref(piece)).await.is_err() {
                return;
            }
        }
    });
    Either::Right(body)
}
