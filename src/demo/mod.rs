//! `tournee demo`: a living, simulated company on a throw-away data folder.

mod day;
mod dice;
mod names;
mod roads;
mod way;
mod workday;
mod world;
