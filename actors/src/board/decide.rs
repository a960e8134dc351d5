//! What may be done on the board, and why not.

use jiff::{SignedDuration, Timestamp};
use scheduler::explain::Words;
use scheduler::rules::{Violation, allows};

use crate::board::follow::{free_absent, job_changed, place_changed};
use crate::board::proposal::Ended;
use crate::board::protocol::{
    BoardEvent, BoardRefusal, Command, DraftEntry, Placement, Visit, VisitStatus,
};
use crate::board::{
    Board, back, bundles, crew, drafting, holds, leaving, needs, offers, proposing, snapshot,
};
use crate::engine::component::Decision;
use crate::engine::journal::Expect;
use crate::ids::{JobId, VisitId};
use crate::jobs::protocol::Job;
use crate::technicians::protocol::{Span, Technician};

pub(super) fn decide(
    board: &Board,
    command: &Command,
    now: Timestamp,
) -> Result<Decision, BoardRefusal> {
    match command {
        Command::Assign { placement, draft: None } => {
            assign_all(board, std::slice::from_ref(placement), &[])
        }
        Command::Assign { placement, draft: Some(draft) } => {
            drafting::draft(board, std::slice::from_ref(&**placement), draft, now)
        }
        Command::DraftAll { placements, draft } => drafting::draft(board, placements, draft, now),
        Command::DraftRemoval { job, job_version, draft } => {
            drafting::draft_removal(board, job, *job_version, draft, now)
        }
        Command::DropDrafts { jobs } => Ok(drafting::drop_drafts(board, jobs)),
        Command::AssignAll { placements } => assign_all(board, placements, &[]),
        Command::TakeBack(former) => back::take_back(board, former, now),
        Command::Publish(what) => drafting::publish(board, what),
        Command::Unassign { job, job_version, breaks } => {
            let decision = unassign(board, job, *job_version)?;
            let decision = bundles::leave_together(board, &job.id, decision);
            Ok(drafting::broken(decision, breaks.as_deref()))
        }
        Command::SetStatus { job, job_version, status, note } => {
            set_status(board, job, *job_version, *status, note.clone(), now)
        }
        Command::SetStopStatus { job, job_version, status, note } => {
            bundles::step_together(board, (job, *job_version), *status, note.as_ref(), now)
        }
        Command::CallOff { job } => call_off(board, job, now),
        Command::FreeAbsent { technician_id, span, reason } => {
            Ok(free_absent(board, technician_id, *span, reason.as_ref()))
        }
        Command::Leave(leave) => leaving::leave(board, leave, now),
        Command::JobChanged { job } => Ok(job_changed(board, job)),
        Command::PlaceChanged { place } => Ok(place_changed(board, place)),
        Command::DropDraft { job_id } => Ok(board
            .drafts
            .get(job_id)
            .map_or_else(Decision::nothing, |entry| gone(job_id, entry, false))),
        Command::Propose { proposal } => Ok(proposing::propose(board, proposal)),
        Command::Accept { plan_id, placements } => {
            let over = proposing::end(board, plan_id, Ended::Accepted)?;
            let mut decision = assign_all(board, placements, &[])?;
            decision.events.extend(over.events);
            Ok(decision)
        }
        Command::Dismiss { plan_id, how } => proposing::end(board, plan_id, *how),
        Command::Hold { hold, placement } => {
            let visit = place(board, placement, &[], &[&placement.job.id])?;
            needs::hold(board, std::slice::from_ref(placement), std::slice::from_ref(&visit), &[])?;
            holds::hold(board, hold, &visit)
        }
        Command::HoldAgain { hold } => holds::again(board, hold, now),
        Command::ProposeAgain { proposal } => proposing::again(board, proposal, now),
        Command::Bundle(asked) => bundles::bundle(board, asked),
        Command::Unbundle { id, version } => bundles::unbundle(board, id, *version),
        Command::Release { hold_id } => holds::release(board, hold_id),
        Command::Lapse => Ok(holds::lapse(board, now)),
        Command::Offer { .. }
        | Command::AcceptOffer { .. }
        | Command::DeclineOffer { .. }
        | Command::WithdrawOffer { .. }
        | Command::OfferUntold { .. } => offers::decide(board, command, now),
    }
}

/// Calls a visit off that has not begun.
fn call_off(board: &Board, job: &Job, now: Timestamp) -> Result<Decision, BoardRefusal> {
    match board.visits.get(&job.id).map(|visit| visit.status) {
        Some(VisitStatus::Planned) => {
            set_status(board, job, None, VisitStatus::Cancelled, None, now)
        }
        _ => Ok(Decision::nothing()),
    }
}

pub(super) fn gone(job_id: &JobId, entry: &DraftEntry, published: bool) -> Decision {
    Decision::event(BoardEvent::DraftEntryGone {
        job_id: job_id.clone(),
        draft: entry.draft.clone(),
        published,
        entry: Some(Box::new(entry.clone())),
    })
}

