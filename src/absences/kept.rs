//! Plans of absences in memory, for whoever made them, until they are approved or dropped. None of them survives a restart: a
//! plan that nobody approved leaves no trace.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use actors::ids::{AbsenceId, TechnicianId};
use jiff::Timestamp;
use parking_lot::Mutex;

use super::wire::{AbsencePlan, Choice};

/// Plans kept at once; the oldest goes first.
const PLANS_MAX: usize = 64;

/// What was asked for.
#[derive(Clone, Debug)]
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
#[derive(Clone, Debug)]
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

/// All plans.
#[derive(Default)]
pub struct AbsencePlans(Mutex<HashMap<String, Kept>>);

impl AbsencePlans {
    /// Keeps a plan, new or changed.
    pub fn keep(&self, plan: Kept) {
        let mut all = self.0.lock();
        all.insert(plan.shown.id.clone(), plan);
        while all.len() > PLANS_MAX {
            let oldest = all.values().min_by_key(|one| (one.made_at, one.shown.id.clone()));
            let Some(id) = oldest.map(|one| one.shown.id.clone()) else { break };
            all.remove(&id);
        }
    }

    /// The plan of that name about that technician, for whoever made it.
    pub fn of(&self, id: &str, technician: &str, owner: &str) -> Option<Kept> {
        let all = self.0.lock();
        let mine = all.get(id).filter(|plan| *plan.owner == *owner);
        mine.filter(|plan| plan.asked.technician_id.as_str() == technician).cloned()
    }

    /// Forgets a plan.
    pub fn forget(&self, id: &str) {
        self.0.lock().remove(id);
    }
}
