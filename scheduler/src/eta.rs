//! A live position in, new arrival times out: one technician, the visits still ahead, an honest range for each.
//!
//! Called by the technician's own actor at every fix and every minute. Keeps nothing, tells nobody; whether a
//! change is worth telling is decided elsewhere, with [`moved`].
//!
//! How an arrival is found: someone on site leaves when the work is done (planned duration as this company knows
//! it; once overdue, in five minutes, again and again). Someone under way arrives one drive after his last fix.
//! Everyone else arrives as planned, or as soon as the road allows if that is later. Without a fresh fix the plan
//! speaks, and says that it does.

use serde::{Deserialize, Serialize};

use crate::day::{Fix, Id};
use crate::durations::Durations;
use crate::travel::{Point, Travel};

/// Work that should be over by now is given this much longer.
pub const OVERDUE_S: i64 = 5 * 60;

/// Where a visit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Progress {
    Planned,
    /// Under way since then.
    EnRoute {
        since_s: i64,
    },
    /// At the door since then.
    OnSite {
        since_s: i64,
    },
}

/// A visit that is not over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ahead {
    pub visit_id: Id,
    pub point: Point,
    /// Planned arrival.
    pub start_s: i64,
    /// Planned time on site.
    pub duration_s: i64,
    pub progress: Progress,
    /// Kind of job, as [`Durations`] knows it.
    pub kind: Option<Id>,
}

/// What is known of one technician's rest of the day.
#[derive(Clone, Copy, Debug)]
pub struct Route<'a> {
    pub now_s: i64,
    pub fix: Option<Fix>,
    /// Where the plan has him come from: the last finished visit of the day, or home.
    pub origin: Point,
    /// In planned order. The one under way or on site is taken first wherever it stands.
    pub ahead: &'a [Ahead],
}

/// What an arrival time rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A fresh position, or work in progress.
    Live,
    /// The plan alone.
    Plan,
}

/// When a technician will be at the door: most likely at `at_s`, rarely outside `low_s..=high_s`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Eta {
    pub visit_id: Id,
    pub at_s: i64,
    pub low_s: i64,
    pub high_s: i64,
    pub source: Source,
}

/// The answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Etas {
    /// Visits not yet reached, in the order in which they will be.
    pub visits: Vec<Eta>,
    /// When the visit on site will be over, where there is one.
    pub finish_s: Option<i64>,
}

/// Possible error of an instant, seconds to either side. Independent errors add up as squares do.
#[derive(Clone, Copy, Default)]
struct Spread {
    early_s: i64,
    late_s: i64,
}

impl Spread {
    fn and(self, early_s: i64, late_s: i64) -> Self {
        let root = |a: i64, b: i64| (a * a + b * b).isqrt();
        Self { early_s: root(self.early_s, early_s), late_s: root(self.late_s, late_s) }
    }

    /// A drive: a tenth faster, a quarter slower, and two minutes to find the door.
    fn drive(self, seconds: i64) -> Self {
        self.and(seconds / 10, seconds / 4 + 120)
    }

    /// Work: more often longer than shorter.
    fn work(self, seconds: i64) -> Self {
        self.and(seconds / 6, seconds * 3 / 10)
    }
}

/// Where and when the technician is free to leave, and how sure that is.
#[derive(Clone, Copy)]
struct Free {
    point: Point,
    at_s: i64,
    spread: Spread,
    source: Source,
}

/// Arrival times of every visit not yet reached. None lies before `now_s`, and `low_s <= at_s <= high_s`.
pub fn etas(route: &Route<'_>, travel: &dyn Travel, durations: &dyn Durations) -> Etas {
    let mut answer = Etas::default();
    let mut free: Option<Free> = None;
    for stop in in_order(route.ahead) {
        let typical_s = durations.typical_s(stop.kind.as_deref(), stop.duration_s).max(0);
        let arrival = match (stop.progress, free) {
            (Progress::OnSite { since_s }, None) => {
                let finish_s = (since_s + typical_s).max(route.now_s + OVERDUE_S);
                answer.finish_s = Some(finish_s);
                let spread = Spread::default().work(finish_s - route.now_s);
                free =
                    Some(Free { point: stop.point, at_s: finish_s, spread, source: Source::Live });
                continue;
            }
            (Progress::EnRoute { since_s }, None) => under_way(route, stop, since_s, travel),
            (_, None) => first(route, stop, travel),
            (_, Some(free)) => following(&free, stop, route.now_s, travel),
        };
        answer.visits.push(eta(stop, &arrival, route.now_s));
        free = Some(Free {
            at_s: arrival.at_s + typical_s,
            spread: arrival.spread.work(typical_s),
            ..arrival
        });
    }
    answer
}

