//! The clockwork: carries the acts of the simulated day through the public doors, and brings the board and the texts back to it.
//! It decides nothing: who does what is in `day.rs`, `workday.rs` and `phones.rs`; when it is, its caller says.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap, HashSet};
use std::sync::Arc;

use futures_util::{StreamExt, future, stream};
use parking_lot::Mutex;
use serde_json::Value;

use super::client::{DoorError, Doors};
use super::day::{Act, Date, Day};
use super::exchange::{Exchange, Text};
use super::founding::{self, AT_ONCE, Ids};
use super::phones::{Cast, receipts};
use super::roads::Point;
use super::workday::Stop;
use super::world::World;

/// Something on a telephone that is still to come.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Later {
    Receipt {
        callback: Option<String>,
        sid: String,
        to: String,
        status: &'static str,
        error: Option<u32>,
    },
    Text {
        from: String,
        body: &'static str,
    },
}

#[derive(Debug, Clone, Copy)]
enum Owner {
    Technician(usize),
    Customer(usize),
}

/// What went through the doors, and what they refused.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Figures {
    pub fixes: u64,
    pub reports: u64,
    pub texts: u64,
    pub refused: BTreeMap<String, u64>,
}

/// A day of the company with everything needed to play it.
pub struct Stage {
    pub(super) doors: Doors,
    pub(super) world: World,
    pub(super) seed: u64,
    pub(super) exchange: Arc<Exchange>,
    pub(super) ids: Ids,
    owners: HashMap<String, Owner>,
    crew: HashMap<String, usize>,
    pub(super) date: Date,
    /// `YYYY-MM-DD`
    pub(super) date_text: String,
    pub(super) day: Day,
    /// Ids of the day's jobs by number; `None` until somebody calls.
    job_ids: Vec<Option<String>>,
    cast: Cast,
    heard: HashMap<usize, usize>,
    /// Jobs in the pool, and jobs that nobody has set out for yet, at the last look.
    pub(super) pool: HashSet<String>,
    pub(super) untouched: HashSet<String>,
    pub(super) links: Vec<Option<String>>,
    agenda: BinaryHeap<Reverse<(i64, u64, Later)>>,
    serial: u64,
    pub(super) figures: Mutex<Figures>,
}

/// Calendar and size of a day to be played.
#[derive(Debug, Clone)]
pub struct Programme {
    pub date: Date,
    pub date_text: String,
    pub jobs: usize,
}

impl Stage {
    /// Founds the company on an empty server and sets the first day up.
    ///
    /// # Errors
    /// A door refused or did not answer.
    pub async fn open(
        doors: Doors,
        world: World,
        seed: u64,
        exchange: Arc<Exchange>,
        programme: &Programme,
    ) -> Result<Self, DoorError> {
        let ids = founding::found(&doors, &world).await?;
        let crew = ids.technicians.iter().enumerate().map(|(who, id)| (id.clone(), who)).collect();
        let technicians = world.technicians.iter().enumerate();
        let mut owners: HashMap<String, Owner> =
            technicians.map(|(who, one)| (one.phone.clone(), Owner::Technician(who))).collect();
        for (who, customer) in world.customers.iter().enumerate() {
            if let Some(phone) = &customer.phone {
                owners.insert(phone.clone(), Owner::Customer(who));
            }
        }
        let mut stage = Self {
            links: vec![None; world.technicians.len()],
            day: Day::new(&world, seed, programme.date, programme.jobs),
            doors,
            world,
            seed,
            exchange,
            ids,
            owners,
            crew,
            date: programme.date,
            date_text: programme.date_text.clone(),
            job_ids: Vec::new(),
            pool: HashSet::new(),
            untouched: HashSet::new(),
            cast: Cast::default(),
            heard: HashMap::new(),
            agenda: BinaryHeap::new(),
            serial: 0,
            figures: Mutex::new(Figures::default()),
        };
        stage.set_day(programme).await?;
        Ok(stage)
    }

    /// Creates a day's jobs and lets the house rule place all but the held ones; gives how many were placed.
    ///
    /// # Errors
    /// A door refused or did not answer.
    pub async fn set_day(&mut self, programme: &Programme) -> Result<usize, DoorError> {
        self.date = programme.date;
        self.date_text = programme.date_text.clone();
        self.day = Day::new(&self.world, self.seed, self.date, programme.jobs);
        self.cast = Cast::of(&self.world, &self.day.jobs);
        self.heard.clear();
        let morning = &self.day.jobs[..self.day.morning()];
        self.job_ids =
            founding::take_calls(&self.doors, &self.ids, morning, self.date.midnight_s).await?;
        let known = morning.iter().zip(&self.job_ids);
        let wanted: Vec<String> =
            known.filter(|(job, _)| !job.held).filter_map(|(_, id)| id.clone()).collect();
        let placed = founding::place(&self.doors, &self.date_text, &wanted).await?;
        self.look().await?;
        Ok(placed)
    }

    pub fn is_over(&self, now_s: i64) -> bool {
        self.day.is_over(now_s)
    }

    pub fn figures(&self) -> Figures {
        self.figures.lock().clone()
    }

