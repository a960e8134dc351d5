//! The snapshot that suggestions are computed on, outside every actor: technicians with shifts and visits, jobs
//! with windows and skills; and the way back, from the arithmetic's answer to placements the board decides on.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use actors::board::protocol::{DraftEntry, Placement, Reasons, Visit, VisitStatus};
use actors::board::snapshot;
use actors::engine::journal::Seq;
use actors::ids::{BundleId, JobId, VisitId};
use actors::jobs::protocol::Job;
use actors::notifications::protocol::Promise;
use actors::technicians::protocol::{Span, Technician, day_span};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use scheduler::day::{Day, DayTechnician, Wanted};
use scheduler::explain::Words;
use scheduler::slots::Slot;

use crate::board::crew::company;
use crate::board::last_read::Read;
use crate::board::seen::Seen;
use crate::error::Problem;
use crate::house::{House, Knowledge};
use crate::jobs::store::Standing;
use crate::journal::database::{Moment, ReadError};
use crate::materials::store::KnownMaterial;
use crate::technicians::store::Known;

/// Days that one question may span.
pub const DAYS_MAX: i64 = 31;

/// Technicians and their visits over some days, as of one moment.
pub struct Snapshot {
    /// When it was taken.
    pub now: Timestamp,
    /// Driving times as they are known there.
    pub knowledge: Knowledge,
    /// The journal position that it stands for.
    pub seq: Seq,
    /// The span it covers.
    pub range: Span,
    /// Technicians with their versions.
    pub technicians: Vec<Known>,
    /// Others who go along with the jobs asked about.
    pub hands: Vec<Known>,
    /// Jobs that are one stop with others, and in which bundle.
    pub bundled: HashMap<JobId, BundleId>,
    /// Materials, where a job asked about takes some along.
    pub materials: Vec<KnownMaterial>,
    /// Shifts by technician.
    pub shifts: HashMap<String, Vec<Span>>,
    /// The same for the arithmetic.
    pub day: Vec<DayTechnician>,
    /// Jobs asked about.
    pub jobs: Vec<Standing>,
    /// The window that customers were told last, by job, also where the visit was taken off since; only with
    /// [`JobsWanted::Day`].
    pub promises: HashMap<String, Promise>,
    /// Entries of change-sets, of any day; only with [`JobsWanted::Day`].
    pub drafts: Vec<DraftEntry>,
    /// Of the jobs that others of the snapshot wait for, those that are over.
    pub over: HashSet<JobId>,
    /// Where the days of zones are counted.
    zone: TimeZone,
    read: Arc<Read>,
}

impl Snapshot {
    /// Takes it: all technicians or one, over `range`, and the jobs of `jobs`.
    ///
    /// # Errors
    /// When the database cannot be read, or the range is too long.
    pub async fn take(
        house: &House,
        range: Span,
        technician: Option<&str>,
        jobs: JobsWanted<'_>,
    ) -> Result<Self, Problem> {
        Self::seen(house, &Seen::now(house), range, technician, jobs).await
    }

    /// The same, from where `seen` stands.
    ///
    /// # Errors
    /// As [`Snapshot::take`].
    pub async fn seen(
        house: &House,
        seen: &Seen,
        range: Span,
        technician: Option<&str>,
        jobs: JobsWanted<'_>,
    ) -> Result<Self, Problem> {
        let around = around(range)?;
        let mut moment = seen.moment(house).await?;
        let language = house.policy.language;
        let seq = crate::shelves::position(&mut moment).await?;
        let read = everybody(house, seen, &mut moment, seq, around).await?;
        let technicians = match technician {
            None => read.technicians.clone(),
            Some(id) => vec![asked_about(&mut moment, id).await?],
        };
        let (from, to) = (range.start.as_microsecond(), range.end.as_microsecond());
        let (mut promises, mut drafts) = (HashMap::new(), Vec::new());
        let jobs = match jobs {
            JobsWanted::Ids(ids) => crate::jobs::store::several(&mut moment, language, ids).await?,
            JobsWanted::Pool => pool(house, seen, &mut moment, range).await?,
            JobsWanted::Day => {
                promises = crate::notifications::store::told(&mut moment, from, to).await?;
                drafts = crate::board::store::drafts(&mut moment, None).await?;
                let mut all = crate::jobs::store::visited(&mut moment, language, from, to).await?;
                all.extend(pool(house, seen, &mut moment, range).await?);
                all
            }
        };
        let over = over(&mut moment, language, &jobs).await?;
        let (hands, materials, bundled) =
            company(&mut moment, &jobs, &drafts, &technicians).await?;
        drop(moment);
        let mut of = by_technician(house, seen, &read.visits);
        let mut shifts = HashMap::new();
        let mut day = Vec::with_capacity(technicians.len());
        for known in &technicians {
            let who = &known.technician;
            let spans = shifts_in(house, who, range);
            let mine = of.remove(who.id.as_str()).unwrap_or_default();
            let position = seen.position(house, &who.id);
            let zone = &house.policy.zone;
            let mut own =
                snapshot::technician(who, &spans, mine.into_iter(), position.as_ref(), zone);
            let held = read.holds.iter().filter(|hold| hold.technician_id == who.id);
            own.stops.extend(held.map(snapshot::held));
            day.push(own);
            shifts.insert(who.id.to_string(), spans);
        }
        Ok(Self {
            now: seen.now,
            knowledge: seen.knowledge.clone(),
            seq,
            range,
            technicians,
            hands,
            bundled,
            materials,
            shifts,
            day,
            jobs,
            promises,
            drafts,
            over,
            zone: house.policy.zone.clone(),
            read,
        })
    }

