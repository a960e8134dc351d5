//! The shares that were counted last, for whoever asks again before anything has happened: one event has the page of every
//! technician ask for its own, and each rests on everybody's visits. Never answers for an earlier position of the journal.

use std::sync::Arc;

use actors::engine::journal::Seq;
use jiff::civil::Date;
use tokio::sync::Mutex;

use super::count::Share;
use super::http::shares;
use crate::error::Problem;
use crate::house::House;

struct Counted {
    seq: Seq,
    days: (Date, Date),
    shares: Arc<[Share]>,
}

/// The last count.
#[derive(Default)]
pub struct Recent(Mutex<Option<Counted>>);

impl Recent {
    /// Everybody's share of these days. Whoever asks while somebody counts waits for the same count.
    ///
    /// # Errors
    /// When the rows cannot be read.
    pub async fn of(&self, house: &House, from: Date, to: Date) -> Result<Arc<[Share]>, Problem> {
        let mut last = self.0.lock().await;
        let seq = house.head();
        if let Some(known) = last.as_ref().filter(|one| one.seq == seq && one.days == (from, to)) {
            return Ok(known.shares.clone());
        }
        let shares: Arc<[Share]> = shares(house, from, to).await?.into();
        *last = Some(Counted { seq, days: (from, to), shares: shares.clone() });
        Ok(shares)
    }
}
