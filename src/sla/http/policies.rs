//! Paths of policies: writing one down, changing it, throwing it away. Clocks that run keep what they began with.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use actors::engine::shell::Circumstances;
use actors::ids::{CustomerId, SlaPolicyId};
use actors::jobs::protocol::Priority;
use actors::sla::protocol::{Command, Policy};
use actors::technicians::protocol::WeeklySchedule;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::error::{Body, Problem};
use crate::house::House;
use crate::input::{self, Create, edited};
use crate::sla::store::{self, SlaPolicyShape};

/// The longest target: the minutes of a year.
const TARGET_MAX_MIN: i64 = 366 * 24 * 60;

fn warned_before() -> i64 {
    60
}

/// A policy to keep, or as edited.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SlaPolicyInput {
    /// Name.
    pub name: String,
    /// Only jobs of this priority.
    #[serde(default)]
    pub priority: Option<Priority>,
    /// Only jobs of this kind.
    #[serde(default)]
    pub kind: Option<String>,
    /// Only jobs of this customer.
    #[serde(default)]
    pub customer_id: Option<String>,
    /// Business minutes until somebody is on site.
    pub arrive_min: i64,
    /// Business minutes until the work is done.
    #[serde(default)]
    pub done_min: Option<i64>,
    /// So many business minutes before, the screens are warned.
    #[serde(default = "warned_before")]
    pub at_risk_min: i64,
    /// When minutes count, by day of the week; an end at 00:00 is the midnight after.
    pub hours: WeeklySchedule,
}

fn targets(input: &SlaPolicyInput) -> Result<(), Problem> {
    let minutes = |value: i64, pointer: &str| match value {
        1..=TARGET_MAX_MIN => Ok(()),
        _ => Err(Problem::invalid(pointer, "A target is at least one minute, at most a year.")),
    };
    minutes(input.arrive_min, "/arrive_min")?;
    if let Some(done_min) = input.done_min {
        minutes(done_min, "/done_min")?;
        if done_min < input.arrive_min {
            return Err(Problem::invalid("/done_min", "Nobody is done before they are there."));
        }
    }
    if !(0..=TARGET_MAX_MIN).contains(&input.at_risk_min) {
        return Err(Problem::invalid("/at_risk_min", "Zero minutes or more."));
    }
    Ok(())
}

fn checked(input: &SlaPolicyInput, id: SlaPolicyId) -> Result<Policy, Problem> {
    targets(input)?;
    for (day, hours) in &input.hours {
        let day = serde_json::to_value(day).unwrap_or_default();
        let day = day.as_str().unwrap_or_default();
        for (at, span) in hours.iter().enumerate() {
            if span.end <= span.start && span.end != Time::midnight() {
                let pointer = format!("/hours/{day}/{at}/end");
                return Err(Problem::invalid(pointer, "Hours end on the day on which they begin."));
            }
        }
        let mut by_start = hours.clone();
        by_start.sort_by_key(|span| span.start);
        let meets = |two: &[actors::technicians::protocol::Hours]| {
            two[0].end == Time::midnight() || two[0].end > two[1].start
        };
        if by_start.windows(2).any(meets) {
            let pointer = format!("/hours/{day}");
            return Err(Problem::invalid(pointer, "Hours of one day must not overlap."));
        }
    }
    Ok(Policy {
        id,
        name: input::said(&input.name, "/name")?,
        priority: input.priority,
        kind: input.kind.clone().filter(|kind| !kind.trim().is_empty()),
        customer_id: input.customer_id.as_deref().map(CustomerId::from_text),
        arrive_min: input.arrive_min,
        done_min: input.done_min,
        at_risk_min: input.at_risk_min,
        hours: input.hours.clone(),
    })
}

async fn known(house: &House, id: &str) -> Result<SlaPolicyShape, Problem> {
    let mut connection = house.read().await?;
    let all = store::policies(&mut connection).await?;
    let found = all.into_iter().find(|one| one.policy.id.as_str() == id);
    found.ok_or_else(|| Problem::not_found("policy"))
}

/// A policy as it is now.
///
/// # Errors
/// 404 and faults.
pub async fn shape(house: &House, id: &str) -> Result<Value, Problem> {
    Ok(json!(known(house, id).await?))
}

/// POST /sla/policies
///
/// # Errors
/// 409 for a taken name, 422 naming the field.
pub async fn create(
    house: web::Data<House>,
    caller: Caller,
    body: Create<SlaPolicyInput>,
) -> Result<HttpResponse, Problem> {
    let (input, once) = body.split();
    let policy = checked(&input, SlaPolicyId::new(house.clock.now(), house.entropy()))?;
    once.answer(&house, &caller, |inbox| {
        let (house, by) = (house.clone(), caller.name.clone());
        async move {
            let why = Circumstances::by(by).with_inbox(inbox);
            let id = policy.id.clone();
            let command = Command::KeepPolicy { policy: Box::new(policy), version: None };
            house.rooms.sla(command, why).await?;
            Ok((StatusCode::CREATED, shape(&house, id.as_str()).await?))
        }
    })
    .await
}

/// GET /sla/policies
///
/// # Errors
/// Faults only.
pub async fn list(house: web::Data<House>) -> Result<HttpResponse, Problem> {
    let mut connection = house.read().await?;
    let items = store::policies(&mut connection).await?;
    Ok(HttpResponse::Ok().json(json!({ "items": items, "next": null })))
}

/// PATCH /sla/policies/{id}
///
/// # Errors
/// 404, 409 for an old version or a taken name, 422 naming the field.
pub async fn edit(
    house: web::Data<House>,
    caller: Caller,
    id: web::Path<String>,
    body: Body<Value>,
) -> Result<HttpResponse, Problem> {
    let SlaPolicyShape { policy: before, version: held } = known(&house, &id).await?;
    let input = SlaPolicyInput {
        name: before.name,
        priority: before.priority,
        kind: before.kind,
        customer_id: before.customer_id.as_ref().map(ToString::to_string),
        arrive_min: before.arrive_min,
        done_min: before.done_min,
        at_risk_min: before.at_risk_min,
        hours: before.hours,
    };
    let (input, version) = edited(&input, body.0)?;
    let policy = Box::new(checked(&input, before.id)?);
    let command = Command::KeepPolicy { policy, version: Some(version.unwrap_or(held)) };
    match house.rooms.sla(command, Circumstances::by(caller.name)).await {
        Ok(_) => Ok(HttpResponse::Ok().json(shape(&house, &id).await?)),
        Err(error) => {
            let problem = Problem::from(error);
            if problem.code() != "stale_version" {
                return Err(problem);
            }
            let now = known(&house, &id).await?;
            let problem = input::with_author(&house, problem, now.version).await;
            Err(problem.with("current", json!(now)))
        }
    }
}

/// DELETE /sla/policies/{id}
///
/// # Errors
/// 404.
pub async fn delete(
    house: web::Data<House>,
    caller: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let command = Command::DeletePolicy { id: SlaPolicyId::from_text(&id) };
    house.rooms.sla(command, Circumstances::by(caller.name)).await?;
    Ok(HttpResponse::NoContent().finish())
}
