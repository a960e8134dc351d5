//! The plan of an absence as it crosses the wire. Pure shapes.

use actors::board::protocol::Reasons;
use actors::technicians::protocol::Span;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::notifications::draft::DraftedText;
use crate::undo::words::Words;

/// An absence that somebody thinks of.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AbsencePlanInput {
    /// From.
    #[schema(value_type = String)]
    pub start: Timestamp,
    /// Until.
    #[schema(value_type = String)]
    pub end: Timestamp,
    /// Why.
    #[serde(default)]
    pub reason: Option<String>,
    /// The absence whose place it takes, where one is moved or made longer.
    #[serde(default)]
    pub absence_id: Option<String>,
}

/// What becomes of one visit.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(tag = "take", rename_all = "snake_case", deny_unknown_fields)]
pub enum Choice {
    /// What is proposed.
    Proposal,
    /// Back into the pool.
    Pool,
    /// Of a visit that they only go along to: it stands, with one person fewer.
    Short,
    /// This technician.
    Technician {
        /// Who.
        technician_id: String,
        /// Planned arrival; the earliest that keeps what was told where left out.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        start: Option<Timestamp>,
    },
}

/// What becomes of one job's visit.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChoiceInput {
    /// Which job.
    pub job_id: String,
    /// What becomes of it.
    pub choice: Choice,
}

/// Other choices than those that are shown; the plan is worked out anew.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChoicesInput {
    /// Choices that differ; others stay as they were made.
    #[serde(default)]
    pub choices: Vec<ChoiceInput>,
}

/// The plan as it was read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptPlanInput {
    /// The `revision` that was shown.
    pub revision: u64,
    /// Why, where it was said after the plan was made.
    #[serde(default)]
    pub reason: Option<String>,
}

/// Where a visit would go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TakenOver {
    /// Whose it would be.
    pub technician_id: String,
    /// Their name.
    pub technician_name: String,
    /// Planned arrival.
    #[schema(value_type = String)]
    pub start: Timestamp,
    /// Planned end of work.
    #[schema(value_type = String)]
    pub end: Timestamp,
}

/// A visit that cannot take place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AbsenceHit {
    /// Which job.
    pub job_id: String,
    /// What it is.
    pub title: String,
    /// For whom.
    pub customer_name: String,
    /// The draft that it stands in; none for a visit that is real.
    pub draft: Option<String>,
    /// The draft that gives this real visit to them as well, and loses its entry of it.
    #[serde(default)]
    pub drops: Option<String>,
    /// Planned arrival.
    #[schema(value_type = String)]
    pub start: Timestamp,
    /// Planned end of work.
    #[schema(value_type = String)]
    pub end: Timestamp,
    /// What the customer was told, if they were.
    pub told: Option<Span>,
    /// True where whoever is away only goes along: the visit stands, and `to` is who goes along instead.
    pub helps: bool,
    /// Who leads it then.
    pub lead: Option<String>,
    /// The bundle that it is of: one choice is made for all of it.
    pub bundle: Option<String>,
    /// What was chosen.
    pub choice: Choice,
    /// Where it would go; none for the pool, or for a visit that goes short.
    pub to: Option<TakenOver>,
    /// Whether what was told or agreed no longer holds.
    pub breaks: bool,
    /// Why there, or why nobody.
    pub reasons: Reasons,
    /// Version of the job that this rests on.
    pub version: i64,
}

/// A visit that is begun and goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BegunVisit {
    /// Which job.
    pub job_id: String,
    /// What it is.
    pub title: String,
    /// For whom.
    pub customer_name: String,
}

/// What the days concerned come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AbsenceFigures {
    /// Kilometres of driving.
    pub km: i64,
    /// Minutes of driving.
    pub driving_min: i64,
    /// Minutes after the last shift's end, all technicians together.
    pub overtime_min: i64,
    /// Customers who were told a time that is not kept.
    pub promises_broken: u64,
}

/// What an absence would come to. Nothing of it is real.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AbsencePlan {
    /// Its name.
    pub id: String,
    /// Rises with every change; the approval names it.
    pub revision: u64,
    /// Who would be away.
    pub technician_id: String,
    /// Their name.
    pub technician_name: String,
    /// From.
    #[schema(value_type = String)]
    pub start: Timestamp,
    /// Until.
    #[schema(value_type = String)]
    pub end: Timestamp,
    /// Why.
    pub reason: Option<String>,
    /// The absence whose place it takes.
    pub absence_id: Option<String>,
    /// Every visit that it hits, drafted ones too, by planned arrival.
    pub visits: Vec<AbsenceHit>,
    /// Visits that are begun and stay.
    pub begun: Vec<BegunVisit>,
    /// The days concerned as they stand.
    pub before: AbsenceFigures,
    /// The days as they would be.
    pub after: AbsenceFigures,
    /// Every text exactly as it would go out, and who cannot be told.
    pub texts: Vec<DraftedText>,
    /// Texts that still wait and would never leave.
    pub recalled: Vec<DraftedText>,
    /// The journal position that it rests on.
    pub seq: i64,
}

/// What the plan no longer fits, and whose doing that is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanConflict {
    /// Which job; none where the texts alone are others.
    pub job_id: Option<String>,
    /// What it is.
    pub title: String,
    /// `changed`, `new`, `gone`, `no_room`, `technician` or `texts`.
    pub why: &'static str,
    /// Who changed it: an address.
    pub changed_by: Option<String>,
    /// Their name.
    pub changed_by_name: Option<String>,
    /// When.
    #[schema(value_type = Option<String>)]
    pub changed_at: Option<Timestamp>,
    /// What they did.
    pub what: Option<Words>,
}
