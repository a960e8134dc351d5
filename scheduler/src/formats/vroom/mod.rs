//! VROOM's JSON: its input as a problem, a plan as its output, and its plan mode.
//!
//! | file | owns |
//! | --- | --- |
//! | [`input`] | the words of the input |
//! | `places` | where things are, and the travel tables between them |
//! | `tasks`, `vehicles` | the input as the optimiser's nouns, nonsense refused with its place |
//! | `steps` | routes that were given: start plans, pins, plan mode |
//! | `clock` | the times of a route whose order is given, with the fewest seconds out of bounds |
//! | `mend` | breaks that ask for an empty van |
//! | `walk` | what holds along a route: travel, waiting, load, what is broken |
//! | [`output`] | the words of the output |
//!
//! Pure: the caller reads the file, owns the clock and brings travel times where the file has none.

mod clock;
pub mod input;
mod mend;
pub mod output;
mod places;
mod polyline;
mod steps;
mod tasks;
mod vehicles;
mod walk;

use std::sync::Arc;

use input::{Input, Location, Options, StepType, Vehicle};
use output::Answer;

use crate::day::Span;
use crate::matrix::{Matrices, Table};
use crate::optimise::refuse::LONGEST_S;
use crate::optimise::{Priced, Problem, Profile, Solution, Tables, refuse, verify};

/// Whose fault it is that there is no answer: VROOM's codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    Internal = 1,
    Input = 2,
    Routing = 3,
}

/// Why there is no plan, in VROOM's shape.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{error}")]
pub struct VroomError {
    pub code: Code,
    pub error: String,
}

impl VroomError {
    fn input(error: impl Into<String>) -> Self {
        Self { code: Code::Input, error: error.into() }
    }

    /// `{"code": …, "error": …}`.
    pub fn json(&self) -> String {
        serde_json::json!({ "code": self.code as u8, "error": self.error }).to_string()
    }
}

/// Drives that a search may hold in memory: a table for every speed and price there is. Three of the largest.
const MOST_DRIVES: usize = 300_000_000;

/// Pairs of a vehicle and a task that a search may weigh.
const MOST_PAIRS: usize = 60_000_000;

/// Milliseconds spent, as the caller measured them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ComputingTimes {
    pub loading: u64,
    pub solving: u64,
    pub routing: u64,
}

/// Reads the words of an input.
///
/// # Errors
/// [`Code::Input`] with the field, the line and the column of whatever is no such input.
pub fn read(text: &[u8]) -> Result<Input, VroomError> {
    let mut from = serde_json::Deserializer::from_slice(text);
    let input: Input = serde_path_to_error::deserialize(&mut from).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        // What cannot be told stands as a question mark.
        let path = path.trim_end_matches(['.', '?']);
        let at = if path.is_empty() { String::new() } else { format!("{path}: ") };
        VroomError::input(format!("{at}{inner}."))
    })?;
    from.end().map_err(|error| VroomError::input(format!("{error}.")))?;
    Ok(input)
}

/// One task; its number is that of the problem's visit.
#[derive(Clone, Debug)]
struct Task {
    kind: StepType,
    id: u64,
    description: Option<String>,
    location: Option<Location>,
    location_index: Option<usize>,
    priority: u32,
    /// Whole shipment's goods, for its two ends.
    amount: Vec<i64>,
    /// The other end of a shipment.
    other: Option<usize>,
}

/// A travel table, and prices in its stead where they are given.
#[derive(Clone, Debug)]
struct OwnTable {
    table: Table,
    costs: Option<Vec<u32>>,
    has_distances: bool,
    /// Whether it came with the input.
    is_given: bool,
}

/// An input as a problem, with everything that is needed to answer in VROOM's words.
#[derive(Clone, Debug)]
pub struct Instance {
    pub problem: Problem,
    pub options: Options,
    tables: Vec<OwnTable>,
    tasks: Vec<Task>,
    vehicles: Vec<Vehicle>,
    /// Length of every list of amounts; 0 where nobody carries anything.
    dimensions: usize,
}