    /// Looks at the board, so that technicians follow what anybody changed there.
    ///
    /// # Errors
    /// A door refused or did not answer.
    pub async fn look(&mut self) -> Result<(), DoorError> {
        let board =
            self.doors.get(&format!("/dispatch/board?date={}&days=1", self.date_text)).await?;
        let mut routes = vec![Vec::new(); self.world.technicians.len()];
        let mut untouched = HashSet::new();
        let technicians = board.get("technicians").and_then(Value::as_array);
        for technician in technicians.into_iter().flatten() {
            let who = technician.get("id").and_then(Value::as_str).and_then(|id| self.crew.get(id));
            let visits = technician.get("visits").and_then(Value::as_array);
            for visit in visits.into_iter().flatten() {
                let text = |field: &str| visit.get(field).and_then(Value::as_str);
                if text("status") == Some("planned") {
                    untouched.extend(text("job_id").map(str::to_owned));
                }
            }
            if let (Some(who), Some(visits)) = (who, visits) {
                routes[*who] = visits.iter().filter_map(|visit| self.stop(visit)).collect();
            }
        }
        self.day.learn(routes);
        let pool = board.get("pool").and_then(Value::as_array);
        let ids = pool.into_iter().flatten().filter_map(|job| job.get("id")?.as_str());
        self.pool = ids.map(str::to_owned).collect();
        untouched.extend(self.pool.iter().cloned());
        self.untouched = untouched;
        Ok(())
    }

    /// An open visit of the board; `None` for one that is over or cannot be read.
    fn stop(&self, visit: &Value) -> Option<Stop> {
        let text = |field: &str| visit.get(field).and_then(Value::as_str);
        if !matches!(text("status")?, "planned" | "en_route" | "on_site") {
            return None;
        }
        let job_id = text("job_id")?;
        let second = |field: &str| Some(text(field)?.parse::<jiff::Timestamp>().ok()?.as_second());
        let (start_s, end_s) = (second("start")?, second("end")?);
        let job = visit.get("job");
        let degrees = |field: &str| job?.get(field)?.as_f64();
        let point = match (degrees("lat"), degrees("lon")) {
            (Some(lat), Some(lon)) => Point { lat, lon },
            _ => {
                let number = self.job_ids.iter().position(|id| id.as_deref() == Some(job_id))?;
                self.world.customers[self.day.jobs[number].customer].house.point
            }
        };
        Some(Stop { job_id: job_id.into(), point, start_s, duration_s: end_s - start_s })
    }

    /// Plays on to `now_s`, with a fix of each moving technician about every `interval_s`; true when the board should be looked at anew.
    pub async fn live_to(&mut self, now_s: i64, interval_s: i64) -> bool {
        for text in self.exchange.pick_up() {
            self.arrive(&text, now_s);
        }
        let acts = self.day.step(&self.world, now_s, interval_s);
        let mut lanes: BTreeMap<usize, Vec<Act>> = BTreeMap::new();
        let mut office = Vec::new();
        for act in acts {
            match &act {
                Act::Fix(super::day::Fix { who, .. }) | Act::Report { who, .. } => {
                    lanes.entry(*who).or_default().push(act);
                }
                _ => office.push(act),
            }
        }
        let mut calls = Vec::new();
        while self.agenda.peek().is_some_and(|Reverse((at_s, _, _))| *at_s <= now_s) {
            calls.extend(self.agenda.pop().map(|Reverse((_, serial, later))| (serial, later)));
        }
        let mut job_ids = std::mem::take(&mut self.job_ids);
        let stage: &Self = self;
        let field =
            stream::iter(lanes.into_values()).for_each_concurrent(AT_ONCE, |lane| stage.lane(lane));
        let phones = stream::iter(calls)
            .for_each_concurrent(4, |(serial, later)| stage.phone(serial, later));
        let changed = !office.is_empty();
        future::join3(field, phones, stage.office(office, &mut job_ids)).await;
        self.job_ids = job_ids;
        changed
    }

    /// A text reaches a phone: its receipts and its answer go on the agenda, a technician keeps the link.
    fn arrive(&mut self, text: &Text, now_s: i64) {
        for receipt in receipts(self.seed, text.serial) {
            self.later(
                now_s + receipt.after_s,
                Later::Receipt {
                    callback: text.callback.clone(),
                    sid: text.sid.clone(),
                    to: text.to.clone(),
                    status: receipt.status,
                    error: receipt.error,
                },
            );
        }
        match self.owners.get(&text.to) {
            Some(Owner::Technician(who)) => {
                if let Some(link) = link(&text.body) {
                    self.links[*who] = Some(link);
                }
            }
            Some(Owner::Customer(who)) => {
                let nth = self.heard.entry(*who).or_insert(0);
                let answer = self.cast.answer(&self.world, self.seed, *who, *nth);
                *nth += 1;
                if let Some(answer) = answer {
                    let from = text.to.clone();
                    self.later(now_s + answer.after_s, Later::Text { from, body: answer.body });
                }
            }
            None => {}
        }
    }

    fn later(&mut self, at_s: i64, what: Later) {
        self.serial += 1;
        self.agenda.push(Reverse((at_s, self.serial, what)));
    }
}

/// The technician's link in a text: what follows `/t/`.
fn link(body: &str) -> Option<String> {
    let (_, rest) = body.split_once("/t/")?;
    let token: String = rest
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
        .collect();
    let token = token.trim_end_matches('.');
    (!token.is_empty()).then(|| token.to_owned())
}

#[cfg(test)]
mod tests;
