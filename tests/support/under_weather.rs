//! A transport to an emulated environment in this process, through its weather and under virtual time.

use dataverse::virtual_time::VirtualClock;
use dataverse::{Client, Clock, EnvironmentUrl, Transport, TransportError};
use dataverse_emulator::{Environment, Exchange, Traffic, Weather};
use http::header::{AUTHORIZATION, RETRY_AFTER};
use http::{HeaderValue, Request, Response};
use migration::{Control, Go, ImportOptions, ImportReport, Journal, LoadedPackage, Problem};
use std::cell::{Cell, Ref, RefCell};
use std::rc::Rc;
use std::time::Duration;

/// Hands requests to an environment and waits as long as the answers take. Clones share both.
#[derive(Clone)]
pub struct UnderWeather {
    traffic: Rc<RefCell<Traffic>>,
    clock: VirtualClock,
    /// How often the token was renewed.
    renewed: Rc<Cell<u32>>,
    /// How long the answers asked to wait, in seconds.
    asked_to_wait: Rc<Cell<u64>>,
    meanwhile: Rc<RefCell<Option<Meanwhile>>>,
}

/// What somebody else does to the environment.
type Meanwhile = Box<dyn FnMut(&mut Environment)>;

impl UnderWeather {
    /// The way to `environment` in this weather; the seed decides all chances.
    #[must_use]
    pub fn new(environment: Environment, weather: Weather, seed: u64) -> UnderWeather {
        let traffic = Rc::new(RefCell::new(Traffic::new(environment, weather, seed)));
        UnderWeather {
            traffic,
            clock: VirtualClock::default(),
            renewed: Rc::default(),
            asked_to_wait: Rc::default(),
            meanwhile: Rc::default(),
        }
    }

    /// The way to `environment` while nothing goes wrong and nothing takes time.
    #[must_use]
    pub fn calm(environment: Environment) -> UnderWeather {
        UnderWeather::new(environment, Weather::calm(), 0)
    }

    /// Changes the weather from now on; its rules begin to count.
    pub fn set_weather(&self, weather: Weather) {
        self.traffic.borrow_mut().set_weather(weather);
    }

    /// Before each request from now on, somebody else is at work in the environment.
    pub fn meanwhile(&self, work: impl FnMut(&mut Environment) + 'static) {
        self.meanwhile.replace(Some(Box::new(work)));
    }

    /// A client that goes this way.
    ///
    /// # Panics
    /// Never: the address is a constant.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the address is a constant, and a valid one")]
    pub fn client(&self) -> Client<UnderWeather, VirtualClock> {
        let url = EnvironmentUrl::parse("https://target.crm.dynamics.com").expect("a valid address");
        Client::new(url, self.clone(), self.clock.clone())
    }

    /// Checks, plans and imports a package, to the end whatever happens.
    ///
    /// # Errors
    /// As the engines.
    pub fn import(&self, package: &LoadedPackage) -> Result<ImportReport, Problem> {
        let client = self.client();
        self.clock.run(async {
            let (_, tables) = migration::check(&client, &package.schema, Some(package)).await?;
            let options = ImportOptions::default();
            let plan = migration::plan(&client, package, &tables, &options, &ToTheEnd, &mut |_| {}).await?;
            let mut nowhere = ();
            let journal = Journal::begin(&mut nowhere);
            Ok(migration::import(&client, package, &tables, &plan, journal, &ToTheEnd, &mut |_| {}).await)
        })
    }

    /// The time, and what runs under it.
    #[must_use]
    pub fn clock(&self) -> &VirtualClock {
        &self.clock
    }

    /// The environment behind the weather, and what the weather did.
    #[must_use]
    pub fn traffic(&self) -> Ref<'_, Traffic> {
        self.traffic.borrow()
    }

    /// The environment itself, to look at its rows.
    #[must_use]
    pub fn environment(&self) -> Ref<'_, Environment> {
        Ref::map(self.traffic(), Traffic::environment)
    }

    /// Lets everything arrive that is still on its way.
    pub fn let_the_last_ones_in(&self) {
        self.traffic.borrow_mut().pass_time(self.clock.now() + Duration::from_secs(120));
    }

    /// How often the client asked for a fresh token.
    #[must_use]
    pub fn renewed(&self) -> u32 {
        self.renewed.get()
    }

    /// How long the service asked to wait, all its refusals together.
    #[must_use]
    pub fn asked_to_wait(&self) -> Duration {
        Duration::from_secs(self.asked_to_wait.get())
    }

    fn keep_what_is_asked(&self, answer: &Response<Vec<u8>>) {
        let asked = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        self.asked_to_wait.set(self.asked_to_wait.get() + asked.unwrap_or(0));
    }
}

/// Never asks a run to stop.
struct ToTheEnd;

impl Control for ToTheEnd {
    fn go(&self) -> Go {
        Go::On
    }
}

impl Transport for UnderWeather {
    async fn send(&self, mut request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        let host = request.uri().host().unwrap_or_default().to_owned();
        let token = HeaderValue::try_from(format!("Bearer token-{}", self.renewed.get()));
        request.headers_mut().extend(token.ok().map(|token| (AUTHORIZATION, token)));
        if let Some(work) = self.meanwhile.borrow_mut().as_mut() {
            work(self.traffic.borrow_mut().environment_mut());
        }
        let exchange = self.traffic.borrow_mut().send(&request, self.clock.now());
        let Some(ends) = exchange.ends() else { return std::future::pending().await };
        self.clock.sleep(ends.saturating_sub(self.clock.now())).await;
        match exchange {
            Exchange::Answer { response, .. } => {
                self.keep_what_is_asked(&response);
                Ok(response)
            }
            Exchange::Cut { .. } | Exchange::Silence => Err(TransportError::Network { host }),
        }
    }

    async fn renew_token(&self) -> Result<(), TransportError> {
        self.renewed.set(self.renewed.get() + 1);
        Ok(())
    }
}
