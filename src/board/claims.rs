//! Rows of whoever and whatever goes along with a visit. Written with the visit's own row; they say no less and no more
//! than the visit does.

use actors::board::protocol::{BoardEvent, Visit};
use actors::engine::journal::Recorded;

use crate::journal::rows::Kind::{Int, Text};
use crate::journal::rows::{Rows, Table, us};

static CLAIMS: Table = Table::new(
    "visit_claims",
    2,
    &[
        ("visit_id", Text),
        ("holder", Text),
        ("start_us", Int),
        ("end_us", Int),
        ("open", Int),
        ("gone", Int),
        ("sequence", Int),
        ("changed_us", Int),
    ],
);

/// Which visits of `visits v` a technician of `$1` goes along to, or went.
pub const GOES_ALONG: &str =
    "v.id IN (SELECT visit_id FROM visit_claims WHERE holder = $1 AND gone = 0)";

/// Puts the rows that an event changes.
pub fn project(event: &BoardEvent, entry: &Recorded, rows: &mut Rows) {
    match event {
        BoardEvent::VisitPlanned { visit: after, .. }
        | BoardEvent::VisitStatusChanged { after, .. } => takes(after, entry, rows),
        BoardEvent::VisitMoved { before, after, .. } => {
            let stays = |holder: &&str| after.beside().any(|one| one == *holder);
            for holder in before.beside().filter(|holder| !stays(holder)) {
                put(before, holder, false, true, entry, rows);
            }
            takes(after, entry, rows);
        }
        BoardEvent::VisitRemoved { before, .. } => {
            for holder in before.beside() {
                put(before, holder, false, true, entry, rows);
            }
        }
        _ => {}
    }
}

fn takes(visit: &Visit, entry: &Recorded, rows: &mut Rows) {
    for holder in visit.beside() {
        put(visit, holder, visit.status.is_open(), false, entry, rows);
    }
}

fn put(visit: &Visit, holder: &str, open: bool, gone: bool, entry: &Recorded, rows: &mut Rows) {
    rows.put(
        &CLAIMS,
        [
            visit.id.as_str().into(),
            holder.into(),
            us(visit.start),
            us(visit.end),
            i64::from(open).into(),
            i64::from(gone).into(),
            entry.seq.into(),
            us(entry.at),
        ],
    );
}
