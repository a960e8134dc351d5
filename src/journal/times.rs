//! Nobody and nothing is in two places at once: whoever decided otherwise, a commit that takes time which is taken is
//! refused. A visit takes its lead's time, its assistants' and that of its materials.

use std::collections::{BTreeSet, HashSet};

use actors::board::protocol::BoardEvent;
use actors::engine::journal::{CommitError, Write};
use actors::event::Event;
use actors::ids::{TechnicianId, VisitId};
use sqlx::{AnyConnection, Row};

use crate::journal::checks::select;
use crate::journal::database::Engine;

/// A stretch of time that a visit takes of a technician or a material.
#[derive(Clone, Debug)]
struct Taken {
    visit: String,
    holder: String,
    start_us: i64,
    end_us: i64,
}

/// Time that is taken, of everybody and everything that a batch asks for.
#[derive(Default)]
pub struct Times {
    taken: Vec<Taken>,
}

/// Whose and what's time a write asks for.
pub fn want(write: &Write, holders: &mut BTreeSet<String>) {
    let claims = write.events.iter().filter_map(Event::claims);
    holders.extend(claims.flat_map(|visit| visit.holders()).map(str::to_owned));
}

impl Times {
    /// Reads what is taken.
    pub async fn gather(
        connection: &mut AnyConnection,
        engine: Engine,
        holders: &BTreeSet<String>,
    ) -> Result<Self, sqlx::Error> {
        let mut times = Self::default();
        for open in [
            "SELECT id, technician_id, start_us, end_us FROM visits WHERE open = 1 AND technician_id IN",
            "SELECT visit_id, holder, start_us, end_us FROM visit_claims WHERE open = 1 AND holder IN",
        ] {
            for row in select(connection, engine, open, holders).await? {
                times.taken.push(Taken {
                    visit: row.try_get(0)?,
                    holder: row.try_get(1)?,
                    start_us: row.try_get(2)?,
                    end_us: row.try_get(3)?,
                });
            }
        }
        Ok(times)
    }

    /// Refuses a visit over another one's time.
    ///
    /// # Errors
    /// Overlapping.
    pub fn admit(&self, write: &Write) -> Result<(), CommitError> {
        let mine: HashSet<&str> = write.events.iter().filter_map(touched_visit).collect();
        let claims: Vec<_> = write.events.iter().filter_map(Event::claims).collect();
        for (index, claim) in claims.iter().enumerate() {
            let (start, end) = (claim.start.as_microsecond(), claim.end.as_microsecond());
            let taken = self.taken.iter().find(|taken| {
                taken.start_us < end
                    && start < taken.end_us
                    && !mine.contains(taken.visit.as_str())
                    && claim.holders().any(|holder| holder == taken.holder)
            });
            if let Some(taken) = taken {
                return Err(CommitError::Overlap {
                    visit: VisitId::from_text(&taken.visit),
                    technician: TechnicianId::from_text(&taken.holder),
                });
            }
            for other in claims.iter().take(index).filter(|other| other.id != claim.id) {
                let both = claim.holders().find(|one| other.holders().any(|two| two == *one));
                if let Some(holder) = both.filter(|_| other.span().overlaps(&claim.span())) {
                    return Err(CommitError::Overlap {
                        visit: other.id.clone(),
                        technician: TechnicianId::from_text(holder),
                    });
                }
            }
        }
        Ok(())
    }

    /// Notes what an admitted event frees and takes, for the batch's later members.
    pub fn took(&mut self, event: &Event) {
        if let Some(visit) = touched_visit(event) {
            self.taken.retain(|taken| taken.visit != visit);
        }
        let Some(visit) = event.claims() else { return };
        self.taken.extend(visit.holders().map(|holder| Taken {
            visit: visit.id.to_string(),
            holder: holder.to_owned(),
            start_us: visit.start.as_microsecond(),
            end_us: visit.end.as_microsecond(),
        }));
    }
}

/// The visit whose time an event frees or takes anew.
fn touched_visit(event: &Event) -> Option<&str> {
    let Event::Board(event) = event else { return None };
    match event {
        BoardEvent::VisitPlanned { visit, .. } => Some(visit.id.as_str()),
        BoardEvent::VisitMoved { after, .. } => Some(after.id.as_str()),
        BoardEvent::VisitRemoved { before, .. } => Some(before.id.as_str()),
        BoardEvent::VisitStatusChanged { after, .. } if !after.status.is_open() => {
            Some(after.id.as_str())
        }
        _ => None,
    }
}
