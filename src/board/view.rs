//! The board as dispatchers see it, read in one transaction together with the position from which live events go on.

use std::collections::HashMap;

use actors::board::bundles::Bundle;
use actors::board::protocol::VisitStatus;
use actors::board::snapshot::point;
use actors::ids::TechnicianId;
use actors::materials::Material;
use actors::notifications::protocol::Promise;
use actors::technicians::protocol::{Absence, Home, Position, SkillLevel, Span, Technician};
use jiff::Timestamp;
use jiff::civil::Date;
use scheduler::travel::{Point, Travel};
use serde::Serialize;
use serde_json::{Value, json};

use crate::board::plan::day_of;
use crate::conversations::outbox::OutboxItem;
use crate::error::Problem;
use crate::house::House;
use crate::jobs::store::Standing;
use crate::jobs::wire::{EtaShape, JobShape};
use crate::journal::database::Moment;
use crate::kept::store::all;
use crate::notifications::store::{Latest, WaitingPromise};

/// Texts of a day that a look back shows at most.
const TEXTS_MAX: i64 = 2_000;

/// A visit as the board shows it.
#[derive(Serialize)]
pub(super) struct VisitOnBoard {
    /// Whether the row's technician leads it; those who go along have it for their driving alone.
    #[serde(skip)]
    pub(super) leads: bool,
    pub(super) id: String,
    pub(super) job_id: String,
    start: jiff::Timestamp,
    end: jiff::Timestamp,
    pub(super) travel_min: i64,
    status: VisitStatus,
    pinned: bool,
    eta: Option<EtaShape>,
    /// What the customer was told last.
    promise: Option<Promise>,
    /// What waits to be told to them, and is true for nobody until its text has left.
    next_promise: Option<WaitingPromise>,
    job: JobShape,
}

/// A job that waits in the pool, with what its customer was told.
#[derive(Serialize, utoipa::ToSchema)]
pub struct PoolJob {
    #[serde(flatten)]
    job: JobShape,
    /// The last promise that stands though nobody goes: told, and not called off.
    promise: Option<Promise>,
}

impl PoolJob {
    fn new(one: &Standing, promises: &mut HashMap<String, Promise>) -> Self {
        Self { promise: promises.remove(one.job.id.as_str()), job: one.shape() }
    }
}

#[derive(Serialize)]
struct TechnicianOnBoard {
    id: String,
    name: String,
    phone: String,
    language: actors::engine::refusal::Language,
    home: Home,
    skills: Vec<SkillLevel>,
    shifts: Vec<Span>,
    absences: Vec<Absence>,
    busy: Vec<actors::technicians::calendars::Busy>,
    calendars: Vec<actors::technicians::calendars::OutsideCalendar>,
    position: Option<Position>,
    visits: Vec<VisitOnBoard>,
    version: i64,
}

/// Whoever looks: the rows, the time on the wall, and where everybody is.
struct Seen {
    moment: Moment,
    now: Timestamp,
    positions: HashMap<String, Position>,
}

/// The board of `days` days from `date` on.
///
/// # Errors
/// When the database cannot be read, or the day does not exist.
pub async fn view(house: &House, date: Date, days: i64) -> Result<Value, Problem> {
    let moment = house.moment().await?;
    let seen = Seen { moment, now: house.clock.now(), positions: house.trackers.positions() };
    seen_by(house, seen, date, days).await
}

/// The board as it was seen at an earlier moment, with the texts of the day up to then.
///
/// # Errors
/// 422 for a moment that is still to come; when the past cannot be read.
pub async fn view_at(
    house: &House,
    at: Timestamp,
    date: Option<Date>,
    days: i64,
) -> Result<Value, Problem> {
    if at > house.clock.now() {
        return Err(Problem::invalid("/at", "This moment is still to come."));
    }
    let today = at.to_zoned(house.policy.zone.clone()).date();
    let morning = day_of(house, today)?.start;
    let past = house.past.at(house.journal.database(), at, morning).await.map_err(|error| {
        tracing::error!(%error, "the past cannot be read");
        Problem::overloaded()
    })?;
    let mut living = house.read().await?;
    let positions = crate::technicians::store::positions_at(&mut living, at).await?;
    drop(living);
    let mut moment = past.moment().await?;
    let texts =
        crate::conversations::store::outgoing_between(&mut moment, morning, at, TEXTS_MAX).await?;
    let seen = Seen { moment, now: at, positions: positions.into_iter().collect() };
    let mut board = seen_by(house, seen, date.unwrap_or(today), days).await?;
    let sandbox = house.teller.sandbox;
    let texts: Vec<OutboxItem> = texts.iter().map(|text| OutboxItem::new(text, sandbox)).collect();
    board["at"] = json!(at);
    board["texts"] = json!(texts);
    Ok(board)
}

