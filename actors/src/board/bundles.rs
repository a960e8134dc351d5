//! Bundles: jobs that are one stop. Their visits begin one after the other, by the same people, with no drive between; what
//! moves one moves all, or nothing. A bundle is the board's own; it says nothing of jobs that are over.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::board::Board;
use crate::board::bundles::refusal::BundleRefusal;
use crate::board::crew;
use crate::board::decide::{assign_all, gone, set_status};
use crate::board::protocol::{BoardEvent, BoardRefusal, Command, Placement, Visit, VisitStatus};
use crate::engine::component::Decision;
use crate::engine::journal::Expect;
use crate::event::Event;
use crate::ids::{BundleId, JobId};
use crate::jobs::protocol::Job;
use crate::technicians::protocol::Span;

pub mod refusal;

/// Jobs of one bundle.
pub const MEMBERS_MAX: usize = 50;
/// So far from the first of them every job may lie, metres: a block of flats, both sides of a street.
pub const NEAR_M: i64 = 300;

/// Jobs that are one stop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Bundle {
    /// Id.
    pub id: BundleId,
    /// Its jobs, in the order of work.
    pub job_ids: Vec<JobId>,
    /// Who bundled them.
    pub by: String,
    /// Since when.
    #[schema(value_type = String)]
    pub made_at: Timestamp,
}

/// A bundle as it is asked for, new or changed.
#[derive(Clone, Debug)]
pub struct Bundling {
    /// The bundle as it will be.
    pub bundle: Bundle,
    /// Its jobs as read, and their versions.
    pub jobs: Vec<(Box<Job>, i64)>,
    /// Where its visits go, where any of them stands already.
    pub placements: Vec<Placement>,
    /// Version of the bundle that must still hold, where there is one.
    pub version: Option<i64>,
}

impl Board {
    /// The bundle of a job.
    pub fn bundle_of(&self, job: &JobId) -> Option<&Bundle> {
        self.bundles.values().find(|bundle| bundle.job_ids.contains(job))
    }

    /// Why a job goes nowhere by itself, with what the board knows of those that it goes with; none for one on its own.
    fn alone(&self, job: &Job) -> Option<BundleRefusal> {
        let Bundle { id, job_ids, .. } = self.bundle_of(&job.id)?;
        let others = job_ids.iter().filter(|id| **id != job.id).filter_map(|id| self.jobs.get(id));
        let titles = std::iter::once(&job.title).chain(others.map(|job| &job.title));
        let (bundle_id, job_ids) = (id.clone(), job_ids.clone());
        Some(BundleRefusal::Alone { bundle_id, job_ids, titles: titles.cloned().collect() })
    }

    /// The planned visits of the bundle that a job is of, in time; itself among them.
    pub(super) fn mates(&self, job: &JobId) -> Vec<&Visit> {
        let ids = self.bundle_of(job).map_or(&[][..], |bundle| &bundle.job_ids);
        planned(ids.iter().filter_map(|id| self.visits.get(id)))
    }
}

fn planned<'a>(visits: impl Iterator<Item = &'a Visit>) -> Vec<&'a Visit> {
    let mut all: Vec<&Visit> =
        visits.filter(|visit| visit.status == VisitStatus::Planned).collect();
    all.sort_by_key(|visit| (visit.start, visit.end));
    all
}

/// The time of a visit, or of the whole stop that it is of.
pub(super) fn stretch(board: &Board, visit: &Visit) -> Span {
    let mates = board.mates(&visit.job_id);
    let start = mates.iter().map(|one| one.start).min().unwrap_or(visit.start);
    let end = mates.iter().map(|one| one.end).max().unwrap_or(visit.end);
    Span { start: start.min(visit.start), end: end.max(visit.end) }
}

