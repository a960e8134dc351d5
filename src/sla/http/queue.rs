//! The queue of clocks: who has how many minutes left, whether the planned visit will keep it, or which slot would. It changes
//! nothing.

use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use actors::board::snapshot;
use actors::ids::JobId;
use actors::sla::protocol::{Clock, ClockState};
use actors::technicians::protocol::Span;
use scheduler::rank::{Search, suggest};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::board::plan::{JobsWanted, Snapshot, times};
use crate::error::Problem;
use crate::house::House;
use crate::input::Asked;
use crate::jobs::store::Standing;
use crate::sla::{http::shaped, store};

/// Jobs of the pool for which a slot is looked for.
const SOUGHT_MAX: usize = 20;

/// Which clocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// All of jobs that are not over.
    #[default]
    Open,
    /// Those that run and come near, or whose visit will be late.
    AtRisk,
    /// Those that stand still.
    Paused,
    /// Those that missed.
    Missed,
}

/// `?state=at_risk`
#[derive(Deserialize)]
pub struct QueueQuery {
    #[serde(default)]
    state: Which,
}

/// Business minutes by which the visit will miss the clock's next target; negative where there is time to spare.
fn late_min(house: &House, clock: &Clock, standing: &Standing) -> Option<i64> {
    let visit = standing.visit.as_ref().filter(|visit| visit.status.is_open())?;
    let there = match clock.arrived_at {
        Some(_) => visit.end.max(house.clock.now()),
        None => standing.eta.map_or(visit.start, |eta| eta.at).max(visit.start),
    };
    let late_s = clock.policy.between(&house.policy, clock.due_at(), there);
    // Between two business hours no minute passes: late is late all the same.
    let at_least = i64::from(there > clock.due_at());
    Some(if late_s >= 0 { ((late_s + 59) / 60).max(at_least) } else { late_s.div_euclid(60) })
}

/// The best slot before a clock is due.
async fn best(house: &House, clock: &Clock, standing: &Standing) -> Result<Option<Value>, Problem> {
    let (now, due_at) = (house.clock.now(), clock.due_at());
    let end = due_at.min(now + jiff::SignedDuration::from_hours(24 * 7));
    if end <= now {
        return Ok(None);
    }
    let range = Span { start: now, end };
    let day = Snapshot::take(house, range, None, JobsWanted::Ids(&[])).await?;
    let search = Search { range: snapshot::span(&range), now_s: now.as_second(), limit: 1 };
    let found = suggest(&day.wanted(&standing.job), &day.day, search, &house.knowledge);
    let Some(offer) = found.offers.first() else { return Ok(None) };
    let name = day.technician(&offer.technician_id).map(|(known, _)| known.technician.name.clone());
    let (start, end) = times(&offer.slot)?;
    Ok(Some(json!({
        "technician_id": offer.technician_id,
        "technician_name": name,
        "start": start,
        "end": end,
        "added_travel_min": offer.slot.added_travel_min,
    })))
}

/// GET /dispatch/sla: clocks of jobs that are not over, those with the fewest minutes left first.
///
/// # Errors
/// 422 for an unknown state.
pub async fn queue(
    house: web::Data<House>,
    query: Asked<QueueQuery>,
) -> Result<HttpResponse, Problem> {
    let mut moment = house.moment().await?;
    let mut clocks = store::open(&mut moment).await?;
    // What is of another day has nothing to say yet.
    let now = house.clock.now();
    clocks.retain(|(clock, _)| clock.started_at <= now);
    let ids: Vec<String> = clocks.iter().map(|(clock, _)| clock.job_id.to_string()).collect();
    let jobs = crate::jobs::store::several(&mut moment, house.policy.language, &ids).await?;
    let mut jobs: HashMap<JobId, Standing> =
        jobs.into_iter().map(|standing| (standing.job.id.clone(), standing)).collect();
    let mut found = Vec::new();
    for (clock, version) in clocks {
        let Some(standing) = jobs.remove(&clock.job_id) else { continue };
        let shape = shaped(&house, &clock, version);
        let late_min = late_min(&house, &clock, &standing);
        let nears = shape.minutes_left <= shape.at_risk_min || late_min.is_some_and(|l| l > 0);
        let is_wanted = match query.state {
            Which::Open => true,
            Which::AtRisk => shape.state == ClockState::Running && nears,
            Which::Paused => shape.state == ClockState::Paused,
            Which::Missed => shape.state == ClockState::Missed,
        };
        if is_wanted {
            found.push((clock, shape, standing, late_min));
        }
    }
    drop(moment);
    found.sort_by(|a, b| {
        let key = |one: &(Clock, _, _, _)| one.0.job_id.clone();
        (a.1.minutes_left, a.1.due_at)
            .cmp(&(b.1.minutes_left, b.1.due_at))
            .then_with(|| key(a).cmp(&key(b)))
    });
    let (mut items, mut sought) = (Vec::with_capacity(found.len()), 0);
    for (clock, shape, standing, late_min) in found {
        let open = standing.visit.as_ref().filter(|visit| visit.status.is_open());
        let mut slot = None;
        if query.state == Which::AtRisk && open.is_none() && sought < SOUGHT_MAX {
            sought += 1;
            slot = best(&house, &clock, &standing).await?;
        }
        items.push(json!({
            "job_id": clock.job_id,
            "title": standing.job.title,
            "customer_name": standing.job.customer_name,
            "priority": standing.job.priority,
            "status": standing.status,
            "job_version": standing.version,
            "sla": shape,
            "visit": open.map(|visit| json!({
                "technician_id": visit.technician_id,
                "start": visit.start,
                "eta": standing.eta.map(|eta| eta.at),
                "late_min": late_min,
            })),
            "best": slot,
        }));
    }
    Ok(HttpResponse::Ok().json(json!({ "items": items, "next": null })))
}