pub(super) fn expecting(decision: Decision, placement: &Placement) -> Decision {
    crew::expecting(decision, &placement.crew)
        .expecting(Expect { entity: placement.job.id.key(), version: placement.job_version })
        .expecting(Expect {
            entity: placement.technician.id.key(),
            version: placement.technician_version,
        })
}

/// Every placement or none, judged against the board as it will be: later ones see the earlier ones as if they stood
/// already, and no place that the batch leaves counts as taken. So two visits may change places. The jobs `leaving`
/// give up theirs as well.
pub(super) fn assign_all<P: std::borrow::Borrow<Placement>>(
    board: &Board,
    placements: &[P],
    leaving: &[&JobId],
) -> Result<Decision, BoardRefusal> {
    let mut decision = Decision::nothing();
    let mut placed: Vec<Visit> = Vec::new();
    let named = placements.iter().map(|one| &one.borrow().job.id);
    let moving: Vec<&JobId> = named.chain(leaving.iter().copied()).collect();
    for placement in placements {
        let placement: &Placement = placement.borrow();
        if placed.iter().any(|visit| visit.job_id == placement.job.id) {
            return Err(BoardRefusal::PlacedTwice { title: placement.job.title.clone() });
        }
        let visit = place(board, placement, &placed, &moving)?;
        let job = Box::new(placement.job.clone());
        let technician_name = placement.technician.name.as_str().into();
        let reasons = placement.reasons.clone();
        let event = match board.visits.get(&visit.job_id) {
            Some(before) if *before == visit => {
                placed.push(visit);
                continue;
            }
            Some(before) => BoardEvent::VisitMoved {
                job,
                before: before.clone(),
                after: visit.clone(),
                technician_name,
                reasons,
                published: false,
            },
            None => BoardEvent::VisitPlanned {
                job,
                visit: visit.clone(),
                technician_name,
                reasons,
                published: false,
            },
        };
        decision = expecting(decision.and(event), placement);
        decision = drafting::broken(decision, placement.breaks.as_deref());
        if let Some(entry) = board.drafts.get(&visit.job_id) {
            decision.events.extend(gone(&visit.job_id, entry, true).events);
        }
        placed.push(visit);
    }
    needs::hold(board, placements, &placed, leaving)?;
    Ok(decision)
}

/// The visit as it would be beside those already `placed`, or the rule that forbids it. Where the jobs of `moving` stand
/// now is no hindrance: they are leaving.
pub(super) fn place(
    board: &Board,
    placement: &Placement,
    placed: &[Visit],
    moving: &[&JobId],
) -> Result<Visit, BoardRefusal> {
    let Placement { job, technician, start, .. } = placement;
    let current = board.visits.get(&job.id);
    if let Some(current) = current
        && current.status != VisitStatus::Planned
    {
        return Err(BoardRefusal::NotAssignable(current.status));
    }
    let end = *start + SignedDuration::from_mins(job.duration_min);
    let span = Span { start: *start, end };
    let broken = violations(board, job, technician, &placement.shifts, &span);
    let mut overrides: Vec<String> = broken
        .iter()
        .map(Violation::rule)
        .filter(|rule| placement.overrides.iter().any(|word| word == rule))
        .map(str::to_owned)
        .collect();
    overrides.extend(placement.overrides.iter().filter(|word| *word == needs::ORDER).cloned());
    if let Some(rule) = broken.iter().find(|rule| !overrides.iter().any(|word| word == rule.rule()))
    {
        return Err(refusal(board, rule, job, &technician.name));
    }
    // A drafted visit of the same technician takes its time as well: nobody plans twice into one hole.
    let drafted = board.drafts.values().filter(|entry| !entry.removes).map(|entry| &entry.visit);
    let staying = board.visits.values().chain(drafted);
    let others = staying.filter(|visit| !moving.contains(&&visit.job_id)).chain(placed);
    let others: Vec<&Visit> = others.collect();
    crew::free(board, placement, technician, &span, &others)
        .map_err(|why| needs::waits_instead(board, placement, why))?;
    for rule in crew::judged(board, placement, &span, &others)? {
        if !overrides.contains(&rule) {
            overrides.push(rule);
        }
    }
    Ok(Visit {
        id: current.map_or_else(|| placement.visit_id.clone(), |visit| visit.id.clone()),
        job_id: job.id.clone(),
        technician_id: technician.id.clone(),
        assistants: crew::assistants(placement),
        materials: crew::materials(placement),
        start: *start,
        end,
        status: VisitStatus::Planned,
        pinned: placement.pinned,
        travel_min: placement.travel_min,
        overrides,
        lat: job.lat,
        lon: job.lon,
        kind: job.kind.clone(),
        en_route_at: None,
        on_site_at: None,
        finished_at: None,
    })
}

