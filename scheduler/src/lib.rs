//! Tournée's arithmetic: how far, how long, when, who, and why.
//!
//! The floor below everything else. It reads no clock, no file and no network, draws lots only from a seed, and keeps
//! nothing between two calls: the same input gives the same answer, byte for byte, in whatever order the
//! technicians, stops and jobs were listed.
//!
//! # The tour, in reading order
//!
//! | file | answers |
//! | --- | --- |
//! | [`day`] | what a day is made of: technicians, shifts, absences, stops, wanted jobs |
//! | [`travel`] | how long from here to there, leaving then; [`learn`] corrects it by the company's own drives |
//! | [`matrix`] | the same for many places at once: a table of seconds and metres |
//! | [`roads`] | a road network from an OpenStreetMap extract: real ways instead of the estimate |
//! | [`ways`] | travel by somebody who knows the ways, on an empty road; the hour and what was learned on top |
//! | [`eta`] | a live position in, new arrival times out, each with an honest range; [`durations`] says how long work takes |
//! | [`rules`] | which rules a manual assignment breaks, and what deserves a warning |
//! | [`slots`] | where a job fits into one technician's day |
//! | [`rank`] | the one scorer: `suggest` and `slot_for` |
//! | [`house_rule`] | `auto_assign`: who gets which job when the house decides |
//! | [`urgent`] | three ways to let an urgent job in, and what becomes of those who make room |
//! | [`explain`] | why this one and why not the others, in French and in English |
//! | [`check`] | recomputes a plan from nothing and trusts nobody |
//! | [`optimise`] | the best plan for a whole day, or for what is left of it |
//! | [`stop`] | how long to search |
//! | [`teams`] | teams formed anew each day, and who does what when |
//! | [`formats`] | other people's instance files |
//! | [`business`] | minutes that count only while the office is open |
//! | [`zones`] | who may work where, and from when to when |
//! | [`planner`] | the seam at which an optimiser takes the house rule's place |
//! | [`simulate`] | days of an invented company, played under one policy or another |
//!
//! # Units
//!
//! | suffix or type | is |
//! | --- | --- |
//! | `start_s`, `end_s`, `now_s`, `at_s` … | an instant: Unix time in whole seconds, UTC |
//! | `duration_s`, `travel_s` … | a span in whole seconds |
//! | `added_travel_min` | whole minutes, rounded half up, never negative |
//! | `metres` | whole metres along the road |
//! | `lat`, `lon` | degrees, WGS 84; the only floating-point numbers that enter |
//! | `*_permille` | a ratio in thousandths: 1000 is "as estimated" |
//! | `level` | 1 (beginner) to 5 (expert); 0 stands for "none" |
//!
//! **Invariant:** results hold integers only, so that two machines agree.

pub mod business;
pub mod check;
pub mod day;
pub mod durations;
pub mod eta;
pub mod explain;
pub mod formats;
pub mod house_rule;
pub mod learn;
pub mod matrix;
pub mod optimise;
pub mod planner;
pub mod rank;
pub mod roads;
pub mod rules;
pub mod simulate;
pub mod slots;
pub mod stop;
pub mod teams;
pub mod travel;
pub mod urgent;
pub mod ways;
pub mod zones;

pub use day::{
    Absence, Assigned, Day, DayTechnician, Fix, Id, Loss, Need, NotPossible, Obstacle, Plan,
    Priority, Rejected, Skill, Span, Stop, Unassigned, Wanted,
};
pub use durations::{AsPlanned, Durations, LearnedDurations};
pub use eta::{Ahead, Eta, Etas, Progress, Route, Source};
pub use explain::{Reasons, Words};
pub use house_rule::auto_assign;
pub use matrix::{ByLegs, Matrices, MatrixError, Table};
pub use planner::{HouseRule, Planner};
pub use rank::{Offer, Search, Suggestions, slot_for, suggest};
pub use rules::{Violation, Warning, allows, warnings};
pub use slots::Slot;
pub use travel::{Drive, Estimate, Leg, Point, Travel};
pub use ways::{LearnedTravel, Ways};
pub use zones::{Certification, ZoneAsk};

/// A fix older than this says where somebody was, not where he is.
pub const FIX_FRESH_S: i64 = 10 * 60;

/// Starts are offered on this grid, so that a person can say them aloud.
pub const START_GRID_S: i64 = 5 * 60;
