//! The promise ledger: every window and every hour that a customer was ever told, the text, when, by which number, whose
//! act led to it, and what became of it. Read from what is written down anyway; it promises nothing itself.

use actors::board::protocol::{Breaking, Visit, VisitStatus};
use actors::conversations::protocol::MessageKind;
use actors::engine::journal::Recorded;
use actors::ids::{JobId, TechnicianId, VisitId};
use actors::notifications::protocol::{Promise, Telling};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::journal::rows::Kind::{Int, Text};
use crate::journal::rows::{Rows, Table, doc, text_or_null, us, us_or_null};
use crate::notifications::store::TELLINGS;

pub mod http;
pub mod store;

/// Promises that people broke knowingly.
static BROKEN: Table = Table::new(
    "broken_promises",
    2,
    &[("job_id", Text), ("seq", Int), ("at_us", Int), ("doc", Text)],
);

/// Puts the row of a promise that is broken knowingly.
pub fn project(breaking: &Breaking, entry: &Recorded, rows: &mut Rows) {
    let job = breaking.job_id.as_str();
    rows.put(&BROKEN, [job.into(), entry.seq.into(), us(entry.at), doc(breaking)]);
}

/// Puts the rows of a published schedule: each job that its one text told of, or the one it is kept with.
pub fn project_schedule(
    about: &JobId,
    telling: &Telling,
    told: &[(JobId, VisitId, Timestamp)],
    assisting: &[(JobId, VisitId, Timestamp)],
    at: Timestamp,
    rows: &mut Rows,
) {
    let technician = telling.technician_id.as_ref().map(TechnicianId::as_str);
    let own = telling.kind.code();
    let mut put = |job: &JobId, kind: &str, visit: Option<&str>, start: Option<Timestamp>| {
        rows.put(
            &TELLINGS,
            [
                job.as_str().into(),
                telling.message_id.as_str().into(),
                kind.into(),
                text_or_null(technician),
                text_or_null(visit),
                us_or_null(start),
                (&*telling.phone).into(),
                Value::Null,
                us(at),
            ],
        );
    };
    if told.is_empty() {
        put(about, own, None, None);
    }
    for (job, visit, start) in told {
        put(job, own, Some(visit.as_str()), Some(*start));
    }
    // What is told of going along is remembered apart from what is told of leading.
    for (job, visit, start) in assisting {
        let kind = MessageKind::CrewAssigned.code();
        put(job, kind, Some(visit.as_str()), Some(*start));
    }
}

/// What became of a promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Its time has not come.
    Open,
    /// Somebody was there in time.
    Kept,
    /// Nobody was there by its end.
    Late,
    /// Another window was told in its place.
    Replaced,
    /// The visit was called off.
    CalledOff,
    /// Its text waits: for its hour, or for an approval.
    Waiting,
    /// Its text never left, or was taken back.
    Unsaid,
}

/// What became of a window that was told: `newer` where another one was told since.
pub fn outcome(
    promise: &Promise,
    state: Option<&str>,
    newer: bool,
    visit: Option<&Visit>,
    now: Timestamp,
) -> Outcome {
    match state {
        None | Some("queued" | "drafted") if now <= promise.end => return Outcome::Waiting,
        None | Some("queued" | "drafted" | "recalled" | "failed") => return Outcome::Unsaid,
        Some(_) => {}
    }
    if newer {
        return Outcome::Replaced;
    }
    match visit {
        Some(visit) if visit.status == VisitStatus::Cancelled => Outcome::CalledOff,
        Some(visit) => match visit.on_site_at {
            Some(at) if at <= promise.end => Outcome::Kept,
            Some(_) => Outcome::Late,
            None if now > promise.end => Outcome::Late,
            None => Outcome::Open,
        },
        None if now > promise.end => Outcome::Late,
        None => Outcome::Open,
    }
}

#[cfg(test)]
mod tests {
    use actors::conversations::protocol::MessageKind;

    use super::*;

    fn at(time: &str) -> Timestamp {
        format!("2026-11-23T{time}:00-05:00").parse().unwrap()
    }

    fn promise() -> Promise {
        Promise {
            number: 1,
            visit_id: "visit_1".into(),
            message_id: "msg_1".into(),
            kind: MessageKind::VisitPromised,
            start: at("10:00"),
            end: at("11:00"),
            is_eta: false,
            told_at: at("08:00"),
        }
    }

    fn visit(on_site: Option<&str>, status: VisitStatus) -> Visit {
        Visit {
            id: "visit_1".into(),
            job_id: "job_1".into(),
            technician_id: "tech_1".into(),
            assistants: Vec::new(),
            materials: Vec::new(),
            start: at("10:00"),
            end: at("11:00"),
            status,
            pinned: false,
            travel_min: 0,
            overrides: Vec::new(),
            lat: 45.0,
            lon: -73.0,
            kind: None,
            en_route_at: None,
            on_site_at: on_site.map(at),
            finished_at: None,
        }
    }

    #[test]
    fn a_window_is_kept_by_whoever_is_there_before_its_end() {
        let became = |on_site, status, now| {
            let visit = visit(on_site, status);
            outcome(&promise(), Some("sent"), false, Some(&visit), at(now))
        };
        assert_eq!(became(Some("11:00"), VisitStatus::Done, "12:00"), Outcome::Kept);
        assert_eq!(became(Some("11:01"), VisitStatus::Done, "12:00"), Outcome::Late);
        assert_eq!(became(None, VisitStatus::Planned, "10:30"), Outcome::Open);
        assert_eq!(became(None, VisitStatus::EnRoute, "11:30"), Outcome::Late);
        assert_eq!(became(None, VisitStatus::Cancelled, "11:30"), Outcome::CalledOff);
    }

    #[test]
    fn what_waits_to_be_told_is_no_promise_yet_and_replaces_none() {
        let visit = visit(None, VisitStatus::Planned);
        let became = |state| outcome(&promise(), state, true, Some(&visit), at("09:00"));
        for state in [None, Some("queued"), Some("drafted")] {
            assert_eq!(became(state), Outcome::Waiting, "{state:?}");
        }
        assert_eq!(became(Some("failed")), Outcome::Unsaid);
    }

    #[test]
    fn what_nobody_read_is_no_promise_and_what_was_replaced_is_not_kept() {
        let visit = visit(Some("10:00"), VisitStatus::OnSite);
        let became = |state, newer| outcome(&promise(), state, newer, Some(&visit), at("12:00"));
        assert_eq!(became(Some("recalled"), false), Outcome::Unsaid);
        assert_eq!(became(Some("drafted"), false), Outcome::Unsaid, "its time is over");
        assert_eq!(became(Some("delivered"), true), Outcome::Replaced);
        assert_eq!(became(Some("delivered"), false), Outcome::Kept);
    }
}