impl Instance {
    /// Makes a problem of an input; `matrices` says how long drives take where the input does not.
    ///
    /// # Errors
    /// [`Code::Input`] for nonsense, with the place; [`Code::Routing`] where there are no travel times.
    pub fn new(mut input: Input, matrices: &dyn Matrices) -> Result<Self, VroomError> {
        if input.vehicles.0.is_empty() {
            return Err(VroomError::input("No vehicle defined."));
        }
        if input.jobs.0.is_empty() && input.shipments.0.is_empty() {
            return Err(VroomError::input("No job or shipment defined."));
        }
        if tasks_of(&input).saturating_mul(input.vehicles.0.len()) > MOST_PAIRS {
            return Err(VroomError::input("Too many tasks for so many vehicles."));
        }
        options_make_sense(&input.options)?;
        let dimensions = dimensions(&input)?;
        let spread = places::spread(&mut input)?;
        let tables = places::tables(&mut input, &spread, matrices)?;
        let horizon = horizon(&input)?;
        let mut instance = Self {
            problem: Problem::default(),
            options: input.options.clone(),
            tables: Vec::new(),
            tasks: Vec::new(),
            vehicles: Vec::new(),
            dimensions,
        };
        tasks::add(&mut instance, &input, &spread)?;
        vehicles::add(&mut instance, &input, &spread, &tables, horizon)?;
        instance.tables = tables.into_iter().map(|(_, table)| table).collect();
        instance.vehicles = input.vehicles.0;
        instance.problem.profile = profile(&instance);
        if instance.drives() > MOST_DRIVES {
            let what = "Too many places for so many different speeds and costs of vehicles.";
            return Err(VroomError::input(what));
        }
        if !instance.options.c {
            steps::take(&mut instance)?;
        }
        refuse(&instance.problem, &instance.tables())
            .map_err(|nonsense| VroomError::input(format!("{nonsense}.")))?;
        Ok(instance)
    }

    /// The travel tables that the problem's places point into.
    pub fn tables(&self) -> Tables<'_> {
        self.tables
            .iter()
            .map(|own| Priced { table: &own.table, costs: own.costs.as_deref() })
            .collect()
    }

    /// Drives that a search holds in memory: every pair of places for every speed and price there is.
    pub fn drives(&self) -> usize {
        let kinds = self.problem.technicians.iter().map(|one| {
            let prices = one.rates.map(|rates| (rates.per_hour, rates.per_km));
            (one.table, one.speed_permille, prices)
        });
        let kinds: std::collections::BTreeSet<_> = kinds.collect();
        let places = self.tables.iter().map(|own| own.table.n()).max().unwrap_or(0);
        kinds.len().saturating_mul(places.saturating_mul(places))
    }

    /// Whether the order is given and only times are asked: [`Instance::planned`] answers.
    pub const fn is_plan(&self) -> bool {
        self.options.c
    }

    /// A plan in VROOM's words.
    ///
    /// # Errors
    /// [`Code::Internal`] when the plan does not stand up to [`verify()`]: such a plan is not given away.
    pub fn answer(&self, solution: &Solution, times: ComputingTimes) -> Result<Answer, VroomError> {
        if let Err(faults) = verify(&self.problem, &self.tables(), solution) {
            let first = faults.first().map_or_else(String::new, ToString::to_string);
            let error = format!("The plan does not hold: {first}.");
            return Err(VroomError { code: Code::Internal, error });
        }
        let trips = walk::solved(self, solution);
        let trips: Vec<_> = trips
            .into_iter()
            .filter_map(|trip| mend::mend(self, trip))
            .map(|trip| steps::later(self, trip))
            .collect();
        if !trips.iter().all(walk::Trip::is_sound) {
            let error = "A route breaks a rule.".to_owned();
            return Err(VroomError { code: Code::Internal, error });
        }
        Ok(output::answer(self, trips, Some(solution), times))
    }

    /// Plan mode: the given routes in their order, with the times that break the fewest rules.
    ///
    /// # Errors
    /// [`Code::Input`] for steps that make no sense or hard times that cannot be met.
    pub fn planned(&self, times: ComputingTimes) -> Result<Answer, VroomError> {
        Ok(output::answer(self, steps::planned(self)?, None, times))
    }
}

/// How many tasks an input has, both ends of a shipment counted.
pub fn tasks_of(input: &Input) -> usize {
    input.jobs.0.len() + 2 * input.shipments.0.len()
}

fn options_make_sense(options: &Options) -> Result<(), VroomError> {
    if options.x.is_some_and(|x| x > 5) {
        return Err(VroomError::input("Invalid exploration level: 0 to 5 is expected."));
    }
    if options.l.is_some_and(|l| !l.is_finite() || l < 0.0) {
        return Err(VroomError::input("Invalid limit: seconds, 0 or more, are expected."));
    }
    if options.t == Some(0) {
        return Err(VroomError::input("Invalid number of threads: at least 1 is expected."));
    }
    Ok(())
}

