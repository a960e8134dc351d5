//! What a calendar means by a zone's name: the tz database's, Windows' (as Outlook writes them), a path that ends in one, or a
//! VTIMEZONE that spells the offsets out. A name that none of these explains is an error, never a guess.

use std::collections::HashMap;

use icalendar::parser::Component;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ToSpan};

use super::read::Problem;
use super::times::{days_of_rule, wall};

/// Windows' names for the zones that people of the Americas, Europe and beyond meet, by CLDR's mapping for the territory 001.
const WINDOWS: &[(&str, &str)] = &[
    ("Dateline Standard Time", "Etc/GMT+12"),
    ("Hawaiian Standard Time", "Pacific/Honolulu"),
    ("Aleutian Standard Time", "America/Adak"),
    ("Alaskan Standard Time", "America/Anchorage"),
    ("Pacific Standard Time", "America/Los_Angeles"),
    ("Pacific Standard Time (Mexico)", "America/Tijuana"),
    ("US Mountain Standard Time", "America/Phoenix"),
    ("Mountain Standard Time", "America/Denver"),
    ("Mountain Standard Time (Mexico)", "America/Mazatlan"),
    ("Yukon Standard Time", "America/Whitehorse"),
    ("Central Standard Time", "America/Chicago"),
    ("Central Standard Time (Mexico)", "America/Mexico_City"),
    ("Central America Standard Time", "America/Guatemala"),
    ("Canada Central Standard Time", "America/Regina"),
    ("Eastern Standard Time", "America/New_York"),
    ("Eastern Standard Time (Mexico)", "America/Cancun"),
    ("US Eastern Standard Time", "America/Indianapolis"),
    ("SA Pacific Standard Time", "America/Bogota"),
    ("Cuba Standard Time", "America/Havana"),
    ("Haiti Standard Time", "America/Port-au-Prince"),
    ("Atlantic Standard Time", "America/Halifax"),
    ("SA Western Standard Time", "America/La_Paz"),
    ("Venezuela Standard Time", "America/Caracas"),
    ("Pacific SA Standard Time", "America/Santiago"),
    ("Paraguay Standard Time", "America/Asuncion"),
    ("Newfoundland Standard Time", "America/St_Johns"),
    ("E. South America Standard Time", "America/Sao_Paulo"),
    ("Argentina Standard Time", "America/Buenos_Aires"),
    ("SA Eastern Standard Time", "America/Cayenne"),
    ("Montevideo Standard Time", "America/Montevideo"),
    ("Greenland Standard Time", "America/Godthab"),
    ("Saint Pierre Standard Time", "America/Miquelon"),
    ("Azores Standard Time", "Atlantic/Azores"),
    ("Cape Verde Standard Time", "Atlantic/Cape_Verde"),
    ("UTC", "Etc/UTC"),
    ("Coordinated Universal Time", "Etc/UTC"),
    ("GMT Standard Time", "Europe/London"),
    ("Greenwich Standard Time", "Atlantic/Reykjavik"),
    ("Morocco Standard Time", "Africa/Casablanca"),
    ("W. Europe Standard Time", "Europe/Berlin"),
    ("Central Europe Standard Time", "Europe/Budapest"),
    ("Romance Standard Time", "Europe/Paris"),
    ("Central European Standard Time", "Europe/Warsaw"),
    ("W. Central Africa Standard Time", "Africa/Lagos"),
    ("GTB Standard Time", "Europe/Bucharest"),
    ("Middle East Standard Time", "Asia/Beirut"),
    ("Egypt Standard Time", "Africa/Cairo"),
    ("South Africa Standard Time", "Africa/Johannesburg"),
    ("FLE Standard Time", "Europe/Kiev"),
    ("E. Europe Standard Time", "Europe/Chisinau"),
    ("Israel Standard Time", "Asia/Jerusalem"),
    ("Turkey Standard Time", "Europe/Istanbul"),
    ("Arab Standard Time", "Asia/Riyadh"),
    ("Russian Standard Time", "Europe/Moscow"),
    ("E. Africa Standard Time", "Africa/Nairobi"),
    ("Iran Standard Time", "Asia/Tehran"),
    ("Arabian Standard Time", "Asia/Dubai"),
    ("Pakistan Standard Time", "Asia/Karachi"),
    ("India Standard Time", "Asia/Calcutta"),
    ("SE Asia Standard Time", "Asia/Bangkok"),
    ("China Standard Time", "Asia/Shanghai"),
    ("Singapore Standard Time", "Asia/Singapore"),
    ("W. Australia Standard Time", "Australia/Perth"),
    ("Tokyo Standard Time", "Asia/Tokyo"),
    ("Korea Standard Time", "Asia/Seoul"),
    ("AUS Eastern Standard Time", "Australia/Sydney"),
    ("E. Australia Standard Time", "Australia/Brisbane"),
    ("New Zealand Standard Time", "Pacific/Auckland"),
];

/// A change of offset that comes again by a rule.
struct Observance {
    begins: DateTime,
    rule: Option<String>,
    from: Offset,
    to: Offset,
}

/// A zone as one file spells it out.
struct Spelled(Vec<Observance>);

/// The zones of one file.
pub(super) struct Zones {
    spelled: HashMap<String, Spelled>,
    home: TimeZone,
}

