//! Three ways to let an urgent job in, in words: who goes, who moves from where to where, whose promise breaks, which
//! texts would go out. Worked out on a snapshot; nothing is moved and nothing is sent.

use std::collections::HashSet;

use actors::board::protocol::{Reasons, Visit, VisitStatus};
use actors::board::snapshot;
use actors::ids::VisitId;
use actors::jobs::protocol::Job;
use actors::technicians::protocol::Span;
use jiff::Timestamp;
use scheduler::rank::Search;
use scheduler::urgent::{Movable, Moved, UrgentPlan, three_ways};
use serde::Serialize;
use utoipa::ToSchema;

use crate::board::day::told;
use crate::board::plan::{JobsWanted, Snapshot, day_of, today, words};
use crate::board::several::ChangeInput;
use crate::error::Problem;
use crate::house::House;
use crate::jobs::store::Standing;
use crate::notifications::draft::{DraftedText, Imagined, drafted};

/// Where a visit stands, or would.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UrgentPlace {
    /// Whose.
    pub technician_id: String,
    /// Their name.
    pub technician_name: String,
    /// Planned arrival.
    #[schema(value_type = String)]
    pub start: Timestamp,
}

/// What becomes of one visit.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UrgentChange {
    /// Which job.
    pub job_id: String,
    /// What it is.
    pub title: String,
    /// For whom.
    pub customer_name: String,
    /// Where it stands; none for the urgent job itself.
    pub from: Option<UrgentPlace>,
    /// Where it would; none where it goes back into the pool.
    pub to: Option<UrgentPlace>,
    /// By how many minutes it moves; later is more.
    pub minutes: Option<i64>,
    /// What the customer was told, if they were.
    pub told: Option<Span>,
    /// Whether that no longer holds.
    pub breaks: bool,
}

/// One way to let the job in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UrgentWay {
    /// `fewest_broken`, `soonest` or `cheapest`.
    pub kind: &'static str,
    /// The kinds before it that are the same plan.
    pub same_as: Option<&'static str>,
    /// Who goes.
    pub technician_id: String,
    /// Their name.
    pub technician_name: String,
    /// Planned arrival.
    #[schema(value_type = String)]
    pub start: Timestamp,
    /// Planned end of work.
    #[schema(value_type = String)]
    pub end: Timestamp,
    /// Minutes from now until the arrival.
    pub starts_in_min: i64,
    /// Promises that would be broken.
    pub broken: usize,
    /// Visits that would move, the urgent one not counted.
    pub moved: usize,
    /// Minutes of driving that the days gain together.
    pub added_driving_min: i64,
    /// Why, in words.
    pub reasons: Reasons,
    /// What would change, the urgent job first.
    pub diff: Vec<UrgentChange>,
    /// Every text exactly as it would go out; none for a job that is only imagined.
    pub texts: Vec<DraftedText>,
    /// What to send to make it real; none for a job that is only imagined.
    pub changes: Vec<ChangeInput>,
}

/// The job that is to be let in.
pub enum Asked {
    /// One there is.
    Standing(Box<Standing>),
    /// One there might be.
    Imagined(Box<Job>),
}

impl Asked {
    fn job(&self) -> &Job {
        match self {
            Self::Standing(standing) => &standing.job,
            Self::Imagined(job) => job,
        }
    }
}

