//! Paths of technicians: hiring, editing, time away, where they were.

pub mod absences;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use actors::engine::refusal::Language;
use actors::engine::shell::Circumstances;
use actors::ids::TechnicianId;
use actors::names::NameKind;
use actors::technicians::protocol::{Command, Home, SkillLevel, Span, Technician, WeeklySchedule};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::edits::{edited, with_current};
use crate::error::{Body, Problem};
use crate::house::House;
use crate::input::{self, Asked, Create, Page, listed, listed_whole};
use crate::refusals;
use crate::technicians::skills;
use crate::technicians::store::{self, Known};
use crate::technicians::wire::TechnicianShape;

/// A technician to hire, or as edited.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TechnicianInput {
    /// Name.
    pub name: String,
    /// Phone; normalised, country CA.
    pub phone: String,
    /// E-mail address.
    #[serde(default)]
    pub email: Option<String>,
    /// Language spoken with them; the company's where left out.
    #[serde(default)]
    pub language: Option<Language>,
    /// Where the day starts and ends.
    pub home: Home,
    /// What they can do.
    #[serde(default)]
    pub skills: Vec<SkillLevel>,
    /// Usual hours by day.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub weekly_schedule: WeeklySchedule,
    /// Shifts beside the usual ones.
    #[serde(default)]
    pub extra_shifts: Vec<Span>,
    /// The tracker's name at the position doors.
    #[serde(default)]
    pub gps_device_id: Option<String>,
    /// Id in the system they came from.
    #[serde(default)]
    pub external_id: Option<String>,
}

/// Skills of one person at most.
const SKILLS_MAX: usize = 100;
/// Shifts beside the usual ones at most: one for each day of a year.
const EXTRA_SHIFTS_MAX: usize = 366;

fn checked(
    house: &House,
    input: &TechnicianInput,
    id: TechnicianId,
    before: Option<&Technician>,
) -> Result<Technician, Problem> {
    input::point(input.home.lat, input.home.lon, "/home")?;
    input::at_most(&input.skills, SKILLS_MAX, "/skills")?;
    input::at_most(&input.extra_shifts, EXTRA_SHIFTS_MAX, "/extra_shifts")?;
    for (index, skill) in input.skills.iter().enumerate() {
        input::said(&skill.tag, &format!("/skills/{index}/tag"))?;
        if !(1..=5).contains(&skill.level) {
            let pointer = format!("/skills/{index}/level");
            return Err(Problem::invalid(pointer, "A level is between 1 and 5."));
        }
    }
    for (day, hours) in &input.weekly_schedule {
        for (index, hours) in hours.iter().enumerate() {
            if hours.start == hours.end {
                let day =
                    serde_json::to_value(day).ok().and_then(|day| day.as_str().map(str::to_owned));
                let pointer = format!("/weekly_schedule/{}/{index}/end", day.unwrap_or_default());
                return Err(Problem::invalid(pointer, "The end must differ from the start."));
            }
        }
    }
    for (index, shift) in input.extra_shifts.iter().enumerate() {
        input::span(shift, &format!("/extra_shifts/{index}"))?;
    }
    let device = input.gps_device_id.clone().filter(|device| !device.trim().is_empty());
    if let Some(device) = &device {
        if device.chars().count() > 64 {
            return Err(Problem::invalid(
                "/gps_device_id",
                "A tracker's name has 64 characters at most.",
            ));
        }
        if house.trackers.is_taken(device, before.map(|before| &before.id)) {
            return Err(refusals::taken(NameKind::Tracker));
        }
    }
    Ok(Technician {
        id,
        external_id: input::external_id(input.external_id.as_deref())?,
        name: input::said(&input.name, "/name")?,
        phone: input::phone(&input.phone, "/phone")?,
        email: input::email_or_none(input.email.as_deref(), "/email")?,
        language: input.language.unwrap_or(house.policy.language),
        home: input.home.clone(),
        skills: input.skills.clone(),
        weekly_schedule: input.weekly_schedule.clone(),
        extra_shifts: input.extra_shifts.clone(),
        absences: before.map(|before| before.absences.clone()).unwrap_or_default(),
        calendars: before.map(|before| before.calendars.clone()).unwrap_or_default(),
        gps_device_id: device,
    })
}

/// A technician by id.
///
/// # Errors
/// 404 and faults.
pub(crate) async fn known(house: &House, id: &str) -> Result<Known, Problem> {
    let mut connection = house.read().await?;
    store::one(&mut connection, id).await?.ok_or_else(|| Problem::not_found("technician"))
}

/// A technician as it is now.
///
/// # Errors
/// 404 and faults.
pub async fn shape(house: &House, id: &TechnicianId) -> Result<Value, Problem> {
    let known = known(house, id.as_str()).await?;
    serde_json::to_value(TechnicianShape::new(&known.technician, known.version))
        .map_err(|_| Problem::internal())
}

