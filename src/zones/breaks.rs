//! Which planned visits a zone would refuse if they were planned now. It only says so: no visit is moved by a zone.

use std::collections::HashMap;

use actors::board::protocol::{Reasons, VisitStatus};
use actors::board::snapshot;
use actors::technicians::protocol::Technician;
use actors::zones::protocol::Zone;
use jiff::{SignedDuration, Timestamp};
use scheduler::zones::refusals;
use serde::Serialize;
use utoipa::ToSchema;

use crate::board::plan::{reasons, words};
use crate::error::Problem;
use crate::house::House;

/// How far ahead visits are looked at.
const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 366);

/// A planned visit that a zone would refuse.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BrokenVisit {
    /// Its job.
    pub job_id: String,
    /// What is to be done.
    pub title: String,
    /// Whose visit it is.
    pub technician_id: String,
    /// Their name.
    pub technician_name: String,
    /// Planned arrival.
    #[schema(value_type = String)]
    pub start: Timestamp,
    /// Planned end.
    #[schema(value_type = String)]
    pub end: Timestamp,
    /// Why, for people.
    pub reasons: Reasons,
}

/// Planned visits from now on whose technician `zone` does not let in on that day, by start. Where somebody insisted
/// against a zone before, that stands.
///
/// # Errors
/// When the rows cannot be read.
pub async fn broken_by(house: &House, zone: &Zone) -> Result<Vec<BrokenVisit>, Problem> {
    let Ok(ground) = zone.polygon.ground() else { return Ok(Vec::new()) };
    let Some(ask) = zone.asks(&house.policy.zone) else { return Ok(Vec::new()) };
    let now = house.clock.now();
    let mut moment = house.moment().await?;
    let visits = crate::board::store::open_visits(&mut moment, now, now + AHEAD).await?;
    let inside = visits.into_iter().filter(|visit| {
        let at = snapshot::point(visit.lat, visit.lon);
        visit.status == VisitStatus::Planned
            && !visit.overrides.iter().any(|rule| rule == "zone")
            && ground.holds(at)
    });
    let mut inside: Vec<_> = inside.collect();
    inside.sort_by(|a, b| (a.start, &a.job_id).cmp(&(b.start, &b.job_id)));
    let all = crate::technicians::store::all(&mut moment).await?;
    let who: HashMap<&str, &Technician> =
        all.iter().map(|known| (known.technician.id.as_str(), &known.technician)).collect();
    let mut broken = Vec::new();
    for visit in inside {
        let Some(who) = who.get(visit.technician_id.as_str()) else { continue };
        let day = snapshot::technician(who, &[], std::iter::empty(), None, &house.policy.zone);
        let id = visit.job_id.to_string();
        let language = house.policy.language;
        let Some(standing) = crate::jobs::store::one(&mut moment, language, &id).await? else {
            continue;
        };
        let wanted = snapshot::wanted(&standing.job, vec![ask.clone()]);
        let refused = refusals(&wanted, &day, visit.start.as_second());
        if refused.is_empty() {
            continue;
        }
        broken.push(BrokenVisit {
            job_id: id,
            title: standing.job.title,
            technician_id: visit.technician_id.to_string(),
            technician_name: who.name.clone(),
            start: visit.start,
            end: visit.end,
            reasons: reasons(words(house, visit.start).violations(&refused)),
        });
    }
    Ok(broken)
}
