//! What the server-rendered pages show: view models, filled from the rooms' rows and given as JSON to the pages'
//! scripts. A model holds only what its reader may see; a customer's holds no other stop and no technician's home.

use actors::board::protocol::VisitStatus;
use actors::engine::refusal::Language;
use jiff::Timestamp;
use serde::Serialize;

/// From one instant to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Span {
    /// First instant.
    pub start: Timestamp,
    /// Last instant.
    pub end: Timestamp,
}

/// An estimated arrival with the range it is told in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct EtaRange {
    /// Most likely.
    pub at: Timestamp,
    /// Early end.
    pub low: Timestamp,
    /// Late end.
    pub high: Timestamp,
}

/// WGS 84 degrees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Place {
    /// -90 to 90.
    pub lat: f64,
    /// -180 to 180.
    pub lon: f64,
}

/// A technician's last fix.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Seen {
    /// -90 to 90.
    pub lat: f64,
    /// -180 to 180.
    pub lon: f64,
    /// When it was taken.
    pub at: Timestamp,
    /// Degrees from north, where known.
    pub heading: Option<f64>,
}

/// An id with the name people use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Named {
    /// With its prefix, `tech_…`.
    pub id: String,
    /// Given name first.
    pub name: String,
}

/// A technician's own share of what nobody likes, beside the mean of all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShareOnPage {
    /// Visits in the evening.
    pub evening_visits: i64,
    /// Visits at weekends and on holidays.
    pub weekend_visits: i64,
    /// Visits far from home.
    pub far_visits: i64,
    /// Minutes on site.
    pub work_min: i64,
    /// The mean of all technicians, in tenths.
    pub mean_tenths: Mean,
}

/// A mean, in tenths of a visit and of a minute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Mean {
    /// Visits in the evening.
    pub evening_visits: i64,
    /// Visits at weekends and on holidays.
    pub weekend_visits: i64,
    /// Visits far from home.
    pub far_visits: i64,
    /// Minutes on site.
    pub work_min: i64,
}

/// One visit of a technician's day.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TechnicianVisit {
    /// `job_…`.
    pub job_id: String,
    /// `visit_…`.
    pub visit_id: String,
    /// Where the visit stands.
    pub status: VisitStatus,
    /// What is to be done.
    pub title: String,
    /// Kind of job, where one was given.
    pub kind: Option<String>,
    /// Planned arrival.
    pub start: Timestamp,
    /// Planned end.
    pub end: Timestamp,
    /// What the customer was promised.
    pub window: Option<Span>,
    /// Whom to ask for.
    pub customer_name: String,
    /// E.164.
    pub customer_phone: Option<String>,
    /// Where to go, in one line.
    pub address: String,
    /// Of the door.
    pub lat: f64,
    /// Of the door.
    pub lon: f64,
    /// For the technician's eyes.
    pub notes: Option<String>,
    /// Who leads, where the reader goes along.
    pub lead: Option<String>,
    /// Who else goes along.
    pub with: Vec<String>,
    /// The stop that it is of, where it is one with others.
    pub bundle_id: Option<String>,
    /// For visits ahead.
    pub eta: Option<EtaRange>,
    /// Of the job.
    pub version: i64,
}

/// A job that a technician may take.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OfferOnPage {
    /// `offer_…`.
    pub offer_id: String,
    /// What is to be done.
    pub title: String,
    /// The arrival they are asked for.
    pub start: Timestamp,
    /// The end of work.
    pub end: Timestamp,
    /// Driving before it, minutes.
    pub travel_min: i64,
    /// Where, in one line.
    pub address: String,
    /// For the technician's eyes.
    pub notes: Option<String>,
    /// Until when they may answer.
    pub expires_at: Timestamp,
    /// Whether they said no already.
    pub declined: bool,
}

/// `/t/{token}`: one technician's day.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TechnicianPage {
    /// What they did of evenings, weekends and far jobs in four weeks.
    pub share: ShareOnPage,
    /// The technician's.
    pub language: Language,
    /// Whose page it is.
    pub company: String,
    /// The day shown, in the company's zone.
    pub date: jiff::civil::Date,
    /// The server's time.
    pub now: Timestamp,
    /// Who reads.
    pub technician: Named,
    /// What they may take, the first to run out first.
    pub offers: Vec<OfferOnPage>,
    /// In route order.
    pub jobs: Vec<TechnicianVisit>,
    /// E.164.
    pub office_phone: Option<String>,
}

/// `/track/{token}`: what a customer sees of one visit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrackingPage {
    /// The customer's.
    pub language: Language,
    /// Whose page it is.
    pub company: String,
    /// Where the visit stands.
    pub status: VisitStatus,
    /// The first name alone.
    pub technician_first_name: String,
    /// What will be done.
    pub title: String,
    /// The promise that stands.
    pub window: Option<Span>,
    /// The promise before it, where it changed.
    pub previous_window: Option<Span>,
    /// For a visit ahead.
    pub eta: Option<EtaRange>,
    /// Whether the ETA comes from a position that is fresh; else it is the plan, and the page says so.
    pub eta_live: bool,
    /// Only while under way.
    pub position: Option<Seen>,
    /// The customer's own door.
    pub destination: Place,
    /// When what is shown was last worked out.
    pub updated_at: Timestamp,
    /// The server's time.
    pub now: Timestamp,
    /// The company's number, E.164.
    pub office_phone: Option<String>,
}
