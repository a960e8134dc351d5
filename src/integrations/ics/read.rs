//! From the text of a calendar to the stretches of time that are taken in it: recurrences laid out on the wall's clock, exceptions and
//! overrides obeyed, what is free or called off left out. What is not understood is an error and never free time.

use std::collections::{BTreeMap, BTreeSet};

use icalendar::parser::{Component, Property, read_calendar, unfold};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::times::{day, days_of_rule, duration, title, wall};
use super::zones::{Clock, Zones};

/// Components inside one another at most.
const DEPTH_MAX: usize = 8;
/// Stretches of one calendar at most.
const BUSY_MAX: usize = 3_000;

/// Why a calendar could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// It is no calendar, or a broken one.
    #[error("this is no calendar that can be read")]
    Unreadable,
    /// A zone that nothing explains.
    #[error("the zone {0} is not known")]
    UnknownZone(String),
    /// A rule of recurrence that is not understood.
    #[error("a rule of recurrence is not understood")]
    Rule,
    /// More than can be kept.
    #[error("there is too much in this calendar")]
    TooMuch,
}

impl Problem {
    /// Stable name, for rows and screens.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::UnknownZone(_) => "unknown_zone",
            Self::Rule => "rule",
            Self::TooMuch => "too_much",
        }
    }
}

/// A stretch of time that is taken.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Taken {
    /// From.
    pub start: Timestamp,
    /// Until.
    pub end: Timestamp,
    /// By what, in the calendar's words.
    pub title: Option<String>,
}

/// What is taken between two moments, in order. `home` is where times without a zone are looked at.
///
/// # Errors
/// See [`Problem`].
pub fn taken(
    text: &str,
    home: &TimeZone,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Taken>, Problem> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if !text.get(..15).is_some_and(|begin| begin.eq_ignore_ascii_case("BEGIN:VCALENDAR")) {
        return Err(Problem::Unreadable);
    }
    nested(text)?;
    let flat = unfold(text);
    let file = read_calendar(&flat).map_err(|_| Problem::Unreadable)?;
    let home = file
        .properties
        .iter()
        .find(|one| one.name == "X-WR-TIMEZONE")
        .and_then(|one| TimeZone::get(one.val.as_str().trim()).ok())
        .unwrap_or_else(|| home.clone());
    let zones = Zones::of(&file.components, home);
    let reader = Reader { zones, from, to };
    let mut all = BTreeSet::new();
    for (_, parts) in by_uid(&file.components) {
        reader.series(&parts, &mut all)?;
    }
    for one in file.components.iter().filter(|one| one.name == "VFREEBUSY") {
        reader.free_busy(one, &mut all)?;
    }
    Ok(all.into_iter().collect())
}

/// Refuses what is nested deeper than any calendar is: the library descends by recursion.
fn nested(text: &str) -> Result<(), Problem> {
    let mut depth = 0_usize;
    for line in text.lines() {
        let begins =
            |word: &str| line.get(..word.len()).is_some_and(|l| l.eq_ignore_ascii_case(word));
        if begins("BEGIN:") {
            depth += 1;
        } else if begins("END:") {
            depth = depth.saturating_sub(1);
        }
        if depth > DEPTH_MAX {
            return Err(Problem::Unreadable);
        }
    }
    // One that was cut off half-way would be silently free from there on.
    if depth == 0 { Ok(()) } else { Err(Problem::Unreadable) }
}

/// Events that belong together: a series and what replaces single times of it.
fn by_uid<'a, 'b>(all: &'a [Component<'b>]) -> BTreeMap<String, Vec<&'a Component<'b>>> {
    let mut by: BTreeMap<String, Vec<&Component<'_>>> = BTreeMap::new();
    for (index, one) in all.iter().enumerate().filter(|(_, one)| one.name == "VEVENT") {
        let uid = value(one, "UID").map_or_else(|| format!("{index}"), str::to_owned);
        by.entry(uid).or_default().push(one);
    }
    by
}

fn value<'a>(of: &'a Component<'_>, name: &str) -> Option<&'a str> {
    of.find_prop(name).map(|one| one.val.as_str().trim())
}

fn parameter<'a>(of: &'a Property<'_>, name: &str) -> Option<&'a str> {
    let one = of.params.iter().find(|one| one.key.as_str().eq_ignore_ascii_case(name))?;
    one.val.as_ref().map(|value| value.as_str())
}

/// Whether it takes nobody's time.
fn is_free(event: &Component<'_>) -> bool {
    let says = |name: &str, word: &str| {
        value(event, name).is_some_and(|known| known.eq_ignore_ascii_case(word))
    };
    says("TRANSP", "TRANSPARENT")
        || says("STATUS", "CANCELLED")
        || says("X-MICROSOFT-CDO-BUSYSTATUS", "FREE")
}