/// The three ways, of which the same may stand for several.
///
/// # Errors
/// When the rows cannot be read.
pub async fn ways(house: &House, asked: &Asked) -> Result<Vec<UrgentWay>, Problem> {
    let day = day_of(house, today(house))?;
    let tomorrow = today(house).tomorrow().map_err(|_| Problem::internal())?;
    let range = Span { start: day.start, end: day_of(house, tomorrow)?.end };
    let snapshot = Snapshot::take(house, range, None, JobsWanted::Day).await?;
    let job = snapshot.wanted(asked.job());
    let movable = movable(&snapshot, asked.job());
    let search =
        Search { range: snapshot::span(&range), now_s: snapshot.now.as_second(), limit: 1 };
    let (crew, knowledge) = (snapshot.day.clone(), house.knowledge.clone());
    let found =
        tokio::task::spawn_blocking(move || three_ways(&job, &crew, &movable, search, &knowledge));
    let found = found.await.map_err(|_| Problem::internal())?;
    let three = [
        ("fewest_broken", found.fewest_broken),
        ("soonest", found.soonest),
        ("cheapest", found.cheapest),
    ];
    let mut shown: Vec<(UrgentPlan, UrgentWay)> = Vec::new();
    for (kind, plan) in three {
        let Some(plan) = plan else { continue };
        let same = shown.iter().find(|(known, _)| *known == plan).map(|(_, way)| way.clone());
        let way = match same {
            Some(way) => UrgentWay { kind, same_as: way.same_as.or(Some(way.kind)), ..way },
            None => Told { house, snapshot: &snapshot, asked, plan: &plan }.way(kind).await?,
        };
        shown.push((plan, way));
    }
    Ok(shown.into_iter().map(|(_, way)| way).collect())
}

/// Visits that may make room: planned, pinned by nobody, against no rule, in no draft.
fn movable(snapshot: &Snapshot, urgent: &Job) -> Vec<Movable> {
    let drafted: HashSet<&str> =
        snapshot.drafts.iter().map(|entry| entry.visit.job_id.as_str()).collect();
    let free = |one: &&Standing| one.job.id != urgent.id && !drafted.contains(one.job.id.as_str());
    let jobs = snapshot.jobs.iter().filter(free);
    jobs.filter_map(|standing| {
        let visit = standing.visit.as_ref()?;
        let held = visit.pinned || !visit.overrides.is_empty() || snapshot.is_crewed(standing);
        if visit.status != VisitStatus::Planned || held || visit.start <= snapshot.now {
            return None;
        }
        Some(Movable {
            wanted: snapshot.wanted(&standing.job),
            technician: visit.technician_id.key(),
            start_s: visit.start.as_second(),
            told: snapshot.promises.get(standing.job.id.as_str()).map(told),
        })
    })
    .collect()
}

struct Told<'a> {
    house: &'a House,
    snapshot: &'a Snapshot,
    asked: &'a Asked,
    plan: &'a UrgentPlan,
}

