//! Stories: what happens to people, told through the public doors on both databases, with time in the teller's hand.

mod addressing;
mod answers;
mod arriving;
mod finding;
mod hands;
mod holding;
mod links;
mod looking_back;
mod offering;
mod pool;
mod presets;
mod privacy;
mod proposing;
mod queueing;
mod racing;
mod recurring;
mod refusing;
mod repeating;
mod replanning;
mod taking_back;
mod team;
mod telling;
mod undoing;
mod urgent;
mod walk;
mod whatif;
