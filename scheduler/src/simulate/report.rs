//! What a simulated day comes to, and the sums over days. Whole numbers only; shares are in thousandths.

use serde::Serialize;

/// One day, or several added up.
///
/// **Invariant:** `jobs = done + cancelled + no_access + left`, and
/// `promises_kept + promises_broken = jobs - cancelled`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Heard of, urgent ones included.
    pub jobs: u64,
    pub done: u64,
    pub cancelled: u64,
    /// Somebody came and nobody opened.
    pub no_access: u64,
    /// Nobody came.
    pub left: u64,
    /// Jobs that were called in during the day.
    pub urgent: u64,
    /// Somebody stood at the door no later than the promised window's end.
    pub promises_kept: u64,
    /// Came later, or not at all.
    pub promises_broken: u64,
    /// Doors reached, cancelled visits left aside.
    pub arrivals: u64,
    /// Arrivals no more than 15 minutes after the time last told.
    pub on_time: u64,
    pub driven_metres: u64,
    pub driving_s: u64,
    /// Work on site after the end of the shift.
    pub overtime_s: u64,
    /// Jobs done by somebody of level 4 or 5 that asked for two levels less.
    pub expert_below: u64,
    /// Jobs of level 3 and up that were called in during the day.
    pub expert_calls: u64,
    /// Of those, how often somebody who can do them had nothing to do for 45 minutes.
    pub expert_free: u64,
    /// The first text about a visit.
    pub texts_promised: u64,
    /// The time moved by an hour or more.
    pub texts_changed: u64,
    /// Will be later than the promised window.
    pub texts_late: u64,
    /// How often the optimiser was asked.
    pub plans: u64,
    /// Plans that the independent checker found fault with; none is the only right answer.
    pub faults: u64,
}

impl Counts {
    /// Adds a day.
    pub fn add(&mut self, day: &Self) {
        let Self {
            jobs,
            done,
            cancelled,
            no_access,
            left,
            urgent,
            promises_kept,
            promises_broken,
            arrivals,
            on_time,
            driven_metres,
            driving_s,
            overtime_s,
            expert_below,
            expert_calls,
            expert_free,
            texts_promised,
            texts_changed,
            texts_late,
            plans,
            faults,
        } = day;
        self.jobs += jobs;
        self.done += done;
        self.cancelled += cancelled;
        self.no_access += no_access;
        self.left += left;
        self.urgent += urgent;
        self.promises_kept += promises_kept;
        self.promises_broken += promises_broken;
        self.arrivals += arrivals;
        self.on_time += on_time;
        self.driven_metres += driven_metres;
        self.driving_s += driving_s;
        self.overtime_s += overtime_s;
        self.expert_below += expert_below;
        self.expert_calls += expert_calls;
        self.expert_free += expert_free;
        self.texts_promised += texts_promised;
        self.texts_changed += texts_changed;
        self.texts_late += texts_late;
        self.plans += plans;
        self.faults += faults;
    }

    /// Arrivals on time, of all arrivals; 1000 where there is none.
    pub fn on_time_permille(&self) -> u64 {
        permille(self.on_time, self.arrivals)
    }

    /// Promises kept, of all promises; 1000 where there is none.
    pub fn kept_permille(&self) -> u64 {
        permille(self.promises_kept, self.promises_kept + self.promises_broken)
    }
}

fn permille(part: u64, whole: u64) -> u64 {
    (part * 1000 + whole / 2).checked_div(whole).unwrap_or(1000)
}

/// The whole simulation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    pub days: Vec<Counts>,
    pub total: Counts,
}

impl Report {
    /// The report on these days.
    pub fn of(days: Vec<Counts>) -> Self {
        let mut total = Counts::default();
        for day in &days {
            total.add(day);
        }
        Self { days, total }
    }
}
