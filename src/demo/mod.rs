//! `tournee demo`: a living, simulated company on a throw-away data folder.

mod client;
mod day;
mod dice;
mod exchange;
mod founding;
mod http;
mod names;
mod paving;
mod phones;
mod roads;
mod stage;
mod way;
mod work;
mod workday;
mod world;
