//! An act turned round: what each room is to be asked so that things stand as before. Rests on the journal's before and
//! after alone; who may go back is decided by the rooms.

use actors::board::crew::{Crew, Hand, Thing};
use actors::board::holds::{Hold, HoldEnd};
use actors::board::protocol::{
    BoardEvent, DraftEntry, Former, FormerStatus, Placement, Reasons, Visit, VisitStatus,
};
use actors::engine::journal::Recorded;
use actors::event::Event;
use actors::ids::{ConversationId, CustomerId, JobId, SeriesId, TechnicianId};
use actors::jobs::protocol::JobEvent;
use actors::technicians::protocol::{Absence, Span, Technician, TechnicianEvent};
use actors::{
    board, conversations, customers, jobs, materials, presets, series, sla, tags, technicians,
    templates, zones,
};
use jiff::SignedDuration;

use super::{elsewhere, turns};
use crate::board::plan::shifts_in;
use crate::error::Problem;
use crate::house::House;
use crate::jobs::store::Standing;
use crate::materials::store::KnownMaterial;
use crate::technicians::store::Known;

/// What one room is to be asked.
#[derive(Debug)]
pub enum Step {
    /// The board.
    Board(Box<Former>),
    /// A job.
    Job(JobId, jobs::protocol::Command),
    /// A technician.
    Technician(TechnicianId, technicians::protocol::Command),
    /// A customer.
    Customer(CustomerId, customers::protocol::Command),
    /// The tags.
    Tags(tags::Command),
    /// The clocks of service levels.
    Sla(sla::protocol::Command),
    /// The zones.
    Zones(zones::protocol::Command),
    /// The materials.
    Materials(materials::Command),
    /// Something that waits on the board: a held slot, an offer, a proposal.
    Waiting(Box<board::protocol::Command>),
    /// Views and groups.
    Presets(presets::Command),
    /// The templates.
    Templates(templates::Command),
    /// A series.
    Series(SeriesId, series::protocol::Command),
    /// A conversation.
    Conversation(ConversationId, conversations::protocol::Command),
}

impl Step {
    /// Slots that are to be held again, where that can be.
    pub fn holds(&self) -> &[Hold] {
        match self {
            Self::Board(former) => &former.holds,
            _ => &[],
        }
    }
}

/// Jobs that stand elsewhere because of what was done, and so go back with it: freed by an absence, dropped by a series.
pub fn freed(events: &[Recorded], consequences: &[Recorded]) -> Vec<Recorded> {
    let dropped = super::elsewhere::dropped(events);
    let is_freed = |entry: &&Recorded| match &entry.event {
        Event::Board(BoardEvent::VisitStatusChanged { job, after, .. }) => {
            after.status == VisitStatus::Cancelled && dropped.iter().any(|(_, id)| *id == job.id)
        }
        Event::Jobs(JobEvent::JobCancelled { job, .. }) => {
            dropped.iter().any(|(_, id)| *id == job.id)
        }
        Event::Board(BoardEvent::VisitRemoved { .. }) => true,
        // An assistant who fell ill was taken off the crew.
        Event::Board(BoardEvent::VisitMoved { before, after, .. }) => {
            after.assistants.len() < before.assistants.len() && after.start == before.start
        }
        _ => false,
    };
    consequences.iter().filter(is_freed).cloned().collect()
}

