//! The travel tables that a problem's places point into.

use crate::matrix::Table;

/// One table per kind of driving; a technician names one by its index.
pub type Tables<'a> = Vec<Priced<'a>>;

/// A table, and prices that take the place of the profile's where somebody gives them.
#[derive(Clone, Copy, Debug)]
pub struct Priced<'a> {
    pub table: &'a Table,
    /// Points per drive, row by row; as many as the table has cells.
    pub costs: Option<&'a [u32]>,
}
