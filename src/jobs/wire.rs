//! A job as others see it: the one shape for answers, lists, the board and live events.

use actors::board::protocol::{Visit, VisitStatus};
use actors::engine::refusal::Language;
use actors::ids::{CustomerId, JobId, LocationId, MaterialId, SeriesId, TechnicianId, VisitId};
use actors::jobs::protocol::{ArrivalWindow, Job, JobStatus, Priority, SkillNeed};
use actors::technicians::protocol::Eta;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// When the technician is expected.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EtaShape {
    /// Most likely.
    #[schema(value_type = String)]
    pub at: Timestamp,
    /// Early end of the range.
    #[schema(value_type = String)]
    pub low: Timestamp,
    /// Late end of the range.
    #[schema(value_type = String)]
    pub high: Timestamp,
    /// True when it rests on a fresh position.
    pub live: bool,
}

impl From<Eta> for EtaShape {
    fn from(Eta { at, low, high, live }: Eta) -> Self {
        Self { at, low, high, live }
    }
}

/// A job's visit.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VisitShape {
    /// Id.
    pub id: VisitId,
    /// Who goes, and leads where others go along.
    pub technician_id: TechnicianId,
    /// Who goes along.
    pub assistants: Vec<TechnicianId>,
    /// What is taken along.
    pub materials: Vec<MaterialId>,
    /// Planned arrival.
    #[schema(value_type = String)]
    pub start: Timestamp,
    /// Planned end.
    #[schema(value_type = String)]
    pub end: Timestamp,
    /// Where it stands.
    pub status: VisitStatus,
    /// True when a person fixed it.
    pub pinned: bool,
    /// Planned travel before it.
    pub travel_min: i64,
    /// Rules that a person overrode.
    pub overrides: Vec<String>,
    /// When the technician left, arrived, and was done.
    #[schema(value_type = Option<String>)]
    pub en_route_at: Option<Timestamp>,
    /// When the technician arrived.
    #[schema(value_type = Option<String>)]
    pub on_site_at: Option<Timestamp>,
    /// When it was over.
    #[schema(value_type = Option<String>)]
    pub finished_at: Option<Timestamp>,
    /// When the technician is expected.
    pub eta: Option<EtaShape>,
}

impl VisitShape {
    /// A visit with what is known of its arrival.
    pub fn new(visit: &Visit, eta: Option<Eta>) -> Self {
        let ahead = matches!(visit.status, VisitStatus::Planned | VisitStatus::EnRoute);
        Self {
            id: visit.id.clone(),
            technician_id: visit.technician_id.clone(),
            assistants: visit.assistants.clone(),
            materials: visit.materials.clone(),
            start: visit.start,
            end: visit.end,
            status: visit.status,
            pinned: visit.pinned,
            travel_min: visit.travel_min,
            overrides: visit.overrides.clone(),
            en_route_at: visit.en_route_at,
            on_site_at: visit.on_site_at,
            finished_at: visit.finished_at,
            eta: eta.filter(|_| ahead).map(EtaShape::from),
        }
    }
}

/// Which series a job is of.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SeriesMark {
    /// The series.
    pub id: SeriesId,
    /// The day that its rule yields.
    #[schema(value_type = String)]
    pub on: jiff::civil::Date,
}

/// A job.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct JobShape {
    /// Id.
    pub id: JobId,
    /// Id in the system it came from.
    pub external_id: Option<String>,
    /// Where it stands.
    pub status: JobStatus,
    /// For whom.
    pub customer_id: CustomerId,
    /// Where.
    pub location_id: LocationId,
    /// What.
    pub title: String,
    /// Its kind.
    pub kind: Option<String>,
    /// Planned time on site.
    pub duration_min: i64,
    /// How many people it needs, the lead among them.
    pub crew_size: u8,
    /// How much it matters.
    pub priority: Priority,
    /// What it takes.
    pub skills: Vec<SkillNeed>,
    /// What the customer was promised.
    pub arrival_window: Option<ArrivalWindow>,
    /// RFC 5545 rule.
    pub recurrence: Option<String>,
    /// Which series it is of, and for which day.
    pub series: Option<SeriesMark>,
    /// Jobs that must be over before this one begins.
    pub depends_on: Vec<JobId>,
    /// At least so many minutes after the last of them.
    pub lag_min: i64,
    /// What the technician should know.
    pub notes: Option<String>,
    /// The customer's name.
    pub customer_name: String,
    /// The customer's number.
    pub customer_phone: Option<String>,
    /// The customer's language.
    pub customer_language: Language,
    /// The address.
    pub address: String,
    /// Latitude.
    pub lat: f64,
    /// Longitude.
    pub lon: f64,
    /// The open visit, or the last one.
    pub visit: Option<VisitShape>,
    /// Position of the last event that touched the job or its visit, ETAs excepted.
    pub version: i64,
}

impl JobShape {
    /// A job with its visit.
    pub fn new(
        job: &Job,
        status: JobStatus,
        visit: Option<&Visit>,
        eta: Option<Eta>,
        version: i64,
    ) -> Self {
        let job = job.clone();
        Self {
            id: job.id,
            external_id: job.external_id,
            status,
            customer_id: job.customer_id,
            location_id: job.location_id,
            title: job.title,
            kind: job.kind,
            duration_min: job.duration_min,
            crew_size: job.crew_size,
            priority: job.priority,
            skills: job.skills,
            arrival_window: job.arrival_window,
            recurrence: job.recurrence,
            series: job.series.map(|mark| SeriesMark { id: mark.series_id, on: mark.on }),
            depends_on: job.depends_on,
            lag_min: job.lag_min,
            notes: job.notes,
            customer_name: job.customer_name,
            customer_phone: job.customer_phone,
            customer_language: job.customer_language,
            address: job.address,
            lat: job.lat,
            lon: job.lon,
            visit: visit.map(|visit| VisitShape::new(visit, eta)),
            version,
        }
    }
}