impl Told<'_> {
    async fn way(&self, kind: &'static str) -> Result<UrgentWay, Problem> {
        let (start, end) = crate::board::plan::times(&self.plan.slot)?;
        let id = &self.plan.technician;
        let (known, who) = self.snapshot.technician(id).ok_or_else(Problem::internal)?;
        let name = known.technician.name.clone();
        let job = self.asked.job();
        let words = words(self.house, start);
        let why = words.chosen(&self.snapshot.wanted(job), who, self.plan.slot, &[]);
        let mut diff = vec![UrgentChange {
            job_id: job.id.to_string(),
            title: job.title.clone(),
            customer_name: job.customer_name.clone(),
            from: None,
            to: self.place(id, start),
            minutes: None,
            told: None,
            breaks: false,
        }];
        diff.extend(self.plan.moved.iter().filter_map(|moved| self.change(moved)));
        let changes = self.changes(start);
        let mut why = crate::board::plan::reasons(why);
        if let Some((known, _)) = self.snapshot.technician(id) {
            let span = Span { start, end };
            why = crate::calendars::outside::told(self.house, &known.technician, &span, why);
        }
        Ok(UrgentWay {
            kind,
            same_as: None,
            technician_id: id.to_string(),
            technician_name: name,
            start,
            end,
            starts_in_min: start.duration_since(self.snapshot.now).as_mins(),
            broken: self.plan.broken(),
            moved: self.plan.moved.len(),
            added_driving_min: self.plan.added_driving_min,
            reasons: why,
            texts: self.texts(&changes).await?,
            changes,
            diff,
        })
    }

    fn place(&self, technician: &str, start: Timestamp) -> Option<UrgentPlace> {
        let (known, _) = self.snapshot.technician(technician)?;
        Some(UrgentPlace {
            technician_id: technician.to_owned(),
            technician_name: known.technician.name.clone(),
            start,
        })
    }

    fn standing(&self, job: &str) -> Option<&Standing> {
        self.snapshot.jobs.iter().find(|one| one.job.id.as_str() == job)
    }

    fn change(&self, moved: &Moved) -> Option<UrgentChange> {
        let standing = self.standing(&moved.job_id)?;
        let visit = standing.visit.as_ref()?;
        let to = moved
            .to
            .as_ref()
            .and_then(|(id, start_s)| self.place(id, Timestamp::from_second(*start_s).ok()?));
        let promise = self.snapshot.promises.get(standing.job.id.as_str());
        Some(UrgentChange {
            job_id: standing.job.id.to_string(),
            title: standing.job.title.clone(),
            customer_name: standing.job.customer_name.clone(),
            from: self.place(visit.technician_id.as_str(), visit.start),
            minutes: to.as_ref().map(|to| to.start.duration_since(visit.start).as_mins()),
            to,
            told: promise.map(actors::notifications::protocol::Promise::span),
            breaks: moved.breaks,
        })
    }

    /// What makes the plan real: whoever makes room first, then the urgent job, fixed where it was put.
    fn changes(&self, start: Timestamp) -> Vec<ChangeInput> {
        let Asked::Standing(urgent) = self.asked else { return Vec::new() };
        let moved = self.plan.moved.iter().filter_map(|moved| {
            let to = moved.to.as_ref();
            Some(ChangeInput {
                job_id: moved.job_id.to_string(),
                version: self.standing(&moved.job_id)?.version,
                technician_id: to.map(|(id, _)| id.to_string()),
                start: to.and_then(|(_, start_s)| Timestamp::from_second(*start_s).ok()),
                pinned: false,
            })
        });
        let mut changes: Vec<ChangeInput> = moved.collect();
        changes.push(ChangeInput {
            job_id: urgent.job.id.to_string(),
            version: urgent.version,
            technician_id: Some(self.plan.technician.to_string()),
            start: Some(start),
            pinned: true,
        });
        changes
    }

    async fn texts(&self, changes: &[ChangeInput]) -> Result<Vec<DraftedText>, Problem> {
        let mut texts = Vec::new();
        for change in changes.iter().rev() {
            let imagined = self.imagined(change);
            texts.extend(drafted(self.house, &change.job_id, imagined).await?);
        }
        Ok(texts)
    }

    /// The visit as the board would write it down.
    fn imagined(&self, change: &ChangeInput) -> Option<Imagined> {
        let (id, start) = (change.technician_id.as_ref()?, change.start?);
        let (known, _) = self.snapshot.technician(id)?;
        let standing = self.standing(&change.job_id);
        let (job, before) = match (standing, self.asked) {
            (Some(standing), _) => (&standing.job, standing.visit.as_ref()),
            (None, asked) => (asked.job(), None),
        };
        let before = before.filter(|visit| visit.status.is_open());
        let fresh = || VisitId::new(self.house.clock.now(), self.house.entropy());
        let visit = Visit {
            id: before.map_or_else(fresh, |visit| visit.id.clone()),
            job_id: job.id.clone(),
            technician_id: known.technician.id.clone(),
            assistants: before.map_or_else(Vec::new, |visit| visit.assistants.clone()),
            materials: before.map_or_else(Vec::new, |visit| visit.materials.clone()),
            start,
            end: start + jiff::SignedDuration::from_mins(job.duration_min),
            status: VisitStatus::Planned,
            pinned: change.pinned,
            travel_min: 0,
            overrides: Vec::new(),
            lat: job.lat,
            lon: job.lon,
            kind: job.kind.clone(),
            en_route_at: None,
            on_site_at: None,
            finished_at: None,
        };
        Some(Imagined { visit, technician: known.technician.clone() })
    }
}
