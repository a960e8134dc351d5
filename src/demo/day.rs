//! The company's simulated day: every technician's workday, and a script of what happens to them all (urgent calls, cancellations, illness).
//! Pure and deterministic: a seed, the routes of the board, and a moment to live up to, in; what people did, in order, out.
//! It never talks to the server: `stage.rs` carries its acts through the public doors and brings the board's routes back.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use super::dice::Dice;
use super::roads::Point;
use super::work::Job;
use super::workday::{Roster, Stop, Workday};
use super::world::World;

/// What a technician reports of a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    EnRoute,
    OnSite,
    Done,
    NoAccess,
}

impl Status {
    pub fn word(self) -> &'static str {
        match self {
            Self::EnRoute => "en_route",
            Self::OnSite => "on_site",
            Self::Done => "done",
            Self::NoAccess => "no_access",
        }
    }
}

/// One reading of a tracker.
#[derive(Debug, Clone, PartialEq)]
pub struct Fix {
    pub at_s: i64,
    pub who: usize,
    pub point: Point,
    pub speed_ms: f64,
    pub heading_deg: f64,
    pub accuracy_m: f64,
}

/// Something that somebody does at a moment (unix seconds).
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    Fix(Fix),
    Report {
        at_s: i64,
        who: usize,
        job_id: Arc<str>,
        status: Status,
    },
    CallInSick {
        at_s: i64,
        who: usize,
        until_s: i64,
    },
    /// A customer calls: the job of this number comes into being.
    Call {
        at_s: i64,
        number: usize,
    },
    /// The dispatcher lets the house rule place those of these jobs that are in the pool.
    Place {
        at_s: i64,
        jobs: Vec<JobRef>,
    },
    /// A customer calls it off.
    Cancel {
        at_s: i64,
        number: usize,
    },
}

/// A job by its number in the script, or by the id that the board gave.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum JobRef {
    Number(usize),
    Id(Arc<str>),
}

impl Act {
    pub fn at_s(&self) -> i64 {
        match self {
            Self::Fix(fix) => fix.at_s,
            Self::Report { at_s, .. }
            | Self::CallInSick { at_s, .. }
            | Self::Call { at_s, .. }
            | Self::Place { at_s, .. }
            | Self::Cancel { at_s, .. } => *at_s,
        }
    }
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Cue {
    Call(usize),
    Place(Vec<JobRef>),
    Cancel(usize),
}

/// Which day it is: its number since the demonstration began, local midnight in unix seconds, and the weekday (0 = Monday).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Date {
    pub number: u64,
    pub midnight_s: i64,
    pub weekday: usize,
}

#[derive(Debug)]
pub struct Day {
    /// Morning jobs first, then the urgent ones in the order of their calls.
    pub jobs: Vec<Job>,
    morning: usize,
    workdays: Vec<Workday>,
    routes: Vec<Vec<Stop>>,
    script: BinaryHeap<Reverse<(i64, Cue)>>,
    over_at_s: i64,
}

/// From a sick call to the dispatcher placing the freed visits anew.
const REPLACE_S: i64 = 240;

impl Day {
    /// The day `date` of `world` with so many jobs known in the morning.
    pub fn new(world: &World, seed: u64, date: Date, jobs: usize) -> Self {
        let mut dice = Dice::named(seed ^ date.number.wrapping_mul(0x2545_f491), "script");
        let at = |minute: i64| date.midnight_s + minute * 60;
        let mut script = BinaryHeap::new();
        let morning = world.jobs(date.number, jobs);
        let mut calls = Vec::new();
        let mut minute = 500 + dice.whole(0, 12);
        // A larger company is called more often.
        let gap = (13.0 * 280.0 / jobs.max(20) as f64).clamp(4.0, 60.0);
        while minute < 930 {
            calls.push(minute);
            minute += dice.between(gap * 0.5, gap * 1.5).max(1.0) as i64;
        }
        for (place, minute) in calls.iter().enumerate() {
            let number = morning.len() + place;
            script.push(Reverse((at(*minute), Cue::Call(number))));
            let first = at(*minute) + dice.whole(70, 200);
            // Where nobody has room yet, the dispatcher tries again.
            for later in [first, first + 720, first + 2_100] {
                script.push(Reverse((later, Cue::Place(vec![JobRef::Number(number)]))));
            }
        }
        let mut numbers: Vec<usize> =
            (0..morning.len()).filter(|job| !morning[*job].held).collect();
        dice.shuffle(&mut numbers);
        for number in numbers.iter().take(jobs.div_ceil(60)) {
            script.push(Reverse((at(dice.whole(490, 840)), Cue::Cancel(*number))));
        }
        let urgent = world.urgent_jobs(date.number, jobs, calls.len());
        let mut all = morning;
        let morning = all.len();
        all.extend(urgent);
        Self {
            jobs: all,
            morning,
            workdays: rosters(world, seed, date, &mut dice).into_iter().map(Workday::new).collect(),
            routes: vec![Vec::new(); world.technicians.len()],
            script,
            over_at_s: at(18 * 60 + 30),
        }
    }

    /// How many of the jobs are known before the day begins.
    pub fn morning(&self) -> usize {
        self.morning
    }

    /// Takes the open visits of each technician as the board shows them now.
    pub fn learn(&mut self, routes: Vec<Vec<Stop>>) {
        self.routes = routes;
        self.routes.resize(self.workdays.len(), Vec::new());
    }

    /// True when everybody is home, or it is late.
    pub fn is_over(&self, now_s: i64) -> bool {
        now_s >= self.over_at_s
            || (self.script.is_empty() && self.workdays.iter().all(Workday::is_over))
    }

