//! Drafts: named change-sets that nobody but dispatchers sees, how they become real, and how an act is put back. Data, and
//! what the board decides about it; nobody is told of a draft.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::board::bundles::Bundle;
use crate::board::decide::{assign_all, gone, place, unassign, with_version};
use crate::board::holds::Hold;
use crate::board::protocol::{BoardEvent, BoardRefusal, Placement, Reasons, Visit, VisitStatus};
use crate::board::{Board, needs};
use crate::engine::component::Decision;
use crate::engine::refusal::Language;
use crate::event::Event;
use crate::ids::{BundleId, JobId, MessageId, TechnicianId, VisitId};
use crate::jobs::protocol::Job;
use crate::notifications::protocol::Promise;
use crate::technicians::protocol::{Span, Technician};

/// Into which draft, and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drafting {
    /// The change-set's name.
    pub name: Arc<str>,
    /// Who puts it there.
    pub by: Arc<str>,
}

/// One entry of a named change-set that nobody but dispatchers sees. A job is in one draft at most.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DraftEntry {
    /// The change-set's name.
    pub draft: Arc<str>,
    /// The visit as it will be, or as it stands where it is to be taken off.
    pub visit: Visit,
    /// True where the visit is to be taken off.
    #[serde(default)]
    pub removes: bool,
    /// The visit that stood when this was drafted.
    #[serde(default)]
    pub before: Option<Visit>,
    /// Why.
    pub reasons: Reasons,
    /// Who put it there.
    pub by: Arc<str>,
    /// When.
    #[serde(default)]
    pub at: Option<Timestamp>,
}

/// Entries of drafts that become real, and who must hear of it.
#[derive(Clone, Debug)]
pub struct Publication {
    /// New and moved visits.
    pub placements: Vec<Placement>,
    /// Jobs whose visits are taken off, with the versions that must hold.
    pub removals: Vec<(Box<Job>, i64)>,
    /// Technicians who may be concerned, each with the id of the one text they get.
    pub people: Vec<(Technician, MessageId)>,
    /// The day.
    pub day: Span,
}

/// The one text that a technician gets of a publish.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Digest {
    /// Id the message will bear.
    pub message_id: MessageId,
    /// Who.
    pub technician_id: TechnicianId,
    /// Their name.
    pub name: Arc<str>,
    /// Their number, E.164.
    pub phone: Arc<str>,
    /// Their language.
    pub language: Language,
    /// The day's first moment.
    pub day: Timestamp,
    /// How many visits they have that day now.
    pub count: u32,
    /// A job that the publish touched; the text is kept with it.
    pub about: JobId,
    /// What they learn by it: job, visit, planned arrival.
    pub told: Vec<(JobId, VisitId, Timestamp)>,
    /// The same of visits that they go along to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assisting: Vec<(JobId, VisitId, Timestamp)>,
}

/// A promise that a person breaks knowingly.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Breaking {
    /// Of which job.
    pub job_id: JobId,
    /// The window that was told.
    pub promise: Promise,
    /// Why.
    pub reason: String,
    /// Whether the customer is told.
    pub tell: bool,
    /// Who says so.
    pub by: Arc<str>,
    /// When the visit is to begin now; none where it is taken off.
    pub start: Option<Timestamp>,
}

/// How things stood before an act that is taken back.
#[derive(Clone, Debug, Default)]
pub struct Former {
    /// Visits that stood somewhere.
    pub placements: Vec<Placement>,
    /// Jobs that waited in the pool, with their versions.
    pub into_pool: Vec<(Box<Job>, i64)>,
    /// Visits whose status was another one.
    pub statuses: Vec<FormerStatus>,
    /// Entries of drafts by job, with the job's version; none where there was none.
    pub drafts: Vec<(Box<Job>, i64, Option<DraftEntry>)>,
    /// Bundles by id; none where there was none.
    pub bundles: Vec<(BundleId, Option<Bundle>)>,
    /// Texts of a publish that is taken back.
    pub digests: Vec<Digest>,
    /// Told windows that are broken knowingly by what goes into the pool.
    pub broken: Vec<Breaking>,
    /// Slots that were held, and are again where their time is free and not over.
    pub holds: Vec<Hold>,
}

