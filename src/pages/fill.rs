//! Fills the view models of the server-rendered pages from the rows. A customer's model gets nothing about other
//! customers, other stops or the technician's home; a position only while the technician is on the way to them.

use std::collections::HashMap;

use actors::board::bundles::Bundle;
use actors::board::protocol::{Visit, VisitStatus};
use actors::engine::refusal::Language;
use actors::ids::TechnicianId;
use actors::jobs::protocol::JobStatus;
use actors::notifications::protocol::Promise;
use actors::technicians::protocol::Eta;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::board::plan::{day_of, today};
use crate::error::Problem;
use crate::fairness::count::Share;
use crate::house::House;
use crate::jobs::store::Standing;
use crate::kept::store::{Known, all};
use crate::pages::{
    EtaRange, Mean, Named, OfferOnPage, Place, Seen, ShareOnPage, Span, TechnicianPage,
    TechnicianVisit, TrackingPage,
};

/// An arrival that rests on a position older than this is not shown as live.
const FRESH: SignedDuration = SignedDuration::from_mins(10);

fn range(eta: Eta) -> EtaRange {
    EtaRange { at: eta.at, low: eta.low, high: eta.high }
}

/// A technician's day.
///
/// # Errors
/// 404 for someone who is gone.
pub async fn technician(house: &House, id: &str) -> Result<TechnicianPage, Problem> {
    let date = today(house);
    let day = day_of(house, date)?;
    let mut moment = house.moment().await?;
    let known = crate::technicians::store::one(&mut moment, id).await?;
    let who = known.ok_or_else(|| Problem::not_found("technician"))?.technician;
    let (from, to) = (day.start.as_microsecond(), day.end.as_microsecond());
    let visited = crate::jobs::store::visited(&mut moment, house.policy.language, from, to).await?;
    let offers = offers(house, &mut moment, &who.id).await?;
    let mine =
        |standing: &&Standing| standing.visit.as_ref().is_some_and(|visit| visit.is_with(&who.id));
    let visited: Vec<Standing> = visited.iter().filter(mine).cloned().collect();
    let names = names(&mut moment, &visited).await?;
    let mut jobs: Vec<TechnicianVisit> =
        visited.iter().filter_map(|standing| on_page(standing, &who.id, &names)).collect();
    for Known { thing: bundle, .. } in all::<Bundle>(&mut moment).await? {
        let of =
            |one: &&mut TechnicianVisit| bundle.job_ids.iter().any(|id| id.as_str() == one.job_id);
        for one in jobs.iter_mut().filter(of) {
            one.bundle_id = Some(bundle.id.to_string());
        }
    }
    drop(moment);
    let share = own_share(house, &who.id).await?;
    Ok(TechnicianPage {
        share,
        language: who.language,
        company: house.policy.company.to_string(),
        date,
        now: house.clock.now(),
        technician: Named { id: who.id.to_string(), name: who.name },
        offers,
        jobs,
        office_phone: house.settings.twilio.from.clone(),
    })
}

/// Their own counters of four weeks, beside the mean of all.
async fn own_share(house: &House, id: &TechnicianId) -> Result<ShareOnPage, Problem> {
    let (from, to) = crate::fairness::http::usual_days(house)?;
    let all = house.shares.of(house, from, to).await?;
    let count = i64::try_from(all.len()).unwrap_or(1).max(1);
    let mean = |of: fn(&Share) -> i64| (all.iter().map(of).sum::<i64>() * 10 + count / 2) / count;
    let mean_tenths = Mean {
        evening_visits: mean(|one| one.evening_visits),
        weekend_visits: mean(|one| one.weekend_visits),
        far_visits: mean(|one| one.far_visits),
        work_min: mean(|one| one.work_min),
    };
    let own = all.iter().find(|one| one.technician_id == id.as_str()).cloned().unwrap_or_default();
    Ok(ShareOnPage {
        evening_visits: own.evening_visits,
        weekend_visits: own.weekend_visits,
        far_visits: own.far_visits,
        work_min: own.work_min,
        mean_tenths,
    })
}

