//! What a series is asked, what happens to it, and how it says no.

use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::engine::journal::Seq;
use crate::engine::refusal::{Language, RefusalKind, Refused};
use crate::ids::{JobId, SeriesId};
use crate::jobs::protocol::{ArrivalWindow, Job};

/// What becomes of an occurrence on a holiday.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum OnHoliday {
    /// It takes place.
    #[default]
    Keep,
    /// It is left out.
    Skip,
    /// It takes place on the next working day.
    Shift,
}

/// A window as clocks on the wall show it, so that it survives a change of the clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WallWindow {
    /// Begins at.
    pub from: Time,
    /// Ends at.
    pub to: Time,
    /// So many days later; 0 for the same day.
    #[serde(default)]
    pub days_later: i64,
}

/// What holds in a series from a day on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// The day from which the rule counts.
    pub from: Date,
    /// `RRULE:…`
    pub rule: String,
    /// When on the day; none for any time.
    pub window: Option<WallWindow>,
    /// What a holiday does.
    #[serde(default)]
    pub holidays: OnHoliday,
    /// Days that the rule yields and that are left out.
    #[serde(default)]
    pub except: Vec<Date>,
    /// What is to be done each time. Its id, window and recurrence say nothing.
    pub job: Box<Job>,
}

/// A job that comes again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// Id.
    pub id: SeriesId,
    /// The zone whose wall its times are of.
    pub zone: String,
    /// What holds, by the day from which it holds; never empty, in order.
    pub parts: Vec<Part>,
    /// The first day on which it no longer takes place.
    #[serde(default)]
    pub ends_before: Option<Date>,
}

/// How a job belongs to a series.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Occurrence {
    /// Which series.
    pub series_id: SeriesId,
    /// The day that the rule yields: it names the occurrence, also where a holiday shifts it.
    pub on: Date,
    /// The day on which it takes place, as a span.
    pub day: ArrivalWindow,
    /// What the series is to be, on the job that begins it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begins: Option<Box<Series>>,
}

/// What the series' actor may be asked.
#[derive(Clone, Debug)]
pub enum Command {
    /// A job was created that begins it.
    Begin { series: Box<Series>, job: Box<Job> },
    /// The horizon has moved on: make the occurrences that are now within it.
    Extend,
    /// Another rule or other data, from an occurrence on, or for all.
    Change(Box<Change>),
    /// As it was before an act that is taken back; `back` are the days whose jobs come back with it.
    Restore { series: Box<Series>, back: Vec<(Date, JobId)> },
    /// It takes place no more from a day on.
    End { from: Date, version: Option<Seq> },
}

/// A change of a series as its editor saw it: the job that stood open, before and after.
#[derive(Clone, Debug)]
pub struct Change {
    /// The first occurrence that it concerns; none for all of them.
    pub from: Option<Date>,
    /// The job before.
    pub before: Job,
    /// The job after.
    pub after: Job,
    /// The window after, on the wall.
    pub window: Option<WallWindow>,
    /// What a holiday does from now on; none to leave it.
    pub holidays: Option<OnHoliday>,
    /// The days left out from now on; none to leave them.
    pub except: Option<Vec<Date>>,
    /// The job's version that the editor saw.
    pub job_version: Option<Seq>,
}

/// What happened to a series.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum SeriesEvent {
    /// It began, or is another from now on.
    SeriesChanged { before: Option<Box<Series>>, after: Box<Series> },
    /// A job that exists already is its occurrence of a day.
    OccurrenceJoined { series_id: SeriesId, on: Date, job_id: JobId },
    /// A job is to be made for a day.
    OccurrenceMade { series_id: SeriesId, on: Date, job: Box<Job> },
    /// The job of a day is another from now on; it has not begun.
    OccurrenceRewritten { series_id: SeriesId, on: Date, job: Box<Job> },
    /// The job of a day is not wanted any more; it has not begun.
    OccurrenceDropped { series_id: SeriesId, on: Date, job: Box<Job> },
}

/// How a series says no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SeriesRefusal {
    /// There is none of that id.
    #[error("there is no such series")]
    Unknown,
    /// The rule cannot be understood, or yields nothing.
    #[error(transparent)]
    Rule(#[from] crate::series::rule::RuleProblem),
}

impl Refused for SeriesRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "series.unknown",
            Self::Rule(_) => "series.bad_rule",
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::Unknown => RefusalKind::Unknown,
            Self::Rule(_) => RefusalKind::Invalid,
        }
    }

    fn pointer(&self) -> Option<&'static str> {
        matches!(self, Self::Rule(_)).then_some("/recurrence")
    }

    fn detail(&self, language: Language) -> String {
        let (fr, en) = match self {
            Self::Unknown => {
                ("Cette série n'existe pas.".to_owned(), "There is no such series.".to_owned())
            }
            Self::Rule(problem) => problem.told(),
        };
        match language {
            Language::Fr => fr,
            Language::En => en,
        }
    }
}

impl WallWindow {
    /// A window of instants as the wall shows it.
    pub fn of(window: &ArrivalWindow, zone: &jiff::tz::TimeZone) -> Self {
        let start = window.start.to_zoned(zone.clone());
        let end = window.end.to_zoned(zone.clone());
        let days = end.date().since(start.date()).map_or(0, |span| i64::from(span.get_days()));
        Self { from: start.time(), to: end.time(), days_later: days }
    }

    /// The window on a day. An hour that the clocks leave out is the one after; of two alike it is the first.
    pub fn on(&self, day: Date, zone: &jiff::tz::TimeZone) -> Option<ArrivalWindow> {
        let at = |day: Date, time: Time| -> Option<Timestamp> {
            Some(day.to_datetime(time).to_zoned(zone.clone()).ok()?.timestamp())
        };
        let last = day.checked_add(self.days_later.days()).ok()?;
        let (start, end) = (at(day, self.from)?, at(last, self.to)?);
        // In the hour that is left out, both ends may fall on one moment.
        let wall = last.to_datetime(self.to).duration_since(day.to_datetime(self.from));
        let end = if end > start { end } else { start + wall.max(SignedDuration::from_mins(1)) };
        Some(ArrivalWindow { start, end })
    }
}