/// A visit whose status goes back.
#[derive(Clone, Debug)]
pub struct FormerStatus {
    /// The job as read.
    pub job: Box<Job>,
    /// Version of the job that must still hold.
    pub job_version: i64,
    /// The visit as it was.
    pub before: Visit,
    /// The visit as it became.
    pub after: Visit,
}

/// Puts new or moved visits into a draft, all or none. What the same draft moves away is no hindrance, what it puts there is.
pub(super) fn draft(
    board: &Board,
    placements: &[Placement],
    draft: &Drafting,
    now: Timestamp,
) -> Result<Decision, BoardRefusal> {
    let is_named = |id: &JobId| placements.iter().any(|one| one.job.id == *id);
    let mine = board.drafts.values().filter(|entry| entry.draft == draft.name);
    let others: Vec<&DraftEntry> = mine.filter(|entry| !is_named(&entry.visit.job_id)).collect();
    let stay = others.iter().filter(|entry| !entry.removes);
    let mut placed: Vec<Visit> = stay.map(|entry| entry.visit.clone()).collect();
    let moving: Vec<&JobId> = { others.iter().map(|entry| &entry.visit.job_id) }
        .chain(placements.iter().map(|one| &one.job.id))
        .collect();
    let mut decision = Decision::nothing();
    for placement in placements {
        let visit = place(board, placement, &placed, &moving)?;
        placed.push(visit.clone());
        let entry = DraftEntry {
            draft: draft.name.clone(),
            visit,
            removes: false,
            before: board.visits.get(&placement.job.id).cloned(),
            reasons: placement.reasons.clone(),
            by: draft.by.clone(),
            at: Some(now),
        };
        decision = decision.and(put(board, &placement.job, entry));
        decision = super::decide::expecting(decision, placement);
    }
    needs::hold(board, placements, &placed, &[])?;
    Ok(decision)
}

/// Marks a visit as one that a draft takes off, with the rest of its stop; a job that only a draft gave a visit is taken out
/// of it.
pub(super) fn draft_removal(
    board: &Board,
    job: &Job,
    version: Option<i64>,
    draft: &Drafting,
    now: Timestamp,
) -> Result<Decision, BoardRefusal> {
    let removes = |visit: &Visit| DraftEntry {
        draft: draft.name.clone(),
        visit: visit.clone(),
        removes: true,
        before: Some(visit.clone()),
        reasons: Reasons::default(),
        by: draft.by.clone(),
        at: Some(now),
    };
    let Some(visit) = board.visits.get(&job.id) else {
        let decision = unassign(board, job, version)?;
        let rest = drop_drafts(board, std::slice::from_ref(&job.id));
        let more = rest.events.into_iter().filter(|event| !decision.events.contains(event));
        let more: Vec<Event> = more.collect();
        return Ok(more.into_iter().fold(decision, Decision::and));
    };
    if visit.status != VisitStatus::Planned {
        return Err(BoardRefusal::NotAssignable(visit.status));
    }
    let mut decision = Decision::event(put(board, job, removes(visit)));
    for mate in board.mates(&job.id).into_iter().filter(|mate| mate.job_id != job.id) {
        let Some(job) = board.jobs.get(&mate.job_id) else { continue };
        decision = decision.and(put(board, job, removes(mate)));
    }
    Ok(with_version(decision, job, version))
}

/// The decision, and that it breaks a promise knowingly.
pub(super) fn broken(decision: Decision, breaks: Option<&Breaking>) -> Decision {
    match breaks {
        Some(breaking) => {
            decision.and(BoardEvent::PromiseBroken { breaking: Box::new(breaking.clone()) })
        }
        None => decision,
    }
}

fn put(board: &Board, job: &Job, entry: DraftEntry) -> BoardEvent {
    let before = board.drafts.get(&job.id).cloned().map(Box::new);
    BoardEvent::VisitDrafted { job: Box::new(job.clone()), entry, before }
}