    /// A job as the arithmetic looks for a place for it, with what the zones ask there.
    pub fn wanted(&self, job: &Job) -> Wanted {
        snapshot::wanted(job, self.read.zones.asks(job.lat, job.lon, &self.zone))
    }

    /// The arithmetic's day. It takes the technicians along: put them back to `day` before asking for one of them.
    pub fn as_day(&mut self, jobs: Vec<Wanted>) -> Day {
        Day {
            range: snapshot::span(&self.range),
            now_s: self.now.as_second(),
            technicians: std::mem::take(&mut self.day),
            jobs,
        }
    }

    /// Of the jobs that one waits for, those that are over.
    pub fn over(&self, job: &Job) -> Vec<JobId> {
        job.depends_on.iter().filter(|id| self.over.contains(id)).cloned().collect()
    }

    /// Whether a job waits for others, or an open one of the snapshot for it: hands place those.
    pub fn is_linked(&self, job: &Job) -> bool {
        let waits = |job: &Job| job.depends_on.iter().any(|id| !self.over.contains(id));
        waits(job) || self.jobs.iter().any(|other| other.job.depends_on.contains(&job.id))
    }

    /// A technician of the snapshot.
    pub fn technician(&self, id: &str) -> Option<(&Known, &DayTechnician)> {
        let known = self.technicians.iter().find(|known| known.technician.id.as_str() == id)?;
        Some((known, self.day.iter().find(|day| &*day.id == id)?))
    }

    /// A slot as a placement that the board decides on.
    pub fn placement(
        &self,
        house: &House,
        job: &Standing,
        technician: &str,
        start: Timestamp,
        travel_min: i64,
        reasons: Reasons,
    ) -> Option<Placement> {
        let (known, _) = self.technician(technician)?;
        let stands = job.visit.as_ref().filter(|visit| visit.status.is_open());
        Some(Placement {
            crew: self.crew(house, technician, stands),
            hold_id: None,
            breaks: None,
            visit_id: VisitId::new(house.clock.now(), house.entropy()),
            job: job.job.clone(),
            job_version: job.version,
            technician: known.technician.clone(),
            technician_version: known.version,
            shifts: self.shifts.get(technician).cloned().unwrap_or_default(),
            start,
            travel_min,
            pinned: false,
            overrides: Vec::new(),
            reasons,
            over: self.over(&job.job),
        })
    }
}

/// The span, which may not be too long, and what is near it: visits of the evening before and the morning after still matter
/// for the drive.
fn around(range: Span) -> Result<Span, Problem> {
    if range.end.duration_since(range.start) > SignedDuration::from_hours(24 * DAYS_MAX + 1) {
        return Err(Problem::invalid("/to", "At most 31 days at once."));
    }
    let margin = SignedDuration::from_hours(12);
    let (start, end) = (range.start.checked_sub(margin), range.end.checked_add(margin));
    let beyond = |_| Problem::invalid("/from", "This lies beyond the calendar.");
    Ok(Span { start: start.map_err(beyond)?, end: end.map_err(beyond)? })
}

/// Everybody's plan in the span.
async fn everybody(
    house: &House,
    seen: &Seen,
    moment: &mut Moment,
    seq: Seq,
    span: Span,
) -> Result<Arc<Read>, ReadError> {
    if seen.is_now() {
        return house.last_read.at(moment, seq, span).await;
    }
    Ok(Arc::new(Read::of(moment, seq, span).await?))
}

