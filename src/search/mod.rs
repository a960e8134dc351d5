//! Finding technicians, customers, locations and jobs by whatever a caller says first: a name, a number, an address, an
//! id. `fold` says what counts as the same word, `rank` which hit is the better one, `store` reads and keeps the texts.

pub mod fold;
pub mod http;
pub mod rank;
pub mod store;
