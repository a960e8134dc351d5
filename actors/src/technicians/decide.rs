//! What may happen to a technician, and what a position or a minute means for the visits ahead.

use jiff::{SignedDuration, Timestamp};
use scheduler::eta::{Ahead, Progress, Route, Source, etas};
use scheduler::travel::Point;

use crate::board::protocol::{Visit, VisitStatus};
use crate::engine::component::Decision;
use crate::engine::journal::Expect;
use crate::event::Passing;
use crate::technicians::TechnicianRoom;
use crate::technicians::protocol::{
    Command, Eta, EtaChange, Position, Technician, TechnicianEvent, TechnicianRefusal,
};

/// An arrival that moves by less than this is not told.
const WORTH_TELLING: SignedDuration = SignedDuration::from_mins(2);
/// Within this many metres of a location a technician is at its door.
const DOOR_M: i64 = 150;
/// Faster than this nobody is at a door.
const DOOR_SPEED_MAX_KMH: f64 = 15.0;

pub(super) fn decide(
    room: &TechnicianRoom,
    command: &Command,
    now: Timestamp,
) -> Result<Decision, TechnicianRefusal> {
    match (command, &room.technician) {
        (Command::Hire(after), None) => {
            Ok(Decision::event(TechnicianEvent::TechnicianHired { after: after.clone() }))
        }
        (Command::Hire(_), Some(_)) => Err(TechnicianRefusal::KnownAlready),
        (_, None) => Err(TechnicianRefusal::Unknown),
        (Command::Unhire, Some(_)) if !room.ahead.is_empty() => Err(TechnicianRefusal::HasWork),
        (Command::Unhire, Some(me)) => {
            let technician = me.clone();
            Ok(as_known(room, me, TechnicianEvent::TechnicianUnhired { technician }))
        }
        (Command::Change { after, version }, Some(before)) => Ok(change(before, after, *version)),
        (Command::RenameSkill { from, to }, Some(me)) => {
            Ok(rename_skill(me, from, to, room.version))
        }
        (Command::ReportAbsence(absence), Some(me)) => {
            Ok(as_known(room, me, me.leaves(absence, None, false)?))
        }
        (Command::ChangeAbsence { absence, version }, Some(me)) => {
            let known = me.absences.iter().find(|known| known.id == absence.id);
            if known.ok_or(TechnicianRefusal::NoSuchAbsence)? == absence {
                return Ok(Decision::nothing());
            }
            let decision = as_known(room, me, me.leaves(absence, Some(&absence.id), false)?);
            Ok(as_seen(decision, me, *version))
        }
        (Command::EndAbsence { id, version }, Some(me)) => {
            let absence = me.absences.iter().find(|absence| absence.id == *id);
            let absence = absence.cloned().ok_or(TechnicianRefusal::NoSuchAbsence)?;
            let mut technician = me.clone();
            technician.absences.retain(|other| other.id != *id);
            let event = TechnicianEvent::AbsenceEnded { technician, absence };
            Ok(as_seen(as_known(room, me, event), me, *version))
        }
        (Command::AddCalendar { calendar, address }, Some(me)) => {
            Ok(as_known(room, me, me.follows(calendar, &address.0)?))
        }
        (Command::RemoveCalendar(id), Some(me)) => Ok(as_known(room, me, me.unfollows(id)?)),
        (Command::CalendarRead { id, reading }, Some(me)) => {
            let news = me.reads(id, reading, now)?;
            Ok(news.map_or_else(Decision::nothing, |event| as_known(room, me, event)))
        }
        (Command::ReportPosition(fix), Some(me)) => Ok(report_position(room, me, fix, now)),
        (Command::Tick, Some(me)) => Ok(etas_told(room, me, room.last_fix.as_ref(), now)),
    }
}

fn change(before: &Technician, after: &Technician, version: Option<i64>) -> Decision {
    if before == after {
        return Decision::nothing();
    }
    let decision = Decision::event(TechnicianEvent::TechnicianChanged {
        before: Box::new(before.clone()),
        after: Box::new(after.clone()),
    });
    as_seen(decision, after, version)
}

/// What the asker saw must hold at the commit, where they say so.
fn as_seen(decision: Decision, me: &Technician, version: Option<i64>) -> Decision {
    match version {
        Some(version) => decision.expecting(Expect { entity: me.id.key(), version }),
        None => decision,
    }
}

/// The board writes absences down as well: what is decided here rests on what is known here.
fn as_known(room: &TechnicianRoom, me: &Technician, event: TechnicianEvent) -> Decision {
    Decision::event(event).expecting(Expect { entity: me.id.key(), version: room.version })
}

fn rename_skill(me: &Technician, from: &str, to: &str, version: i64) -> Decision {
    let mut after = me.clone();
    let bears = |tag: &str| tag.to_lowercase() == from.to_lowercase();
    for skill in after.skills.iter_mut().filter(|skill| bears(&skill.tag)) {
        to.clone_into(&mut skill.tag);
    }
    change(me, &after, Some(version))
}