/// The rules of presence and skill that a technician would break.
pub(super) fn violations(
    board: &Board,
    job: &Job,
    technician: &Technician,
    shifts: &[Span],
    span: &Span,
) -> Vec<Violation> {
    let zone = &board.policy.zone;
    let who = snapshot::technician(technician, shifts, std::iter::empty(), None, zone);
    let wanted = snapshot::wanted(job, board.zones.asks(job.lat, job.lon, zone));
    allows(&wanted, &who, span.start.as_second(), span.end.as_second())
}

/// Another visit that takes the time of `holder`: a technician who leads or assists, or a material.
pub(super) fn overlapping<'a>(
    visits: impl Iterator<Item = &'a Visit>,
    but: &JobId,
    holder: &str,
    span: &Span,
) -> Option<&'a Visit> {
    visits
        .filter(|visit| visit.job_id != *but && visit.span().overlaps(span))
        .find(|visit| visit.holders().any(|one| one == holder))
}

pub(super) fn overlap(board: &Board, name: &str, other: &Visit) -> BoardRefusal {
    BoardRefusal::Overlap {
        name: name.to_owned(),
        visit_id: VisitId::from_text(other.id.as_str()),
        from: clock(board, other.start),
        to: clock(board, other.end),
    }
}

pub(super) fn clock(board: &Board, at: Timestamp) -> String {
    at.to_zoned(board.policy.zone.clone()).strftime("%-H h %M").to_string()
}

pub(super) fn refusal(board: &Board, rule: &Violation, job: &Job, name: &str) -> BoardRefusal {
    let name = name.to_owned();
    // The arithmetic compares folded names; people read the name as the job spells it.
    let spelled = |tag: &str| {
        let need = job.skills.iter().find(|need| need.tag.to_lowercase() == tag);
        need.map_or(tag, |need| need.tag.as_str()).to_owned()
    };
    match rule {
        Violation::MissingSkill { tag, needed, has } => BoardRefusal::LacksSkill {
            name,
            tag: spelled(tag),
            needed: *needed,
            has: (*has > 0).then_some(*has),
            expired: false,
        },
        Violation::SkillExpired { tag, .. } => BoardRefusal::LacksSkill {
            name,
            tag: spelled(tag),
            needed: 0,
            has: None,
            expired: true,
        },
        Violation::NotAdmitted { at_s, .. } => {
            let words = Words::new(board.policy.zone.clone(), *at_s);
            let why = words.violations(std::slice::from_ref(rule));
            let (fr, en) = (why.fr.join(" "), why.en.join(" "));
            BoardRefusal::NotAdmitted { name, fr, en }
        }
        Violation::OutsideShift { .. } | Violation::Overlap { .. } => {
            BoardRefusal::OutsideShift { name }
        }
        Violation::Busy { .. } => BoardRefusal::Busy { name },
        Violation::Absent { reason, .. } => {
            BoardRefusal::Away { name, reason: reason.as_deref().map(str::to_owned) }
        }
    }
}

pub(super) fn unassign(
    board: &Board,
    job: &Job,
    job_version: Option<i64>,
) -> Result<Decision, BoardRefusal> {
    let visit = board.visits.get(&job.id);
    let decision = match (visit, board.drafts.get(&job.id)) {
        (Some(visit), _) if visit.status != VisitStatus::Planned => {
            return Err(BoardRefusal::NotAssignable(visit.status));
        }
        (Some(before), _) => Decision::event(BoardEvent::VisitRemoved {
            job: Box::new(job.clone()),
            before: before.clone(),
            reason: None,
        }),
        (None, Some(entry)) => gone(&job.id, entry, false),
        (None, None) => return Err(BoardRefusal::NoVisit),
    };
    Ok(with_version(decision, job, job_version))
}

pub(super) fn with_version(decision: Decision, job: &Job, version: Option<i64>) -> Decision {
    match version {
        Some(version) => decision.expecting(Expect { entity: job.id.key(), version }),
        None => decision,
    }
}

pub(super) fn set_status(
    board: &Board,
    job: &Job,
    job_version: Option<i64>,
    status: VisitStatus,
    note: Option<String>,
    now: Timestamp,
) -> Result<Decision, BoardRefusal> {
    let before = board.visits.get(&job.id).ok_or(BoardRefusal::NoVisit)?;
    // A second tap on the same button is not a mistake.
    if before.status == status {
        return Ok(Decision::nothing());
    }
    if !before.status.may_become(status) {
        return Err(BoardRefusal::WrongOrder { from: before.status, to: status });
    }
    let mut after = before.clone();
    after.status = status;
    match status {
        VisitStatus::Planned => after.en_route_at = None,
        VisitStatus::EnRoute => after.en_route_at = Some(now),
        VisitStatus::OnSite => after.on_site_at = Some(now),
        VisitStatus::Done | VisitStatus::Cancelled | VisitStatus::NoAccess => {
            after.finished_at = Some(now);
        }
    }
    let decision = Decision::event(BoardEvent::VisitStatusChanged {
        job: Box::new(job.clone()),
        before: before.clone(),
        after,
        note,
    });
    Ok(with_version(decision, job, job_version))
}
