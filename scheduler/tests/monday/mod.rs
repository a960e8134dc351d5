//! A plain Monday for the example tests: one minute of driving for each thousandth of a degree of longitude,
//! technicians who live at the same place and work from 08:00 to 16:30.
#![allow(dead_code, reason = "each test binary uses its part")]
#![allow(clippy::unwrap_used, reason = "tests")]

use jiff::tz::TimeZone;
use scheduler::{DayTechnician, Leg, Point, Priority, Span, Stop, Travel, Wanted, Words};

/// Monday, 23 November 2026, 00:00 in Toronto.
pub const MIDNIGHT_S: i64 = 1_795_410_000;

/// 60 seconds for each thousandth of a degree of longitude.
pub struct Ruler;

impl Travel for Ruler {
    fn leg(&self, from: Point, to: Point, _depart_s: i64) -> Leg {
        let seconds = ((from.lon - to.lon).abs() * 60_000.0).round() as i64;
        Leg { seconds, metres: seconds * 15 }
    }
}

/// A place so many minutes east of home.
pub fn minutes_away(minutes: i32) -> Point {
    Point::new(45.05, -73.58 + f64::from(minutes) / 1000.0)
}

/// A time of that Monday; `24:00` and later are Tuesday.
pub fn at(clock: &str) -> i64 {
    let (hour, minute) = clock.split_once(':').unwrap();
    MIDNIGHT_S + hour.parse::<i64>().unwrap() * 3600 + minute.parse::<i64>().unwrap() * 60
}

pub fn technician(id: &str, name: &str) -> DayTechnician {
    DayTechnician {
        id: id.into(),
        name: name.into(),
        home: minutes_away(0),
        skills: vec![],
        shifts: vec![Span::new(at("08:00"), at("16:30"))],
        absences: vec![],
        stops: vec![],
        position: None,
    }
}

pub fn job(id: &str, minutes: i32, duration_min: i64) -> Wanted {
    Wanted {
        id: id.into(),
        title: "Panne".into(),
        point: minutes_away(minutes),
        duration_s: duration_min * 60,
        window: None,
        skills: vec![],
        priority: Priority::Normal,
        zones: vec![],
    }
}

pub fn stop(id: &str, minutes: i32, start: &str, end: &str) -> Stop {
    Stop {
        visit_id: id.into(),
        job_id: format!("job_of_{id}").into(),
        point: minutes_away(minutes),
        start_s: at(start),
        end_s: at(end),
    }
}

pub fn words() -> Words {
    Words::new(TimeZone::get("America/Toronto").unwrap(), at("09:00"))
}
