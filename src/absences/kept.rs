//! Plans of absences, for whoever made them, until they are approved or dropped, or nobody would be away any more. A plan that
//! nobody approved leaves no trace.

use std::collections::BTreeMap;
use std::sync::Arc;

use actors::ids::{AbsenceId, TechnicianId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::wire::{AbsencePlan, Choice};
use crate::error::Problem;
use crate::house::House;
use crate::whatif::store::{self, Trial};

/// What was asked for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Asked {
    /// Who would be away.
    pub technician_id: TechnicianId,
    /// From.
    pub start: Timestamp,
    /// Until.
    pub end: Timestamp,
    /// Why.
    pub reason: Option<String>,
    /// The absence whose place it takes.
    pub replaces: Option<AbsenceId>,
    /// Choices that differ from what is proposed, by job.
    pub choices: BTreeMap<String, Choice>,
}

/// A plan as it was shown.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Kept {
    /// Who made it; nobody else sees it.
    pub owner: Arc<str>,
    /// Since when.
    pub made_at: Timestamp,
    /// What was asked for.
    pub asked: Asked,
    /// Versions of the technicians that it rests on, by id.
    pub versions: BTreeMap<String, i64>,
    /// As shown.
    pub shown: AbsencePlan,
}

impl Trial for Kept {
    const KIND: &'static str = "absence";

    fn id(&self) -> &str {
        &self.shown.id
    }

    fn owner(&self) -> &str {
        &self.owner
    }

    /// Nobody will be away any more, and whoever wrote it down afterwards had time to.
    fn until(&self) -> Timestamp {
        self.asked.end.max(self.made_at + SignedDuration::from_hours(1))
    }
}

/// The plan of that name about that technician, for whoever made it.
///
/// # Errors
/// When the rows cannot be read.
pub async fn of(
    house: &House,
    id: &str,
    technician: &str,
    owner: &str,
) -> Result<Option<Kept>, Problem> {
    let mine: Option<Kept> = store::of(house, id, owner).await?;
    Ok(mine.filter(|plan| plan.asked.technician_id.as_str() == technician))
}
