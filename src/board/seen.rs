//! From where a question about the board is asked: from now, or from an earlier moment, with the rows, the positions, the
//! expected arrivals and the drives that were known then. It answers nothing itself and changes nothing.

use std::collections::HashMap;

use actors::ids::{TechnicianId, VisitId};
use actors::technicians::protocol::{Eta, Position};
use jiff::Timestamp;

use crate::board::plan::day_of;
use crate::error::Problem;
use crate::house::{House, Knowledge, LEARNED_FOR};
use crate::journal::database::{Moment, Opened};

/// Where one stands.
pub struct Seen {
    /// What the wall's clock shows there.
    pub now: Timestamp,
    /// Driving times as they were known.
    pub knowledge: Knowledge,
    earlier: Option<Earlier>,
}

/// What was in memory then, and its rows.
struct Earlier {
    store: Opened,
    positions: HashMap<String, Position>,
    etas: HashMap<VisitId, Eta>,
}

impl Seen {
    /// From now.
    pub fn now(house: &House) -> Self {
        Self { now: house.clock.now(), knowledge: house.knowledge.clone(), earlier: None }
    }

    /// From `at`: everything that was committed by then, and nothing after.
    ///
    /// # Errors
    /// 422 for a moment that is still to come, or before every calendar; 503 when the past cannot be read.
    pub async fn at(house: &House, at: Timestamp) -> Result<Self, Problem> {
        if at > house.clock.now() {
            return Err(Problem::invalid("/at", "This moment is still to come."));
        }
        let since = at.checked_sub(LEARNED_FOR);
        let since = since.map_err(|_| Problem::invalid("/at", "This lies before the calendar."))?;
        let morning = day_of(house, at.to_zoned(house.policy.zone.clone()).date())?.start;
        let store =
            house.past.at(house.journal.database(), at, morning).await.map_err(|error| {
                tracing::error!(%error, "the past cannot be read");
                Problem::overloaded()
            })?;
        let mut living = house.read().await?;
        let positions = crate::technicians::store::positions_at(&mut living, at).await?;
        drop(living);
        let mut moment = store.moment().await?;
        let etas = crate::board::store::open_etas(&mut moment).await?.into_iter().collect();
        let knowledge = house.knowledge.afresh();
        for visit in crate::board::store::finished_since(&mut moment, since).await? {
            knowledge.learn_whole(&visit);
        }
        // A drive has taught as soon as it was over, whatever became of the work since.
        for visit in crate::board::store::open_visits(&mut moment, morning, at).await? {
            knowledge.learn_drive(&visit);
        }
        drop(moment);
        let positions = positions.into_iter().collect();
        Ok(Self { now: at, knowledge, earlier: Some(Earlier { store, positions, etas }) })
    }

    /// A read transaction there.
    ///
    /// # Errors
    /// When none is to be had.
    pub async fn moment(&self, house: &House) -> Result<Moment, Problem> {
        Ok(match &self.earlier {
            Some(earlier) => earlier.store.moment().await?,
            None => house.moment().await?,
        })
    }

    /// True where it is now.
    pub fn is_now(&self) -> bool {
        self.earlier.is_none()
    }

    /// Where a technician was last.
    pub fn position(&self, house: &House, id: &TechnicianId) -> Option<Position> {
        match &self.earlier {
            Some(earlier) => earlier.positions.get(id.as_str()).copied(),
            None => house.trackers.position(id),
        }
    }

    /// When the technician of a visit was expected.
    pub fn expected(&self, house: &House, id: &VisitId) -> Option<Timestamp> {
        match &self.earlier {
            Some(earlier) => earlier.etas.get(id).map(|eta| eta.at),
            None => house.teller.etas.get(id).map(|eta| eta.at),
        }
    }
}