/// Makes or changes a bundle; visits that stand already come together, all or none.
pub(super) fn bundle(board: &Board, asked: &Bundling) -> Result<Decision, BoardRefusal> {
    let Bundling { bundle, jobs, placements, version } = asked;
    let elsewhere = |id: &JobId| board.bundle_of(id).is_some_and(|other| other.id != bundle.id);
    if let Some((job, _)) = jobs.iter().find(|(job, _)| elsewhere(&job.id)) {
        return Err(BundleRefusal::Already { title: job.title.clone() }.into());
    }
    if let Some(job) = jobs.first().and_then(|(first, _)| far(first, jobs)) {
        return Err(BundleRefusal::TooFar { title: job.title.clone(), metres: NEAR_M }.into());
    }
    let before = board.bundles.get(&bundle.id).cloned();
    if before.is_none() && version.is_some() {
        return Err(BundleRefusal::Unknown.into());
    }
    let mut decision = assign_all(board, placements, &[])?;
    // What stood in a draft was one job's place, and is not the stop's.
    let is_placed = |id: &JobId| placements.iter().any(|one| one.job.id == *id);
    for (job, _) in jobs.iter().filter(|(job, _)| !is_placed(&job.id)) {
        if let Some(entry) = board.drafts.get(&job.id) {
            decision.events.extend(gone(&job.id, entry, false).events);
        }
    }
    decision = decision.and(BoardEvent::Bundled { bundle: bundle.clone(), before });
    for (job, version) in jobs {
        decision = decision.expecting(Expect { entity: job.id.key(), version: *version });
    }
    Ok(match version {
        Some(version) => decision.expecting(Expect { entity: bundle.id.key(), version: *version }),
        None => decision,
    })
}

/// A job that lies too far from the first.
fn far<'a>(first: &Job, jobs: &'a [(Box<Job>, i64)]) -> Option<&'a Job> {
    let point = |job: &Job| super::snapshot::point(job.lat, job.lon);
    let here = point(first);
    jobs.iter().map(|(job, _)| &**job).find(|job| here.crow_m(point(job)) > NEAR_M)
}

/// Its jobs are on their own again; their visits stay where they are.
pub(super) fn unbundle(
    board: &Board,
    id: &BundleId,
    version: Option<i64>,
) -> Result<Decision, BoardRefusal> {
    let bundle = board.bundles.get(id).cloned().ok_or(BundleRefusal::Unknown)?;
    let decision = Decision::event(BoardEvent::Unbundled { bundle });
    Ok(match version {
        Some(version) => decision.expecting(Expect { entity: id.key(), version }),
        None => decision,
    })
}

/// A bundle as it stood before an act that is taken back; none where there was none.
pub(super) fn back(board: &Board, id: &BundleId, former: Option<&Bundle>) -> Decision {
    let before = board.bundles.get(id).cloned();
    match (former, before) {
        (Some(bundle), before) => {
            Decision::event(BoardEvent::Bundled { bundle: bundle.clone(), before })
        }
        (None, Some(bundle)) => Decision::event(BoardEvent::Unbundled { bundle }),
        (None, None) => Decision::nothing(),
    }
}

/// What leaves with a visit that goes back into the pool: the rest of its stop.
pub(super) fn leave_together(board: &Board, job: &JobId, mut decision: Decision) -> Decision {
    for mate in board.mates(job).into_iter().filter(|mate| mate.job_id != *job) {
        let Some(job) = board.jobs.get(&mate.job_id) else { continue };
        decision = decision.and(BoardEvent::VisitRemoved {
            job: job.clone(),
            before: mate.clone(),
            reason: None,
        });
    }
    decision
}

/// A step of a job and of each other of its stop that is not over: one commit, or none where one of them cannot take it. Those
/// that have taken it already stay as they are, so that a second tap changes nothing.
pub(super) fn step_together(
    board: &Board,
    (job, job_version): (&Job, Option<i64>),
    status: VisitStatus,
    note: Option<&String>,
    now: Timestamp,
) -> Result<Decision, BoardRefusal> {
    let mut decision = set_status(board, job, job_version, status, note.cloned(), now)?;
    let ids = board.bundle_of(&job.id).map_or(&[][..], |bundle| &bundle.job_ids);
    for id in ids.iter().filter(|id| **id != job.id) {
        let Some(mate) = board.jobs.get(id) else { continue };
        match set_status(board, mate, None, status, note.cloned(), now) {
            Ok(step) => decision.events.extend(step.events),
            // Whoever is there already need not leave for it: it holds nobody up.
            Err(BoardRefusal::WrongOrder {
                from: VisitStatus::OnSite,
                to: VisitStatus::EnRoute,
            }) => {}
            Err(BoardRefusal::WrongOrder { from, to }) => {
                let (title, customer) = (mate.title.clone(), mate.customer_name.clone());
                return Err(BundleRefusal::Step { title, customer, from, to }.into());
            }
            Err(other) => return Err(other),
        }
    }
    Ok(decision)
}