/// What a technician may take now.
async fn offers(
    house: &House,
    moment: &mut crate::journal::database::Moment,
    technician: &TechnicianId,
) -> Result<Vec<OfferOnPage>, Problem> {
    let now = house.clock.now();
    let mut shown = Vec::new();
    for offer in crate::offers::store::open(moment).await? {
        let asked = offer.asked(technician).filter(|one| now < offer.expires_at && now < one.start);
        let Some(one) = asked else { continue };
        let language = house.policy.language;
        let job = crate::jobs::store::one(moment, language, offer.job_id.as_str()).await?;
        let Some(job) = job.map(|standing| standing.job) else { continue };
        shown.push(OfferOnPage {
            offer_id: offer.id.to_string(),
            title: job.title,
            start: one.start,
            end: one.end,
            travel_min: one.travel_min,
            address: job.address,
            notes: job.notes,
            expires_at: offer.expires_at,
            declined: one.answer.as_ref().is_some_and(|answer| !answer.accepted),
        });
    }
    shown.sort_by_key(|offer| offer.expires_at);
    Ok(shown)
}

/// The names of everybody who goes where several do.
async fn names(
    moment: &mut crate::journal::database::Moment,
    visited: &[Standing],
) -> Result<HashMap<TechnicianId, String>, Problem> {
    let mut names = HashMap::new();
    let visits = visited.iter().filter_map(|standing| standing.visit.as_ref());
    for id in visits.filter(|visit| visit.is_crewed()).flat_map(Visit::people) {
        if !names.contains_key(id)
            && let Some(known) = crate::technicians::store::one(moment, id.as_str()).await?
        {
            names.insert(id.clone(), known.technician.name);
        }
    }
    Ok(names)
}

fn on_page(
    standing: &Standing,
    technician: &TechnicianId,
    names: &HashMap<TechnicianId, String>,
) -> Option<TechnicianVisit> {
    let visit = standing.visit.as_ref()?;
    let leads = visit.technician_id == *technician;
    let others = visit.assistants.iter().filter(|id| *id != technician);
    let job = &standing.job;
    let ahead = matches!(visit.status, VisitStatus::Planned | VisitStatus::EnRoute);
    Some(TechnicianVisit {
        job_id: job.id.to_string(),
        visit_id: visit.id.to_string(),
        status: visit.status,
        title: job.title.clone(),
        kind: job.kind.clone(),
        start: visit.start,
        end: visit.end,
        window: job.arrival_window.map(|window| Span { start: window.start, end: window.end }),
        customer_name: job.customer_name.clone(),
        customer_phone: job.customer_phone.clone(),
        address: job.address.clone(),
        lat: job.lat,
        lon: job.lon,
        notes: job.notes.clone(),
        lead: (!leads).then(|| names.get(&visit.technician_id).cloned().unwrap_or_default()),
        with: others.filter_map(|id| names.get(id).cloned()).collect(),
        bundle_id: None,
        // The arrival is the lead's.
        eta: standing.eta.filter(|_| ahead).map(range),
        version: standing.version,
    })
}

/// What a customer may see of their visit.
pub enum Tracking {
    /// It is ahead or under way.
    Open { page: Box<TrackingPage>, technician: Option<TechnicianId>, customer: String },
    /// It is over.
    Over(Language),
}

