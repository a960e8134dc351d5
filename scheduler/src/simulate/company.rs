//! The invented company: who works there, and what any day brings, with the truth that only time will tell.
//!
//! Pure: seed and size decide. Knows no policy and no plan, so that every policy meets the same days.

use std::sync::Arc;

use super::draw::Draw;
use crate::day::{Id, Need, Priority, Skill, Span, Wanted};
use crate::travel::Point;

const MIN: i64 = 60;

/// Monday 2026-01-05, midnight; the company's clock knows no zone.
const FIRST_MONDAY_S: i64 = 1_767_571_200;

/// Where people live: latitude, longitude, weight. Villages south of Montréal, roughly.
const VILLAGES: [(f64, f64, f64); 14] = [
    (45.049, -73.587, 3.0),
    (45.045, -73.760, 1.0),
    (45.032, -73.922, 1.0),
    (45.087, -74.168, 2.4),
    (45.127, -73.997, 2.4),
    (45.185, -73.853, 1.2),
    (45.101, -73.766, 1.6),
    (45.160, -73.680, 1.0),
    (45.262, -73.616, 2.8),
    (45.168, -73.522, 1.0),
    (45.232, -73.520, 0.9),
    (45.187, -73.404, 2.2),
    (45.083, -73.371, 1.7),
    (45.084, -73.421, 0.9),
];

const TAGS: [&str; 5] = ["fibre", "copper", "tv", "network", "antenna"];

/// Minutes on site; skill with its lowest and highest level; how often.
type Kind = ((i64, i64), (usize, i64, i64), f64);

const KINDS: [Kind; 7] = [
    ((60, 100), (0, 2, 3), 2.2),
    ((30, 65), (0, 1, 3), 3.4),
    ((30, 60), (1, 1, 3), 1.6),
    ((30, 40), (3, 1, 2), 3.0),
    ((45, 80), (0, 3, 4), 1.1),
    ((60, 120), (3, 3, 4), 0.8),
    ((30, 60), (4, 1, 3), 1.2),
];

/// Promised windows, minutes after midnight, and how often each is given.
const WINDOWS: [((i64, i64), f64); 10] = [
    ((480, 600), 2.0),
    ((540, 660), 1.2),
    ((600, 720), 2.0),
    ((660, 780), 1.0),
    ((720, 840), 1.4),
    ((780, 900), 2.0),
    ((840, 960), 1.6),
    ((480, 720), 1.6),
    ((720, 960), 1.6),
    ((480, 960), 1.2),
];

/// Who works there; a technician's place in every table is his index.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub id: Id,
    pub home: Point,
    pub skills: Vec<Skill>,
    /// Minutes after midnight.
    shift: (i64, i64),
    /// 1000 works as fast as planned.
    pub pace_permille: i64,
    day_off: Option<u64>,
}

/// A job and what will come of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Task {
    /// Its window is the promise.
    pub wanted: Wanted,
    pub window: Span,
    /// When it is first heard of; none means before the day began.
    pub comes_s: Option<i64>,
    /// When the customer calls it off, unless somebody is there by then.
    pub cancels_s: Option<i64>,
    /// Nobody will open.
    pub no_access: bool,
    /// Real against planned time on site.
    pub real_permille: i64,
}

impl Task {
    /// The highest level asked for.
    pub fn level(&self) -> u8 {
        self.wanted.skills.iter().map(|need| need.level).max().unwrap_or(0)
    }
}

/// One day as it will be.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct DayDrawn {
    pub number: u64,
    pub midnight_s: i64,
    /// By technician; none has the day off.
    pub shifts: Vec<Option<Span>>,
    /// By technician: away from then on. The morning's are known before the first drive.
    pub away_s: Vec<Option<i64>>,
    /// In the order in which customers call; a job's place in the day's table stands after the technicians'.
    pub tasks: Vec<Task>,
    /// Snow and the like: 1000 is a clear road.
    weather_permille: i64,
    seed: u64,
}

/// The company.
#[derive(Clone, Debug)]
pub(super) struct Company {
    seed: u64,
    jobs: usize,
    pub members: Vec<Member>,
}

impl Company {
    /// A company of so many technicians, with about so many jobs a day.
    pub fn new(seed: u64, technicians: usize, jobs: usize) -> Self {
        let members = (0..technicians).map(|index| member(seed, index)).collect();
        Self { seed, jobs, members }
    }

