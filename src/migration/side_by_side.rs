//! What does not depend on each other is sent side by side, as many requests at once as the client says.

use crate::Problem;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use std::future::Future;

/// Starts requests while there is room for them and hands each answer on as it comes.
///
/// `start` brings the next request; nothing, where at the moment there is none. After a problem no further
/// request is started, but what is under way is heard to its end: no write is left in doubt for it.
///
/// # Errors
/// The first problem that `start` or `take` met.
pub(crate) async fn side_by_side<H, F: Future>(
    host: &mut H,
    room: impl Fn() -> usize,
    mut start: impl FnMut(&mut H) -> Result<Option<F>, Problem>,
    mut take: impl FnMut(&mut H, F::Output) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let mut under_way = FuturesUnordered::new();
    let mut ended = Ok(());
    loop {
        while ended.is_ok() && under_way.len() < room() {
            match start(host) {
                Ok(Some(request)) => under_way.push(request),
                Ok(None) => break,
                Err(problem) => ended = Err(problem),
            }
        }
        let Some(answer) = under_way.next().await else { return ended };
        let taken = take(host, answer);
        ended = ended.and(taken);
    }
}

#[cfg(test)]
mod tests {
    use super::side_by_side;
    use crate::{Problem, ProblemKind};
    use futures::FutureExt;
    use futures::channel::oneshot;
    use std::cell::RefCell;

    /// Requests that are answered from outside.
    #[derive(Default)]
    struct Host {
        answers: Vec<oneshot::Sender<u32>>,
        heard: Vec<u32>,
    }

    fn stop() -> Problem {
        Problem::new(ProblemKind::NotTried, "Stop.", "Go on.")
    }

    #[test]
    fn so_many_are_under_way_as_there_is_room_for() {
        let host = RefCell::new(Host::default());
        let mut run = Box::pin(async {
            let mut left = 5;
            let start = |host: &mut &RefCell<Host>| {
                let (answer, request) = oneshot::channel();
                left -= 1;
                host.borrow_mut().answers.push(answer);
                Ok((left >= 0).then_some(request))
            };
            let take = |host: &mut &RefCell<Host>, answer: Result<u32, _>| {
                host.borrow_mut().heard.push(answer.unwrap());
                Ok(())
            };
            side_by_side(&mut &host, || 2, start, take).await
        });
        assert!(run.as_mut().now_or_never().is_none());
        assert_eq!(host.borrow().answers.len(), 2);
        let second = host.borrow_mut().answers.remove(1);
        second.send(7).unwrap();
        assert!(run.as_mut().now_or_never().is_none());
        assert_eq!(host.borrow().heard, [7], "whichever comes first is taken first");
        assert_eq!(host.borrow().answers.len(), 2, "and another has its place");
    }

    #[test]
    fn after_a_problem_nothing_is_started_and_what_is_under_way_is_heard() {
        let mut started = 0;
        let mut heard = Vec::new();
        let start = |_: &mut ()| {
            started += 1;
            if started == 4 { Err(stop()) } else { Ok(Some(std::future::ready(started))) }
        };
        let take = |_: &mut (), answer| {
            heard.push(answer);
            Ok(())
        };
        let ended = side_by_side(&mut (), || 9, start, take).now_or_never().unwrap();
        assert_eq!((ended, started, heard.len()), (Err(stop()), 4, 3));
    }

    #[test]
    fn a_problem_with_an_answer_ends_the_starting_too() {
        let mut started = 0;
        let start = |_: &mut ()| {
            started += 1;
            Ok(Some(std::future::ready(())))
        };
        let ended = side_by_side(&mut (), || 3, start, |_, ()| Err(stop())).now_or_never().unwrap();
        assert_eq!((ended, started), (Err(stop()), 3));
    }
}
