//! A job that does not exist yet: where it could go is asked while the customer is still on the phone.

use actors::engine::refusal::Language;
use actors::ids::{CustomerId, JobId, LocationId};
use actors::jobs::protocol::{ArrivalWindow, Job, Priority, SkillNeed};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::error::Problem;
use crate::house::House;

/// A job that does not exist yet.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImaginedJob {
    /// What.
    #[serde(default)]
    pub title: String,
    /// Where.
    #[serde(default)]
    pub location_id: Option<String>,
    /// Latitude, without a location.
    #[serde(default)]
    pub lat: Option<f64>,
    /// Longitude, without a location.
    #[serde(default)]
    pub lon: Option<f64>,
    /// Planned time on site.
    pub duration_min: i64,
    /// How much it matters.
    #[serde(default)]
    pub priority: Priority,
    /// What it takes.
    #[serde(default)]
    pub skills: Vec<SkillNeed>,
    /// When the technician may arrive.
    #[serde(default)]
    pub arrival_window: Option<ArrivalWindow>,
}

/// The job as it would be; `at` is where it stands in the body.
///
/// # Errors
/// 404 for an unknown location, 422 naming the field.
pub async fn imagined(house: &House, job: &ImaginedJob, at: &str) -> Result<Job, Problem> {
    if !(1..=24 * 60).contains(&job.duration_min) {
        let pointer = format!("{at}/duration_min");
        return Err(Problem::invalid(pointer, "A job takes 1 to 1440 minutes."));
    }
    let (lat, lon) = match (&job.location_id, job.lat, job.lon) {
        (Some(id), ..) => {
            let mut connection = house.read().await?;
            let place = crate::customers::store::location(&mut connection, id).await?;
            let place = place.ok_or_else(|| {
                let why = "There is no such location.";
                Problem::not_found("location").pointer(format!("{at}/location_id"), why)
            })?;
            (place.thing.lat, place.thing.lon)
        }
        (None, Some(lat), Some(lon)) => {
            crate::input::point(lat, lon, at)?;
            (lat, lon)
        }
        _ => {
            let pointer = format!("{at}/location_id");
            return Err(Problem::invalid(pointer, "Give location_id, or lat and lon."));
        }
    };
    for (index, need) in job.skills.iter().enumerate() {
        if !(1..=5).contains(&need.level) {
            let pointer = format!("{at}/skills/{index}/level");
            return Err(Problem::invalid(pointer, "A level is between 1 and 5."));
        }
    }
    Ok(Job {
        id: JobId::from_text("job_imagined"),
        external_id: None,
        customer_id: CustomerId::from_text(""),
        location_id: LocationId::from_text(""),
        title: job.title.clone(),
        kind: None,
        duration_min: job.duration_min,
        crew_size: 1,
        priority: job.priority,
        skills: job.skills.clone(),
        arrival_window: job.arrival_window,
        recurrence: None,
        series: None,
        depends_on: Vec::new(),
        lag_min: 0,
        notes: None,
        customer_name: String::new(),
        customer_phone: None,
        customer_language: Language::default(),
        address: String::new(),
        lat,
        lon,
    })
}
