//! An act turned round: what each room is to be asked so that things stand as before. Rests on the journal's before and
//! after alone; who may go back is decided by the rooms.

use actors::board::crew::{Crew, Hand, Thing};
use actors::board::protocol::{
    BoardEvent, Former, FormerStatus, Placement, Reasons, Visit, VisitStatus,
};
use actors::customers::protocol::CustomerEvent;
use actors::engine::journal::Recorded;
use actors::event::Event;
use actors::ids::{CustomerId, JobId, TechnicianId};
use actors::jobs::protocol::{JobEvent, JobStatus};
use actors::sla::protocol::SlaEvent;
use actors::tags::TagEvent;
use actors::technicians::protocol::{Absence, Span, Technician, TechnicianEvent};
use actors::{customers, jobs, materials, sla, tags, technicians, zones};
use jiff::SignedDuration;

use crate::board::plan::shifts_in;
use crate::error::Problem;
use crate::house::House;
use crate::jobs::store::Standing;
use crate::journal::database::Moment;
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
}

/// Whether an event can be turned round; none for what needs no turning.
fn turns(event: &Event) -> Option<bool> {
    match event {
        Event::Board(event) => match event {
            BoardEvent::VisitPlanned { .. }
            | BoardEvent::VisitMoved { .. }
            | BoardEvent::VisitRemoved { .. }
            | BoardEvent::VisitStatusChanged { .. }
            | BoardEvent::VisitDrafted { .. }
            | BoardEvent::DraftEntryGone { .. }
            | BoardEvent::Bundled { .. }
            | BoardEvent::Unbundled { .. } => Some(true),
            _ => None,
        },
        Event::Jobs(_) => Some(true),
        Event::Technicians(event) => Some(matches!(
            event,
            TechnicianEvent::TechnicianChanged { .. }
                | TechnicianEvent::AbsenceReported { .. }
                | TechnicianEvent::AbsenceChanged { .. }
                | TechnicianEvent::AbsenceEnded { .. }
        )),
        Event::Customers(event) => Some(matches!(
            event,
            CustomerEvent::CustomerChanged { .. } | CustomerEvent::LocationChanged { .. }
        )),
        Event::Tags(_) | Event::Zones(_) | Event::Materials(_) => Some(true),
        Event::Sla(event) => Some(!matches!(event, SlaEvent::SlaStarted { .. })),
        Event::Conversations(_)
        | Event::Notifications(_)
        | Event::Auth(_)
        | Event::Series(_)
        | Event::Presets(_)
        | Event::Templates(_) => None,
    }
}

/// Whether what somebody did can be taken back at all.
pub fn can_turn(events: &[Recorded]) -> bool {
    let turned: Vec<bool> = events.iter().filter_map(|entry| turns(&entry.event)).collect();
    !turned.is_empty() && turned.iter().all(|can| *can)
}

/// Jobs that stand elsewhere because of an absence, and so go back with it.
pub fn freed(consequences: &[Recorded]) -> Vec<Recorded> {
    let is_freed = |entry: &&Recorded| match &entry.event {
        Event::Board(BoardEvent::VisitRemoved { .. }) => true,
        // An assistant who fell ill was taken off the crew.
        Event::Board(BoardEvent::VisitMoved { before, after, .. }) => {
            after.assistants.len() < before.assistants.len() && after.start == before.start
        }
        _ => false,
    };
    consequences.iter().filter(is_freed).cloned().collect()
}

/// What is asked to turn `events` round, in order; `consequences` is what an absence among them freed.
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
        let all: Vec<&Recorded> = events.iter().chain(consequences).collect();
        let materials = crate::kept::store::all(&mut *house.moment().await?).await?;
        let former = Reader { house, absence, materials }.former(&all).await?;
        let is_something = !former.placements.is_empty()
            || !former.into_pool.is_empty()
            || !former.statuses.is_empty()
            || !former.drafts.is_empty()
            || !former.bundles.is_empty();
        steps.extend(is_something.then(|| Step::Board(Box::new(former))));
    }
    for entry in events.iter().rev() {
        steps.extend(elsewhere(house, &entry.event).await?);
    }
    Ok(steps)
}

