//! What an absence would come to, worked out on snapshots, day by day: every visit that it hits, the best place for each by the
//! house's one scorer, the figures before and after, and the texts. Changes nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use actors::board::protocol::{DraftEntry, Visit, VisitStatus};
use actors::ids::{BundleId, JobId};
use actors::jobs::protocol::Job;
use actors::technicians::protocol::Absence;
use jiff::civil::Date;

use super::kept::Asked;
use super::place::Day;
use super::wire::{AbsenceFigures, AbsenceHit, BegunVisit};
use crate::board::plan::{JobsWanted, Snapshot, day_of};
use crate::error::Problem;
use crate::house::House;
use crate::jobs::store::Standing;
use crate::journal::database::Moment;
use crate::notifications::together::{Together, together};
use crate::technicians::store::Known;
use crate::whatif::measure::figures;

/// Days with visits that one plan may hold.
const DAYS_MAX: usize = 62;

/// A plan that was worked out.
pub struct Computed {
    /// Who would be away.
    pub known: Known,
    /// The journal position that it rests on.
    pub seq: i64,
    /// Visits that it hits.
    pub hits: Vec<AbsenceHit>,
    /// Visits that go on.
    pub begun: Vec<BegunVisit>,
    /// The days as they stand.
    pub before: AbsenceFigures,
    /// The days as they would be.
    pub after: AbsenceFigures,
    /// Texts.
    pub texts: Together,
    /// The days that it rests on, with the plan laid over them.
    pub days: Vec<Snapshot>,
    /// The jobs of the visits as they stand.
    pub standings: Vec<Standing>,
    /// What drafts make of its visits, as they stand.
    pub drafted: Vec<Visit>,
    /// Drafts of jobs that stand as well, where they only go along in both: the draft stands and is short of one.
    pub short: Vec<(DraftEntry, Standing)>,
}

impl Computed {
    /// What a draft makes of a visit.
    pub fn drafted(&self, hit: &AbsenceHit) -> Option<&Visit> {
        self.drafted.iter().find(|visit| visit.job_id.as_str() == hit.job_id)
    }

    /// The job of a visit as it stands.
    pub fn standing(&self, hit: &AbsenceHit) -> Option<&Standing> {
        self.standings.iter().find(|one| one.job.id.as_str() == hit.job_id)
    }
}

/// What the rows say of an absence.
pub(super) struct Read {
    /// Who would be away.
    pub known: Known,
    /// What it hits.
    pub hits: Vec<Hit>,
    begun: Vec<BegunVisit>,
    short: Vec<(DraftEntry, Standing)>,
}

/// Something that is planned in the span.
pub(super) struct Hit {
    /// Its job.
    pub job: Job,
    /// The visit, or what a draft makes of it.
    pub visit: Visit,
    /// The draft, and the job as it stands.
    pub draft: Option<(DraftEntry, Standing)>,
    /// Whoever is away only goes along.
    pub helps: bool,
    /// The bundle that it is of.
    pub bundle: Option<BundleId>,
    /// The draft that gives what stands to the same technician then as well.
    pub doubled: Option<Arc<str>>,
}

/// Works a plan out.
///
/// # Errors
/// 404 for an unknown technician, 409 and 422 for an absence that cannot be or a choice that the rules forbid.
pub async fn compute(house: &House, asked: &Asked) -> Result<Computed, Problem> {
    let Read { known, hits, begun, short } = read(house, asked).await?;
    let drafted = hits.iter().filter(|hit| hit.draft.is_some()).map(|hit| hit.visit.clone());
    let drafted = drafted.collect();
    let mut by_day: BTreeMap<Date, Vec<Hit>> = BTreeMap::new();
    let date = |visit: &Visit| visit.start.to_zoned(house.policy.zone.clone()).date();
    for hit in hits {
        by_day.entry(date(&hit.visit)).or_default().push(hit);
    }
    for (entry, _) in &short {
        by_day.entry(date(&entry.visit)).or_default();
    }
    if by_day.len() > DAYS_MAX {
        let why =
            format!("A plan holds {DAYS_MAX} days with visits at most; take a shorter absence.");
        return Err(Problem::invalid("/end", why));
    }
    let mut all = Computed {
        known,
        seq: house.head(),
        hits: Vec::new(),
        begun,
        before: AbsenceFigures::default(),
        after: AbsenceFigures::default(),
        texts: Together::default(),
        days: Vec::new(),
        standings: Vec::new(),
        drafted,
        short,
    };
    let mut changes = Vec::new();
    for (date, hits) in by_day {
        let snapshot = Snapshot::take(house, day_of(house, date)?, None, JobsWanted::Day).await?;
        all.seq = all.seq.min(snapshot.seq);
        let day = Day { house, asked, snapshot, hits };
        day.work_out(&mut all, &mut changes)?;
    }
    all.texts = together(house, changes).await?;
    Ok(all)
}

