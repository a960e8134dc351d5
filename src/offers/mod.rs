//! Jobs that are offered to technicians: who is asked in which order, and how their answers reach the board. What is
//! worked out here rests on a snapshot; the board decides, and gives the job to one of them at most.

pub mod answer;
pub mod http;
pub mod propose;
pub mod store;
pub mod wire;
