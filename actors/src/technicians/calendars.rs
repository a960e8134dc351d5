//! Outside calendars of a technician: what they say is taken blocks that time for every plan, as an absence does. Knows what was read last,
//! until when that reaches, and what went wrong since. Fetches nothing, keeps no address, and frees no visit.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::ids::CalendarId;
use crate::technicians::protocol::{Span, Technician, TechnicianEvent, TechnicianRefusal};

/// Calendars of one technician at most.
pub const CALENDARS_MAX: usize = 5;
/// What is known reaches so much further before that is worth a fact.
const REACH_WORTH: SignedDuration = SignedDuration::from_hours(24);

/// A stretch of time that an outside calendar takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Busy {
    /// From.
    #[schema(value_type = String)]
    pub start: Timestamp,
    /// Until.
    #[schema(value_type = String)]
    pub end: Timestamp,
    /// By what; only where the calendar's titles may be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

impl Busy {
    /// Its span.
    pub fn span(&self) -> Span {
        Span { start: self.start, end: self.end }
    }
}

/// Why a calendar cannot be read at present.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CalendarProblem {
    /// Which: `unreachable`, `slow`, `refused`, `gone`, `server`, `too_large`, `unreadable`, `unknown_zone`, …
    pub code: String,
    /// Since when.
    #[schema(value_type = String)]
    pub since: Timestamp,
}

/// A calendar that somebody else keeps. Its address is a secret and stands elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OutsideCalendar {
    /// Id.
    pub id: CalendarId,
    /// What people call it.
    pub name: String,
    /// Where it is kept: the host alone.
    pub host: String,
    /// Whether dispatchers see what takes the time; else they see that it is taken.
    #[serde(default)]
    pub show_titles: bool,
    /// What it takes, as read last, in order.
    #[serde(default)]
    pub busy: Vec<Busy>,
    /// Until when that is known; nothing was ever read without it.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub known_until: Option<Timestamp>,
    /// What is wrong, while something is: what was read last stays in force.
    #[serde(default)]
    pub problem: Option<CalendarProblem>,
}

/// What became of a reading.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// This is taken, until then.
    Fresh { busy: Vec<Busy>, known_until: Timestamp },
    /// It could not be read.
    Failed { code: String },
}

impl Technician {
    /// Time that outside calendars take, by time and without a seam; titles are left out.
    pub fn busy(&self) -> Vec<Span> {
        let mut all: Vec<Span> =
            self.calendars.iter().flat_map(|one| &one.busy).map(Busy::span).collect();
        all.sort_by_key(|span| (span.start, span.end));
        let mut whole: Vec<Span> = Vec::with_capacity(all.len());
        for span in all {
            match whole.last_mut() {
                Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
                _ => whole.push(span),
            }
        }
        whole
    }

    /// The first moment of `span` of which some calendar does not say whether it is free; none where all do.
    pub fn unknown_in(&self, span: &Span) -> Option<&OutsideCalendar> {
        let short = |one: &&OutsideCalendar| one.known_until.is_none_or(|until| until < span.end);
        self.calendars.iter().find(short)
    }

    /// Another calendar.
    ///
    /// # Errors
    /// More than five.
    pub fn follows(
        &self,
        calendar: &OutsideCalendar,
        address: &str,
    ) -> Result<TechnicianEvent, TechnicianRefusal> {
        if self.calendars.len() >= CALENDARS_MAX {
            return Err(TechnicianRefusal::TooManyCalendars);
        }
        let mut technician = Box::new(self.clone());
        technician.calendars.push(calendar.clone());
        let calendar_id = calendar.id.clone();
        let address = Address(address.to_owned());
        Ok(TechnicianEvent::CalendarAdded { technician, calendar_id, address })
    }

    /// One calendar less.
    ///
    /// # Errors
    /// One that there is not.
    pub fn unfollows(&self, id: &CalendarId) -> Result<TechnicianEvent, TechnicianRefusal> {
        self.calendar(id)?;
        let mut technician = Box::new(self.clone());
        technician.calendars.retain(|one| one.id != *id);
        Ok(TechnicianEvent::CalendarRemoved { technician, calendar_id: id.clone() })
    }

    fn calendar(&self, id: &CalendarId) -> Result<&OutsideCalendar, TechnicianRefusal> {
        let known = self.calendars.iter().find(|one| one.id == *id);
        known.ok_or(TechnicianRefusal::NoSuchCalendar)
    }

    /// What was read; none where that is no news.
    ///
    /// # Errors
    /// A calendar that there is not.
    pub fn reads(
        &self,
        id: &CalendarId,
        reading: &Reading,
        now: Timestamp,
    ) -> Result<Option<TechnicianEvent>, TechnicianRefusal> {
        let before = self.calendar(id)?;
        let mut after = before.clone();
        match reading {
            Reading::Fresh { busy, known_until } => {
                let reach = before.known_until.map(|known| known_until.duration_since(known));
                let same = before.problem.is_none()
                    && before.busy == *busy
                    && reach.is_some_and(|more| more < REACH_WORTH);
                if same {
                    return Ok(None);
                }
                after.busy.clone_from(busy);
                (after.known_until, after.problem) = (Some(*known_until), None);
            }
            Reading::Failed { code } => {
                if before.problem.as_ref().is_some_and(|known| known.code == *code) {
                    return Ok(None);
                }
                let since = before.problem.as_ref().map_or(now, |known| known.since);
                after.problem = Some(CalendarProblem { code: code.clone(), since });
            }
        }
        let mut technician = Box::new(self.clone());
        for one in technician.calendars.iter_mut().filter(|one| one.id == *id) {
            *one = after.clone();
        }
        Ok(Some(TechnicianEvent::CalendarRead { technician, calendar_id: id.clone() }))
    }
}

/// The address of a calendar: a secret that no log and no screen shows.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Address(pub String);

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Address(…)")
    }
}
