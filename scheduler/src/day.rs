//! The nouns: a snapshot of a day, what is wanted of it, and what was decided.
//!
//! Built by whoever asks (the board's room, a handler, a test) and never changed by the arithmetic. Nothing here
//! computes more than an intersection of two spans.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::rules::Violation;
use crate::travel::Point;
use crate::zones::ZoneAsk;

/// An identifier as the outside prints it (`tech_…`, `job_…`); ties are broken by its text.
pub type Id = Arc<str>;

/// From `start_s` to `end_s`, Unix seconds. Half open, except as an arrival window, whose last second counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    pub start_s: i64,
    pub end_s: i64,
}

impl Span {
    /// A span; the two instants are taken as they come, and an `end_s` before `start_s` is an empty span.
    pub const fn new(start_s: i64, end_s: i64) -> Self {
        Self { start_s, end_s }
    }

    /// Whether the two share time. Spans that only touch do not.
    pub const fn overlaps(self, other: Self) -> bool {
        self.start_s < other.end_s && other.start_s < self.end_s
    }

    /// Whether `inner` lies wholly inside.
    pub const fn holds(self, inner: Self) -> bool {
        self.start_s <= inner.start_s && inner.end_s <= self.end_s
    }

    /// Seconds shared with `other`.
    pub fn shared_s(self, other: Self) -> i64 {
        (self.end_s.min(other.end_s) - self.start_s.max(other.start_s)).max(0)
    }
}

/// What a technician can do. Letter case of a tag does not count. Of several entries with one tag the highest level
/// counts, then the latest expiry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skill {
    pub tag: Arc<str>,
    /// 1 to 5.
    pub level: u8,
    /// The first second at which it no longer counts (the day after a certificate's last day, at midnight).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_s: Option<i64>,
}

/// What a job asks for. Only a required need decides; a preferred one is mentioned, never weighed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Need {
    pub tag: Arc<str>,
    /// 1 to 5.
    pub level: u8,
    pub required: bool,
}

/// Time in which a technician neither works nor drives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    pub span: Span,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Arc<str>>,
    /// True where an outside calendar says so, and no person.
    #[serde(default)]
    pub busy: bool,
}

/// A visit that already stands. Where it runs late, give the end that is now expected: the scheduler believes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stop {
    pub visit_id: Id,
    pub job_id: Id,
    pub point: Point,
    pub start_s: i64,
    pub end_s: i64,
}

impl Stop {
    /// The time on site.
    pub const fn span(&self) -> Span {
        Span::new(self.start_s, self.end_s)
    }
}

/// One reading of a tracker.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fix {
    pub point: Point,
    /// When it was measured, Unix seconds.
    pub at_s: i64,
}

impl Fix {
    /// Whether it still says where somebody is.
    pub const fn is_fresh(&self, now_s: i64) -> bool {
        now_s - self.at_s <= crate::FIX_FRESH_S
    }
}

/// A technician as the day sees one. Lists may come in any order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DayTechnician {
    pub id: Id,
    pub name: Arc<str>,
    /// Where the day's drive begins and ends.
    pub home: Point,
    pub skills: Vec<Skill>,
    pub shifts: Vec<Span>,
    pub absences: Vec<Absence>,
    pub stops: Vec<Stop>,
    /// The last known position; used only while fresh, and only for a drive that would begin now.
    pub position: Option<Fix>,
}

impl DayTechnician {
    /// The entry that counts for `tag`, if there is one.
    pub fn skill(&self, tag: &str) -> Option<&Skill> {
        self.skills
            .iter()
            .filter(|skill| same_tag(&skill.tag, tag))
            .max_by_key(|skill| (skill.level, skill.expires_s.unwrap_or(i64::MAX)))
    }

    /// Stops of other jobs than `job_id`: a job that is moved does not stand in its own way.
    pub fn stops_but<'a>(&'a self, job_id: &'a str) -> impl Iterator<Item = &'a Stop> {
        self.stops.iter().filter(move |stop| &*stop.job_id != job_id)
    }
}

/// Whether two tags name one skill: letter case does not count, and the spelling of the job is what people read.
fn same_tag(a: &str, b: &str) -> bool {
    let lower = |tag: &str| tag.chars().flat_map(char::to_lowercase).collect::<Vec<_>>();
    // Nearly always the tags are equal or differ in their first letter already.
    a == b
        || (a.bytes().next().map(|byte| byte | 0x20) == b.bytes().next().map(|byte| byte | 0x20)
            || !a.is_ascii()
            || !b.is_ascii())
            && lower(a) == lower(b)
}

/// How much it matters. The order is that of urgency.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    Low,
    #[default]
    Normal,
    High,
    Urgent,
}

/// A job that looks for a technician and a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Wanted {
    pub id: Id,
    pub title: Arc<str>,
    pub point: Point,
    /// Time on site; taken as one second where it is less.
    pub duration_s: i64,
    /// When the technician may arrive, both ends included.
    pub window: Option<Span>,
    pub skills: Vec<Need>,
    pub priority: Priority,
    /// What the zones ask that its place lies in, of whatever day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub zones: Vec<ZoneAsk>,
}

impl Wanted {
    /// The needs that decide.
    pub fn required(&self) -> impl Iterator<Item = &Need> {
        self.skills.iter().filter(|need| need.required)
    }

    /// Time on site, at least one second.
    pub const fn duration_s(&self) -> i64 {
        if self.duration_s < 1 { 1 } else { self.duration_s }
    }
}

/// Everything `auto_assign` looks at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Day {
    /// Starts lie in this half-open span (from local midnight to the next, as a rule).
    pub range: Span,
    pub now_s: i64,
    pub technicians: Vec<DayTechnician>,
    pub jobs: Vec<Wanted>,
}

/// Why a technician cannot take a job in the time looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Obstacle {
    /// A rule would be broken (a missing skill, an absence, another visit).
    Rule(Violation),
    /// No working time inside the span looked at.
    NotWorking { span: Span },
    /// Working time is there, but no stretch of it holds the whole job; the longest one is given.
    TooShort { needed_s: i64, longest_s: i64 },
    /// The job itself would fit; the drive to it or from it does not.
    Drive { needed_min: i64 },
    /// The time asked for is over.
    Past { until_s: i64 },
    /// The arrival window and the days looked at share no time.
    Elsewhere { window: Span },
}

/// Why a technician was not chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Loss {
    /// Could come, but is kept for harder work: `surplus` levels too many, against the chosen one's.
    Overqualified { surplus: u32, chosen_surplus: u32 },
    /// Could come, with more driving.
    LongerDrive { added_min: i64, chosen_added_min: i64 },
    /// Equal in all that counts; the id that sorts first was taken.
    LaterId { added_min: i64 },
    /// Cannot come; one reason or more.
    Impossible(Vec<Obstacle>),
}

/// A technician who was not chosen, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejected {
    pub technician_id: Id,
    pub loss: Loss,
}

/// A job that found its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assigned {
    pub job_id: Id,
    pub technician_id: Id,
    pub slot: crate::slots::Slot,
    /// Every other technician, by id.
    pub rejected: Vec<Rejected>,
}

/// A technician who cannot take a job, and every reason found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotPossible {
    pub technician_id: Id,
    pub obstacles: Vec<Obstacle>,
}

/// A job that found none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unassigned {
    pub job_id: Id,
    /// Every technician, by id.
    pub not_possible: Vec<NotPossible>,
}

/// What a planner decided, in the order in which it decided.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub assigned: Vec<Assigned>,
    pub unassigned: Vec<Unassigned>,
}