/// How many dimensions amounts have, the same everywhere.
fn dimensions(input: &Input) -> Result<usize, VroomError> {
    let vehicles = input.vehicles.0.iter().flat_map(|vehicle| {
        let max_loads = vehicle.breaks.iter().map(|own| ("max_load", own.max_load.as_ref()));
        std::iter::once(("capacity", vehicle.capacity.as_ref())).chain(max_loads)
    });
    let jobs = input.jobs.0.iter().flat_map(|job| {
        let (delivery, pickup) = (job.delivery.as_ref(), job.pickup.as_ref());
        [("delivery", delivery), ("pickup", pickup), ("amount", job.amount.as_ref())]
    });
    let shipments = input.shipments.0.iter().map(|one| ("amount", one.amount.as_ref()));
    let mut length = None;
    for (name, amounts) in vehicles.chain(jobs).chain(shipments) {
        let Some(amounts) = amounts else { continue };
        let own = amounts.0.len();
        if amounts.0.iter().any(|amount| *amount < 0 || *amount > i64::from(u32::MAX)) {
            let what = format!("Invalid {name} value: 0 to 4294967295 is expected.");
            return Err(VroomError::input(what));
        }
        if *length.get_or_insert(own) != own {
            let first = length.unwrap_or(0);
            let what = format!("Inconsistent {name} length: {own} and {first}.");
            return Err(VroomError::input(what));
        }
    }
    Ok(length.unwrap_or(0))
}

/// From when to when a vehicle without hours of its own may be out.
fn horizon(input: &Input) -> Result<Span, VroomError> {
    /// What is more than enough to drive anywhere.
    const AHEAD_S: i64 = 10_000_000;
    let jobs = input.jobs.0.iter().map(|job| &job.time_windows);
    let ends = input
        .shipments
        .0
        .iter()
        .flat_map(|one| [&one.pickup.time_windows, &one.delivery.time_windows]);
    let breaks = input.vehicles.0.iter().flat_map(|one| &one.breaks).map(|one| &one.time_windows);
    let windows = || jobs.clone().chain(ends.clone()).chain(breaks.clone()).flatten().flatten();
    let shifts = input.vehicles.0.iter().filter_map(|vehicle| vehicle.time_window.as_ref());
    let starts = windows().chain(shifts).map(|window| i64::try_from(window[0]).unwrap_or(i64::MAX));
    let first_s = starts.clone().min().map_or(0, |first_s| (first_s - AHEAD_S).max(0));
    let last_s = first_s + LONGEST_S - 1;
    if starts.max().is_some_and(|start_s| start_s > last_s) {
        let what = "Time windows lie more than six years apart, which cannot be planned.";
        return Err(VroomError::input(what));
    }
    Ok(Span::new(first_s, last_s))
}

/// VROOM's order: priority served, then tasks served, then cost, however large costs are here.
fn profile(instance: &Instance) -> Profile {
    let plain = Profile::vroom();
    let rates = instance.problem.technicians.iter().filter_map(|one| one.rates);
    let dear = rates
        .map(|rates| {
            // A drive of ten hours, six hundred kilometres, ten hours of work.
            let hours = rates.per_hour.saturating_add(rates.per_task_hour).saturating_mul(10);
            rates.fixed.saturating_add(hours).saturating_add(rates.per_km.saturating_mul(600))
        })
        .max()
        .unwrap_or(0);
    let costs = instance.tables.iter().filter_map(|own| own.costs.as_ref());
    let dearest = costs
        .flatten()
        .filter(|cost| **cost < u32::MAX)
        .max()
        .map_or(0, |cost| i64::from(*cost).saturating_mul(4));
    let unserved = plain.unserved.max(dear.saturating_mul(2)).max(dearest).min(200_000_000_000);
    let count = i64::try_from(instance.tasks.len()).unwrap_or(i64::MAX).max(1);
    // So many times this that all together still fit.
    let most = i64::MAX / 4 / 100 / count;
    let per_priority = unserved.saturating_mul(count.max(1000)).min(most);
    Profile {
        unserved,
        unserved_per_priority: per_priority,
        name: Arc::clone(&plain.name),
        ..plain
    }
}
