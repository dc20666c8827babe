//! Answers ports as environments.

use crate::{contoso::Contoso, keeping::Kept};
use browser::{
    clock,
    demo::DemoCommand,
    port::{Answer, PortServer},
};
use dataverse_emulator::LoadError;
use http::{HeaderValue, Request, header};
use std::{collections::HashMap, time::Duration};
use wasm_bindgen::JsValue;

/// How far away the environments pretend to be, so that progress can be seen.
const DISTANCE: Duration = Duration::from_millis(30);

/// The environments that were asked for, and the ports that lead to them.
#[derive(Default)]
pub(crate) struct Host {
    environments: HashMap<Contoso, Kept>,
    servers: Vec<PortServer>,
}

impl Host {
    /// Carries out one command of the page. What cannot be done leaves its port silent, which the other
    /// side reads as "no answer".
    pub(crate) async fn carry_out(&mut self, command: DemoCommand, port: Option<JsValue>) {
        let done = match (command, port) {
            (DemoCommand::Open { environment }, Some(port)) => self.open(&environment, port).await,
            (DemoCommand::Open { .. }, None) => Ok(()),
            (DemoCommand::Reset, _) => self.reset().await,
        };
        if let Err(error) = done {
            browser::console::error(&format!("The demo's sample data cannot be read: {error}"));
        }
    }

    async fn open(&mut self, name: &str, port: JsValue) -> Result<(), LoadError> {
        let Some(which) = Contoso::named(name) else { return Ok(()) };
        let kept = match self.environments.get(&which) {
            Some(kept) => kept.clone(),
            None => Kept::open(which).await?,
        };
        self.environments.insert(which, kept.clone());
        self.servers
            .extend(PortServer::new(port, move |request, answer| answer_later(&kept, request, answer)));
        Ok(())
    }

    /// Both environments, also the one that was not asked for since the page was loaded.
    async fn reset(&mut self) -> Result<(), LoadError> {
        for which in Contoso::ALL {
            match self.environments.get(&which) {
                Some(kept) => kept.reset().await?,
                None => browser::state_file::remove(which.state_file()).await,
            }
        }
        Ok(())
    }
}

fn answer_later(kept: &Kept, mut request: Request<Vec<u8>>, answer: Answer) {
    let kept = kept.clone();
    // Nobody signs in to the demo, but an environment answers only those who did.
    request.headers_mut().insert(header::AUTHORIZATION, HeaderValue::from_static("Bearer demo"));
    wasm_bindgen_futures::spawn_local(async move {
        clock::sleep(DISTANCE).await;
        answer.send(kept.answer(&request));
    });
}
