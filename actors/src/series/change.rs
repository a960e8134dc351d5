//! Changing and ending a series. Occurrences that have not begun follow; what a person changed on one of them alone
//! stays, field by field; those that have begun, are over, or lie in the past are left as they are.

use jiff::civil::{Date, Time};
use jiff::{Timestamp, ToSpan};

use crate::engine::component::Decision;
use crate::engine::journal::{Expect, Seq};
use crate::ids::JobId;
use crate::jobs::protocol::Job;
use crate::series::protocol::{Change, Part, Series, SeriesEvent, SeriesRefusal};
use crate::series::rule::{Rule, RuleProblem};
use crate::series::{HORIZON_DAYS, SeriesRoom, YEARS_AHEAD};

impl SeriesRoom {
    pub(super) fn change(
        &self,
        series: &Series,
        change: &Change,
        now: Timestamp,
    ) -> Result<Decision, SeriesRefusal> {
        let after = self.changed(series, change)?;
        let today = self.today(now, series);
        let far = today.saturating_add(YEARS_AHEAD.years());
        if after
            .occurrences(after.first_day(), far, &self.policy.zone, &self.policy.holidays)?
            .is_empty()
        {
            return Err(RuleProblem::NoDay.into());
        }
        let mut decision = self.follow(series, &after, Some(&change.after), now)?;
        if let Some(version) = change.job_version {
            let entity = change.before.id.key();
            decision = decision.expecting(Expect { entity, version });
        }
        Ok(decision)
    }

    /// Puts the series back as it was: jobs that were dropped and come back are its occurrences again, and what its
    /// occurrences were given by the act they lose again.
    pub(super) fn restore(
        &self,
        series: &Series,
        before: &Series,
        back: &[(Date, JobId)],
        now: Timestamp,
    ) -> Result<Decision, SeriesRefusal> {
        let mut decision = Decision::nothing();
        let mut room = self.clone();
        for (on, job_id) in back.iter().filter(|(on, _)| !self.made.contains_key(on)) {
            let (series_id, on, job_id) = (before.id.clone(), *on, job_id.clone());
            decision = decision.and(SeriesEvent::OccurrenceJoined { series_id, on, job_id });
            room.underway.push(on);
        }
        let followed = room.follow(series, before, None, now)?;
        decision.events.extend(followed.events);
        decision.alarms.extend(followed.alarms);
        Ok(decision)
    }

    pub(super) fn end(
        &self,
        series: &Series,
        from: Date,
        version: Option<Seq>,
        now: Timestamp,
    ) -> Result<Decision, SeriesRefusal> {
        let mut after = series.clone();
        after.ends_before = Some(series.ends_before.map_or(from, |end| end.min(from)));
        let decision = self.follow(series, &after, None, now)?;
        Ok(match version {
            Some(version) => decision.expecting(Expect { entity: series.id.key(), version }),
            None => decision,
        })
    }

    /// The series as the change leaves it.
    fn changed(&self, series: &Series, change: &Change) -> Result<Series, SeriesRefusal> {
        let mut after = series.clone();
        let from = change.from.unwrap_or_else(|| series.first_day());
        let Some(held) = series.part(change.from.unwrap_or(from)) else {
            return Err(SeriesRefusal::Unknown);
        };
        let rule = change.after.recurrence.clone().unwrap_or_else(|| held.rule.clone());
        let has_new_rule = Some(&rule) != change.before.recurrence.as_ref();
        if change.from.is_some() && from > held.from {
            let rule = if has_new_rule { rule.clone() } else { self.rest_of(series, held, from)? };
            let mut part = Part { from, rule, ..held.clone() };
            part.except.retain(|day| *day >= from);
            after.parts.retain(|part| part.from < from);
            after.parts.push(part);
        } else if has_new_rule {
            let first = Part { from, rule, ..held.clone() };
            after.parts.retain(|part| part.from < from);
            after.parts.push(first);
        }
        for part in after.parts.iter_mut().filter(|part| part.from >= from) {
            put(&change.before, &change.after, &mut part.job);
            part.holidays = change.holidays.unwrap_or(part.holidays);
            if let Some(except) = &change.except {
                part.except.clone_from(except);
            }
            if change.before.arrival_window != change.after.arrival_window {
                part.window = change.window;
            }
        }
        Ok(after)
    }

    /// A rule that goes on from a day: what it was to yield in all is less by what it yielded before.
    fn rest_of(&self, series: &Series, part: &Part, from: Date) -> Result<String, SeriesRefusal> {
        let rule = Rule::read(&part.rule, &self.zone(series))?;
        let Some(count) = rule.count else { return Ok(part.rule.clone()) };
        let before = from.yesterday().map_or(0, |last| {
            let at = part.window.map_or(Time::midnight(), |window| window.from);
            i64::try_from(rule.days(part.from, last, at).len()).unwrap_or(0)
        });
        let left = (count - before).max(1);
        let parts = part.rule.split(';').map(|text| {
            let (head, name) = match text.strip_prefix("RRULE:") {
                Some(rest) => ("RRULE:", rest),
                None => ("", text),
            };
            let is_count = name.to_ascii_uppercase().starts_with("COUNT=");
            if is_count { format!("{head}COUNT={left}") } else { text.to_owned() }
        });
        Ok(parts.collect::<Vec<_>>().join(";"))
    }

