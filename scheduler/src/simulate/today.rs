//! A day under way: where everybody is, what is planned, what came of each job.
//!
//! Owns the facts that any policy may see and the one way to put a plan into force. Decides nothing, and never shows
//! a policy what only time will tell.

use super::company::{Company, DayDrawn};
use super::report::Counts;
use crate::day::Span;
use crate::matrix::Table;
use crate::travel::Point;

/// A time told that moves by this much is told anew.
const TOLD_ANEW_S: i64 = 3600;

/// What came of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Done,
    Cancelled,
    NoAccess,
    Left,
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Not heard of yet.
    Unheard,
    /// Nobody is to go there.
    Open,
    Planned(usize),
    /// Somebody is on the way there, or there.
    UnderWay,
    Over(Outcome),
}

/// A visit that is planned: index of the job, and when service is to begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ahead {
    pub job: usize,
    pub start_s: i64,
}

/// A technician today.
#[derive(Clone, Debug)]
pub(super) struct Hand {
    /// Where he is, or will be when he is free.
    pub place: usize,
    /// When he is free, as far as anybody can tell.
    pub free_s: i64,
    /// The job under way.
    pub doing: Option<usize>,
    /// Has left home.
    pub out: bool,
    /// No longer at work, or not at all.
    pub gone: bool,
    pub ahead: Vec<Ahead>,
}

/// When somebody is expected at a visit ahead.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected {
    pub job: usize,
    pub arrive_s: i64,
    pub start_s: i64,
    pub end_s: i64,
}

/// What is known of a promise.
#[derive(Clone, Copy, Debug, Default)]
struct Told {
    at_s: Option<i64>,
    late: bool,
}

/// A day under way.
pub(super) struct Today<'a> {
    pub company: &'a Company,
    pub drawn: &'a DayDrawn,
    /// Technicians' homes first, then the jobs.
    pub table: &'a Table,
    pub stages: Vec<Stage>,
    pub hands: Vec<Hand>,
    pub counts: Counts,
    told: Vec<Told>,
}

impl<'a> Today<'a> {
    /// The day before anything is planned: everybody at home, jobs known that were called in before.
    pub fn new(company: &'a Company, drawn: &'a DayDrawn, table: &'a Table) -> Self {
        let stage = |comes: Option<i64>| comes.map_or(Stage::Open, |_| Stage::Unheard);
        let hand = |(place, shift): (usize, &Option<Span>)| Hand {
            place,
            free_s: shift.map_or(i64::MAX, |shift| shift.start_s),
            doing: None,
            out: false,
            gone: shift.is_none(),
            ahead: Vec::new(),
        };
        Self {
            company,
            drawn,
            table,
            stages: drawn.tasks.iter().map(|task| stage(task.comes_s)).collect(),
            hands: drawn.shifts.iter().enumerate().map(hand).collect(),
            counts: Counts::default(),
            told: vec![Told::default(); drawn.tasks.len()],
        }
    }

    /// The place of a job in the day's table.
    pub fn place(&self, job: usize) -> usize {
        self.hands.len() + job
    }

    /// A place of the day's table on the map.
    pub fn point(&self, place: usize) -> Point {
        match place.checked_sub(self.hands.len()) {
            Some(job) => self.drawn.tasks[job].wanted.point,
            None => self.company.members[place].home,
        }
    }

    /// How long the drive should take, and how far it is.
    pub fn leg(&self, from: usize, to: usize) -> (i64, i64) {
        (i64::from(self.table.seconds(from, to)), i64::from(self.table.metres(from, to)))
    }

    /// When a technician can set out for something else.
    pub fn free_s(&self, hand: usize, now_s: i64) -> i64 {
        let hand = &self.hands[hand];
        // Work that should be over by now is given five minutes more.
        let least_s = if hand.doing.is_some() { now_s + crate::eta::OVERDUE_S } else { now_s };
        hand.free_s.max(least_s)
    }

    /// Jobs at a stage.
    pub fn open(&self) -> Vec<usize> {
        (0..self.stages.len()).filter(|job| self.stages[*job] == Stage::Open).collect()
    }

    /// When the visits ahead of a technician are to be expected.
    pub fn expected(&self, hand: usize, now_s: i64) -> Vec<Expected> {
        let (mut place, mut at_s) = (self.hands[hand].place, self.free_s(hand, now_s));
        let ahead = self.hands[hand].ahead.iter().map(|ahead| {
            let task = &self.drawn.tasks[ahead.job];
            let arrive_s = at_s + self.leg(place, self.place(ahead.job)).0;
            let start_s = arrive_s.max(task.window.start_s);
            let end_s = start_s + task.wanted.duration_s();
            (place, at_s) = (self.place(ahead.job), end_s);
            Expected { job: ahead.job, arrive_s, start_s, end_s }
        });
        ahead.collect()
    }

    /// Whether a visit ahead is in danger of being later than promised.
    pub fn is_threatened(&self, hand: usize, now_s: i64) -> bool {
        self.expected(hand, now_s)
            .iter()
            .any(|visit| visit.arrive_s > self.drawn.tasks[visit.job].window.end_s)
    }

    /// Takes a planned visit out of whatever plan it is in.
    pub fn release(&mut self, job: usize, stage: Stage) {
        if let Stage::Planned(hand) = self.stages[job] {
            self.hands[hand].ahead.retain(|ahead| ahead.job != job);
        }
        self.stages[job] = stage;
    }

    /// Moves the planned starts to where they are to be expected by now; nobody's order changes.
    pub fn refresh(&mut self, now_s: i64) {
        for hand in 0..self.hands.len() {
            let expected = self.expected(hand, now_s);
            for (ahead, visit) in self.hands[hand].ahead.iter_mut().zip(expected) {
                ahead.start_s = visit.start_s;
            }
        }
    }

    /// Puts one visit into a technician's plan, by its start.
    pub fn insert(&mut self, hand: usize, visit: Ahead) {
        self.stages[visit.job] = Stage::Planned(hand);
        let ahead = &mut self.hands[hand].ahead;
        let at = ahead.partition_point(|other| other.start_s <= visit.start_s);
        ahead.insert(at, visit);
    }

    /// Puts a whole plan into force: what is in none of the lists is open.
    pub fn put_into_force(&mut self, plan: Vec<Vec<Ahead>>) {
        for stage in &mut self.stages {
            if matches!(stage, Stage::Planned(_)) {
                *stage = Stage::Open;
            }
        }
        for (hand, ahead) in plan.into_iter().enumerate() {
            for visit in &ahead {
                self.stages[visit.job] = Stage::Planned(hand);
            }
            self.hands[hand].ahead = ahead;
        }
    }

    /// Tells customers what they should know of the plan in force.
    pub fn tell(&mut self, now_s: i64) {
        for hand in 0..self.hands.len() {
            for visit in self.expected(hand, now_s) {
                let told = &mut self.told[visit.job];
                let late = visit.arrive_s > self.drawn.tasks[visit.job].window.end_s;
                let moved = told.at_s.map(|at_s| (at_s - visit.start_s).abs() >= TOLD_ANEW_S);
                match moved {
                    None => self.counts.texts_promised += 1,
                    Some(_) if late && !told.late => self.counts.texts_late += 1,
                    Some(true) => self.counts.texts_changed += 1,
                    Some(false) => continue,
                }
                told.at_s = Some(visit.start_s);
                told.late |= late;
            }
        }
    }

    /// Whether an arrival is on time, measured by the time last told.
    pub fn is_on_time(&self, job: usize, now_s: i64) -> bool {
        self.told[job].at_s.is_none_or(|at_s| now_s <= at_s + 15 * 60)
    }
}
