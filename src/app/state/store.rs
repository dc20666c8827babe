//! The one handle to all state: pages read the model, and send commands through it.

use super::vault::{Question, Vault};
use super::{Filter, Model, RowsView, Window};
use browser::{
    demo::DemoHost,
    engine::Engine,
    files,
    protocol::{Address, Artifact, Asker, Command, End, Event, PackagePlace, RowsOf, RunHead, RunId, Stage},
    save_picker,
    storage::{self, Kept},
};
use leptos::prelude::*;
use migration::{ImportOptions, Mapping, Problem};
use wasm_bindgen::JsValue;

/// The demo environments: what is exported from, and what is imported into.
pub(crate) const DEMO_ENVIRONMENTS: [&str; 2] = ["Contoso Development", "Contoso Test"];

/// Under which name the browser keeps the environments used last.
const RECENT: &str = "recent";

/// The model, the engine behind it, and what must not be shown.
#[derive(Clone, Copy)]
pub(crate) struct Store {
    pub(super) model: RwSignal<Model>,
    engine: StoredValue<Option<Engine>, LocalStorage>,
    demo: StoredValue<Option<DemoHost>, LocalStorage>,
    /// Where credentials come from, in memory only.
    pub(super) vault: Vault,
    /// The number of the last question for rows.
    pub(super) asks: StoredValue<u32>,
}

/// The store of this page.
pub(crate) fn use_store() -> Store {
    #[expect(clippy::expect_used, reason = "the root component provides it before any other is made")]
    use_context::<Store>().expect("the store is provided at the root")
}

impl Store {
    /// Starts the engine.
    pub(crate) fn start() -> Store {
        let store = Store {
            model: RwSignal::default(),
            engine: StoredValue::new_local(None),
            demo: StoredValue::new_local(None),
            vault: Vault::default(),
            asks: StoredValue::default(),
        };
        match Engine::start(move |event, attachment| store.hear(event, attachment)) {
            Ok(engine) => store.engine.set_value(Some(engine)),
            Err(problem) => store.model.update(|model| model.told(Event::Lost(problem), now())),
        }
        store.model.update(|model| model.recent = storage::read(Kept::ForGood, RECENT).unwrap_or_default());
        store.begin_signing_in();
        store.send(Command::ListRuns);
        store
    }

