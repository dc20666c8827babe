//! An environment that outlives a reload of the page.

use crate::contoso::Contoso;
use browser::{clock, state_file};
use dataverse_emulator::{Environment, LoadError};
use http::{Request, Response};
use std::{cell::RefCell, rc::Rc, time::Duration};

/// Writes come in bursts: the state is kept once they pause for so long.
const PAUSE: Duration = Duration::from_millis(200);

/// An environment and whether its state is to be kept soon.
#[derive(Clone)]
pub(crate) struct Kept {
    which: Contoso,
    environment: Rc<RefCell<Environment>>,
    /// Counts answers: the state is kept when no more came during the pause.
    answers: Rc<RefCell<u64>>,
}

impl Kept {
    /// As it was left; as delivered where nothing (readable) was kept.
    pub(crate) async fn open(which: Contoso) -> Result<Kept, LoadError> {
        let left = state_file::read(which.state_file()).await;
        let environment = match left.and_then(|state| Environment::restore(&state).ok()) {
            Some(environment) => environment,
            None => which.build()?,
        };
        Ok(Kept { which, environment: Rc::new(RefCell::new(environment)), answers: Rc::default() })
    }

    /// Puts it back as it was delivered.
    pub(crate) async fn reset(&self) -> Result<(), LoadError> {
        self.environment.replace(self.which.build()?);
        state_file::remove(self.which.state_file()).await;
        Ok(())
    }

    /// Answers a request, and sees to it that what it changed is kept.
    pub(crate) fn answer(&self, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
        let response = self.environment.borrow_mut().answer(request);
        if request.method().is_safe() {
            return response;
        }
        *self.answers.borrow_mut() += 1;
        let (kept, seen) = (self.clone(), *self.answers.borrow());
        wasm_bindgen_futures::spawn_local(async move {
            clock::sleep(PAUSE).await;
            if *kept.answers.borrow() == seen {
                let state = kept.environment.borrow().save();
                // A browser that keeps nothing (some private windows) begins anew after a reload.
                let _kept = state_file::write(kept.which.state_file(), &state).await;
            }
        });
        response
    }
}