/// A point of a calendar: a day, or a time on some clock.
#[derive(Clone)]
enum Point<'a> {
    Day(Date),
    Utc(Timestamp),
    Wall(DateTime, Clock<'a>),
}

struct Reader {
    zones: Zones,
    from: Timestamp,
    to: Timestamp,
}

impl Reader {
    fn series(&self, parts: &[&Component<'_>], all: &mut BTreeSet<Taken>) -> Result<(), Problem> {
        let mut replaced = BTreeSet::new();
        for one in parts {
            if let Some(id) = one.find_prop("RECURRENCE-ID") {
                replaced.insert(self.moment(&self.point(id, id.val.as_str())?)?);
                self.add(one, &[], all)?;
            }
        }
        for one in parts.iter().filter(|one| one.find_prop("RECURRENCE-ID").is_none()) {
            let replaced: Vec<Timestamp> = replaced.iter().copied().collect();
            self.add(one, &replaced, all)?;
        }
        Ok(())
    }

    /// Every time of one event but those that are replaced.
    fn add(
        &self,
        event: &Component<'_>,
        replaced: &[Timestamp],
        all: &mut BTreeSet<Taken>,
    ) -> Result<(), Problem> {
        if is_free(event) {
            return Ok(());
        }
        let Some(begins) = event.find_prop("DTSTART") else { return Ok(()) };
        let start = self.point(begins, begins.val.as_str())?;
        let lasts = self.lasts(event, &start)?;
        let title = value(event, "SUMMARY").map(title).filter(|title| !title.is_empty());
        let mut except: BTreeSet<Timestamp> = replaced.iter().copied().collect();
        for one in event.properties.iter().filter(|one| one.name == "EXDATE") {
            for text in one.val.as_str().split(',') {
                except.insert(self.moment(&self.point(one, text)?)?);
            }
        }
        for begin in self.times(event, &start, &lasts)? {
            let (at, end) = (self.moment(&begin)?, self.after(&begin, &lasts)?);
            let is_seen = end > self.from && at < self.to && end > at;
            if is_seen && !except.contains(&at) {
                all.insert(Taken { start: at, end, title: title.clone() });
            }
            if all.len() > BUSY_MAX {
                return Err(Problem::TooMuch);
            }
        }
        Ok(())
    }

    /// How long it lasts: whole days of the calendar, or seconds.
    fn lasts(&self, event: &Component<'_>, start: &Point<'_>) -> Result<Lasts, Problem> {
        if let Some(end) = event.find_prop("DTEND") {
            let end = self.point(end, end.val.as_str())?;
            return Ok(match (start, &end) {
                (Point::Day(from), Point::Day(to)) => {
                    Lasts::Days(from.until(*to).map_err(|_| Problem::Unreadable)?.get_days())
                }
                _ => Lasts::Time(self.moment(&end)?.duration_since(self.moment(start)?)),
            });
        }
        if let Some(text) = value(event, "DURATION") {
            return duration(text).map(Lasts::Time);
        }
        Ok(match start {
            Point::Day(_) => Lasts::Days(1),
            _ => Lasts::Time(SignedDuration::ZERO),
        })
    }

    /// Its start, and every one that its rules and its further dates yield near the span looked at.
    fn times<'a>(
        &self,
        event: &'a Component<'_>,
        start: &Point<'a>,
        lasts: &Lasts,
    ) -> Result<Vec<Point<'a>>, Problem> {
        let mut all = vec![start.clone()];
        for one in event.properties.iter().filter(|one| one.name == "RDATE") {
            let is_period =
                parameter(one, "VALUE").is_some_and(|v| v.eq_ignore_ascii_case("PERIOD"));
            for text in one.val.as_str().split(',') {
                let text = if is_period { text.split('/').next().unwrap_or(text) } else { text };
                all.push(self.point(one, text)?);
            }
        }
        let margin = match lasts {
            Lasts::Days(days) => SignedDuration::from_hours(24 * (i64::from(*days) + 2)),
            Lasts::Time(time) => *time + SignedDuration::from_hours(48),
        };
        let wall = |at: Timestamp| at.to_zoned(TimeZone::UTC).datetime();
        let begin = self.from.checked_sub(margin).map_err(|_| Problem::Unreadable)?;
        let end = self.to.checked_add(SignedDuration::from_hours(48)).unwrap_or(self.to);
        let (from, to) = (wall(begin), wall(end));
        for one in event.properties.iter().filter(|one| one.name == "RRULE") {
            let rule = one.val.as_str();
            match start {
                Point::Day(day) => {
                    let rule = self.until(rule, None)?;
                    let days = days_of_rule(day.at(0, 0, 0, 0), &rule, from, to)?;
                    all.extend(days.into_iter().map(|day| Point::Day(day.date())));
                }
                Point::Utc(at) => {
                    let rule = self.until(rule, None)?;
                    for day in days_of_rule(wall(*at), &rule, from, to)? {
                        let zoned = day.to_zoned(TimeZone::UTC).map_err(|_| Problem::Unreadable)?;
                        all.push(Point::Utc(zoned.timestamp()));
                    }
                }
                Point::Wall(at, clock) => {
                    let rule = self.until(rule, Some(clock))?;
                    let days = days_of_rule(*at, &rule, from, to)?;
                    all.extend(days.into_iter().map(|day| Point::Wall(day, clock.clone())));
                }
            }
        }
        let mut seen = BTreeSet::new();
        let mut kept = Vec::with_capacity(all.len());
        for one in all {
            if seen.insert(self.moment(&one)?) {
                kept.push(one);
            }
        }
        Ok(kept)
    }

    /// The rule with its end on the same clock as its start.
    fn until(&self, rule: &str, clock: Option<&Clock<'_>>) -> Result<String, Problem> {
        let parts = rule.split(';').map(|part| {
            let Some((name, until)) = part.split_once('=') else { return Ok(part.to_owned()) };
            if !name.eq_ignore_ascii_case("UNTIL") {
                return Ok(part.to_owned());
            }
            let at = match (until.strip_suffix('Z'), clock) {
                (Some(bare), Some(clock)) => {
                    let utc = wall(bare)?.to_zoned(TimeZone::UTC);
                    let utc = utc.map_err(|_| Problem::Rule)?.timestamp();
                    self.zones.shown(clock, utc)?
                }
                (Some(bare), None) => wall(bare)?,
                (None, _) if until.len() == 8 => day(until)?.at(23, 59, 59, 0),
                (None, _) => wall(until)?,
            };
            Ok(format!("UNTIL={}Z", at.strftime("%Y%m%dT%H%M%S")))
        });
        let parts: Result<Vec<String>, Problem> = parts.collect();
        Ok(parts?.join(";"))
    }

    fn point<'a>(&self, of: &'a Property<'_>, text: &str) -> Result<Point<'a>, Problem> {
        let text = text.trim();
        if text.len() == 8 {
            return Ok(Point::Day(day(text)?));
        }
        if let Some(bare) = text.strip_suffix(['Z', 'z']) {
            let utc = wall(bare)?.to_zoned(TimeZone::UTC).map_err(|_| Problem::Unreadable)?;
            return Ok(Point::Utc(utc.timestamp()));
        }
        Ok(Point::Wall(wall(text)?, self.zones.clock(parameter(of, "TZID"))?))
    }

    fn moment(&self, point: &Point<'_>) -> Result<Timestamp, Problem> {
        match point {
            Point::Utc(at) => Ok(*at),
            Point::Wall(at, clock) => self.zones.moment(clock, *at),
            Point::Day(day) => self.zones.moment(&self.zones.clock(None)?, day.at(0, 0, 0, 0)),
        }
    }

    fn after(&self, begin: &Point<'_>, lasts: &Lasts) -> Result<Timestamp, Problem> {
        match (begin, lasts) {
            (Point::Day(day), Lasts::Days(days)) => {
                let end = day.checked_add((*days).days()).map_err(|_| Problem::Unreadable)?;
                self.moment(&Point::Day(end))
            }
            (_, Lasts::Days(days)) => {
                let time = SignedDuration::from_hours(24 * i64::from(*days));
                self.moment(begin)?.checked_add(time).map_err(|_| Problem::Unreadable)
            }
            (_, Lasts::Time(time)) => {
                self.moment(begin)?.checked_add(*time).map_err(|_| Problem::Unreadable)
            }
        }
    }

    fn free_busy(&self, one: &Component<'_>, all: &mut BTreeSet<Taken>) -> Result<(), Problem> {
        for stretch in one.properties.iter().filter(|part| part.name == "FREEBUSY") {
            if parameter(stretch, "FBTYPE").is_some_and(|kind| kind.eq_ignore_ascii_case("FREE")) {
                continue;
            }
            for period in stretch.val.as_str().split(',') {
                let (from, to) = period.split_once('/').ok_or(Problem::Unreadable)?;
                let start = self.moment(&self.point(stretch, from)?)?;
                let end = if to.starts_with(['P', '+']) {
                    start.checked_add(duration(to)?).map_err(|_| Problem::Unreadable)?
                } else {
                    self.moment(&self.point(stretch, to)?)?
                };
                if end > self.from && start < self.to && end > start {
                    all.insert(Taken { start, end, title: None });
                }
                if all.len() > BUSY_MAX {
                    return Err(Problem::TooMuch);
                }
            }
        }
        Ok(())
    }
}

enum Lasts {
    Days(i32),
    Time(SignedDuration),
}