    /// Working day `number` (0 is a Monday; weekends are left out).
    pub fn day(&self, number: u64) -> DayDrawn {
        let midnight_s = FIRST_MONDAY_S + (number / 5 * 7 + number % 5) as i64 * 86_400;
        let mut draw = Draw::of(self.seed, "day", number, 0);
        let weather_permille = if draw.chance(0.08) { 1_150 } else { 1_000 };
        // Demand goes up and down by a tenth.
        let count = (self.jobs as f64 * (0.92 + 0.16 * draw.unit())).round() as usize;
        let urgent = count / 20;
        let tasks = (0..count + urgent)
            .map(|index| task(self.seed, number, (index, index >= count), midnight_s))
            .collect();
        let (mut shifts, mut away_s) = (Vec::new(), Vec::new());
        for (index, member) in self.members.iter().enumerate() {
            let works = member.day_off != Some(number % 5);
            let shift = works.then(|| span(midnight_s, member.shift));
            let mut draw = Draw::of(self.seed, "absence", number, index as u64);
            let (morning, later) = (draw.chance(0.025), draw.chance(0.015));
            let leaves = midnight_s + draw.whole(600, 840) * MIN;
            away_s.push(match shift {
                Some(shift) if morning => Some(shift.start_s),
                Some(_) if later => Some(leaves),
                _ => None,
            });
            shifts.push(shift);
        }
        DayDrawn { number, midnight_s, shifts, away_s, tasks, weather_permille, seed: self.seed }
    }
}

impl DayDrawn {
    /// How long a drive of `estimated_s` between two places of the day's table really takes.
    pub fn real_drive_s(&self, (from, to): (usize, usize), leaves_s: i64, estimated_s: i64) -> i64 {
        let pair = (from as u64) << 32 | to as u64;
        let noise = Draw::of(self.seed, "drive", self.number, pair).permille(0.14, 750, 1_700);
        let rush = match (leaves_s - self.midnight_s) / MIN {
            420..540 => 1_120,
            930..1_080 => 1_150,
            _ => 1_000,
        };
        estimated_s * noise / 1000 * rush / 1000 * self.weather_permille / 1000
    }
}

fn span(midnight_s: i64, (from, to): (i64, i64)) -> Span {
    Span::new(midnight_s + from * MIN, midnight_s + to * MIN)
}

/// Somewhere around a village, about four kilometres to each side.
fn house(draw: &mut Draw) -> Point {
    let village = VILLAGES[draw.weighted(VILLAGES.iter().map(|village| village.2))];
    Point::new(village.0 + draw.bell() * 0.022, village.1 + draw.bell() * 0.032)
}

fn member(seed: u64, index: usize) -> Member {
    let mut draw = Draw::of(seed, "technician", 0, index as u64);
    let first = draw.weighted([3.4, 1.6, 0.8, 2.2, 1.0].into_iter());
    let mut skills = Vec::new();
    for (other, tag) in TAGS.iter().enumerate() {
        let level = match other == first {
            true => draw.whole(3, 5),
            false if draw.chance(0.6) => draw.whole(1, 4),
            false => continue,
        };
        skills.push(Skill { tag: Arc::from(*tag), level: level as u8, expires_s: None });
    }
    let shifts = [(480, 990), (480, 990), (450, 960), (510, 1_020), (540, 1_050)];
    Member {
        id: Id::from(format!("tech_{index:03}")),
        home: house(&mut draw),
        skills,
        shift: shifts[draw.weighted([1.0; 5].into_iter())],
        pace_permille: draw.permille(0.08, 800, 1_250),
        day_off: draw.chance(0.14).then(|| draw.whole(0, 4) as u64),
    }
}

fn task(seed: u64, day: u64, (index, urgent): (usize, bool), midnight_s: i64) -> Task {
    let mut draw = Draw::of(seed, "job", day, index as u64);
    let kind = &KINDS[draw.weighted(KINDS.iter().map(|kind| kind.2))];
    let duration_s = draw.whole(kind.0.0 / 5, kind.0.1 / 5) * 5 * MIN;
    let (skill, low, high) = kind.1;
    let level = draw.whole(low, high) as u8;
    let mut window = span(midnight_s, WINDOWS[draw.weighted(WINDOWS.iter().map(|w| w.1))].0);
    let priority = match draw.unit() {
        _ if urgent => Priority::Urgent,
        roll if roll < 0.10 => Priority::Low,
        roll if roll < 0.86 => Priority::Normal,
        _ => Priority::High,
    };
    let comes_s = urgent.then(|| midnight_s + draw.whole(480, 840) * MIN);
    if let Some(comes_s) = comes_s {
        window = Span::new(comes_s, comes_s + 3 * 3600);
    }
    let gone = draw.chance(0.035);
    let cancels = midnight_s + draw.whole(420, 900) * MIN;
    Task {
        wanted: Wanted {
            id: Id::from(format!("job_{day:03}_{index:04}")),
            title: Id::from("work"),
            point: house(&mut draw),
            duration_s,
            window: Some(window),
            skills: vec![Need { tag: Arc::from(TAGS[skill]), level, required: true }],
            priority,
            zones: Vec::new(),
        },
        window,
        comes_s,
        cancels_s: (gone && !urgent).then_some(cancels),
        no_access: draw.chance(0.03),
        real_permille: draw.permille(0.25, 400, 2_500),
    }
}