/// A customer's view of a job.
///
/// # Errors
/// 404 for a job that is gone.
pub async fn tracking(house: &House, job: &str) -> Result<Tracking, Problem> {
    let mut moment = house.moment().await?;
    let language = house.policy.language;
    let standing = crate::jobs::store::one(&mut moment, language, job).await?;
    let standing = standing.ok_or_else(|| Problem::not_found("job"))?;
    let speaks = standing.job.customer_language;
    if matches!(standing.status, JobStatus::Done | JobStatus::Cancelled | JobStatus::NoAccess) {
        return Ok(Tracking::Over(speaks));
    }
    let promises = crate::notifications::store::on_page(&mut moment, job).await?;
    let technician = match &standing.visit {
        Some(visit) => {
            crate::technicians::store::one(&mut moment, visit.technician_id.as_str()).await?
        }
        None => None,
    };
    drop(moment);
    let technician = technician.map(|known| known.technician);
    let visit = standing.visit.as_ref();
    let position = visit.and_then(|visit| position(house, visit));
    let now = house.clock.now();
    let status = visit.map_or(VisitStatus::Planned, |visit| visit.status);
    let ahead = matches!(status, VisitStatus::Planned | VisitStatus::EnRoute);
    let eta = standing.eta.filter(|_| visit.is_some() && ahead);
    let windows: Vec<&Promise> = promises.iter().filter(|promise| !promise.is_eta).collect();
    let span = |promise: &&Promise| Span { start: promise.start, end: promise.end };
    let page = TrackingPage {
        language: speaks,
        company: house.policy.company.to_string(),
        status,
        technician_first_name: technician
            .as_ref()
            .and_then(|who| who.name.split_whitespace().next())
            .unwrap_or("")
            .to_owned(),
        title: standing.job.title.clone(),
        window: windows.last().map(span),
        previous_window: windows.iter().rev().nth(1).map(span),
        eta: eta.map(range),
        eta_live: eta.is_some_and(|eta| eta.live) && fresh(house, visit),
        position,
        destination: Place { lat: standing.job.lat, lon: standing.job.lon },
        updated_at: position.map_or(now, |seen| seen.at),
        now,
        office_phone: house.settings.twilio.from.clone(),
    };
    Ok(Tracking::Open {
        page: Box::new(page),
        technician: technician.map(|who| who.id),
        customer: standing.job.customer_id.to_string(),
    })
}

fn fresh(house: &House, visit: Option<&Visit>) -> bool {
    let seen = visit.and_then(|visit| house.trackers.position(&visit.technician_id));
    seen.is_some_and(|fix| house.clock.now().duration_since(fix.at) <= FRESH)
}

/// Where the technician is, coarsened to about a hundred metres, only while on the way and freshly known.
fn position(house: &House, visit: &Visit) -> Option<Seen> {
    if visit.status != VisitStatus::EnRoute {
        return None;
    }
    let fix = house.trackers.position(&visit.technician_id)?;
    let stale = house.clock.now().duration_since(fix.at) > FRESH;
    (!stale).then(|| seen(fix.lat, fix.lon, fix.at, fix.heading))
}

fn seen(lat: f64, lon: f64, at: Timestamp, heading: Option<f64>) -> Seen {
    let coarse = |degrees: f64| (degrees * 1000.0).round() / 1000.0;
    Seen { lat: coarse(lat), lon: coarse(lon), at, heading }
}

/// Takes a live event into a customer's page; false when it changes nothing they may see.
pub fn fold(page: &mut TrackingPage, job: &str, kind: &str, data: &Value) -> bool {
    match kind {
        "tech.position" if page.status == VisitStatus::EnRoute => {
            let number = |name: &str| data.get(name).and_then(Value::as_f64);
            let at = data.get("at").and_then(Value::as_str).and_then(|at| at.parse().ok());
            let (Some(lat), Some(lon), Some(at)) = (number("lat"), number("lon"), at) else {
                return false;
            };
            page.position = Some(seen(lat, lon, at, number("heading")));
            page.updated_at = at;
            true
        }
        "tech.position" => false,
        "route.etas" => {
            let etas = data.get("etas").and_then(Value::as_array);
            let mine = etas
                .into_iter()
                .flatten()
                .find(|eta| eta.get("job_id").and_then(Value::as_str) == Some(job));
            let Some(eta) = mine.and_then(|eta| eta.get("eta")) else { return false };
            let time = |name: &str| eta.get(name)?.as_str()?.parse().ok();
            if let (Some(at), Some(low), Some(high)) = (time("at"), time("low"), time("high")) {
                page.eta = Some(EtaRange { at, low, high });
                page.eta_live = eta.get("live").and_then(Value::as_bool).unwrap_or(false);
            }
            true
        }
        _ => {
            let visit = data.get("job").and_then(|job| job.get("visit"));
            let status = visit.and_then(|visit| visit.get("status")).and_then(Value::as_str);
            if let Some(status) = status.and_then(VisitStatus::from_code) {
                page.status = status;
                if status != VisitStatus::EnRoute {
                    page.position = None;
                }
            }
            true
        }
    }
}
