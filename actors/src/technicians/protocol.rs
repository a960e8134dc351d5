//! What technicians are asked, what happens to them, and how they say no.

use std::sync::Arc;

use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::engine::refusal::{Language, RefusalKind, Refused};
use crate::ids::{AbsenceId, CalendarId, JobId, TechnicianId, VisitId};
use crate::technicians::calendars::{Address, OutsideCalendar, Reading};

pub use crate::technicians::week::{Hours, Weekday, WeeklySchedule};

/// A stretch of time, start included, end excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// First moment.
    #[schema(value_type = String)]
    pub start: Timestamp,
    /// First moment after it.
    #[schema(value_type = String)]
    pub end: Timestamp,
}

impl Span {
    /// True when both share a moment.
    pub fn overlaps(&self, other: &Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// True when `moment` lies inside.
    pub fn contains(&self, moment: Timestamp) -> bool {
        self.start <= moment && moment < self.end
    }
}

/// A skill a technician has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SkillLevel {
    /// Name of the tag.
    pub tag: String,
    /// 1 (learning) to 5 (expert).
    pub level: u8,
    /// Last day on which the certificate holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub expires_on: Option<Date>,
}

/// A point on the earth, WGS 84 degrees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Point {
    /// Latitude.
    pub lat: f64,
    /// Longitude.
    pub lon: f64,
}

/// Where a technician's day starts and ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Home {
    /// Latitude.
    pub lat: f64,
    /// Longitude.
    pub lon: f64,
    /// In words.
    #[serde(default)]
    pub address: Option<String>,
}

/// A stretch of time away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Absence {
    /// Its id.
    pub id: AbsenceId,
    /// From.
    #[schema(value_type = String)]
    pub start: Timestamp,
    /// Until.
    #[schema(value_type = String)]
    pub end: Timestamp,
    /// Why, in the words of whoever reported it.
    #[serde(default)]
    pub reason: Option<String>,
}

impl Absence {
    /// Its span.
    pub fn span(&self) -> Span {
        Span { start: self.start, end: self.end }
    }
}

/// One who does the work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Technician {
    /// Id.
    pub id: TechnicianId,
    /// Id in the system it came from.
    #[serde(default)]
    pub external_id: Option<String>,
    /// Name.
    pub name: String,
    /// E.164.
    pub phone: String,
    /// E-mail address.
    #[serde(default)]
    pub email: Option<String>,
    /// Language spoken with them.
    pub language: Language,
    /// Where the day starts and ends.
    pub home: Home,
    /// What they can do.
    #[serde(default)]
    pub skills: Vec<SkillLevel>,
    /// Usual hours.
    #[serde(default)]
    pub weekly_schedule: WeeklySchedule,
    /// Shifts beside the usual ones.
    #[serde(default)]
    pub extra_shifts: Vec<Span>,
    /// Time away.
    #[serde(default)]
    pub absences: Vec<Absence>,
    /// Calendars that others keep, and what they take.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calendars: Vec<OutsideCalendar>,
    /// The tracker's name at the position doors.
    #[serde(default)]
    pub gps_device_id: Option<String>,
}

impl Technician {
    /// Shifts that touch the given day of the company's zone, absences not taken out, in order.
    pub fn shifts_on(&self, date: Date, zone: &TimeZone) -> Vec<Span> {
        let usual = self.weekly_schedule.get(&date.weekday().into());
        let mut shifts: Vec<Span> = usual
            .into_iter()
            .flatten()
            .filter_map(|hours| {
                let start = date.to_datetime(hours.start).to_zoned(zone.clone()).ok()?;
                // Hours that end at or before their start run into the next day.
                let end_on = if hours.end > hours.start { date } else { date.tomorrow().ok()? };
                let end = end_on.to_datetime(hours.end).to_zoned(zone.clone()).ok()?;
                Some(Span { start: start.timestamp(), end: end.timestamp() })
            })
            .collect();
        if let Some(day) = day_span(date, zone) {
            shifts.extend(self.extra_shifts.iter().filter(|shift| day.overlaps(shift)));
        }
        shifts.sort_by_key(|shift| (shift.start, shift.end));
        shifts
    }
}

