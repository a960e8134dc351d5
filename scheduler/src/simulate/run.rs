//! One day, event by event: calls, cancellations, absences, drives, doors, finished work.
//!
//! Owns time and truth. A policy is asked when something happened that it could not know, and at no other moment.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::optimised::{self, Effort};
use super::today::{Outcome, Stage, Today};
use super::{LATE_AT_MOST_S, OVERTIME_AT_MOST_S, Policy, Setting, greedy};
use crate::travel::Travel;

/// Ringing in vain, or hearing at the door that it is off.
const IN_VAIN_S: i64 = 10 * 60;

/// Somebody who is done this much before time may be of use elsewhere.
const EARLY_S: i64 = 30 * 60;

/// What happens; of one instant, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    GoesAway(usize),
    Cancels(usize),
    Calls(usize),
    Finishes(usize),
    Arrives(usize),
    /// With the number of the plan that it belongs to.
    SetsOut(usize, u32),
}

/// A day in play.
pub(super) struct Play<'a> {
    today: Today<'a>,
    setting: &'a Setting,
    travel: &'a dyn Travel,
    events: BinaryHeap<Reverse<(i64, Event)>>,
    /// Of each technician's plan; a departure of an older one does not take place.
    numbers: Vec<u32>,
}

impl<'a> Play<'a> {
    /// The day at its very beginning.
    pub fn new(today: Today<'a>, setting: &'a Setting, travel: &'a dyn Travel) -> Self {
        let numbers = vec![0; today.hands.len()];
        Self { today, setting, travel, events: BinaryHeap::new(), numbers }
    }

