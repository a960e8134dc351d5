//! From a job's form to a series: its rule read, its first day found, and an edit's reach (this one, this and those after,
//! all). It decides nothing: what comes out is a job or a command.

use actors::ids::SeriesId;
use actors::jobs::protocol::{Job, JobStatus};
use actors::series::YEARS_AHEAD;
use actors::series::protocol::{Change, Command, Occurrence, OnHoliday, Part, Series, WallWindow};
use actors::series::rule::{Rule, RuleProblem, compact_day};
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::Value;

use crate::board::plan::today;
use crate::error::Problem;
use crate::house::House;
use crate::input;
use crate::jobs::http::JobInput;
use crate::jobs::store::Standing;
use crate::refusals;

/// Days left out of a series at most.
const EXCEPTIONS_MAX: usize = 366;

/// How far an edit of one occurrence reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Itself alone.
    This,
    /// Itself and those after it.
    After,
    /// All that have not begun.
    All,
}

/// Takes `scope` out of an edit.
///
/// # Errors
/// 422 for another word.
pub fn scope(edit: &mut Value) -> Result<Scope, Problem> {
    let word = edit.as_object_mut().and_then(|fields| fields.remove("scope"));
    match word.as_ref().map(|word| word.as_str().unwrap_or_default()) {
        None | Some("this") => Ok(Scope::This),
        Some("after") => Ok(Scope::After),
        Some("all") => Ok(Scope::All),
        Some(_) => Err(Problem::invalid("/scope", "this, after or all.")),
    }
}

/// What a rule's problem is to a caller.
pub fn refused(problem: &RuleProblem) -> Problem {
    let (fr, en) = problem.told();
    let detail = match refusals::company_language() {
        actors::engine::refusal::Language::Fr => fr.clone(),
        actors::engine::refusal::Language::En => en.clone(),
    };
    refusals::invalid("series.bad_rule", &fr, &en).pointer("/recurrence", detail)
}

/// A rule with the days that the same text leaves out: `RRULE:…`, and lines `EXDATE…:20261228,20270104`.
///
/// # Errors
/// 422 naming `/recurrence`.
pub fn read(house: &House, text: &str) -> Result<(String, Vec<Date>), Problem> {
    let mut rule = None;
    let mut except = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if line.starts_with("EXDATE") {
            let days = line.split_once(':').map_or("", |(_, days)| days);
            for day in days.split(',') {
                let day = day.get(..8).and_then(compact_day);
                let wrong = || refused(&RuleProblem::BadValue("EXDATE".into()));
                except.push(day.ok_or_else(wrong)?);
            }
        } else if rule.is_some() {
            return Err(refused(&RuleProblem::NotARule));
        } else {
            Rule::read(line, &house.policy.zone).map_err(|problem| refused(&problem))?;
            rule = Some(line.to_owned());
        }
    }
    Ok((rule.ok_or_else(|| refused(&RuleProblem::NotARule))?, except))
}

/// The series that a form describes; its job is the pattern of all.
///
/// # Errors
/// 422 naming the field.
pub fn described(
    house: &House,
    job: &Job,
    recurrence: &str,
    exceptions: &[Date],
    holidays: OnHoliday,
) -> Result<Series, Problem> {
    input::at_most(exceptions, EXCEPTIONS_MAX, "/exceptions")?;
    let zone = &house.policy.zone;
    let (rule, mut except) = read(house, recurrence)?;
    except.extend(exceptions);
    except.sort();
    except.dedup();
    let window = job.arrival_window.map(|window| WallWindow::of(&window, zone));
    let from = job
        .arrival_window
        .map_or_else(|| today(house), |window| window.start.to_zoned(zone.clone()).date());
    let pattern = Job { recurrence: None, series: None, ..job.clone() };
    let part = Part { from, rule, window, holidays, except, job: Box::new(pattern) };
    Ok(Series {
        id: SeriesId::new(house.clock.now(), house.entropy()),
        zone: zone.iana_name().unwrap_or("UTC").to_owned(),
        parts: vec![part],
        ends_before: None,
    })
}