    /// A part of the model that tells its readers only when it changes.
    pub(crate) fn select<T>(self, part: impl Fn(&Model) -> T + Send + Sync + 'static) -> Memo<T>
    where
        T: PartialEq + Send + Sync + 'static,
    {
        Memo::new(move |_| self.model.with(&part))
    }

    /// A part of the model, read where it is followed at every change: for what is cheap to draw again.
    pub(crate) fn read<T>(self, part: impl FnOnce(&Model) -> T) -> T {
        self.model.with(part)
    }

    /// A part of the model as it is now, without following it.
    pub(crate) fn peek<T>(self, part: impl FnOnce(&Model) -> T) -> T {
        self.model.with_untracked(part)
    }

    /// Sends a command.
    pub(crate) fn send(self, command: Command) {
        self.send_with(command, None);
    }

    /// Sends a command with its attachment.
    pub(crate) fn send_with(self, command: Command, attachment: Option<JsValue>) {
        if matches!(command, Command::Run | Command::OpenRun { .. }) {
            storage::ask_to_persist();
        }
        self.model.update(|model| model.asked(&command, now()));
        self.engine.with_value(|engine| {
            if let Some(engine) = engine {
                engine.send(&command, attachment);
            }
        });
    }

    /// Connects one end to a demo environment, and starts the demo when it is not running yet.
    pub(crate) fn connect_demo(self, end: End, name: &str) {
        match self.demo_port(name) {
            Some(Ok(port)) => {
                let address = Address::Demo { name: name.to_owned() };
                self.send_with(Command::Connect { end, address }, Some(port));
            }
            Some(Err(problem)) => self.model.update(|model| model.notice = Some(problem)),
            // The page is being left.
            None => {}
        }
    }

    fn demo_port(self, name: &str) -> Option<Result<JsValue, migration::Problem>> {
        let port = self.demo.try_update_value(|slot| {
            let demo = match slot.take() {
                Some(demo) => demo,
                None => DemoHost::start()?,
            };
            let port = demo.port(name);
            *slot = Some(demo);
            port
        });
        self.model.update(|model| model.demo = self.demo.with_value(Option::is_some));
        port
    }

    /// Connects both ends to the demo environments.
    pub(crate) fn try_demo(self) {
        let [source, target] = DEMO_ENVIRONMENTS;
        self.connect_demo(End::Source, source);
        self.connect_demo(End::Target, target);
    }

    /// Puts the demo environments back as they were delivered.
    pub(crate) fn reset_demo(self) {
        self.demo.with_value(|demo| {
            if let Some(demo) = demo {
                demo.reset();
            }
        });
        self.try_demo();
    }

    /// Goes on with a run that is kept: at once in the demo, or where its environment is connected already. Whether
    /// it could; otherwise it is wanted as soon as the environment is connected.
    pub(crate) fn go_on_with(self, run: RunId, head: RunHead) -> bool {
        let connected = self.peek(|model| is_connected(model, &head));
        if let Address::Demo { name } = &head.address
            && !connected
        {
            self.connect_demo(End::Target, name);
        } else if !connected {
            self.model.update(|model| model.kept.wanted = Some((run, head)));
            return false;
        }
        self.send(Command::OpenRun { run, as_another: false });
        true
    }

    /// Nobody wants to go on with a run any more.
    pub(crate) fn not_now(self) {
        self.model.update(|model| (model.kept.wanted, model.kept.another_user) = (None, None));
    }

    /// Deletes all that this app keeps in this browser.
    pub(crate) fn delete_local_data(self) {
        // It would write its state again.
        self.demo.set_value(None);
        self.model.update(|model| model.demo = false);
        self.send(Command::DeleteLocalData);
    }

    /// Makes the plan, with what the user decided so far.
    pub(crate) fn plan(self) {
        self.take_kept_mapping();
        let (options, mapping_of) =
            self.peek(|model| (model.import.draft.clone(), model.import.mapping_of.clone()));
        if let Some(address) = mapping_of {
            storage::write(Kept::ForGood, &mapping_name(&address), &options.mapping);
        }
        self.send(Command::Plan { options: Box::new(options) });
    }

    /// What was decided for this target before, where nothing is decided for it yet.
    fn take_kept_mapping(self) {
        let address = self.peek(|model| model.target.environment.got().map(|target| target.address.clone()));
        self.model.update(|model| {
            if model.import.mapping_of != address {
                let kept = address.as_deref().map(mapping_name);
                let kept = kept.and_then(|name| storage::read::<Mapping>(Kept::ForGood, &name));
                model.import.draft.mapping = kept.unwrap_or_default();
                model.import.mapping_of = address;
            }
        });
    }

    /// Changes what the next plan is made with.
    pub(crate) fn decide(self, change: impl FnOnce(&mut ImportOptions)) {
        self.model.update(|model| change(&mut model.import.draft));
    }

    /// Agrees to what concerns everybody, or does so no longer.
    pub(crate) fn agree(self, agreed: bool) {
        self.model.update(|model| model.import.agreed = agreed);
    }

    /// Looks for rows of the target by name.
    pub(crate) fn find_rows(self, table: String, text: String) {
        self.asks.update_value(|ask| *ask += 1);
        self.send(Command::FindRows { ask: self.asks.get_value(), table, text });
    }

    /// Shows other rows.
    pub(crate) fn filter_rows(self, of: RowsOf, change: impl FnOnce(&mut Filter)) {
        self.model.update(|model| change(&mut model.import.rows_mut(of).filter));
        self.ask_rows(of, Window::FIRST);
    }

    /// Sees to it that `first..last` of the filtered rows is here.
    pub(crate) fn need_rows(self, of: RowsOf, first: u64, last: u64) {
        if let Some(window) = self.peek(|model| model.import.rows(of).missing(first, last)) {
            self.ask_rows(of, window);
        }
    }

    /// Another ready-made schema is looked at.
    pub(crate) fn look_at_schema(self, id: String) {
        self.model.update(|model| model.export.looked_at = Some(id));
    }

    /// Whether the user says first where a package goes.
    pub(crate) fn pick_place(self, wanted: bool) {
        self.model.update(|model| model.export.pick_place = Some(wanted));
    }

    /// Exports what was counted; whoever wants to says first where to. Called while a click is handled: browsers let
    /// nobody else ask. `kind`: what people call such files; `refused`: what is said where the browser does not ask.
    pub(crate) fn export(
        self,
        kind: &str,
        refused: fn(&std::io::Error) -> Problem,
        begun: impl FnOnce() + 'static,
    ) {
        let picks = self.peek(|model| model.export.picks_place()) && save_picker::is_there();
        if !picks {
            self.send(Command::Export { place: PackagePlace::InBrowser });
            return begun();
        }
        let name = self.peek(|model| model.export.check.got().map(|check| check.file_name.clone()));
        let asked = save_picker::ask(&name.unwrap_or_default(), kind);
        wasm_bindgen_futures::spawn_local(async move {
            match asked.await {
                Ok(Some(handle)) => {
                    self.send_with(Command::Export { place: PackagePlace::PickedFile }, Some(handle));
                    begun();
                }
                // Whoever does not want to say where does not want to export.
                Ok(None) => {}
                Err(error) => self.model.update(|model| model.notice = Some(refused(&error))),
            }
        });
    }

    fn ask_rows(self, of: RowsOf, window: Window) {
        self.asks.update_value(|ask| *ask += 1);
        let query = self.peek(|model| RowsView::query(model.import.rows(of), of, window));
        self.send(Command::Query { ask: self.asks.get_value(), query });
    }

    fn hear(self, event: Event, attachment: Option<JsValue>) {
        match event {
            Event::CredentialWanted { ask, asker, origin, renew } => {
                self.answer(Question { ask, asker, origin, renew });
            }
            Event::File { name } => {
                if let Some(blob) = attachment {
                    files::download(&blob, &name);
                }
            }
            Event::Exported(ref export) => {
                let saved = export.saved;
                self.model.update(|model| model.told(event, now()));
                if !saved {
                    self.send(Command::Save(Artifact::Package));
                }
            }
            Event::Connected { .. } => {
                self.model.update(|model| model.told(event, now()));
                self.peek(|model| storage::write(Kept::ForGood, RECENT, &model.recent));
            }
            Event::PackageSearched { .. } => {
                self.model.update(|model| model.told(event, now()));
                self.show_found();
            }
            Event::Imported(_) | Event::RunBegun { .. } => {
                self.model.update(|model| model.told(event, now()));
                self.send(Command::ListRuns);
            }
            Event::LocalDataDeleted(deleted) => {
                let entries = storage::clear();
                self.model.update(|model| {
                    model.recent.clear();
                    model.kept.deleted = Some((deleted, entries));
                });
                self.send(Command::ListRuns);
            }
            Event::EnvironmentsListed { listing, .. }
            | Event::Failed { during: Stage::ListEnvironments(listing), .. } => {
                self.end_listing(listing);
                self.model.update(|model| model.told(event, now()));
            }
            _ => self.model.update(|model| model.told(event, now())),
        }
    }

    /// Takes an environment off those used last.
    pub(crate) fn forget_recent(self, url: &str) {
        self.model.update(|model| model.recent.retain(|known| known.url != url));
        self.peek(|model| storage::write(Kept::ForGood, RECENT, &model.recent));
    }

    /// Ends the run under way. What waits for a person waits no more.
    pub(crate) fn stop(self) {
        self.send(Command::Stop);
        [End::Source, End::Target].into_iter().for_each(|end| self.give_up(Asker::End(end)));
    }
}

/// Under which name the mapping for a target is kept.
fn mapping_name(address: &str) -> String {
    format!("mapping {address}")
}

/// Milliseconds since 1970.
pub(crate) fn now() -> f64 {
    js_sys::Date::now()
}

/// Whether a run's environment is the target already.
pub(crate) fn is_connected(model: &Model, head: &RunHead) -> bool {
    let there = model.target.environment.got().is_some();
    let same = match (&model.target.address, &head.address) {
        (Some(Address::Web { url, .. }), Address::Web { url: other, .. }) => url == other,
        (Some(Address::Demo { name }), Address::Demo { name: other }) => name == other,
        _ => false,
    };
    there && same
}
