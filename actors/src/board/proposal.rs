//! A day planned anew, as data: what would change, what stays out, what it gains. A plan of this kind is shown, and
//! kept until a person takes or dismisses it; it moves nothing by itself.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::board::protocol::Reasons;
use crate::engine::journal::Seq;
use crate::ids::{JobId, PlanId, TechnicianId};
use crate::jobs::protocol::Priority;

/// Where a visit stands before a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Before {
    /// Whose it is.
    pub technician_id: TechnicianId,
    /// Their name.
    pub technician_name: String,
    /// Planned arrival.
    #[schema(value_type = String)]
    pub start: Timestamp,
    /// Planned end of work.
    #[schema(value_type = String)]
    pub end: Timestamp,
}

/// One visit that would be planned or moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Change {
    /// Which job.
    pub job_id: JobId,
    /// What it is.
    pub title: String,
    /// Version of the job that the plan was made for.
    pub job_version: Seq,
    /// Who would go.
    pub technician_id: TechnicianId,
    /// Their name.
    pub technician_name: String,
    /// Version of the technician that the plan was made for.
    pub technician_version: Seq,
    /// Planned arrival.
    #[schema(value_type = String)]
    pub start: Timestamp,
    /// Planned end of work.
    #[schema(value_type = String)]
    pub end: Timestamp,
    /// Minutes of driving before it.
    pub travel_min: i64,
    /// Where it stands now; none for a job from the pool.
    pub before: Option<Before>,
    /// Why.
    pub reasons: Reasons,
}

/// A job that nobody can take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LeftOut {
    /// Which job.
    pub job_id: JobId,
    /// What it is.
    pub title: String,
    /// How much it matters.
    pub priority: Priority,
    /// Why, and the smallest change that would let it in.
    pub reasons: Reasons,
}

/// A technician whose day was left as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SetAside {
    /// Who.
    pub technician_id: TechnicianId,
    /// Their name.
    pub technician_name: String,
    /// Why.
    pub reasons: Reasons,
}

/// What a day comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Figures {
    /// Jobs with a technician.
    pub planned: u64,
    /// Jobs without.
    pub unassigned: u64,
    /// Sum of what the jobs without a technician matter (low 10, normal 30, high 60, urgent 100).
    pub lost_priority: u64,
    /// Minutes of driving.
    pub driving_min: i64,
    /// Kilometres of driving.
    pub km: i64,
    /// Technicians with at least one visit.
    pub technicians: u64,
    /// Customers who were told a time and are served in it.
    pub promises_kept: u64,
    /// Customers who were told a time.
    pub promises: u64,
}

/// A day planned anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DayPlan {
    /// Its name.
    pub id: PlanId,
    /// Which day.
    #[schema(value_type = String)]
    pub date: Date,
    /// Journal position that it was made for.
    pub based_on: Seq,
    /// What would change.
    pub changes: Vec<Change>,
    /// Who stays out.
    pub unassigned: Vec<LeftOut>,
    /// Whose day was left as it is.
    pub set_aside: Vec<SetAside>,
    /// The day as it stands.
    pub before: Figures,
    /// The day as it would be.
    pub after: Figures,
}

impl DayPlan {
    /// The first start of what would change; none where nothing would.
    pub fn begins(&self) -> Option<Timestamp> {
        self.changes.iter().map(|change| change.start).min()
    }
}

/// What made the planner look at a day again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A technician is away.
    Absent,
    /// An urgent job came in.
    Urgent,
    /// Visits will begin after the time that was told.
    Late,
    /// Nobody opened a door.
    NoAccess,
    /// A visit was called off.
    Cancelled,
    /// A visit was taken off.
    Unassigned,
}

/// Why there is a proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Why {
    /// What happened.
    pub kind: Cause,
    /// To which jobs.
    pub job_ids: Vec<JobId>,
    /// To which technicians.
    pub technician_ids: Vec<TechnicianId>,
}

/// A plan that waits for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Proposal {
    /// The plan.
    #[serde(flatten)]
    pub plan: DayPlan,
    /// When it was made.
    #[schema(value_type = String)]
    pub made_at: Timestamp,
    /// Why it was made.
    pub why: Why,
    /// Why it was made, and what it gains, in words.
    pub reasons: Reasons,
}

/// How a proposal ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// A person made it real.
    Accepted,
    /// A person does not want it.
    Dismissed,
    /// The day has moved on.
    Stale,
    /// There is a newer one.
    Replaced,
}