fn report_position(
    room: &TechnicianRoom,
    me: &Technician,
    fix: &Position,
    now: Timestamp,
) -> Decision {
    if room.last_fix.is_some_and(|last| fix.at <= last.at) {
        return Decision::nothing();
    }
    let mut decision = etas_told(room, me, Some(fix), now);
    if let Some(visit) = reached(room, fix, now) {
        decision = decision.and(TechnicianEvent::TechnicianArrived {
            technician_id: me.id.clone(),
            visit_id: visit.id.clone(),
            job_id: visit.job_id.clone(),
            at: fix.at,
        });
    }
    decision.passing(Passing::PositionReported(*fix))
}

/// The next visit, if the fix is at its door for the first time.
fn reached<'a>(room: &'a TechnicianRoom, fix: &Position, now: Timestamp) -> Option<&'a Visit> {
    if fix.speed_kmh.is_some_and(|speed| speed > DOOR_SPEED_MAX_KMH) {
        return None;
    }
    let next = today(room, now).find(|visit| visit.status != VisitStatus::OnSite)?;
    let here = Point::new(fix.lat, fix.lon);
    let near = here.crow_m(Point::new(next.lat, next.lon)) <= DOOR_M;
    let leads = room.technician.as_ref().is_some_and(|me| me.id == next.technician_id);
    (near && leads && !room.arrived.contains(&next.id)).then_some(next)
}

/// Visits of the local day that are not over, and whatever is under way.
fn today(room: &TechnicianRoom, now: Timestamp) -> impl Iterator<Item = &Visit> {
    let date = now.to_zoned(room.policy.zone.clone()).date();
    room.ahead.iter().filter(move |visit| {
        visit.status != VisitStatus::Planned
            || visit.start.to_zoned(room.policy.zone.clone()).date() == date
    })
}

/// One event with every visit whose arrival moved enough against what screens were told last, or none.
fn etas_told(
    room: &TechnicianRoom,
    me: &Technician,
    fix: Option<&Position>,
    now: Timestamp,
) -> Decision {
    let visits: Vec<&Visit> = today(room, now).collect();
    if visits.is_empty() {
        return Decision::nothing();
    }
    let ahead: Vec<Ahead> = visits.iter().map(|visit| as_ahead(visit)).collect();
    let date = now.to_zoned(room.policy.zone.clone()).date();
    let came_from = room
        .came_from
        .filter(|(_, at)| at.to_zoned(room.policy.zone.clone()).date() == date)
        .map_or(Point::new(me.home.lat, me.home.lon), |(from, _)| Point::new(from.lat, from.lon));
    let route = Route {
        now_s: now.as_second(),
        fix: fix.map(|fix| scheduler::day::Fix {
            point: Point::new(fix.lat, fix.lon),
            at_s: fix.at.as_second(),
        }),
        origin: came_from,
        ahead: &ahead,
    };
    let found = etas(&route, &*room.arithmetic.travel, &*room.arithmetic.durations);
    let changes: Vec<EtaChange> = found
        .visits
        .iter()
        .filter_map(|eta| {
            let visit = visits.iter().find(|visit| visit.id.as_str() == &*eta.visit_id)?;
            // An assistant's way matters for what comes after; the arrival is the lead's.
            if visit.technician_id != me.id {
                return None;
            }
            let from = room.told.get(&visit.id).copied();
            let to = Eta {
                at: Timestamp::from_second(eta.at_s).ok()?,
                low: Timestamp::from_second(eta.low_s).ok()?,
                high: Timestamp::from_second(eta.high_s).ok()?,
                live: eta.source == Source::Live,
            };
            let moved =
                from.is_none_or(|told| told.at.duration_since(to.at).abs() >= WORTH_TELLING);
            moved.then(|| EtaChange {
                visit_id: visit.id.clone(),
                job_id: visit.job_id.clone(),
                from,
                to,
            })
        })
        .collect();
    if changes.is_empty() {
        return Decision::nothing();
    }
    let technician_id = me.id.clone();
    Decision::event(TechnicianEvent::RouteEtasChanged { technician_id, visits: changes })
}

fn as_ahead(visit: &Visit) -> Ahead {
    let since = |at: Option<Timestamp>| at.unwrap_or(visit.start).as_second();
    Ahead {
        visit_id: visit.id.key(),
        point: Point::new(visit.lat, visit.lon),
        start_s: visit.start.as_second(),
        duration_s: visit.end.duration_since(visit.start).as_secs(),
        progress: match visit.status {
            VisitStatus::EnRoute => Progress::EnRoute { since_s: since(visit.en_route_at) },
            VisitStatus::OnSite => Progress::OnSite { since_s: since(visit.on_site_at) },
            _ => Progress::Planned,
        },
        kind: visit.kind.as_deref().map(Into::into),
    }
}
