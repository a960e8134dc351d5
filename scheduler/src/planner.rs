//! The seam for whoever plans a day: the house rule today, an optimiser beside it.
//!
//! A planner computes on a snapshot and proposes; it commits nothing and tells nobody. Every plan, whoever made
//! it, can be put before [`crate::check`].

use crate::day::{Day, Plan};
use crate::house_rule::auto_assign;
use crate::travel::Travel;

/// Makes a plan for a day.
pub trait Planner: Send + Sync {
    /// Plans `day`. `enough` is asked between steps; once it says true, the best plan so far is the answer.
    fn plan(&self, day: &Day, travel: &dyn Travel, enough: &dyn Fn() -> bool) -> Plan;
}

/// One pass, no search: it is done before anybody could ask it to stop.
#[derive(Clone, Copy, Debug, Default)]
pub struct HouseRule;

impl Planner for HouseRule {
    fn plan(&self, day: &Day, travel: &dyn Travel, _enough: &dyn Fn() -> bool) -> Plan {
        auto_assign(day, travel)
    }
}
