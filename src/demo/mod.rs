//! `tournee demo`: a living, simulated company on a throw-away data folder.

mod dice;
mod names;
mod roads;
mod way;
mod world;