/// The visits behind one of a stop, moved by what it became longer or shorter; none where they cannot be there then.
pub(super) fn shifted(board: &Board, before: &Visit, after: &Visit) -> Option<Vec<BoardEvent>> {
    let by: SignedDuration = after.end.duration_since(before.end);
    let mates = board.mates(&before.job_id);
    let mut events = Vec::new();
    for mate in mates.iter().filter(|mate| mate.start >= before.end) {
        let mut moved = (*mate).clone();
        (moved.start, moved.end) = (moved.start + by, moved.end + by);
        let is_mate = |other: &Visit| mates.iter().any(|mate| mate.job_id == other.job_id);
        let others = board.visits.values().filter(|other| !is_mate(other));
        if !by.is_zero() && crew::among(others, &mate.job_id, &moved).is_some() {
            return None;
        }
        events.push(BoardEvent::VisitMoved {
            job: board.jobs.get(&mate.job_id)?.clone(),
            before: (*mate).clone(),
            after: moved,
            technician_name: "".into(),
            reasons: Default::default(),
            published: false,
        });
    }
    Some(events)
}

impl BoardEvent {
    /// The job whose visit moved.
    pub(super) fn moved(&self) -> Option<&JobId> {
        match self {
            Self::VisitMoved { after, .. } => Some(&after.job_id),
            _ => None,
        }
    }
}

/// Refuses what would tear a stop apart: one of its visits elsewhere, with other people, or alone in a draft or a plan.
pub(super) fn whole(
    board: &Board,
    command: &Command,
    decision: &Decision,
) -> Result<(), BoardRefusal> {
    let alone: Vec<&Job> = match command {
        Command::Assign { placement, draft: Some(_) } => vec![&placement.job],
        Command::Accept { placements, .. } => placements.iter().map(|one| &one.job).collect(),
        Command::Assign { .. }
        | Command::AcceptOffer { .. }
        | Command::DraftAll { .. }
        | Command::Publish(_)
        | Command::AssignAll { .. }
        | Command::TakeBack(_)
        | Command::Bundle(_) => Vec::new(),
        _ => return Ok(()),
    };
    if let Some(refusal) = alone.iter().find_map(|job| board.alone(job)) {
        return Err(refusal.into());
    }
    let is_draft = matches!(command, Command::DraftAll { .. });
    let (mut bundles, mut visits) = (board.bundles.clone(), BTreeMap::new());
    for event in &decision.events {
        let Event::Board(event) = event else { continue };
        match event {
            BoardEvent::Bundled { bundle, .. } => {
                bundles.insert(bundle.id.clone(), bundle.clone());
            }
            BoardEvent::Unbundled { bundle } => {
                bundles.remove(&bundle.id);
            }
            BoardEvent::VisitPlanned { visit: after, .. }
            | BoardEvent::VisitMoved { after, .. }
            | BoardEvent::VisitStatusChanged { after, .. } => {
                visits.insert(&after.job_id, Some(after));
            }
            BoardEvent::VisitRemoved { before, .. } => {
                visits.insert(&before.job_id, None);
            }
            BoardEvent::VisitDrafted { entry, .. } if is_draft => {
                visits.insert(&entry.visit.job_id, Some(&entry.visit));
            }
            _ => {}
        }
    }
    if let Command::Publish(_) = command {
        left_behind(board, &visits)?;
    }
    let is_touched = |bundle: &&Bundle| {
        board.bundles.get(&bundle.id) != Some(*bundle)
            || bundle.job_ids.iter().any(|id| visits.contains_key(id))
    };
    for bundle in bundles.values().filter(is_touched) {
        let stands = |id| visits.get(id).copied().unwrap_or_else(|| board.visits.get(id));
        let stop = planned(bundle.job_ids.iter().filter_map(stands));
        let left = bundle.job_ids.iter().any(|id| visits.get(id).is_some_and(Option::is_none));
        let torn = stop.windows(2).any(|pair| {
            let [one, next] = pair else { return false };
            one.end != next.start || !one.holders().eq(next.holders())
        });
        if torn || (left && !stop.is_empty()) {
            return Err(BundleRefusal::Split.into());
        }
    }
    Ok(())
}

/// Refuses to publish one visit of a stop while the draft keeps another.
fn left_behind(
    board: &Board,
    published: &BTreeMap<&JobId, Option<&Visit>>,
) -> Result<(), BoardRefusal> {
    let stops = published.keys().filter_map(|id| board.bundle_of(id));
    let stays = |id: &JobId| board.drafts.contains_key(id) && !published.contains_key(id);
    match stops.into_iter().any(|bundle| bundle.job_ids.iter().any(stays)) {
        true => Err(BundleRefusal::Split.into()),
        false => Ok(()),
    }
}
