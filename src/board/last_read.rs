//! What the last snapshot read of everybody's plan, for whoever asks again before anything has happened. Owns copies
//! that are true at one position of the journal, and never answers for another: every row it holds is written together
//! with an event.

use std::sync::Arc;

use actors::board::holds::Hold;
use actors::board::protocol::Visit;
use actors::engine::journal::Seq;
use actors::technicians::protocol::Span;
use actors::zones::protocol::Zoning;
use parking_lot::Mutex;

use crate::board::store::{holds, open_visits};
use crate::journal::database::{Moment, ReadError};
use crate::technicians::store::{Known, all};

/// Rows as of one position.
pub struct Read {
    seq: Seq,
    span: Span,
    /// All technicians.
    pub technicians: Vec<Known>,
    /// Open visits that touch the span.
    pub visits: Vec<Visit>,
    /// Held slots.
    pub holds: Vec<Hold>,
    /// Zones.
    pub zones: Zoning,
}

impl Read {
    /// What stands at `seq`, the position of `moment`, over `span`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn of(moment: &mut Moment, seq: Seq, span: Span) -> Result<Self, ReadError> {
        Ok(Self {
            seq,
            span,
            technicians: all(moment).await?,
            visits: open_visits(moment, span.start, span.end).await?,
            holds: holds(moment).await?,
            zones: crate::zones::store::zoning(moment).await?,
        })
    }
}

/// The last of them.
#[derive(Default)]
pub struct LastRead(Mutex<Option<Arc<Read>>>);

impl LastRead {
    /// What stands at `seq`, the position of `moment`, over `span`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn at(
        &self,
        moment: &mut Moment,
        seq: Seq,
        span: Span,
    ) -> Result<Arc<Read>, ReadError> {
        let last = self.0.lock().clone();
        if let Some(read) = last.filter(|read| read.seq == seq && read.span == span) {
            return Ok(read);
        }
        let read = Arc::new(Read::of(moment, seq, span).await?);
        *self.0.lock() = Some(read.clone());
        Ok(read)
    }
}
