//! Random days: small enough for a search through every start, odd enough to hurt. Owns the generators alone.

use std::sync::Arc;

use jiff::tz::TimeZone;
use proptest::prelude::*;
use scheduler::{
    Absence, Day, DayTechnician, Fix, Need, Point, Priority, Skill, Slot, Span, Stop, Wanted,
};

/// Monday, 23 November 2026, 00:00 in Toronto.
pub const MIDNIGHT_S: i64 = 1_795_410_000;

pub fn zone() -> TimeZone {
    TimeZone::get("America/Toronto").unwrap()
}

fn points() -> impl Strategy<Value = Point> {
    (0..12_i32, 0..12_i32).prop_map(|(north, east)| {
        Point::new(44.9 + f64::from(north) * 0.04, -73.9 + f64::from(east) * 0.05)
    })
}

fn tags() -> impl Strategy<Value = Arc<str>> {
    prop_oneof![
        6 => Just("Fibre".into()),
        6 => Just("Électricité".into()),
        6 => Just("Sans-fil".into()),
        1 => Just("fibre".into()),
        1 => Just("électricité".into()),
        1 => Just("FIL".into()),
    ]
}

fn skills() -> impl Strategy<Value = Skill> {
    let expiry =
        prop::option::weighted(0.15, (6..20_i64).prop_map(|hour| MIDNIGHT_S + hour * 3600));
    (tags(), 1..=5_u8, expiry).prop_map(|(tag, level, expires_s)| Skill { tag, level, expires_s })
}

/// A span that starts on a minute of the day and lasts some minutes.
fn spans(
    start: std::ops::Range<i64>,
    minutes: std::ops::Range<i64>,
    step: i64,
) -> impl Strategy<Value = Span> {
    (start, minutes).prop_map(move |(start, minutes)| {
        let start_s = MIDNIGHT_S + start * 60 / step / 60 * step * 60;
        Span::new(start_s, start_s + (minutes / step).max(1) * step * 60)
    })
}

fn shifts() -> impl Strategy<Value = Vec<Span>> {
    prop_oneof![
        4 => Just(vec![Span::new(MIDNIGHT_S + 8 * 3600, MIDNIGHT_S + 16 * 3600 + 1800)]),
        2 => Just(vec![
            Span::new(MIDNIGHT_S + 8 * 3600, MIDNIGHT_S + 12 * 3600),
            Span::new(MIDNIGHT_S + 13 * 3600, MIDNIGHT_S + 17 * 3600),
        ]),
        2 => prop::collection::vec(spans(0..1300, 30..400, 30), 0..4),
        1 => Just(vec![]),
    ]
}

fn absences() -> impl Strategy<Value = Vec<Absence>> {
    let one =
        spans(360..1100, 15..200, 5).prop_map(|span| Absence { span, reason: None, busy: false });
    prop_oneof![3 => Just(vec![]), 2 => prop::collection::vec(one, 1..3)]
}

fn stops(number: usize) -> impl Strategy<Value = Vec<Stop>> {
    let one = (points(), spans(400..1080, 10..110, 5));
    prop::collection::vec(one, 0..5).prop_map(move |made| {
        let stop = |(index, (point, span)): (usize, (Point, Span))| Stop {
            visit_id: format!("visit_{number}_{index}").into(),
            job_id: format!("old_{number}_{index}").into(),
            point,
            start_s: span.start_s,
            end_s: span.end_s,
        };
        made.into_iter().enumerate().map(stop).collect()
    })
}

fn technician(number: usize) -> impl Strategy<Value = DayTechnician> {
    let position = prop::option::of((points(), -30..30_i64));
    let skills = prop::collection::vec(skills(), 1..6);
    (points(), skills, shifts(), absences(), stops(number), position).prop_map(
        move |(home, skills, shifts, absences, stops, position)| DayTechnician {
            id: format!("tech_{number}").into(),
            name: format!("T{number}").into(),
            home,
            skills,
            shifts,
            absences,
            stops,
            // The age is filled in once the day knows what time it is.
            position: position.map(|(point, age)| Fix { point, at_s: age * 60 }),
        },
    )
}

fn job(number: usize) -> impl Strategy<Value = Wanted> {
    let need = (tags(), 1..=4_u8, prop::bool::weighted(0.8))
        .prop_map(|(tag, level, required)| Need { tag, level, required });
    let window = prop_oneof![
        2 => Just(None),
        3 => spans(420..1000, 15..240, 15).prop_map(Some),
        1 => spans(420..1000, 1..20, 1).prop_map(Some),
        1 => (420..1000_i64).prop_map(|m| Some(Span::new(MIDNIGHT_S + m * 60, MIDNIGHT_S + m * 60))),
    ];
    let priority = prop_oneof![
        Just(Priority::Low),
        Just(Priority::Normal),
        Just(Priority::High),
        Just(Priority::Urgent)
    ];
    let needs = prop::collection::vec(need, 0..2);
    (points(), 5..150_i64, window, needs, priority).prop_map(
        move |(point, minutes, window, skills, priority)| Wanted {
            id: format!("job_{number}").into(),
            title: "Panne".into(),
            point,
            duration_s: minutes * 60,
            window,
            skills,
            priority,
            zones: Vec::new(),
        },
    )
}

/// A day of one to four technicians and one to four jobs, seen at some moment before or in it.
pub fn days() -> impl Strategy<Value = Day> {
    let technicians = (technician(1), technician(2), technician(3), technician(4), 1..=4_usize);
    let jobs = (job(1), job(2), job(3), job(4), 1..=4_usize);
    let now = prop_oneof![1 => Just(-7200_i64), 2 => 6 * 3600..15 * 3600_i64];
    (technicians, jobs, now).prop_map(|(technicians, jobs, now)| {
        let (a, b, c, d, count) = technicians;
        let mut technicians = vec![a, b, c, d];
        technicians.truncate(count);
        let (e, f, g, h, count) = jobs;
        let mut jobs = vec![e, f, g, h];
        jobs.truncate(count);
        let now_s = MIDNIGHT_S + now;
        for fix in technicians.iter_mut().filter_map(|t| t.position.as_mut()) {
            fix.at_s = now_s - fix.at_s.abs();
        }
        Day { range: Span::new(MIDNIGHT_S, MIDNIGHT_S + 86_400), now_s, technicians, jobs }
    })
}

/// The same day with every list in another order.
pub fn shuffled(day: &Day, seed: u64) -> Day {
    let mut day = day.clone();
    let mut state = seed | 1;
    mix(&mut day.technicians, &mut state);
    mix(&mut day.jobs, &mut state);
    for technician in &mut day.technicians {
        mix(&mut technician.skills, &mut state);
        mix(&mut technician.shifts, &mut state);
        mix(&mut technician.absences, &mut state);
        mix(&mut technician.stops, &mut state);
    }
    day
}

fn mix<T>(list: &mut [T], state: &mut u64) {
    for last in (1..list.len()).rev() {
        // Knuth's MMIX constants; any generator would do.
        *state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let index = usize::try_from(*state >> 33).unwrap() % (last + 1);
        list.swap(last, index);
    }
}

/// The stop that a placed job becomes.
pub fn placed(job: &Wanted, slot: Slot) -> Stop {
    Stop {
        visit_id: job.id.clone(),
        job_id: job.id.clone(),
        point: job.point,
        start_s: slot.start_s,
        end_s: slot.end_s,
    }
}
