//! `tournee demo`: a living, simulated company on a throw-away data folder.

mod day;
mod dice;
mod names;
mod paving;
mod roads;
mod way;
mod work;
mod workday;
mod world;