/// Who would be away, what that hits, and what goes on.
///
/// # Errors
/// 404 for an unknown technician, 409 and 422 for an absence that cannot be.
pub(super) async fn read(house: &House, asked: &Asked) -> Result<Read, Problem> {
    let mut moment = house.moment().await?;
    let id = asked.technician_id.as_str();
    let known = crate::technicians::store::one(&mut moment, id).await?;
    let known = known.ok_or_else(|| Problem::not_found("technician"))?;
    let absence = absence(asked);
    let left = known.technician.leaves(&absence, asked.replaces.as_ref(), true);
    left.map_err(|refusal| crate::refusals::refused(&refusal))?;
    let led = crate::board::store::theirs(&mut moment, id, absence.span()).await?;
    let helped = super::store::helped(&mut moment, id, absence.span()).await?;
    let led = led.into_iter().map(|(visit, job)| (visit, job, false));
    let open = led.chain(helped.into_iter().map(|(visit, job)| (visit, job, true)));
    let entries = crate::board::store::drafts(&mut moment, None).await?;
    let (mut hits, mut begun) = (Vec::new(), Vec::new());
    for (visit, job, helps) in open {
        if visit.status == VisitStatus::Planned {
            hits.push(Hit { job, visit, draft: None, helps, bundle: None, doubled: None });
        } else {
            begun.push(BegunVisit {
                job_id: job.id.to_string(),
                title: job.title,
                customer_name: job.customer_name,
            });
        }
    }
    let mine = |entry: &DraftEntry| {
        let visit = &entry.visit;
        !entry.removes
            && visit.is_with(&asked.technician_id)
            && visit.span().overlaps(&absence.span())
    };
    let entries: Vec<DraftEntry> = entries.into_iter().filter(mine).collect();
    let ids: Vec<String> = entries.iter().map(|entry| entry.visit.job_id.to_string()).collect();
    let jobs = crate::jobs::store::several(&mut moment, house.policy.language, &ids).await?;
    let mut short = Vec::new();
    for entry in entries {
        let Some(job) = jobs.iter().find(|job| job.job.id == entry.visit.job_id) else { continue };
        let helps = entry.visit.technician_id != asked.technician_id;
        match hits.iter_mut().find(|hit| hit.job.id == entry.visit.job_id) {
            // Who leads both still goes, by the draft at its own hour.
            Some(hit) if hit.helps && helps => short.push((entry, job.clone())),
            // A job that is both real and drafted leaves as one: what stands decides, the draft goes with it.
            Some(hit) => hit.doubled = Some(entry.draft.clone()),
            None => {
                let visit = entry.visit.clone();
                let draft = Some((entry, job.clone()));
                let job = job.job.clone();
                hits.push(Hit { job, visit, draft, helps, bundle: None, doubled: None });
            }
        }
    }
    whole_stops(house, &mut moment, &mut hits).await?;
    Ok(Read { known, hits, begun, short })
}

/// A stop is one: whoever cannot be at one of its jobs is at none of them, so the others are hit as well.
async fn whole_stops(
    house: &House,
    moment: &mut Moment,
    hits: &mut Vec<Hit>,
) -> Result<(), Problem> {
    let bundles = crate::bundles::store::by_id(moment).await?;
    let mut mates = Vec::new();
    for hit in hits.iter_mut() {
        let bundle = bundles.values().find(|bundle| bundle.job_ids.contains(&hit.job.id));
        let Some(bundle) = bundle else { continue };
        hit.bundle = Some(bundle.id.clone());
        let ids = bundle.job_ids.iter().filter(|_| hit.draft.is_none()).map(JobId::to_string);
        mates.push((hit.helps, bundle.id.clone(), ids.collect::<Vec<_>>()));
    }
    for (helps, id, ids) in mates {
        let jobs = crate::jobs::store::several(moment, house.policy.language, &ids).await?;
        for job in jobs {
            let visit = job.visit.filter(|visit| visit.status == VisitStatus::Planned);
            let Some(visit) = visit else { continue };
            if hits.iter().all(|hit| hit.job.id != job.job.id) {
                let bundle = Some(id.clone());
                hits.push(Hit { job: job.job, visit, draft: None, helps, bundle, doubled: None });
            }
        }
    }
    Ok(())
}

/// The absence as it would be written down, under a name that nobody keeps.
pub fn absence(asked: &Asked) -> Absence {
    Absence {
        id: asked.replaces.clone().unwrap_or_else(|| "absence_planned".into()),
        start: asked.start,
        end: asked.end,
        reason: asked.reason.clone(),
    }
}

/// Adds what a day comes to.
pub(super) fn add(sum: &mut AbsenceFigures, day: &Snapshot, house: &House) {
    let figures = figures(house, day);
    sum.km += figures.km;
    sum.driving_min += figures.driving_min;
    sum.overtime_min += figures.overtime_min;
    sum.promises_broken += figures.promises_broken;
}