    /// Brings the occurrences that have not begun in line with the series as it will be.
    fn follow(
        &self,
        before: &Series,
        after: &Series,
        edited: Option<&Job>,
        now: Timestamp,
    ) -> Result<Decision, SeriesRefusal> {
        if before == after {
            return Ok(Decision::nothing());
        }
        let (zone, today) = (&self.policy.zone, self.today(now, before));
        let horizon = today.saturating_add(HORIZON_DAYS.days());
        let holidays = &self.policy.holidays;
        let was = before.occurrences(today, horizon, zone, holidays)?;
        let will = after.occurrences(today, horizon, zone, holidays)?;
        let series_id = &after.id;
        let mut decision = Decision::event(SeriesEvent::SeriesChanged {
            before: Some(Box::new(before.clone())),
            after: Box::new(after.clone()),
        });
        let mut staying = self.known();
        for (on, made) in &self.made {
            let old = was.iter().find(|turn| turn.on == *on);
            let new = will.iter().find(|turn| turn.on == *on);
            if *on < today || !made.is_ahead() || old.is_none() {
                continue;
            }
            let Some(new) = new else {
                staying.remove(on);
                let (series_id, on, job) = (series_id.clone(), *on, made.job.clone());
                decision = decision.and(SeriesEvent::OccurrenceDropped { series_id, on, job });
                continue;
            };
            let id = made.job.id.clone();
            let old = old.and_then(|turn| before.job(turn, id.clone(), zone));
            let Some((old, new)) = old.zip(after.job(new, id, zone)) else { continue };
            let job = match edited.filter(|edited| edited.id == made.job.id) {
                Some(edited) => as_edited(edited, &made.job, &new),
                None => merged(&old, &made.job, &new),
            };
            if job != *made.job {
                let (series_id, on, job) = (series_id.clone(), *on, Box::new(job));
                decision = decision.and(SeriesEvent::OccurrenceRewritten { series_id, on, job });
            }
        }
        self.extended(decision, after, &staying, now)
    }
}

impl Series {
    /// The day from which its first rule counts.
    pub fn first_day(&self) -> Date {
        self.parts.first().map_or(Date::MIN, |part| part.from)
    }
}

/// Calls the macro with every field that a series gives to its occurrences.
macro_rules! each_field {
    ($do:ident) => {
        $do! { title kind duration_min crew_size priority skills notes arrival_window recurrence }
    };
}

/// Puts what differs between `before` and `after` into `job`: what an editor changed goes to all.
fn put(before: &Job, after: &Job, job: &mut Job) {
    macro_rules! fields {
        ($($field:ident)*) => {$(
            if before.$field != after.$field {
                job.$field.clone_from(&after.$field);
            }
        )*};
    }
    each_field!(fields);
    if before.location_id != after.location_id {
        put_place(after, job);
    }
}

/// What stands, with what `after` says wherever it still is as `before`: what one occurrence alone was given stays.
fn merged(before: &Job, stands: &Job, after: &Job) -> Job {
    let mut job = stands.clone();
    macro_rules! fields {
        ($($field:ident)*) => {$(
            if stands.$field == before.$field {
                job.$field.clone_from(&after.$field);
            }
        )*};
    }
    each_field!(fields);
    if stands.location_id == before.location_id {
        put_place(after, &mut job);
    }
    if let (Some(mine), Some(theirs)) = (&mut job.series, &after.series)
        && mine.on == theirs.on
    {
        mine.day = theirs.day;
    }
    job
}

fn put_place(from: &Job, job: &mut Job) {
    job.customer_id.clone_from(&from.customer_id);
    job.location_id.clone_from(&from.location_id);
    job.customer_name.clone_from(&from.customer_name);
    job.customer_phone.clone_from(&from.customer_phone);
    job.customer_language = from.customer_language;
    job.address.clone_from(&from.address);
    (job.lat, job.lon) = (from.lat, from.lon);
}

/// The occurrence that was open in the editor: as it was left there, with the rule and the day of the series.
fn as_edited(edited: &Job, stands: &Job, new: &Job) -> Job {
    let mut job = Job { series: stands.series.clone(), ..edited.clone() };
    job.recurrence.clone_from(&new.recurrence);
    job.arrival_window = new.arrival_window;
    if let (Some(mine), Some(theirs)) = (&mut job.series, &new.series) {
        mine.day = theirs.day;
    }
    job
}
