//! From a series to days: which occurrences it has, when each takes place, and what job it is. Pure; what was made
//! already, and what has begun, is not known here.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use crate::ids::JobId;
use crate::jobs::protocol::{ArrivalWindow, Job};
use crate::series::holidays::Holidays;
use crate::series::protocol::{Occurrence, OnHoliday, Part, Series};
use crate::series::rule::{Rule, RuleProblem};
use crate::technicians::protocol::day_span;

/// One time that a series takes place.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn<'a> {
    /// The day that the rule yields.
    pub on: Date,
    /// The day on which it takes place.
    pub day: Date,
    /// What holds then.
    pub part: &'a Part,
}

impl Series {
    /// The zone; the company's where this one is unknown here.
    pub fn tz(&self, company: &TimeZone) -> TimeZone {
        TimeZone::get(&self.zone).unwrap_or_else(|_| company.clone())
    }

    /// The part that holds on a day.
    pub fn part(&self, on: Date) -> Option<&Part> {
        self.parts.iter().rev().find(|part| part.from <= on).or_else(|| self.parts.first())
    }

    /// The occurrences whose rule's day lies between two days, both included, in order.
    ///
    /// # Errors
    /// When a rule cannot be understood.
    pub fn occurrences(
        &self,
        first: Date,
        last: Date,
        zone: &TimeZone,
        holidays: &Holidays,
    ) -> Result<Vec<Turn<'_>>, RuleProblem> {
        let mut all = Vec::new();
        for (index, part) in self.parts.iter().enumerate() {
            let next = self.parts.get(index + 1).map(|next| next.from);
            let ends = [next, self.ends_before].into_iter().flatten().min();
            let rule = Rule::read(&part.rule, &self.tz(zone))?;
            let at = part.window.map_or(Time::midnight(), |window| window.from);
            let days = rule.days(part.from, last, at);
            let before_end = |day: &Date| ends.is_none_or(|end| *day < end);
            let days: Vec<Date> = days.into_iter().filter(before_end).collect();
            for on in &days {
                if *on < first || part.except.contains(on) {
                    continue;
                }
                let Some(day) = takes_place(*on, part.holidays, holidays) else { continue };
                // Shifted onto a day that has one already: once is enough.
                if day != *on && days.contains(&day) {
                    continue;
                }
                all.push(Turn { on: *on, day, part });
            }
        }
        Ok(all)
    }

    /// The job of an occurrence.
    pub fn job(&self, time: &Turn<'_>, id: JobId, zone: &TimeZone) -> Option<Job> {
        let zone = self.tz(zone);
        let day = day_span(time.day, &zone)?;
        let arrival_window: Option<ArrivalWindow> = match time.part.window {
            Some(window) => Some(window.on(time.day, &zone)?),
            None => None,
        };
        Some(Job {
            id,
            external_id: None,
            arrival_window,
            recurrence: Some(time.part.rule.clone()),
            series: Some(Occurrence { series_id: self.id.clone(), on: time.on, day, begins: None }),
            depends_on: Vec::new(),
            ..(*time.part.job).clone()
        })
    }
}

fn takes_place(on: Date, what: OnHoliday, holidays: &Holidays) -> Option<Date> {
    match what {
        OnHoliday::Keep => Some(on),
        _ if holidays.on(on).is_none() => Some(on),
        OnHoliday::Skip => None,
        OnHoliday::Shift => holidays.next_working_day(on),
    }
}
