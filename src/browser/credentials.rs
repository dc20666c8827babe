//! Credentials, asked of the page for each request: the page holds the sign-ins, the worker never keeps a token.

use crate::protocol::{Asker, Credential, Event};
use futures::channel::oneshot;
use std::{cell::RefCell, collections::HashMap, rc::Rc};

/// The questions that wait for the page's answer.
#[derive(Clone, Default)]
pub struct Credentials(Rc<RefCell<Asks>>);

#[derive(Default)]
struct Asks {
    last: u32,
    open: HashMap<u32, oneshot::Sender<Option<Credential>>>,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// By whom.
    pub asker: Asker,
    /// Where it goes: `https://host[:port]`.
    pub origin: &'a str,
    /// Whether the last one was refused there.
    pub renew: bool,
}

impl Credentials {
    /// Asks by posting [`Event::CredentialWanted`]. `None`: there is none.
    pub async fn ask(&self, wanted: Wanted<'_>, post: impl FnOnce(Event)) -> Option<Credential> {
        let (ask, answer) = self.open();
        let Wanted { asker, origin, renew } = wanted;
        post(Event::CredentialWanted { ask, asker, origin: origin.to_owned(), renew });
        answer.await.ok().flatten()
    }

    /// Takes in the page's answer. An answer nobody waits for is dropped.
    pub fn answer(&self, ask: u32, credential: Option<Credential>) {
        if let Some(waiting) = self.0.borrow_mut().open.remove(&ask) {
            // The request may have been cancelled meanwhile: then nobody wants it.
            let _ = waiting.send(credential);
        }
    }

    fn open(&self) -> (u32, oneshot::Receiver<Option<Credential>>) {
        let (sender, receiver) = oneshot::channel();
        let mut asks = self.0.borrow_mut();
        asks.last = asks.last.wrapping_add(1);
        let ask = asks.last;
        asks.open.insert(ask, sender);
        (ask, receiver)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{End, Token};
    use futures::executor::block_on;

    fn wanted(origin: &str) -> Wanted<'_> {
        Wanted { asker: Asker::End(End::Source), origin, renew: false }
    }

    #[test]
    fn each_answer_reaches_the_request_that_asked() {
        let credentials = Credentials::default();
        let asked = RefCell::new(Vec::new());
        let note = |event: Event| {
            if let Event::CredentialWanted { ask, .. } = event {
                asked.borrow_mut().push(ask)
            }
        };
        let (first, second) = (wanted("https://a"), wanted("https://b"));
        let both = futures::future::join(credentials.ask(first, note), credentials.ask(second, note));
        let bearer = |token: &str| Some(Credential::Bearer(Token(token.into())));
        let answers = async {
            let asks = asked.borrow().clone();
            credentials.answer(asks[1], bearer("b"));
            credentials.answer(asks[0], None);
            credentials.answer(99, bearer("nobody's"));
        };
        let ((a, b), ()) = block_on(futures::future::join(both, answers));
        assert_eq!((a, b), (None, bearer("b")));
    }
}