/// A job as the first of its series, on the first day that the rule yields; a job without a rule as it is.
///
/// # Errors
/// 422 naming the field.
pub fn first(house: &House, job: Job, input: &JobInput) -> Result<Job, Problem> {
    let Some(recurrence) = &input.recurrence else {
        if input.exceptions.as_ref().is_some_and(|days| !days.is_empty()) {
            return Err(Problem::invalid("/exceptions", "Only a job that comes again has these."));
        }
        return Ok(job);
    };
    let exceptions = input.exceptions.as_deref().unwrap_or_default();
    let series =
        described(house, &job, recurrence, exceptions, input.holidays.unwrap_or_default())?;
    let from = series.first_day();
    let far = from.saturating_add(YEARS_AHEAD.years());
    let (zone, days) = (&house.policy.zone, &house.policy.holidays);
    let all = series.occurrences(from, far, zone, days).map_err(|problem| refused(&problem))?;
    let first = all.first().ok_or_else(|| refused(&RuleProblem::NoDay))?;
    let made = series.job(first, job.id.clone(), zone).ok_or_else(Problem::internal)?;
    let mark = made.series.map(|mark| Occurrence { begins: Some(Box::new(series)), ..mark });
    Ok(Job {
        arrival_window: made.arrival_window,
        recurrence: made.recurrence,
        series: mark,
        ..job
    })
}

/// What an edit of a job asks of whom.
pub enum Edit {
    /// Of the job alone.
    Job(Box<Job>),
    /// Of its series.
    Series(SeriesId, Command),
}

/// Tells what an edit asks of whom.
///
/// # Errors
/// 422 where the edit's reach and its fields do not go together.
pub fn edit(
    house: &House,
    held: &Standing,
    after: Job,
    input: &JobInput,
    scope: Scope,
    version: i64,
) -> Result<Edit, Problem> {
    let before = &held.job;
    let Some(mark) = &before.series else {
        if scope != Scope::This {
            return Err(Problem::invalid("/scope", "This job does not come again."));
        }
        let day = |job: &Job| job.when().map(|when| when.start);
        let begun = first(house, after.clone(), input)?;
        let has_visit = held.status != JobStatus::Unassigned;
        if begun.series.is_some() && has_visit && day(&begun) != day(&after) {
            let why = "The rule must yield the day of the visit that is planned.";
            return Err(Problem::invalid("/recurrence", why));
        }
        return Ok(Edit::Job(Box::new(begun)));
    };
    let rule = input.recurrence.as_deref().map(|text| read(house, text)).transpose()?;
    let same_rule = rule.as_ref().map(|(rule, _)| rule) == before.recurrence.as_ref();
    if scope == Scope::This {
        let is_of_all = !same_rule || input.exceptions.is_some() || input.holidays.is_some();
        if is_of_all {
            let why = "Only \"after\" or \"all\" change when a job comes again.";
            return Err(Problem::invalid("/scope", why));
        }
        return Ok(Edit::Job(Box::new(Job { series: before.series.clone(), ..after })));
    }
    let Some((rule, left_out)) = rule else {
        let from = mark.on.tomorrow().map_err(|_| Problem::internal())?;
        return Ok(Edit::Series(mark.series_id.clone(), Command::End { from, version: None }));
    };
    let zone = &house.policy.zone;
    let window = after.arrival_window.map(|window| WallWindow::of(&window, zone));
    let local = |job: &Job| job.arrival_window.map(|w| w.start.to_zoned(zone.clone()).date());
    if local(before).zip(local(&after)).is_some_and(|(before, after)| before != after) {
        let why = "For several at once, change the rule's days, not this one's.";
        return Err(Problem::invalid("/arrival_window", why));
    }
    let change = Change {
        from: (scope == Scope::After).then_some(mark.on),
        before: before.clone(),
        after: Job { recurrence: Some(rule), series: before.series.clone(), ..after },
        window,
        holidays: input.holidays,
        except: match (&input.exceptions, left_out.is_empty()) {
            (None, true) => None,
            (given, _) => {
                let mut days = given.clone().unwrap_or_default();
                days.extend(left_out);
                days.sort();
                days.dedup();
                Some(days)
            }
        },
        job_version: Some(version),
    };
    Ok(Edit::Series(mark.series_id.clone(), Command::Change(Box::new(change))))
}
