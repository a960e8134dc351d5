//! The pages that the server renders itself: the technician's day and the customer's tracking page, readable and
//! usable without a script. Pure: from a view model to HTML. They decide nothing and know no database.
//!
//! Each page is one document; `static/src/tech` and `static/src/track` fetch it anew and swap its parts, so that there
//! is one renderer only.

pub mod fill;
pub mod http;
mod layout;
mod model;
pub mod offers;
mod share;
mod technician;
mod tracking;
mod words;

#[cfg(test)]
mod tests;

pub use layout::{render_invalid, render_not_built, render_over, render_refused};
pub use model::{
    EtaRange, Mean, Named, OfferOnPage, Place, Seen, ShareOnPage, Span, TechnicianPage,
    TechnicianVisit, TrackingPage,
};
pub use technician::render_technician;
pub use tracking::render_tracking;