async fn seen_by(house: &House, seen: Seen, date: Date, days: i64) -> Result<Value, Problem> {
    let Seen { mut moment, now, mut positions } = seen;
    let (range, last) = range_of(house, date, days)?;
    let (from, to) = (range.start.as_microsecond(), range.end.as_microsecond());
    let language = house.policy.language;
    let seq = crate::shelves::position(&mut moment).await?;
    let technicians = crate::technicians::store::all(&mut moment).await?;
    let visited = crate::jobs::store::visited(&mut moment, language, from, to).await?;
    let pool = {
        let now = now.as_microsecond();
        crate::jobs::store::pool(&mut moment, language, from, to, now, 1000).await?
    };
    let drafts = crate::board::store::drafts(&mut moment, None).await?;
    let materials = all::<Material>(&mut moment).await?;
    let bundles = all::<Bundle>(&mut moment).await?;
    let proposals = crate::board::store::proposals(&mut moment).await?;
    let mut holds = crate::board::store::holds(&mut moment).await?;
    holds.retain(|hold| hold.span().overlaps(&range));
    let untold = crate::notifications::store::untold(&mut moment, range.start).await?;
    let promises = crate::notifications::store::latest(&mut moment, from, to).await?;
    let mut unkept = crate::notifications::store::of_pool(&mut moment).await?;
    drop(moment);
    let mut visits: HashMap<String, Vec<VisitOnBoard>> = HashMap::new();
    for standing in &visited {
        let people = standing.visit.iter().flat_map(|visit| visit.people());
        for technician in people {
            if let Some(visit) = on_board(standing, &promises, technician) {
                visits.entry(technician.to_string()).or_default().push(visit);
            }
        }
    }
    for known in &technicians {
        if let Some(route) = visits.get_mut(known.technician.id.as_str()) {
            let home = &known.technician.home;
            drives(house, point(home.lat, home.lon), route);
            route.retain(|visit| visit.leads);
        }
    }
    let rows: Vec<TechnicianOnBoard> = technicians
        .into_iter()
        .map(|known| {
            let mut who = known.technician;
            TechnicianOnBoard {
                busy: busy_in(&mut who, &range),
                calendars: std::mem::take(&mut who.calendars),
                shifts: shifts(house, &who, date, last),
                position: positions.remove(who.id.as_str()),
                visits: visits.remove(who.id.as_str()).unwrap_or_default(),
                absences: away_in(who.absences, &range),
                id: who.id.to_string(),
                name: who.name,
                phone: who.phone,
                language: who.language,
                home: who.home,
                skills: who.skills,
                version: known.version,
            }
        })
        .collect();
    let pool: Vec<PoolJob> = pool.iter().map(|one| PoolJob::new(one, &mut unkept)).collect();
    Ok(json!({
        "seq": seq, "date": date, "days": days, "now": now,
        "technicians": rows, "pool": pool, "drafts": drafts, "untold": untold,
        "holds": holds, "materials": materials, "bundles": bundles,
        "proposals": proposals
            .into_iter()
            .filter(|one| (date..=last).contains(&one.plan.date))
            .collect::<Vec<_>>(),
    }))
}

fn away_in(mut all: Vec<Absence>, range: &Span) -> Vec<Absence> {
    all.retain(|absence| absence.span().overlaps(range));
    all
}

/// What outside calendars take in the span; it is left out of the calendars themselves.
pub(super) fn busy_in(
    who: &mut Technician,
    range: &Span,
) -> Vec<actors::technicians::calendars::Busy> {
    let calendars = who.calendars.iter_mut();
    let mut all: Vec<_> = calendars.flat_map(|one| std::mem::take(&mut one.busy)).collect();
    all.retain(|busy| busy.span().overlaps(range));
    all.sort_by_key(|busy| (busy.start, busy.end));
    all
}

/// `days` local days from `date` on, and the last of them.
///
/// # Errors
/// Where the calendar ends.
pub(super) fn range_of(house: &House, date: Date, days: i64) -> Result<(Span, Date), Problem> {
    let mut range = day_of(house, date)?;
    let mut last = date;
    for _ in 1..days {
        last = last.tomorrow().map_err(|_| Problem::invalid("/days", "There are no such days."))?;
    }
    range.end = day_of(house, last)?.end;
    Ok((range, last))
}

/// The shifts of those days.
pub(super) fn shifts(house: &House, who: &Technician, date: Date, last: Date) -> Vec<Span> {
    let mut shifts = Vec::new();
    let mut day = date;
    while day <= last {
        shifts.extend(who.shifts_on(day, &house.policy.zone));
        match day.tomorrow() {
            Ok(next) => day = next,
            Err(_) => break,
        }
    }
    shifts
}

/// The drive before each visit as the route stands now: what was planned with a visit is of the day it was placed on,
/// and another may have come between since.
pub(super) fn drives(house: &House, home: Point, route: &mut [VisitOnBoard]) {
    const NIGHT_S: i64 = 12 * 3600;
    route.sort_by_key(|visit| visit.start);
    let mut before: Option<(Point, i64)> = None;
    for visit in route {
        if visit.status == VisitStatus::Cancelled {
            continue;
        }
        let here = point(visit.job.lat, visit.job.lon);
        let start_s = visit.start.as_second();
        let (from, left_s) =
            before.filter(|(_, left_s)| start_s - left_s < NIGHT_S).unwrap_or((home, start_s));
        visit.travel_min = (house.knowledge.leg(from, here, left_s).seconds + 59) / 60;
        before = Some((here, visit.end.as_second()));
    }
}

/// The visit of a job as the board shows it in the row of one who goes.
pub(super) fn on_board(
    standing: &Standing,
    promises: &HashMap<String, Latest>,
    technician: &TechnicianId,
) -> Option<VisitOnBoard> {
    let visit = standing.visit.as_ref()?;
    let job = standing.shape();
    let Latest { told, waiting } = promises.get(visit.job_id.as_str()).cloned().unwrap_or_default();
    Some(VisitOnBoard {
        leads: visit.technician_id == *technician,
        id: visit.id.to_string(),
        job_id: visit.job_id.to_string(),
        start: visit.start,
        end: visit.end,
        travel_min: visit.travel_min,
        status: visit.status,
        pinned: visit.pinned,
        eta: job.visit.as_ref().and_then(|visit| visit.eta.clone()),
        promise: told,
        next_promise: waiting,
        job,
    })
}
