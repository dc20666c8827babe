//! Access tokens, asked of the page for each request: the page holds the sign-in, the worker never keeps one.

use crate::protocol::{Event, Token};
use futures::channel::oneshot;
use std::{cell::RefCell, collections::HashMap, rc::Rc};

/// The questions that wait for the page's answer.
#[derive(Clone, Default)]
pub struct Tokens(Rc<RefCell<Asks>>);

#[derive(Default)]
struct Asks {
    last: u32,
    open: HashMap<u32, oneshot::Sender<Option<Token>>>,
}

impl Tokens {
    /// Asks for a token for `origin` by posting [`Event::TokenWanted`]. `None`: there is none.
    pub async fn ask(&self, origin: &str, post: impl FnOnce(Event)) -> Option<Token> {
        let (ask, answer) = self.open();
        post(Event::TokenWanted { ask, origin: origin.to_owned() });
        answer.await.ok().flatten()
    }

    /// Takes in the page's answer. An answer nobody waits for is dropped.
    pub fn answer(&self, ask: u32, token: Option<Token>) {
        if let Some(waiting) = self.0.borrow_mut().open.remove(&ask) {
            // The request may have been cancelled meanwhile: then nobody wants the token.
            let _ = waiting.send(token);
        }
    }

    fn open(&self) -> (u32, oneshot::Receiver<Option<Token>>) {
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
    use futures::executor::block_on;

    #[test]
    fn each_answer_reaches_the_request_that_asked() {
        let tokens = Tokens::default();
        let asked = RefCell::new(Vec::new());
        let note = |e: Event| {
            if let Event::TokenWanted { ask, .. } = e {
                asked.borrow_mut().push(ask)
            }
        };
        let both = futures::future::join(tokens.ask("https://a", note), tokens.ask("https://b", note));
        let answers = async {
            let asks = asked.borrow().clone();
            tokens.answer(asks[1], Some(Token("b".into())));
            tokens.answer(asks[0], None);
            tokens.answer(99, Some(Token("nobody's".into())));
        };
        let ((a, b), ()) = block_on(futures::future::join(both, answers));
        assert_eq!((a, b), (None, Some(Token("b".into()))));
    }
}
