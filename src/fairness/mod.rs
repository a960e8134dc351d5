//! Who works in the evening, at weekends and far from home, and how much: counted from the visits, for everybody to see. A view with
//! nothing to decide; no plan reads it.

pub mod count;
pub mod http;
pub mod recent;
pub mod store;