    /// Plays the day to its end and gives back how it stands then.
    pub fn play(mut self) -> Today<'a> {
        let drawn = self.today.drawn;
        let dawn_s = drawn.midnight_s + 7 * 3600;
        for (job, task) in drawn.tasks.iter().enumerate() {
            self.events.extend(task.comes_s.map(|at_s| Reverse((at_s, Event::Calls(job)))));
            self.events.extend(task.cancels_s.map(|at_s| Reverse((at_s, Event::Cancels(job)))));
        }
        if self.setting.policy == Policy::Greedy {
            greedy::book(&mut self.today, self.travel);
        }
        for (hand, away_s) in drawn.away_s.iter().enumerate() {
            let shift = drawn.shifts[hand];
            match away_s {
                Some(at_s) if shift.is_some_and(|shift| *at_s <= shift.start_s) => self.leave(hand),
                Some(at_s) => self.events.push(Reverse((*at_s, Event::GoesAway(hand)))),
                None => {}
            }
        }
        match self.setting.policy {
            Policy::Greedy => greedy::changed(&mut self.today, dawn_s, self.travel),
            Policy::Optimised => {
                let (steps, threads) = (self.setting.morning_steps, self.setting.threads);
                self.optimise(dawn_s, Effort::Morning { steps, threads });
            }
        }
        self.in_force(dawn_s);
        while let Some(Reverse((now_s, event))) = self.events.pop() {
            self.happens(now_s, event);
        }
        self.close()
    }

    fn happens(&mut self, now_s: i64, event: Event) {
        match event {
            Event::Calls(job) => {
                self.count_call(job, now_s);
                self.today.stages[job] = Stage::Open;
                self.changed(now_s);
            }
            Event::Cancels(job) => {
                if matches!(self.today.stages[job], Stage::Open | Stage::Planned(_)) {
                    self.today.release(job, Stage::Over(Outcome::Cancelled));
                    self.changed(now_s);
                }
            }
            Event::GoesAway(hand) => {
                self.leave(hand);
                self.changed(now_s);
            }
            Event::SetsOut(hand, number) if number == self.numbers[hand] => {
                self.set_out(hand, now_s);
            }
            Event::SetsOut(..) => {}
            Event::Arrives(hand) => self.arrive(hand, now_s),
            Event::Finishes(hand) => self.finish(hand, now_s),
        }
    }

    /// No further visit for this technician today.
    fn leave(&mut self, hand: usize) {
        self.today.hands[hand].gone = true;
        for ahead in std::mem::take(&mut self.today.hands[hand].ahead) {
            self.today.stages[ahead.job] = Stage::Open;
        }
    }

    /// The day is no longer what it was when it was planned.
    fn changed(&mut self, now_s: i64) {
        match self.setting.policy {
            Policy::Greedy => greedy::changed(&mut self.today, now_s, self.travel),
            Policy::Optimised => {
                self.optimise(now_s, Effort::Gently { looks: self.setting.replan_looks })
            }
        }
        self.in_force(now_s);
    }

    fn optimise(&mut self, now_s: i64, effort: Effort) {
        let seed = self.setting.seed ^ self.today.counts.plans << 32 ^ self.today.drawn.number;
        optimised::plan(&mut self.today, now_s, (seed, effort));
    }

    /// Tells customers, and has everybody who waits set out by the plan in force.
    fn in_force(&mut self, now_s: i64) {
        self.today.tell(now_s);
        for hand in 0..self.today.hands.len() {
            self.schedule(hand, now_s);
        }
    }

    /// Nobody leaves so early that he would stand before the door for long.
    fn schedule(&mut self, index: usize, now_s: i64) {
        // An older plan's departure no longer takes place, even where the new plan has none.
        self.numbers[index] += 1;
        let hand = &self.today.hands[index];
        let (None, Some(next)) = (hand.doing, hand.ahead.first()) else {
            return;
        };
        let drive_s = self.today.leg(hand.place, self.today.place(next.job)).0;
        let opens_s = self.today.drawn.tasks[next.job].window.start_s;
        let at_s = (opens_s - drive_s * 5 / 4 - 300).max(now_s).max(hand.free_s);
        self.events.push(Reverse((at_s, Event::SetsOut(index, self.numbers[index]))));
    }

    fn set_out(&mut self, index: usize, now_s: i64) {
        let (from, next) = (self.today.hands[index].place, self.today.hands[index].ahead.remove(0));
        let (job, to) = (next.job, self.today.place(next.job));
        let task = &self.today.drawn.tasks[job];
        let (drive_s, metres) = self.today.leg(from, to);
        let start_s = (now_s + drive_s).max(task.window.start_s);
        let end_s = start_s + task.wanted.duration_s();
        let last_s = self.today.drawn.shifts[index].map_or(now_s, |shift| shift.end_s);
        // Neither policy may send anybody out at night, or hours after the promise.
        if now_s + drive_s > task.window.end_s + LATE_AT_MOST_S
            || end_s > last_s + OVERTIME_AT_MOST_S
        {
            self.today.stages[job] = Stage::Over(Outcome::Left);
            self.schedule(index, now_s);
            return;
        }
        let real_s = self.today.drawn.real_drive_s((from, to), now_s, drive_s);
        self.today.counts.driven_metres += metres.unsigned_abs();
        self.today.counts.driving_s += real_s.unsigned_abs();
        self.today.stages[job] = Stage::UnderWay;
        let hand = &mut self.today.hands[index];
        (hand.place, hand.free_s, hand.out, hand.doing) = (to, end_s, true, Some(job));
        self.events.push(Reverse((now_s + real_s, Event::Arrives(index))));
    }

    fn arrive(&mut self, index: usize, now_s: i64) {
        let Some(job) = self.today.hands[index].doing else {
            return;
        };
        let task = &self.today.drawn.tasks[job];
        let cancelled = task.cancels_s.is_some_and(|at_s| at_s <= now_s);
        let start_s = now_s.max(task.window.start_s);
        if !cancelled {
            let kept = now_s <= task.window.end_s;
            let counts = &mut self.today.counts;
            counts.promises_kept += u64::from(kept);
            counts.promises_broken += u64::from(!kept);
            counts.arrivals += 1;
            let on_time = self.today.is_on_time(job, now_s);
            self.today.counts.on_time += u64::from(on_time);
        }
        let outcome = match (cancelled, task.no_access) {
            (true, _) => Outcome::Cancelled,
            (false, true) => Outcome::NoAccess,
            (false, false) => Outcome::Done,
        };
        let pace = self.today.company.members[index].pace_permille;
        let work_s = task.wanted.duration_s() * task.real_permille / 1000 * pace / 1000;
        let end_s = if outcome == Outcome::Done { start_s + work_s } else { start_s + IN_VAIN_S };
        self.today.stages[job] = Stage::Over(outcome);
        self.today.hands[index].free_s = start_s + task.wanted.duration_s();
        if let Some(shift) = self.today.drawn.shifts[index] {
            let over_s = end_s - start_s.max(shift.end_s);
            self.today.counts.overtime_s += over_s.max(0).unsigned_abs();
        }
        if outcome == Outcome::Done && self.is_below(index, job) {
            self.today.counts.expert_below += 1;
        }
        self.events.push(Reverse((end_s, Event::Finishes(index))));
        if self.today.is_threatened(index, now_s) {
            self.changed(now_s);
        }
    }

    fn finish(&mut self, index: usize, now_s: i64) {
        let hand = &mut self.today.hands[index];
        let early_s = hand.free_s - now_s;
        (hand.free_s, hand.doing) = (now_s, None);
        let useful = early_s >= EARLY_S && self.setting.policy == Policy::Optimised;
        if useful || self.today.is_threatened(index, now_s) {
            self.changed(now_s);
        } else {
            self.schedule(index, now_s);
        }
    }

    /// Whether this is work for somebody with two levels less.
    fn is_below(&self, hand: usize, job: usize) -> bool {
        let skills = &self.today.company.members[hand].skills;
        self.today.drawn.tasks[job].wanted.required().any(|need| {
            skills.iter().any(|skill| {
                skill.tag == need.tag && skill.level >= 4 && skill.level >= need.level + 2
            })
        })
    }

    /// Expert work that comes by day finds an expert without work, or not.
    fn count_call(&mut self, job: usize, now_s: i64) {
        let task = &self.today.drawn.tasks[job];
        if task.level() < 3 {
            return;
        }
        self.today.counts.expert_calls += 1;
        let able = |hand: usize| {
            task.wanted.required().all(|need| {
                let skills = &self.today.company.members[hand].skills;
                skills.iter().any(|skill| skill.tag == need.tag && skill.level >= need.level)
            })
        };
        let free = (0..self.today.hands.len()).any(|index| {
            let hand = &self.today.hands[index];
            let shift = self.today.drawn.shifts[index];
            let at_work =
                shift.is_some_and(|shift| shift.start_s <= now_s && now_s + 2700 <= shift.end_s);
            let next = self.today.expected(index, now_s).first().map(|visit| visit.start_s);
            !hand.gone
                && at_work
                && hand.doing.is_none()
                && next.is_none_or(|start_s| start_s >= now_s + 2700)
                && able(index)
        });
        self.today.counts.expert_free += u64::from(free);
    }

    /// Everybody drives home; what nobody came for is left.
    fn close(mut self) -> Today<'a> {
        for (index, hand) in self.today.hands.iter().enumerate().filter(|(_, hand)| hand.out) {
            let (drive_s, metres) = self.today.leg(hand.place, index);
            let pair = (hand.place, index);
            let real_s = self.today.drawn.real_drive_s(pair, hand.free_s, drive_s);
            self.today.counts.driven_metres += metres.unsigned_abs();
            self.today.counts.driving_s += real_s.unsigned_abs();
        }
        let urgent = self.today.drawn.tasks.iter().filter(|task| task.comes_s.is_some()).count();
        self.today.counts.urgent = urgent as u64;
        for stage in &mut self.today.stages {
            let counts = &mut self.today.counts;
            counts.jobs += 1;
            match stage {
                Stage::Over(Outcome::Done) => counts.done += 1,
                Stage::Over(Outcome::Cancelled) => counts.cancelled += 1,
                Stage::Over(Outcome::NoAccess) => counts.no_access += 1,
                _ => {
                    *stage = Stage::Over(Outcome::Left);
                    counts.left += 1;
                    counts.promises_broken += 1;
                }
            }
        }
        self.today
    }
}