/// What is asked to turn `events` round, in order; `consequences` is what followed from them and goes back too.
pub async fn steps(
    house: &House,
    events: &[Recorded],
    consequences: &[Recorded],
) -> Result<Vec<Step>, Problem> {
    let ends_absence = |entry: &Recorded| {
        matches!(entry.event, Event::Technicians(TechnicianEvent::AbsenceEnded { .. }))
    };
    // Whoever is away again frees what was planned then: the board follows by itself.
    let away_again = events.iter().any(ends_absence);
    let mut steps = Vec::new();
    if !away_again {
        let absence = events.iter().find_map(|entry| match &entry.event {
            Event::Technicians(
                TechnicianEvent::AbsenceReported { absence, .. }
                | TechnicianEvent::AbsenceChanged { absence, .. },
            ) => Some(absence),
            _ => None,
        });
        let joined = elsewhere::joined(events);
        let is_theirs = |entry: &&Recorded| match &entry.event {
            Event::Board(BoardEvent::VisitStatusChanged { job, .. }) => !joined.contains(&&job.id),
            _ => true,
        };
        let all: Vec<&Recorded> = events.iter().chain(consequences).filter(is_theirs).collect();
        let materials = crate::kept::store::all(&mut *house.moment().await?).await?;
        let mut former = Reader { house, absence, materials }.former(&all).await?;
        former.holds = held(events);
        let is_something = !former.placements.is_empty()
            || !former.into_pool.is_empty()
            || !former.statuses.is_empty()
            || !former.drafts.is_empty()
            || !former.bundles.is_empty()
            || !former.holds.is_empty();
        steps.extend(is_something.then(|| Step::Board(Box::new(former))));
    }
    let gone = consequences.iter().filter(|entry| matches!(entry.event, Event::Jobs(_)));
    for entry in gone.chain(events.iter().rev()) {
        steps.extend(elsewhere::steps(house, &entry.event, events).await?);
    }
    Ok(steps)
}

/// Slots that were held until something was put there or elsewhere: for its job from now on, as whoever called is known.
fn held(events: &[Recorded]) -> Vec<Hold> {
    if turns::is_about_waiting(events) {
        return Vec::new();
    }
    let placed = |entry: &Recorded| match &entry.event {
        Event::Board(
            BoardEvent::VisitPlanned { visit, .. }
            | BoardEvent::VisitMoved { after: visit, .. }
            | BoardEvent::VisitDrafted { entry: DraftEntry { visit, .. }, .. },
        ) => Some(visit.clone()),
        _ => None,
    };
    let placed: Vec<Visit> = events.iter().filter_map(placed).collect();
    let ended = events.iter().filter_map(|entry| match &entry.event {
        Event::Board(BoardEvent::HoldGone {
            how: HoldEnd::Used | HoldEnd::Released,
            hold: Some(hold),
            ..
        }) => Some(&**hold),
        _ => None,
    });
    let named = ended.map(|hold| {
        let there = |visit: &&Visit| {
            visit.technician_id == hold.technician_id && visit.span().overlaps(&hold.span())
        };
        let used = placed.iter().find(there).map(|visit| visit.job_id.clone());
        Hold { job_id: hold.job_id.clone().or(used), ..hold.clone() }
    });
    named.collect()
}

/// A day before and after a visit.
fn around(visit: &Visit) -> Span {
    let day = SignedDuration::from_hours(24);
    Span { start: visit.start - day, end: visit.end + day }
}

/// Reads what the board must know of the jobs and technicians that go back.
struct Reader<'a> {
    house: &'a House,
    /// An absence that is taken back with it.
    absence: Option<&'a Absence>,
    /// What visits may have taken along.
    materials: Vec<KnownMaterial>,
}

