//! The way of a write past the steps that are registered for it.

use super::registration::{STEPS, Stage, Step, WEB_PAGE};
use crate::environment::Environment;
use crate::error::Refusal;
use crate::rows::Row;
use uuid::Uuid;

/// What is done to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Message {
    Create,
    Update,
}

impl Message {
    /// Its name in `sdkmessage`.
    pub(super) fn name(self) -> &'static str {
        match self {
            Message::Create => "Create",
            Message::Update => "Update",
        }
    }
}

impl Environment {
    /// Runs the steps that see a row before it is kept, and may refuse it.
    pub(crate) fn before_write(&self, table: usize, row: &Row, message: Message) -> Result<(), Refusal> {
        for step in self.active_steps(table, message, Stage::PreOperation) {
            self.check_web_page(step, table, row)?;
        }
        Ok(())
    }

    /// Runs the steps that follow on a row that was kept; what they write is part of the same request.
    pub(crate) fn after_write(
        &mut self,
        table: usize,
        id: Uuid,
        before: Option<&Row>,
    ) -> Result<(), Refusal> {
        let message = if before.is_some() { Message::Update } else { Message::Create };
        let steps = self.active_steps(table, message, Stage::PostOperation);
        if steps.is_empty() {
            return Ok(());
        }
        // What a plug-in writes is a request of its own, which bypasses nothing.
        let bypass = std::mem::take(&mut self.bypass);
        let result = steps.into_iter().try_for_each(|step| self.follow_web_page(step, table, id, before));
        self.bypass = bypass;
        result
    }

    /// The steps that run for this write.
    fn active_steps(&self, table: usize, message: Message, stage: Stage) -> Vec<&'static Step> {
        if self.catalog.tables[table].name != WEB_PAGE {
            return Vec::new();
        }
        let registered = STEPS.iter().filter(|step| step.message == message && step.stage == stage);
        registered.filter(|step| self.is_enabled(step) && !self.bypass.names(step.id)).collect()
    }
}