/// A place's clock.
#[derive(Clone)]
pub(super) enum Clock<'a> {
    Zone(TimeZone),
    Spelled(&'a str),
}

impl Zones {
    /// The zones that the file's VTIMEZONEs define; `home` is where times without a zone are looked at.
    pub fn of(file: &[Component<'_>], home: TimeZone) -> Self {
        let mut spelled = HashMap::new();
        for one in file.iter().filter(|one| one.name == "VTIMEZONE") {
            let Some(id) = one.find_prop("TZID") else { continue };
            let observances = one.components.iter().filter_map(observance).collect();
            spelled.insert(id.val.as_str().to_owned(), Spelled(observances));
        }
        Self { spelled, home }
    }

    /// The clock of that name; none is the company's.
    ///
    /// # Errors
    /// A name that nothing explains.
    pub fn clock<'a>(&self, name: Option<&'a str>) -> Result<Clock<'a>, Problem> {
        let Some(name) = name else { return Ok(Clock::Zone(self.home.clone())) };
        let bare = name.trim_matches('"');
        if let Some(zone) = known(bare) {
            return Ok(Clock::Zone(zone));
        }
        match self.spelled.get(bare) {
            Some(Spelled(rules)) if !rules.is_empty() => Ok(Clock::Spelled(bare)),
            _ => Err(Problem::UnknownZone(bare.chars().take(60).collect())),
        }
    }

    /// The moment at which that clock shows `at`; in the hour that spring skips, the moment just after it.
    pub fn moment(&self, clock: &Clock<'_>, at: DateTime) -> Result<Timestamp, Problem> {
        let zone = match clock {
            Clock::Zone(zone) => zone.clone(),
            Clock::Spelled(name) => {
                let rules = self.spelled.get(*name).ok_or(Problem::Unreadable)?;
                TimeZone::fixed(rules.offset(at)?)
            }
        };
        Ok(at.to_zoned(zone).map_err(|_| Problem::Unreadable)?.timestamp())
    }

    /// What that clock shows at a moment.
    pub fn shown(&self, clock: &Clock<'_>, at: Timestamp) -> Result<DateTime, Problem> {
        match clock {
            Clock::Zone(zone) => Ok(at.to_zoned(zone.clone()).datetime()),
            Clock::Spelled(name) => {
                let rules = self.spelled.get(*name).ok_or(Problem::Unreadable)?;
                let utc = at.to_zoned(TimeZone::UTC).datetime();
                Ok(at.to_zoned(TimeZone::fixed(rules.offset(utc)?)).datetime())
            }
        }
    }
}

fn known(name: &str) -> Option<TimeZone> {
    let get = |name: &str| TimeZone::get(name).ok();
    let windows =
        || WINDOWS.iter().find(|(theirs, _)| *theirs == name).and_then(|(_, ours)| get(ours));
    // Some write a path that ends in the database's name: /freeassociation.sourceforge.net/America/Toronto.
    let tail = || {
        let parts: Vec<&str> = name.split('/').filter(|part| !part.is_empty()).collect();
        let two = parts.len().checked_sub(2).map(|from| parts[from..].join("/"));
        two.filter(|_| name.starts_with('/')).and_then(|two| get(&two))
    };
    get(name).or_else(windows).or_else(tail)
}

fn observance(part: &Component<'_>) -> Option<Observance> {
    let value = |name: &str| part.find_prop(name).map(|one| one.val.as_str().trim().to_owned());
    if part.name != "STANDARD" && part.name != "DAYLIGHT" {
        return None;
    }
    Some(Observance {
        begins: wall(&value("DTSTART")?).ok()?,
        rule: value("RRULE"),
        from: offset(&value("TZOFFSETFROM")?)?,
        to: offset(&value("TZOFFSETTO")?)?,
    })
}

/// `-0500`, `+053000`.
fn offset(text: &str) -> Option<Offset> {
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let part =
        |from: usize| digits.get(from..from + 2).map_or(Some(0), |two| two.parse::<i32>().ok());
    Offset::from_seconds(sign * (part(0)? * 3600 + part(2)? * 60 + part(4)?)).ok()
}

impl Spelled {
    /// The offset that is in force when the wall shows `at`: that of the latest change before it, of the earliest before all.
    fn offset(&self, at: DateTime) -> Result<Offset, Problem> {
        let mut latest: Option<(DateTime, Offset)> = None;
        for one in &self.0 {
            let mut onset = (one.begins <= at).then_some(one.begins);
            if let Some(rule) = one.rule.as_ref().filter(|_| onset.is_some()) {
                // A year and a bit back is enough to meet the last change; the rule's own start keeps its phase.
                let from = at.checked_sub(400.days()).map_err(|_| Problem::Unreadable)?;
                let days = days_of_rule(one.begins, rule, from, at)?;
                onset = days.into_iter().filter(|day| *day <= at).max().or(onset);
            }
            if let Some(onset) = onset
                && latest.is_none_or(|(known, _)| known < onset)
            {
                latest = Some((onset, one.to));
            }
        }
        let first = || self.0.iter().min_by_key(|one| one.begins).map(|one| one.from);
        latest.map(|(_, offset)| offset).or_else(first).ok_or(Problem::Unreadable)
    }
}
