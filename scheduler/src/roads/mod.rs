//! A road network for cars, made from an OpenStreetMap extract: how long it really takes, along which way.
//!
//! Pure like the rest of the floor: whoever reads the extract and keeps the file stands above. From the raw map to an
//! answer, in reading order:
//!
//! | file | answers |
//! | --- | --- |
//! | [`tags`], [`speed`], [`profile`] | what a car may do on a way or at a node, and how fast |
//! | [`survey`] | collects what matters out of an extract: ways, nodes, turn restrictions |
//! | [`assemble`] | cuts ways at junctions into stretches, and stretches into arcs, one per direction |
//! | [`turns`], [`restrictions`] | from which arc onto which: what it costs, what is forbidden |
//! | [`component`] | keeps the arcs from which every other can be reached |
//! | [`hierarchy`] | shortcuts over the graph of arcs, and searches on them |
//! | [`grid`], [`snap`] | which stretch a place lies at |
//! | [`network`] | all of it together: a way, a table; `join` makes it, `line` draws |
//! | [`mod@file`] | the network as bytes and back |
//! | [`travel`] | the network as [`Ways`](crate::Ways), from which plans are made |
//!
//! **Invariant:** the vertices of the searched graph are arcs, not junctions, so every turn can have its price.

pub mod assemble;
pub mod component;
pub mod file;
pub mod grid;
pub mod hierarchy;
mod join;
mod line;
pub mod network;
pub mod profile;
pub mod restrictions;
pub mod snap;
pub mod speed;
pub mod survey;
pub mod tags;
pub mod travel;
pub mod turns;

pub use file::FileError;
pub use network::{BuildError, Network, Place, Scratch, Stage, Way};
pub use survey::{Member, MemberKind, Survey};
pub use tags::Tags;
pub use travel::Roads;

/// What a piece of way costs. Compared by weight, then time; the length only comes along.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// What the search makes small: milliseconds and what makes a driver avoid a way.
    pub weight: u32,
    /// Milliseconds of driving.
    pub ms: u32,
    /// Decimetres of road.
    pub dm: u32,
}

impl Cost {
    /// More than any way costs.
    pub const NEVER: Self = Self { weight: u32::MAX, ms: u32::MAX, dm: u32::MAX };

    /// What is compared.
    pub const fn key(self) -> u64 {
        ((self.weight as u64) << 32) | self.ms as u64
    }

    /// One after the other; never more than [`Cost::NEVER`].
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            weight: self.weight.saturating_add(other.weight),
            ms: self.ms.saturating_add(other.ms),
            dm: self.dm.saturating_add(other.dm),
        }
    }

    /// The part `numerator / denominator` of it, rounded to the nearest.
    #[must_use]
    pub fn part(self, numerator: u32, denominator: u32) -> Self {
        let of = |value: u32| {
            let denominator = u64::from(denominator.max(1));
            let part = (u64::from(value) * u64::from(numerator) + denominator / 2) / denominator;
            u32::try_from(part).unwrap_or(u32::MAX)
        };
        Self { weight: of(self.weight), ms: of(self.ms), dm: of(self.dm) }
    }
}
