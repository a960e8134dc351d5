//! The contact floor: HTTP, SQL, vendors and start-up. Decisions live in `actors`, arithmetic in `scheduler`.
//! Read `house.rs` first (where everything is built), then `routes.rs` (the whole API on one screen).

pub mod addresses;
pub mod again;
pub mod assets;
pub mod auth;
pub mod board;
pub mod bodyless;
pub mod calendars;
pub mod cli;
pub mod config;
pub mod conversations;
pub mod customers;
pub mod demo;
pub mod errands;
pub mod error;
pub mod house;
pub mod inbound;
pub mod input;
pub mod integrations;
pub mod jobs;
pub mod journal;
pub mod live;
pub mod notifications;
pub mod offers;
pub mod openapi;
pub mod operations;
pub mod optimise;
pub mod pages;
pub mod private;
pub mod roads;
pub mod routes;
pub mod sabotage;
pub mod search;
pub mod series;
pub mod serve;
pub mod tags;
pub mod technicians;
pub mod telemetry;
pub mod tell;
pub mod texts;
pub mod undo;
pub mod urgent;
pub mod whatif;

pub use error::refusals;
pub use journal::shelves;
