//! What the paths of policies take, and what a policy may ask. Clocks that run keep what they began with.

use actors::engine::shell::Circumstances;
use actors::ids::{CustomerId, SlaPolicyId};
use actors::jobs::protocol::Priority;
use actors::sla::protocol::{Command, Policy};
use actors::technicians::protocol::WeeklySchedule;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Problem;
use crate::house::House;
use crate::input;
use crate::kept::Kept;
use crate::sla::catch_up::catch_up;

/// The longest target: the minutes of a year.
const TARGET_MAX_MIN: i64 = 366 * 24 * 60;

/// Longest kind, in characters.
const KIND_MAX: usize = 100;
/// Spans of hours on one day.
const SPANS_MAX: usize = 10;

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

fn checked(input: SlaPolicyInput, id: SlaPolicyId) -> Result<Policy, Problem> {
    targets(&input)?;
    if input.kind.as_ref().is_some_and(|kind| kind.chars().count() > KIND_MAX) {
        return Err(Problem::invalid("/kind", format!("{KIND_MAX} characters at most.")));
    }
    for (day, hours) in &input.hours {
        let day = serde_json::to_value(day).unwrap_or_default();
        let day = day.as_str().unwrap_or_default();
        input::at_most(hours, SPANS_MAX, &format!("/hours/{day}"))?;
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
        kind: input.kind.filter(|kind| !kind.trim().is_empty()),
        customer_id: input.customer_id.as_deref().map(CustomerId::from_text),
        arrive_min: input.arrive_min,
        done_min: input.done_min,
        at_risk_min: input.at_risk_min,
        hours: input.hours,
    })
}

impl From<Policy> for SlaPolicyInput {
    fn from(policy: Policy) -> Self {
        Self {
            name: policy.name,
            priority: policy.priority,
            kind: policy.kind,
            customer_id: policy.customer_id.as_ref().map(ToString::to_string),
            arrive_min: policy.arrive_min,
            done_min: policy.done_min,
            at_risk_min: policy.at_risk_min,
            hours: policy.hours,
        }
    }
}

async fn keep(
    house: &House,
    policy: Policy,
    version: Option<i64>,
    why: Circumstances,
) -> Result<(), Problem> {
    let command = Command::KeepPolicy { policy: Box::new(policy), version };
    house.rooms.sla(command, why).await?;
    catch_up(house).await
}

impl Kept for Policy {
    type Input = SlaPolicyInput;

    const NOUN: &'static str = "policy";

    fn id(&self) -> &str {
        self.id.as_str()
    }

    async fn checked(
        house: &House,
        input: SlaPolicyInput,
        before: Option<&Self>,
    ) -> Result<Self, Problem> {
        let id = match before {
            Some(before) => before.id.clone(),
            None => SlaPolicyId::new(house.clock.now(), house.entropy()),
        };
        checked(input, id)
    }

    async fn make(self, house: &House, why: Circumstances) -> Result<(), Problem> {
        keep(house, self, None, why).await
    }

    async fn change(
        self,
        house: &House,
        _: Self,
        version: i64,
        why: Circumstances,
    ) -> Result<(), Problem> {
        keep(house, self, Some(version), why).await
    }

    async fn delete(house: &House, id: &str, why: Circumstances) -> Result<(), Problem> {
        house.rooms.sla(Command::DeletePolicy { id: SlaPolicyId::from_text(id) }, why).await?;
        Ok(())
    }
}