/// The day as a span of the company's zone: 23, 24 or 25 hours.
pub fn day_span(date: Date, zone: &TimeZone) -> Option<Span> {
    let start = date.to_zoned(zone.clone()).ok()?.timestamp();
    let end = date.tomorrow().ok()?.to_zoned(zone.clone()).ok()?.timestamp();
    Some(Span { start, end })
}

/// One fix of a tracker, checked.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// When the fix was made.
    pub at: Timestamp,
    /// Latitude.
    pub lat: f64,
    /// Longitude.
    pub lon: f64,
    /// Radius of certainty in metres, if told.
    pub accuracy_m: Option<f64>,
    /// Speed in km/h, if told.
    pub speed_kmh: Option<f64>,
    /// Direction of travel in degrees from north, if told.
    pub heading: Option<f64>,
}

/// When a technician is expected somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Eta {
    /// Most likely arrival.
    #[schema(value_type = String)]
    pub at: Timestamp,
    /// Early end of the likely range.
    #[schema(value_type = String)]
    pub low: Timestamp,
    /// Late end of the likely range.
    #[schema(value_type = String)]
    pub high: Timestamp,
    /// True when it rests on a fresh position, false when on the plan alone.
    pub live: bool,
}

/// One visit's arrival moved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EtaChange {
    /// Which visit.
    pub visit_id: VisitId,
    /// Its job.
    pub job_id: JobId,
    /// What screens were told last.
    pub from: Option<Eta>,
    /// What is expected now.
    pub to: Eta,
}

/// What a technician's actor may be asked.
#[derive(Clone, Debug)]
pub enum Command {
    /// Someone joins.
    Hire(Box<Technician>),
    /// That they joined is taken back: nothing was ever planned for them.
    Unhire,
    /// Someone's data change; `version` is what the editor saw.
    Change { after: Box<Technician>, version: Option<i64> },
    /// Someone will be away.
    ReportAbsence(Absence),
    /// Someone will be away at other hours: the absence keeps its id. `version` is what was seen of the technician; what is
    /// known now where left out.
    ChangeAbsence { absence: Absence, version: Option<i64> },
    /// Someone will not be away after all. `version` is what was seen of the technician; what is known now where left out.
    EndAbsence { id: AbsenceId, version: Option<i64> },
    /// An outside calendar is followed.
    AddCalendar { calendar: Box<OutsideCalendar>, address: Address },
    /// An outside calendar is followed no longer.
    RemoveCalendar(CalendarId),
    /// An outside calendar was read, or could not be.
    CalendarRead { id: CalendarId, reading: Reading },
    /// A skill has another name from now on.
    RenameSkill { from: String, to: String },
    /// The tracker told a newer position.
    ReportPosition(Position),
    /// A minute has passed.
    Tick,
}

/// What happened to technicians.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum TechnicianEvent {
    /// Someone joined.
    TechnicianHired { after: Box<Technician> },
    /// That they joined was taken back.
    TechnicianUnhired { technician: Box<Technician> },
    /// Their data changed.
    TechnicianChanged { before: Box<Technician>, after: Box<Technician> },
    /// They will be away.
    AbsenceReported {
        technician: Box<Technician>,
        absence: Absence,
        /// What becomes of the visits stands in the same commit.
        #[serde(default)]
        with_visits: bool,
    },
    /// They will be away at other hours.
    AbsenceChanged {
        technician: Box<Technician>,
        before: Absence,
        absence: Absence,
        /// What becomes of the visits stands in the same commit.
        #[serde(default)]
        with_visits: bool,
    },
    /// They will not be away.
    AbsenceEnded { technician: Box<Technician>, absence: Absence },
    /// An outside calendar is followed; the address stands here and in its row alone.
    CalendarAdded { technician: Box<Technician>, calendar_id: CalendarId, address: Address },
    /// It is followed no longer.
    CalendarRemoved { technician: Box<Technician>, calendar_id: CalendarId },
    /// It takes other time by now, reaches further, or cannot be read.
    CalendarRead { technician: Box<Technician>, calendar_id: CalendarId },
    /// Expected arrivals moved by two minutes or more.
    RouteEtasChanged { technician_id: TechnicianId, visits: Vec<EtaChange> },
    /// The tracker reached the door of a visit's location.
    TechnicianArrived {
        technician_id: TechnicianId,
        visit_id: VisitId,
        job_id: JobId,
        at: Timestamp,
    },
}