/// POST /technicians
///
/// # Errors
/// 409 for a tracker that is taken, 422 naming the field.
pub async fn create(
    house: web::Data<House>,
    caller: Caller,
    body: Create<TechnicianInput>,
) -> Result<HttpResponse, Problem> {
    let (input, once) = body.split();
    let id = TechnicianId::new(house.clock.now(), house.entropy());
    once.answer(&house, &caller, |inbox| {
        let (house, name) = (house.clone(), caller.name.clone());
        async move {
            let mut technician = checked(&house, &input, id.clone(), None)?;
            technician.skills = skills::spelled(&house, technician.skills, &[]).await?;
            let why = Circumstances::by(name).with_inbox(inbox);
            let hired = technician.clone();
            house.rooms.technician(&id, Command::Hire(Box::new(technician)), why).await?;
            // Only now: a tracker must not point to somebody who was refused.
            house.trackers.follow(&hired);
            Ok((StatusCode::CREATED, shape(&house, &id).await?))
        }
    })
    .await
}

/// GET /technicians
///
/// # Errors
/// 422 for a bad page.
pub async fn list(house: web::Data<House>, page: Asked<Page>) -> Result<HttpResponse, Problem> {
    let limit = page.limit()?;
    let mut connection = house.read().await?;
    let rows = store::page(&mut connection, page.after(), limit).await?;
    let items: Vec<TechnicianShape> =
        rows.iter().map(|known| TechnicianShape::new(&known.technician, known.version)).collect();
    Ok(listed(items, limit, |item| item.technician.id.to_string()))
}

/// GET /technicians/{id}
///
/// # Errors
/// 404.
pub async fn one(house: web::Data<House>, id: web::Path<String>) -> Result<HttpResponse, Problem> {
    let known = known(&house, &id).await?;
    Ok(HttpResponse::Ok().json(TechnicianShape::new(&known.technician, known.version)))
}

/// PATCH /technicians/{id}
///
/// # Errors
/// 404, 409 for an old version, 422 naming the field.
pub async fn edit(
    house: web::Data<House>,
    caller: Caller,
    id: web::Path<String>,
    body: Body<Value>,
) -> Result<HttpResponse, Problem> {
    let held = known(&house, &id).await?;
    let before = &held.technician;
    let input = TechnicianInput {
        name: before.name.clone(),
        phone: before.phone.clone(),
        email: before.email.clone(),
        language: Some(before.language),
        home: before.home.clone(),
        skills: before.skills.clone(),
        weekly_schedule: before.weekly_schedule.clone(),
        extra_shifts: before.extra_shifts.clone(),
        gps_device_id: before.gps_device_id.clone(),
        external_id: before.external_id.clone(),
    };
    let (input, version) = edited(&input, body.0)?;
    let mut after = checked(&house, &input, before.id.clone(), Some(before))?;
    after.skills = skills::spelled(&house, after.skills, &before.skills).await?;
    let command =
        Command::Change { after: Box::new(after), version: Some(version.unwrap_or(held.version)) };
    let done = house.rooms.technician(&before.id, command, Circumstances::by(caller.name)).await;
    match done {
        Ok(_) => Ok(HttpResponse::Ok().json(shape(&house, &before.id).await?)),
        Err(error) => conflicting(&house, error, &before.id).await,
    }
}

/// A conflict with the technician as they are now, and who changed them and when.
async fn conflicting(
    house: &House,
    problem: impl Into<Problem>,
    id: &TechnicianId,
) -> Result<HttpResponse, Problem> {
    let problem = problem.into();
    if problem.status() != StatusCode::CONFLICT {
        return Err(problem);
    }
    let current = known(house, id.as_str()).await?;
    let shape = TechnicianShape::new(&current.technician, current.version);
    Err(with_current(house, problem, &shape, current.version).await)
}

/// `?from=&to=` of a track.
#[derive(Deserialize)]
pub struct TrackQuery {
    from: Timestamp,
    to: Timestamp,
}

/// GET /technicians/{id}/track
///
/// # Errors
/// 404, 422 for more than two days.
pub async fn track(
    house: web::Data<House>,
    id: web::Path<String>,
    query: Asked<TrackQuery>,
) -> Result<HttpResponse, Problem> {
    let span = Span { start: query.from, end: query.to };
    input::span(&span, "")?;
    if span.end.duration_since(span.start) > jiff::SignedDuration::from_hours(48) {
        return Err(Problem::invalid("/to", "A track of two days at most."));
    }
    let technician = known(&house, &id).await?.technician;
    let mut connection = house.read().await?;
    let items = store::track(&mut connection, technician.id.as_str(), span.start, span.end).await?;
    Ok(listed_whole(&items))
}
