//! Other people's file formats: text in, a problem out; a plan in, text out.
//!
//! Pure: files are opened and written elsewhere. A reader never panics and never takes more memory than the text
//! justifies; what it does not understand it refuses, naming the place.

pub mod roadef2007;
pub mod solomon;
pub mod vroom;
pub mod vrplib;