/// Visits whose arrival moved by `threshold_s` or more, as (before, after). A visit that is new has no before; one
/// that is gone is not named.
pub fn moved<'a>(
    before: &'a [Eta],
    after: &'a [Eta],
    threshold_s: i64,
) -> Vec<(Option<&'a Eta>, &'a Eta)> {
    let pairs =
        after.iter().map(|new| (before.iter().find(|old| old.visit_id == new.visit_id), new));
    pairs
        .filter(|(old, new)| old.is_none_or(|old| (old.at_s - new.at_s).abs() >= threshold_s))
        .collect()
}

/// On site, then under way, then as planned.
fn in_order(ahead: &[Ahead]) -> Vec<&Ahead> {
    let mut order: Vec<&Ahead> = ahead.iter().collect();
    order.sort_by_key(|stop| match stop.progress {
        Progress::OnSite { .. } => 0,
        Progress::EnRoute { .. } => 1,
        Progress::Planned => 2,
    });
    order
}

/// Driving to `stop` now. Between two fixes the arrival stands still instead of slipping away with the clock.
fn under_way(route: &Route<'_>, stop: &Ahead, since_s: i64, travel: &dyn Travel) -> Free {
    let fresh = route.fix.filter(|fix| fix.is_fresh(route.now_s));
    let (from, left_s, source, age_s) = match fresh {
        Some(fix) => (fix.point, fix.at_s, Source::Live, (route.now_s - fix.at_s).max(0)),
        None => (route.origin, since_s, Source::Plan, crate::FIX_FRESH_S),
    };
    let left_s = left_s.min(route.now_s);
    let drive_s = travel.leg(from, stop.point, left_s).seconds;
    let spread = Spread::default().drive(drive_s).and(0, age_s);
    Free { point: stop.point, at_s: (left_s + drive_s).max(route.now_s), spread, source }
}

/// The next visit of someone who has not set out.
fn first(route: &Route<'_>, stop: &Ahead, travel: &dyn Travel) -> Free {
    let Some(fix) = route.fix.filter(|fix| fix.is_fresh(route.now_s)) else {
        let drive_s = travel.leg(route.origin, stop.point, route.now_s).seconds;
        let spread = Spread::default().drive(drive_s).and(0, crate::FIX_FRESH_S);
        let at_s = stop.start_s.max(route.now_s);
        return Free { point: stop.point, at_s, spread, source: Source::Plan };
    };
    let drive_s = travel.leg(fix.point, stop.point, route.now_s).seconds;
    let age_s = (route.now_s - fix.at_s).max(0);
    let spread = Spread::default().drive(drive_s).and(0, age_s);
    waiting(stop, route.now_s + drive_s, spread, Source::Live)
}

/// A visit after another one.
fn following(free: &Free, stop: &Ahead, now_s: i64, travel: &dyn Travel) -> Free {
    let leave_s = free.at_s.max(now_s);
    let drive_s = travel.leg(free.point, stop.point, leave_s).seconds;
    waiting(stop, leave_s + drive_s, free.spread.drive(drive_s), free.source)
}

/// Nobody rings before the planned time: what is early waits, and waiting absorbs part of the doubt.
fn waiting(stop: &Ahead, reach_s: i64, spread: Spread, source: Source) -> Free {
    let at_s = reach_s.max(stop.start_s);
    let spread = Spread {
        early_s: (at_s - stop.start_s).min(spread.early_s),
        late_s: (reach_s + spread.late_s - at_s).max(0),
    };
    Free { point: stop.point, at_s, spread, source }
}

fn eta(stop: &Ahead, arrival: &Free, now_s: i64) -> Eta {
    let at_s = arrival.at_s.max(now_s);
    Eta {
        visit_id: stop.visit_id.clone(),
        at_s,
        low_s: (at_s - arrival.spread.early_s).max(now_s),
        high_s: at_s + arrival.spread.late_s,
        source: arrival.source,
    }
}