/// Throws entries away, with what the same draft holds of their stops; those that are gone already are no mistake.
pub(super) fn drop_drafts(board: &Board, jobs: &[JobId]) -> Decision {
    let mut all: Vec<&JobId> = Vec::new();
    for id in jobs {
        let stop = board.bundle_of(id).map_or(std::slice::from_ref(id), |bundle| &bundle.job_ids);
        let draft = |id: &JobId| board.drafts.get(id).map(|entry| &entry.draft);
        let rest = stop.iter().filter(|mate| *mate == id || draft(mate) == draft(id));
        for one in rest {
            if !all.contains(&one) {
                all.push(one);
            }
        }
    }
    all.into_iter().filter_map(|id| Some((id, board.drafts.get(id)?))).fold(
        Decision::nothing(),
        |mut decision, (id, entry)| {
            decision.events.extend(gone(id, entry, false).events);
            decision
        },
    )
}

/// Makes entries real, all or none: what is taken off leaves first.
pub(super) fn publish(board: &Board, what: &Publication) -> Result<Decision, BoardRefusal> {
    if what.placements.is_empty() && what.removals.is_empty() {
        return Err(BoardRefusal::NothingToPublish);
    }
    let mut decision = Decision::nothing();
    for (job, version) in &what.removals {
        let off = unassign(board, job, Some(*version))?;
        decision.events.extend(off.events);
        decision.expects.extend(off.expects);
        if let Some(entry) = board.drafts.get(&job.id).filter(|entry| entry.removes) {
            decision.events.extend(gone(&job.id, entry, true).events);
        }
    }
    let leaving: Vec<&JobId> = what.removals.iter().map(|(job, _)| &job.id).collect();
    let placed = assign_all(board, &what.placements, &leaving)?;
    decision.events.extend(placed.events);
    decision.expects.extend(placed.expects);
    for event in &mut decision.events {
        if let Event::Board(
            BoardEvent::VisitPlanned { published, .. } | BoardEvent::VisitMoved { published, .. },
        ) = event
        {
            *published = true;
        }
    }
    let digests = digests(board, what, &decision);
    Ok(if digests.is_empty() {
        decision
    } else {
        decision.and(BoardEvent::DraftPublished { digests })
    })
}

/// One text for each technician whose day is another one by it.
fn digests(board: &Board, what: &Publication, decision: &Decision) -> Vec<Digest> {
    let mut after = board.visits.clone();
    let mut touched: Vec<(&TechnicianId, &JobId, Option<&Visit>)> = Vec::new();
    for event in &decision.events {
        let Event::Board(event) = event else { continue };
        match event {
            BoardEvent::VisitPlanned { visit, .. } => {
                after.insert(visit.job_id.clone(), visit.clone());
                touched.extend(visit.people().map(|id| (id, &visit.job_id, Some(visit))));
            }
            BoardEvent::VisitMoved { before, after: visit, .. } => {
                after.insert(visit.job_id.clone(), visit.clone());
                touched.extend(visit.people().map(|id| (id, &visit.job_id, Some(visit))));
                let left = before.people().filter(|id| !visit.is_with(id));
                touched.extend(left.map(|id| (id, &before.job_id, None)));
            }
            BoardEvent::VisitRemoved { before, .. } => {
                after.remove(&before.job_id);
                touched.extend(before.people().map(|id| (id, &before.job_id, None)));
            }
            _ => {}
        }
    }
    let of_day = |id: &TechnicianId| {
        let mine = after.values().filter(|visit| visit.is_with(id));
        mine.filter(|visit| what.day.contains(visit.start)).count()
    };
    let told = |id: &TechnicianId, leads: bool| {
        let mine = touched.iter().filter(|(who, ..)| *who == id);
        let told = mine.filter_map(|(_, job, visit)| {
            let visit = visit.filter(|visit| (visit.technician_id == *id) == leads)?;
            Some(((*job).clone(), visit.id.clone(), visit.start))
        });
        told.collect::<Vec<_>>()
    };
    let digest = |(who, message_id): &(Technician, MessageId)| {
        let (_, about, _) = touched.iter().find(|(id, ..)| **id == who.id)?;
        Some(Digest {
            message_id: message_id.clone(),
            technician_id: who.id.clone(),
            name: who.name.as_str().into(),
            phone: who.phone.as_str().into(),
            language: who.language,
            day: what.day.start,
            count: u32::try_from(of_day(&who.id)).unwrap_or(u32::MAX),
            about: (*about).clone(),
            told: told(&who.id, true),
            assisting: told(&who.id, false),
        })
    };
    what.people.iter().filter_map(digest).collect()
}