/// Visits by everybody who goes, with the time they will really take.
fn by_technician(house: &House, seen: &Seen, visits: &[Visit]) -> HashMap<String, Vec<Visit>> {
    let mut of: HashMap<String, Vec<Visit>> = HashMap::new();
    for mut visit in visits.iter().cloned() {
        visit.end = expected_end(house, seen, &visit);
        for id in visit.people() {
            of.entry(id.to_string()).or_default().push(visit.clone());
        }
    }
    of
}

/// Which jobs that others wait for are over.
async fn over(
    moment: &mut Moment,
    language: actors::engine::refusal::Language,
    jobs: &[Standing],
) -> Result<HashSet<JobId>, ReadError> {
    let needs: BTreeSet<&JobId> = jobs.iter().flat_map(|job| &job.job.depends_on).collect();
    let needs: Vec<String> = needs.into_iter().map(JobId::to_string).collect();
    let needs = crate::jobs::store::several(moment, language, &needs).await?.into_iter();
    let over = needs.filter(|need| crate::jobs::store::is_over(need.status));
    Ok(over.map(|need| need.job.id).collect())
}

/// One technician, or all.
async fn asked_about(moment: &mut Moment, id: &str) -> Result<Known, Problem> {
    let known = crate::technicians::store::one(moment, id).await?;
    known.ok_or_else(|| {
        let why = "There is no such technician.";
        Problem::not_found("technician").pointer("/technician_id", why)
    })
}

/// Which jobs a snapshot holds.
pub enum JobsWanted<'a> {
    /// These.
    Ids(&'a [String]),
    /// Those without a visit that belong into the span.
    Pool,
    /// Those with a visit that starts in the span, and the pool.
    Day,
}

/// What waits to be planned in the span.
async fn pool(
    house: &House,
    seen: &Seen,
    moment: &mut Moment,
    range: Span,
) -> Result<Vec<Standing>, ReadError> {
    let (from, to) = (range.start.as_microsecond(), range.end.as_microsecond());
    let now = seen.now.as_microsecond();
    crate::jobs::store::pool(moment, house.policy.language, from, to, now, 2000).await
}

/// When a visit will really be over: late ones take their technician's time for longer.
fn expected_end(house: &House, seen: &Seen, visit: &Visit) -> Timestamp {
    if visit.status == VisitStatus::OnSite {
        let over = visit.on_site_at.map(|at| at + visit.end.duration_since(visit.start));
        let soon = seen.now + SignedDuration::from_mins(5);
        return over.map_or(visit.end, |over| over.max(soon));
    }
    let eta = seen.expected(house, &visit.id);
    let late = eta.map_or(SignedDuration::ZERO, |eta| eta.duration_since(visit.start));
    visit.end + late.max(SignedDuration::ZERO)
}

/// Shifts over some days, absences not taken out.
pub fn shifts_in(house: &House, who: &Technician, range: Span) -> Vec<Span> {
    let zone = &house.policy.zone;
    let mut date = range.start.to_zoned(zone.clone()).date();
    let last = range.end.to_zoned(zone.clone()).date();
    let mut spans = Vec::new();
    if let Ok(yesterday) = date.yesterday() {
        spans.extend(who.shifts_on(yesterday, zone));
    }
    while date <= last {
        spans.extend(who.shifts_on(date, zone));
        match date.tomorrow() {
            Ok(next) => date = next,
            Err(_) => break,
        }
    }
    spans.sort_by_key(|span| (span.start, span.end));
    spans.dedup();
    spans
}

/// The local day as a span.
///
/// # Errors
/// 422 for a day the calendar does not hold.
pub fn day_of(house: &House, date: Date) -> Result<Span, Problem> {
    day_span(date, &house.policy.zone)
        .ok_or_else(|| Problem::invalid("/date", "There is no such day."))
}

/// Today on the company's wall.
pub fn today(house: &House) -> Date {
    house.clock.now().to_zoned(house.policy.zone.clone()).date()
}

/// Makes sentences about times of the day that `at` lies in.
pub fn words(house: &House, at: Timestamp) -> Words {
    Words::new(house.policy.zone.clone(), at.as_second())
}

/// The arithmetic's reasons as ours.
pub fn reasons(of: scheduler::explain::Reasons) -> Reasons {
    Reasons { fr: of.fr, en: of.en }
}

/// A slot's times.
///
/// # Errors
/// 500 for a time out of range.
pub fn times(slot: &Slot) -> Result<(Timestamp, Timestamp), Problem> {
    let at = |s| Timestamp::from_second(s).map_err(|_| Problem::internal());
    Ok((at(slot.start_s)?, at(slot.end_s)?))
}