/// What other rooms than the board are asked.
async fn elsewhere(house: &House, event: &Event) -> Result<Option<Step>, Problem> {
    let mut now = house.moment().await?;
    Ok(match event {
        Event::Jobs(event) => {
            let id = match event {
                JobEvent::JobCreated { after } | JobEvent::JobChanged { after, .. } => &after.id,
                JobEvent::JobCancelled { job, .. }
                | JobEvent::JobReopened { job, .. }
                | JobEvent::JobRestored { job, .. } => &job.id,
            };
            let held =
                crate::jobs::store::one(&mut now, house.policy.language, id.as_str()).await?;
            let version = held.map_or(0, |held| held.version);
            Some(Step::Job(id.clone(), job(event, version)))
        }
        Event::Technicians(event) => {
            use technicians::protocol::Command;
            let (id, command) = match event {
                TechnicianEvent::TechnicianChanged { before, .. } => {
                    let known =
                        crate::technicians::store::one(&mut now, before.id.as_str()).await?;
                    let version = known.map(|known| known.version);
                    (&before.id, Command::Change { after: before.clone(), version })
                }
                TechnicianEvent::AbsenceReported { technician, absence, .. } => {
                    (&technician.id, Command::EndAbsence(absence.id.clone()))
                }
                TechnicianEvent::AbsenceChanged { technician, before, .. } => {
                    (&technician.id, Command::ChangeAbsence(before.clone()))
                }
                TechnicianEvent::AbsenceEnded { technician, absence } => {
                    (&technician.id, Command::ReportAbsence(absence.clone()))
                }
                _ => return Ok(None),
            };
            Some(Step::Technician(id.clone(), command))
        }
        Event::Customers(event) => {
            use crate::customers::store;
            use customers::protocol::Command;
            let (id, command) = match event {
                CustomerEvent::CustomerChanged { before, .. } => {
                    let known = store::one(&mut now, before.id.as_str()).await?;
                    let version = known.map(|known| known.version);
                    (&before.id, Command::Change { after: before.clone(), version })
                }
                CustomerEvent::LocationChanged { before, .. } => {
                    let known = store::location(&mut now, before.id.as_str()).await?;
                    let version = known.map(|known| known.version);
                    let after = before.clone();
                    (&before.customer_id, Command::ChangeLocation { after, version })
                }
                _ => return Ok(None),
            };
            Some(Step::Customer(id.clone(), command))
        }
        Event::Tags(event) => Some(Step::Tags(tag(&mut now, event).await?)),
        Event::Zones(event) => Some(Step::Zones(super::kept::zone(event))),
        Event::Materials(event) => {
            Some(Step::Materials(super::kept::material(&mut now, event).await?))
        }
        Event::Sla(event) => super::kept::clock(event).map(Step::Sla),
        _ => None,
    })
}

async fn tag(now: &mut Moment, event: &TagEvent) -> Result<tags::Command, Problem> {
    let named = match event {
        TagEvent::TagCreated { tag } | TagEvent::TagDeleted { tag } => &tag.name,
        TagEvent::TagChanged { after, .. } => &after.name,
    };
    let users = crate::tags::store::users(now).await?.remove(&named.to_lowercase());
    let users = users.unwrap_or_default();
    Ok(match event {
        TagEvent::TagCreated { tag } => tags::Command::Delete { id: tag.id.clone(), users },
        TagEvent::TagDeleted { tag } => tags::Command::Create(tag.clone()),
        TagEvent::TagChanged { before, .. } => {
            tags::Command::Change { after: before.clone(), version: None, users }
        }
    })
}

fn job(event: &JobEvent, version: i64) -> jobs::protocol::Command {
    use jobs::protocol::Command;
    match event {
        JobEvent::JobCreated { .. } => Command::Cancel { note: None },
        JobEvent::JobChanged { before, .. } => {
            Command::Change { after: before.clone(), version: Some(version) }
        }
        JobEvent::JobCancelled { visit, .. } => {
            let no_access =
                visit.as_ref().is_some_and(|visit| visit.status == VisitStatus::NoAccess);
            let status = if no_access { JobStatus::NoAccess } else { JobStatus::Unassigned };
            Command::Restore { status, visit: visit.clone(), version }
        }
        JobEvent::JobReopened { before, visit, .. } => {
            let status = before.unwrap_or(JobStatus::Cancelled);
            Command::Restore { status, visit: visit.clone(), version }
        }
        JobEvent::JobRestored { before, visit, .. } => {
            Command::Restore { status: *before, visit: visit.clone(), version }
        }
    }
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
