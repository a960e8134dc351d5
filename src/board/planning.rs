//! Whose turn it is to plan a day, and the plans that were shown. One search at a time; whoever asks last is served,
//! and who is overtaken hears of it. Kept in memory: a plan that was shown is good for a while, not for ever.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use actors::board::proposal::DayPlan;
use parking_lot::Mutex;
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};

use actors::workers::planner::Overtaken;

/// Plans remembered.
const SHOWN_MAX: usize = 32;

/// Whose turn it is, and what was shown.
pub struct Planning {
    turn: Arc<Semaphore>,
    newest: Arc<AtomicU64>,
    shown: Mutex<VecDeque<Arc<DayPlan>>>,
}

impl Default for Planning {
    fn default() -> Self {
        Self { turn: Arc::new(Semaphore::new(1)), newest: Arc::default(), shown: Mutex::default() }
    }
}

impl Planning {
    /// Asks for the turn. What is answered at once says whether somebody has asked since.
    pub fn ask(&self) -> Overtaken {
        let mine = self.newest.fetch_add(1, Ordering::AcqRel) + 1;
        let newest = self.newest.clone();
        Arc::new(move || newest.load(Ordering::Acquire) != mine)
    }

    /// Waits for the turn.
    ///
    /// # Errors
    /// Never while the house stands.
    pub async fn turn(&self) -> Result<OwnedSemaphorePermit, AcquireError> {
        self.turn.clone().acquire_owned().await
    }

    /// Remembers a plan that is shown.
    pub fn show(&self, plan: Arc<DayPlan>) {
        let mut shown = self.shown.lock();
        shown.push_back(plan);
        while shown.len() > SHOWN_MAX {
            shown.pop_front();
        }
    }

    /// A plan that was shown.
    pub fn shown(&self, id: &str) -> Option<Arc<DayPlan>> {
        self.shown.lock().iter().find(|one| one.id.as_str() == id).cloned()
    }
}
