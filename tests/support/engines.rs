//! The engines against one emulated environment: check, plan, import, export as the worker drives them.

use crate::under_weather::UnderWeather;
use cmt::{DataPackage, Schema};
use dataverse::virtual_time::VirtualClock;
use dataverse::{Client, Clock};
use migration::{
    Check, Control, EnvironmentTables, Event, ExportOptions, ExportOrder, ExportReport, Go, ImportOptions,
    ImportReport, Journal, JournalStore, LoadedPackage, MemoryOutput, Plan, Problem, Survey,
};
use std::cell::Cell;
use std::time::Duration;

/// Export writes the time it is told.
const TIMESTAMP: &str = "2026-11-22T22:00:00.0000000Z";

/// Drives the engines and keeps their events.
pub struct Engines {
    client: Client<UnderWeather, VirtualClock>,
    way: UnderWeather,
    /// Everything the runs told so far.
    pub events: Vec<Event>,
    /// What the user decided about the next plan.
    pub options: ImportOptions,
    control: StopAfter,
}

/// Lets a run go on for so many questions.
struct StopAfter(Cell<Option<u32>>);

impl Control for StopAfter {
    fn go(&self) -> Go {
        match self.0.get() {
            None => Go::On,
            Some(0) => Go::Stop,
            Some(left) => {
                self.0.set(Some(left - 1));
                Go::On
            }
        }
    }
}

impl Engines {
    /// Engines that talk to the environment behind `way`.
    #[must_use]
    pub fn new(way: &UnderWeather) -> Engines {
        let control = StopAfter(Cell::new(None));
        Engines {
            client: way.client(),
            way: way.clone(),
            events: Vec::new(),
            // A scenario is about all that its package holds.
            options: ImportOptions { url_history: true, ..ImportOptions::default() },
            control,
        }
    }

    /// The next run is asked to stop after so many questions whether it may go on; `None`: never.
    pub fn stop_after(&self, questions: Option<u32>) {
        self.control.0.set(questions);
    }

    /// The way to the environment.
    #[must_use]
    pub fn way(&self) -> &UnderWeather {
        &self.way
    }

    /// How long the engines waited so far.
    #[must_use]
    pub fn waited(&self) -> Duration {
        self.way.clock().now()
    }

    /// Checks a package against the environment.
    ///
    /// # Errors
    /// As [`migration::check`].
    pub fn check(&self, package: &LoadedPackage) -> Result<(Check, EnvironmentTables), Problem> {
        self.way.clock().run(migration::check(&self.client, &package.schema, Some(package)))
    }

    /// Plans an import.
    ///
    /// # Errors
    /// As [`migration::plan`].
    pub fn plan(&mut self, package: &LoadedPackage, tables: &EnvironmentTables) -> Result<Plan, Problem> {
        let (events, options) = (&mut self.events, &self.options);
        let mut tell = |event| events.push(event);
        let plan = migration::plan(&self.client, package, tables, options, &self.control, &mut tell);
        self.way.clock().run(plan)
    }

    /// Runs a planned import.
    pub fn import(
        &mut self,
        package: &LoadedPackage,
        tables: &EnvironmentTables,
        plan: &Plan,
    ) -> ImportReport {
        let events = &mut self.events;
        self.way.clock().run(migration::import(
            &self.client,
            package,
            tables,
            plan,
            Journal::begin(&mut ()),
            &self.control,
            &mut |event| events.push(event),
        ))
    }

    /// Runs a planned import that writes down in `store` what it does, and goes on where `earlier` runs of the plan
    /// ended.
    ///
    /// # Errors
    /// As [`Journal::reopen`].
    pub fn import_after(
        &mut self,
        package: &LoadedPackage,
        tables: &EnvironmentTables,
        plan: &Plan,
        earlier: &[u8],
        store: &mut dyn JournalStore,
    ) -> Result<ImportReport, Problem> {
        let journal = match earlier {
            [] => Journal::begin(store),
            earlier => Journal::reopen(earlier, store)?,
        };
        let (events, control) = (&mut self.events, &self.control);
        let mut tell = |event| events.push(event);
        let run = migration::import(&self.client, package, tables, plan, journal, control, &mut tell);
        Ok(self.way.clock().run(run))
    }

    /// Exports what the schema names; the zip and its report.
    ///
    /// # Errors
    /// As [`migration::check`], [`migration::survey`] and [`migration::export`].
    pub fn export(&mut self, schema: &Schema) -> Result<(Vec<u8>, ExportReport), Problem> {
        self.export_as(schema, &ExportOptions::default())
    }

    /// The same, as the user decided.
    ///
    /// # Errors
    /// As [`Engines::export`].
    pub fn export_as(
        &mut self,
        schema: &Schema,
        options: &ExportOptions,
    ) -> Result<(Vec<u8>, ExportReport), Problem> {
        let (tables, survey) = self.survey(schema, options)?;
        self.export_surveyed(schema, &tables, options, &survey)
    }

    /// What an export will find.
    ///
    /// # Errors
    /// As [`migration::check`] and [`migration::survey`].
    pub fn survey(
        &mut self,
        schema: &Schema,
        options: &ExportOptions,
    ) -> Result<(EnvironmentTables, Survey), Problem> {
        let (_, tables) = self.way.clock().run(migration::check(&self.client, schema, None))?;
        let survey = self.way.clock().run(migration::survey(&self.client, schema, &tables, options))?;
        Ok((tables, survey))
    }

    /// Exports what was surveyed.
    ///
    /// # Errors
    /// As [`migration::export`].
    pub fn export_surveyed(
        &mut self,
        schema: &Schema,
        tables: &EnvironmentTables,
        options: &ExportOptions,
        survey: &Survey,
    ) -> Result<(Vec<u8>, ExportReport), Problem> {
        let order = ExportOrder { schema, tables, options, survey, timestamp: TIMESTAMP };
        let (output, events) = (MemoryOutput::default(), &mut self.events);
        let mut on_event = |event| events.push(event);
        let run = migration::export(&self.client, order, Vec::new(), &output, &self.control, &mut on_event);
        let report = self.way.clock().run(run)?;
        Ok((output.take(), report))
    }
}

/// Opens a zip and reads all of it.
///
/// # Errors
/// As [`DataPackage::open`] and [`LoadedPackage::read`].
pub fn load(zip: &[u8]) -> Result<LoadedPackage, Problem> {
    LoadedPackage::read(&DataPackage::open(zip.to_vec())?)
}
