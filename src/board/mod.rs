//! The board at the door: paths, rows, and the snapshots that suggestions and plans are computed on.

pub mod assign;
pub mod calendar;
pub mod claims;
pub mod crew;
pub mod day;
pub mod digests;
pub mod driven;
pub mod guard;
pub mod hour;
pub mod http;
pub mod last_read;
pub mod order;
pub mod plan;
pub mod planner;
pub mod planning;
pub mod publishing;
pub mod replan;
pub mod risk;
pub mod rows;
pub mod seen;
pub mod several;
pub mod store;
pub mod suggesting;
pub mod view;