    /// Lives on to `until_s` and tells what happened, oldest first.
    pub fn step(&mut self, world: &World, until_s: i64, interval_s: i64) -> Vec<Act> {
        let mut acts = Vec::new();
        for (who, workday) in self.workdays.iter_mut().enumerate() {
            let first = acts.len();
            workday.advance(&world.roads, &self.routes[who], until_s, interval_s, &mut acts);
            for act in &acts[first..] {
                if let Act::CallInSick { at_s, .. } = act {
                    let freed =
                        self.routes[who].drain(..).map(|stop| JobRef::Id(stop.job_id)).collect();
                    self.script.push(Reverse((at_s + REPLACE_S, Cue::Place(freed))));
                }
            }
        }
        while let Some(Reverse((at_s, _))) = self.script.peek() {
            if *at_s > until_s {
                break;
            }
            let Some(Reverse((at_s, cue))) = self.script.pop() else { break };
            acts.push(match cue {
                Cue::Call(number) => Act::Call { at_s, number },
                Cue::Place(jobs) => Act::Place { at_s, jobs },
                Cue::Cancel(number) => Act::Cancel { at_s, number },
            });
        }
        acts.sort_by_key(Act::at_s);
        acts
    }
}

/// Who works when, and who will call in sick: one before the shift, one in the course of the day.
fn rosters(world: &World, seed: u64, date: Date, dice: &mut Dice) -> Vec<Roster> {
    let mut rosters: Vec<Roster> = world
        .technicians
        .iter()
        .enumerate()
        .map(|(who, technician)| Roster {
            who,
            seed: seed ^ date.number.wrapping_mul(0x9e37),
            home: technician.home.point,
            shift: technician.week[date.weekday % 7]
                .map(|(start, end)| (date.midnight_s + start * 60, date.midnight_s + end * 60)),
            sick_at_s: None,
            pace: technician.pace,
        })
        .collect();
    let mut working: Vec<usize> =
        (0..rosters.len()).filter(|who| rosters[*who].shift.is_some()).collect();
    dice.shuffle(&mut working);
    if working.len() >= 8 {
        let (early, later) = (working[0], working[1]);
        rosters[early].sick_at_s =
            rosters[early].shift.map(|(start, _)| start - 60 * dice.whole(25, 55));
        rosters[later].sick_at_s = Some(date.midnight_s + 60 * dice.whole(600, 780));
    }
    rosters
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Act, Date, Day, JobRef, Status};
    use crate::demo::workday::Stop;
    use crate::demo::world::World;

    const DATE: Date = Date { number: 0, midnight_s: 1_795_410_000, weekday: 1 };

    /// A board that simply deals the jobs out in turn, an hour and a half apart.
    fn deal(day: &Day, world: &World) -> Vec<Vec<Stop>> {
        let mut routes = vec![Vec::new(); world.technicians.len()];
        for (number, job) in day.jobs.iter().take(day.morning()).enumerate() {
            let who = number % routes.len();
            let place = routes[who].len() as i64;
            routes[who].push(Stop {
                job_id: format!("job_{number}").into(),
                point: world.customers[job.customer].house.point,
                start_s: DATE.midnight_s + 8 * 3_600 + 1_800 + place * 5_400,
                duration_s: job.duration_min * 60,
            });
        }
        routes
    }

    fn live(seed: u64, step_s: i64) -> Vec<Act> {
        let world = World::new(seed, 12, 60);
        let mut day = Day::new(&world, seed, DATE, 60);
        let routes = deal(&day, &world);
        day.learn(routes);
        let (mut acts, mut now_s) = (Vec::new(), DATE.midnight_s + 6 * 3_600);
        while !day.is_over(now_s) {
            now_s += step_s;
            acts.extend(day.step(&world, now_s, 20));
        }
        acts
    }

    #[test]
    fn the_same_seed_lives_the_same_day_and_another_seed_another() {
        assert_eq!(live(4, 60), live(4, 60));
        assert_ne!(live(4, 60), live(5, 60));
    }

    #[test]
    fn a_day_holds_work_calls_illness_and_cancellations() {
        let acts = live(4, 60);
        let count = |wanted: fn(&Act) -> bool| acts.iter().filter(|act| wanted(act)).count();
        assert_eq!(count(|act| matches!(act, Act::CallInSick { .. })), 2);
        assert!(count(|act| matches!(act, Act::Call { .. })) >= 5);
        assert_eq!(count(|act| matches!(act, Act::Cancel { .. })), 1);
        assert!(count(|act| matches!(act, Act::Report { status: Status::Done, .. })) > 30);
        assert!(count(|act| matches!(act, Act::Fix(_))) > 4_000);
    }

    #[test]
    fn what_the_sick_leave_behind_is_placed_anew_once() {
        let acts = live(4, 60);
        let mut freed: BTreeMap<&str, usize> = BTreeMap::new();
        for act in &acts {
            if let Act::Place { jobs, .. } = act {
                for job in jobs {
                    if let JobRef::Id(id) = job {
                        *freed.entry(id.as_ref()).or_default() += 1;
                    }
                }
            }
        }
        assert!(freed.len() >= 4 && freed.values().all(|times| *times == 1), "{freed:?}");
    }

    #[test]
    fn an_urgent_job_is_called_in_before_it_is_placed() {
        let acts = live(9, 60);
        let mut called = std::collections::BTreeSet::new();
        for act in &acts {
            match act {
                Act::Call { number, .. } => assert!(called.insert(*number)),
                Act::Place { jobs, .. } => {
                    for job in jobs {
                        assert!(!matches!(job, JobRef::Number(number) if !called.contains(number)));
                    }
                }
                _ => {}
            }
        }
    }
}
