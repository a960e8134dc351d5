//! The tests that run the house with its real components. One binary, so that everything is linked once.

mod commands;
mod harness;
mod postgres;
