//! The house's nouns as the arithmetic's: a technician with shifts and visits becomes a `DayTechnician`, a job a
//! `Wanted`. The only place where the two vocabularies meet; it computes nothing else.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use scheduler::day as sched;

use crate::board::holds::Hold;
use crate::board::protocol::Visit;
use crate::ids::JobId;
use crate::jobs::protocol::{Job, Priority};
use crate::technicians::protocol::{Position, Span, Technician};

/// A span in Unix seconds.
pub fn span(span: &Span) -> sched::Span {
    sched::Span::new(span.start.as_second(), span.end.as_second())
}

/// A point for the arithmetic.
pub fn point(lat: f64, lon: f64) -> scheduler::travel::Point {
    scheduler::travel::Point { lat, lon }
}

/// A job that looks for a technician; `zones` are what its place asks ([`crate::zones::protocol::Zoning::asks`]).
pub fn wanted(job: &Job, zones: Vec<scheduler::ZoneAsk>) -> sched::Wanted {
    sched::Wanted {
        id: job.id.key(),
        title: job.title.as_str().into(),
        point: point(job.lat, job.lon),
        duration_s: job.duration_min * 60,
        window: job.arrival_window.as_ref().map(span),
        skills: job
            .skills
            .iter()
            .map(|need| sched::Need {
                tag: need.tag.as_str().into(),
                level: need.level,
                required: need.required,
            })
            .collect(),
        priority: match job.priority {
            Priority::Low => sched::Priority::Low,
            Priority::Normal => sched::Priority::Normal,
            Priority::High => sched::Priority::High,
            Priority::Urgent => sched::Priority::Urgent,
        },
        zones,
    }
}

/// A visit that stands.
pub fn stop(visit: &Visit) -> sched::Stop {
    sched::Stop {
        visit_id: visit.id.key(),
        job_id: visit.job_id.key(),
        point: point(visit.lat, visit.lon),
        start_s: visit.start.as_second(),
        end_s: visit.end.as_second(),
    }
}

/// A slot that is kept, as time that is taken for everyone but the job it is kept for.
pub fn held(hold: &Hold) -> sched::Stop {
    sched::Stop {
        visit_id: hold.id.key(),
        job_id: hold.job_id.as_ref().map_or_else(|| hold.id.key(), JobId::key),
        point: point(hold.lat, hold.lon),
        start_s: hold.start.as_second(),
        end_s: hold.end.as_second(),
    }
}

/// A technician with shifts and visits.
pub fn technician(
    who: &Technician,
    shifts: &[Span],
    visits: impl Iterator<Item = Visit>,
    position: Option<&Position>,
    zone: &TimeZone,
) -> sched::DayTechnician {
    sched::DayTechnician {
        id: who.id.key(),
        name: who.name.as_str().into(),
        home: point(who.home.lat, who.home.lon),
        skills: who
            .skills
            .iter()
            .map(|skill| sched::Skill {
                tag: skill.tag.as_str().into(),
                level: skill.level,
                expires_s: skill
                    .expires_on
                    .and_then(|day| end_of(day, zone))
                    .map(Timestamp::as_second),
            })
            .collect(),
        shifts: shifts.iter().map(span).collect(),
        absences: who
            .absences
            .iter()
            .map(|absence| sched::Absence {
                span: span(&absence.span()),
                reason: absence.reason.as_deref().map(Arc::from),
                busy: false,
            })
            .chain(who.busy().iter().map(|busy| sched::Absence {
                span: span(busy),
                reason: None,
                busy: true,
            }))
            .collect(),
        stops: visits.map(|visit| stop(&visit)).collect(),
        position: position
            .map(|fix| sched::Fix { point: point(fix.lat, fix.lon), at_s: fix.at.as_second() }),
    }
}

fn end_of(day: jiff::civil::Date, zone: &TimeZone) -> Option<Timestamp> {
    Some(day.tomorrow().ok()?.to_zoned(zone.clone()).ok()?.timestamp())
}