impl Reader<'_> {
    /// How things stood on the board. Of several events about one job the first knows.
    async fn former(&self, events: &[&Recorded]) -> Result<Former, Problem> {
        let mut former = Former::default();
        let ids: Vec<String> = events
            .iter()
            .filter(|entry| matches!(entry.event, Event::Board(_)))
            .flat_map(|entry| entry.event.touches())
            .map(|id| id.to_string())
            .collect();
        if ids.is_empty() {
            return Ok(former);
        }
        let mut now = self.house.moment().await?;
        let language = self.house.policy.language;
        let jobs = crate::jobs::store::several(&mut now, language, &ids).await?;
        let technicians = crate::technicians::store::all(&mut now).await?;
        let of = |id: &JobId| jobs.iter().find(|job| job.job.id == *id);
        let mut seen = std::collections::HashSet::new();
        for entry in events {
            let Event::Board(event) = &entry.event else { continue };
            if let BoardEvent::DraftPublished { digests } = event {
                former.digests.extend(digests.iter().cloned());
            }
            match event {
                BoardEvent::Bundled { bundle, before } => {
                    former.bundles.push((bundle.id.clone(), before.clone()));
                }
                BoardEvent::Unbundled { bundle } => {
                    former.bundles.push((bundle.id.clone(), Some(bundle.clone())));
                }
                _ => {}
            }
            let (id, is_draft) = match event {
                BoardEvent::VisitPlanned { job, .. }
                | BoardEvent::VisitMoved { job, .. }
                | BoardEvent::VisitRemoved { job, .. }
                | BoardEvent::VisitStatusChanged { job, .. } => (&job.id, false),
                BoardEvent::VisitDrafted { job, .. } => (&job.id, true),
                BoardEvent::DraftEntryGone { job_id, .. } => (job_id, true),
                _ => continue,
            };
            let Some(held) = of(id).filter(|_| seen.insert((id.clone(), is_draft))) else {
                continue;
            };
            self.one(event, held, &technicians, &mut former);
        }
        Ok(former)
    }

    fn one(&self, event: &BoardEvent, held: &Standing, known: &[Known], former: &mut Former) {
        let (job, version) = (Box::new(held.job.clone()), held.version);
        match event {
            BoardEvent::VisitPlanned { .. } => former.into_pool.push((job, version)),
            BoardEvent::VisitMoved { before, .. } | BoardEvent::VisitRemoved { before, .. } => {
                former.placements.extend(self.placement(held, before, known));
            }
            BoardEvent::VisitStatusChanged { before, after, .. } => {
                let (before, after) = (before.clone(), after.clone());
                former.statuses.push(FormerStatus { job, job_version: version, before, after });
            }
            BoardEvent::VisitDrafted { before, .. } => {
                former.drafts.push((job, version, before.as_deref().cloned()));
            }
            BoardEvent::DraftEntryGone { entry: Some(entry), .. } => {
                former.drafts.push((job, version, Some((**entry).clone())));
            }
            _ => {}
        }
    }

    /// A technician as they are without the absence that is taken back.
    fn present(&self, known: &Known) -> Technician {
        let mut technician: Technician = known.technician.clone();
        if let Some(ended) = self.absence {
            technician.absences.retain(|absence| absence.id != ended.id);
        }
        technician
    }

    /// Whoever went along.
    fn crew(&self, before: &Visit, known: &[Known]) -> Crew {
        let hands = before.assistants.iter().filter_map(|id| {
            let known = known.iter().find(|known| known.technician.id == *id)?;
            let technician = self.present(known);
            let shifts = shifts_in(self.house, &technician, around(before));
            Some(Hand { technician, version: known.version, shifts })
        });
        let things = before.materials.iter().filter_map(|id| {
            let known = self.materials.iter().find(|known| known.thing.id == *id)?;
            Some(Thing { material: known.thing.clone(), version: known.version })
        });
        Crew { assistants: hands.collect(), materials: things.collect() }
    }

    /// Exactly where it stood: the same visit, as free or as fixed, against the same rules.
    fn placement(&self, held: &Standing, before: &Visit, known: &[Known]) -> Option<Placement> {
        let crew = self.crew(before, known);
        let known = known.iter().find(|known| known.technician.id == before.technician_id)?;
        let (technician, around) = (self.present(known), around(before));
        Some(Placement {
            crew,
            visit_id: before.id.clone(),
            job: held.job.clone(),
            job_version: held.version,
            shifts: shifts_in(self.house, &technician, around),
            reasons: Reasons {
                fr: vec![format!("La visite revient à {}.", technician.name)],
                en: vec![format!("The visit goes back to {}.", technician.name)],
            },
            technician,
            technician_version: known.version,
            start: before.start,
            travel_min: before.travel_min,
            pinned: before.pinned,
            overrides: before.overrides.clone(),
            hold_id: None,
            breaks: None,
            // What stood may stand again.
            over: held.job.depends_on.clone(),
        })
    }
}
