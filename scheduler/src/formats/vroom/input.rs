//! The words of VROOM's input, as they stand in the file. Unknown keys are passed over, as VROOM does.
//!
//! Only the shape is checked here, and the length of lists, so that a huge file ends at the first element too many.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};

/// Jobs, shipments and vehicles of one input at most, each.
pub const MOST_TASKS: usize = 12_000;

/// A list that is given up at the first element above `N`.
#[derive(Clone, Debug)]
pub struct Bounded<T, const N: usize>(pub Vec<T>);

impl<T, const N: usize> Default for Bounded<T, N> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>, const N: usize> Deserialize<'de> for Bounded<T, N> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Counting<T, const N: usize>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>, const N: usize> Visitor<'de> for Counting<T, N> {
            type Value = Bounded<T, N>;

            fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(to, "an array of at most {N} elements")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Self::Value, A::Error> {
                let mut list = Vec::new();
                while let Some(element) = from.next_element()? {
                    if list.len() == N {
                        return Err(serde::de::Error::custom(format_args!(
                            "more than {N} elements, which is more than can be planned"
                        )));
                    }
                    list.push(element);
                }
                Ok(Bounded(list))
            }
        }
        from.deserialize_seq(Counting(std::marker::PhantomData))
    }
}

/// `[lon, lat]`.
pub type Location = [f64; 2];

/// `[start, end]`, both included, seconds.
pub type Window = [u64; 2];

/// Square, row by row, whole numbers.
pub type Matrix =
    Bounded<Bounded<u32, { crate::matrix::POINTS_MAX }>, { crate::matrix::POINTS_MAX }>;

/// Amounts by dimension; a few dozen are more than anybody weighs.
pub type Amounts = Bounded<i64, 64>;

/// The whole file.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Input {
    #[serde(default)]
    pub vehicles: Bounded<Vehicle, MOST_TASKS>,
    #[serde(default)]
    pub jobs: Bounded<Job, MOST_TASKS>,
    #[serde(default)]
    pub shipments: Bounded<Shipment, MOST_TASKS>,
    #[serde(default)]
    pub matrices: BTreeMap<String, Matrices>,
    /// Deprecated: durations of the profile `car`.
    pub matrix: Option<Matrix>,
    #[serde(default)]
    pub options: Options,
}

/// What the command line carries as flags.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Options {
    /// Geometry and distances.
    #[serde(default)]
    pub g: bool,
    /// Plan mode: the order is given, times are asked.
    #[serde(default)]
    pub c: bool,
    /// Threads.
    pub t: Option<u32>,
    /// Exploration, 0 to 5.
    pub x: Option<u8>,
    /// Limit in seconds.
    pub l: Option<f64>,
    /// Ours: where the random numbers begin.
    pub seed: Option<u64>,
    /// Ours: say why tasks stay out.
    #[serde(default)]
    pub reasons: bool,
}

/// Travel of one profile.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Matrices {
    pub durations: Option<Matrix>,
    pub distances: Option<Matrix>,
    pub costs: Option<Matrix>,
}

/// Time on site by vehicle type.
pub type PerType = BTreeMap<String, u32>;

/// A single task. Written out rather than composed: only so do errors keep their place in the file.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Job {
    pub id: u64,
    pub description: Option<String>,
    pub location: Option<Location>,
    pub location_index: Option<usize>,
    #[serde(default)]
    pub setup: u32,
    #[serde(default)]
    pub service: u32,
    #[serde(default)]
    pub setup_per_type: PerType,
    #[serde(default)]
    pub service_per_type: PerType,
    pub time_windows: Option<Vec<Window>>,
    pub delivery: Option<Amounts>,
    pub pickup: Option<Amounts>,
    /// Deprecated: the same as `delivery`.
    pub amount: Option<Amounts>,
    #[serde(default)]
    pub skills: Vec<u32>,
    /// Ours: the level asked for, by the name of the skill.
    #[serde(default)]
    pub skill_levels: BTreeMap<String, u8>,
    #[serde(default)]
    pub priority: u32,
}

/// From one place to another with one vehicle.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Shipment {
    pub pickup: ShipmentStep,
    pub delivery: ShipmentStep,
    pub amount: Option<Amounts>,
    #[serde(default)]
    pub skills: Vec<u32>,
    /// Ours: the level asked for, by the name of the skill.
    #[serde(default)]
    pub skill_levels: BTreeMap<String, u8>,
    #[serde(default)]
    pub priority: u32,
}

/// One end of a shipment.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct ShipmentStep {
    pub id: u64,
    pub description: Option<String>,
    pub location: Option<Location>,
    pub location_index: Option<usize>,
    #[serde(default)]
    pub setup: u32,
    #[serde(default)]
    pub service: u32,
    #[serde(default)]
    pub setup_per_type: PerType,
    #[serde(default)]
    pub service_per_type: PerType,
    pub time_windows: Option<Vec<Window>>,
}

/// Whoever drives.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Vehicle {
    pub id: u64,
    pub profile: Option<String>,
    pub description: Option<String>,
    pub start: Option<Location>,
    pub start_index: Option<usize>,
    pub end: Option<Location>,
    pub end_index: Option<usize>,
    pub capacity: Option<Amounts>,
    #[serde(default)]
    pub skills: Vec<u32>,
    /// Ours: the level held, by the name of the skill.
    #[serde(default)]
    pub skill_levels: BTreeMap<String, u8>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub time_window: Option<Window>,
    #[serde(default)]
    pub breaks: Vec<Break>,
    pub speed_factor: Option<f64>,
    pub max_tasks: Option<usize>,
    pub max_travel_time: Option<u32>,
    pub max_distance: Option<u32>,
    #[serde(default)]
    pub costs: Costs,
    pub steps: Option<Vec<Step>>,
}

/// What a route costs.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Costs {
    pub fixed: Option<u32>,
    pub per_hour: Option<u32>,
    pub per_task_hour: Option<u32>,
    pub per_km: Option<u32>,
}

/// Time off, without a place.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Break {
    pub id: u64,
    pub description: Option<String>,
    pub time_windows: Option<Vec<Window>>,
    #[serde(default)]
    pub service: u32,
    pub max_load: Option<Amounts>,
}

/// What a step of a given route is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StepType {
    Start,
    Job,
    Pickup,
    Delivery,
    Break,
    End,
}

impl StepType {
    /// As it is spelled in the file.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Job => "job",
            Self::Pickup => "pickup",
            Self::Delivery => "delivery",
            Self::Break => "break",
            Self::End => "end",
        }
    }
}

/// Ours: what may not change about a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Locked {
    /// The vehicle.
    Vehicle,
    /// The vehicle, and what comes before what among such steps.
    Order,
    /// The vehicle, and the instant in `service_at`.
    Time,
}

/// A step of a given route.
#[derive(Clone, Debug, Deserialize)]
pub struct Step {
    #[serde(rename = "type")]
    pub kind: StepType,
    pub id: Option<u64>,
    pub service_at: Option<u64>,
    pub service_after: Option<u64>,
    pub service_before: Option<u64>,
    /// Ours: the same as `"locked": "vehicle"`.
    #[serde(default)]
    pub pinned: bool,
    /// Ours.
    pub locked: Option<Locked>,
}