/// How technicians say no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TechnicianRefusal {
    /// There is none of that id.
    #[error("there is no such technician")]
    Unknown,
    /// The id is taken.
    #[error("this technician is known already")]
    KnownAlready,
    /// Work is planned for them.
    #[error("work is planned for this technician")]
    HasWork,
    /// An absence that ends before it starts.
    #[error("an absence must end after it starts")]
    AbsenceUpsideDown,
    /// Two absences over the same time.
    #[error("this technician is away at that time already")]
    AwayAlready,
    /// There is no such absence.
    #[error("there is no such absence")]
    NoSuchAbsence,
    /// There is no such calendar.
    #[error("there is no such calendar")]
    NoSuchCalendar,
    /// One calendar too many.
    #[error("a technician follows five calendars at most")]
    TooManyCalendars,
}

impl Refused for TechnicianRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "technicians.unknown",
            Self::KnownAlready => "technicians.known_already",
            Self::HasWork => "technicians.has_work",
            Self::AbsenceUpsideDown => "technicians.absence_upside_down",
            Self::AwayAlready => "technicians.away_already",
            Self::NoSuchAbsence => "technicians.no_such_absence",
            Self::NoSuchCalendar => "calendars.unknown",
            Self::TooManyCalendars => "calendars.too_many",
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::Unknown | Self::NoSuchAbsence | Self::NoSuchCalendar => RefusalKind::Unknown,
            Self::KnownAlready | Self::AwayAlready | Self::HasWork => RefusalKind::Conflict,
            Self::AbsenceUpsideDown | Self::TooManyCalendars => RefusalKind::Invalid,
        }
    }

    fn pointer(&self) -> Option<&'static str> {
        match self {
            Self::AbsenceUpsideDown => Some("/end"),
            Self::AwayAlready => Some("/start"),
            _ => None,
        }
    }

    fn detail(&self, language: Language) -> String {
        let text = match (self, language) {
            (Self::Unknown, Language::Fr) => "Ce technicien n'existe pas.",
            (Self::Unknown, Language::En) => "There is no such technician.",
            (Self::KnownAlready, Language::Fr) => "Ce technicien existe déjà.",
            (Self::KnownAlready, Language::En) => "This technician exists already.",
            (Self::HasWork, Language::Fr) => "Du travail est prévu pour ce technicien.",
            (Self::HasWork, Language::En) => "Work is planned for this technician.",
            (Self::AbsenceUpsideDown, Language::Fr) => "L'absence doit finir après son début.",
            (Self::AbsenceUpsideDown, Language::En) => "The absence must end after it starts.",
            (Self::AwayAlready, Language::Fr) => "Ce technicien est déjà absent à ce moment-là.",
            (Self::AwayAlready, Language::En) => "This technician is away at that time already.",
            (Self::NoSuchAbsence, Language::Fr) => "Cette absence n'existe pas.",
            (Self::NoSuchAbsence, Language::En) => "There is no such absence.",
            (Self::NoSuchCalendar, Language::Fr) => "Cet agenda n'est pas suivi.",
            (Self::NoSuchCalendar, Language::En) => "There is no such calendar.",
            (Self::TooManyCalendars, Language::Fr) => "Cinq agendas au plus par technicien.",
            (Self::TooManyCalendars, Language::En) => {
                "A technician follows five calendars at most."
            }
        };
        text.to_owned()
    }
}

/// The person a text speaks of or to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Name.
    pub name: Arc<str>,
    /// E.164, if there is one.
    pub phone: Option<Arc<str>>,
    /// Language spoken with them.
    pub language: Language,
}
