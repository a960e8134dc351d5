//! A network as bytes and back: a name, a version, the length, lists of 32-bit numbers, a checksum.
//!
//! Nothing that was cut short, changed or made by somebody else is taken for a network: whatever the bytes, the
//! answer is a network whose every number points at something, or an error.

use super::Cost;
use super::grid::Grid;
use super::hierarchy::{Edge, Hierarchy, Lists};
use super::network::{NONE, Network};

const NAME: &[u8; 8] = b"TOURNEE\x1a";
/// Raised whenever the lists change, or what they mean.
pub const VERSION: u32 = 1;
/// Name, version, an empty word, length.
const HEADER: usize = 8 + 4 + 4 + 8;
const CHECKSUM: usize = 8;

/// Why bytes are no network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// Something else altogether.
    #[error("it is not a road network made by `tournee roads build`")]
    Foreign,
    /// Made by an older or a newer build.
    #[error(
        "it is a road network of version {found}, this build reads version {VERSION}; build it again with `tournee roads build`"
    )]
    Version { found: u32 },
    /// It ends too early, or goes on too long.
    #[error("it has {found} bytes instead of {wanted}; copy or build it again")]
    Length { found: u64, wanted: u64 },
    /// Some byte is not what it was.
    #[error("it is damaged (its checksum is wrong); copy or build it again")]
    Damaged,
    /// Whole, and yet no network.
    #[error("it is whole, but its {0} make no sense; build it again")]
    Senseless(&'static str),
}

impl Network {
    /// The network as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Writer(Vec::new());
        out.0.extend_from_slice(NAME);
        out.0.extend_from_slice(&VERSION.to_le_bytes());
        out.0.extend_from_slice(&[0; 12]);
        out.list(self.spots.iter().flat_map(|spot| spot.map(i32::cast_unsigned)));
        out.list(self.stretches.iter().copied());
        out.list(self.directions.iter().flatten().copied());
        out.list(self.arcs.iter().flat_map(|(at, cost)| with_cost([*at], *cost)));
        out.list(self.entries_first.iter().copied());
        out.list(self.entries.iter().flat_map(|(at, cost)| with_cost([*at], *cost)));
        out.list(self.grid.cells.iter().flat_map(|cell| cell.map(i32::cast_unsigned)));
        out.list(self.grid.first.iter().copied());
        out.list(self.grid.stretches.iter().copied());
        for lists in [&self.hierarchy.up, &self.hierarchy.down] {
            out.list(lists.first.iter().copied());
            out.list(lists.edges.iter().flat_map(|edge| {
                [edge.other, edge.middle, edge.cost.weight, edge.cost.ms, edge.cost.dm]
            }));
        }
        let length = (out.0.len() + CHECKSUM) as u64;
        out.0[16..HEADER].copy_from_slice(&length.to_le_bytes());
        let checksum = checksum(&out.0);
        out.0.extend_from_slice(&checksum.to_le_bytes());
        out.0
    }

    /// The network that `bytes` hold.
    ///
    /// # Errors
    /// See [`FileError`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FileError> {
        let mut input = Reader(opened(bytes)?);
        let network = Self {
            spots: input.many(|[lat, lon]| [lat.cast_signed(), lon.cast_signed()])?,
            stretches: input.many(|[at]| at)?,
            directions: input.many(|arcs: [u32; 2]| arcs)?,
            arcs: input.many(|[at, weight, ms, dm]| (at, Cost { weight, ms, dm }))?,
            entries_first: input.many(|[at]| at)?,
            entries: input.many(|[at, weight, ms, dm]| (at, Cost { weight, ms, dm }))?,
            grid: Grid {
                cells: input.many(|[row, column]| [row.cast_signed(), column.cast_signed()])?,
                first: input.many(|[at]| at)?,
                stretches: input.many(|[at]| at)?,
            },
            hierarchy: Hierarchy { up: input.edges()?, down: input.edges()? },
        };
        if !input.0.is_empty() {
            return Err(FileError::Senseless("lists"));
        }
        network.checked()
    }

    /// Every number must point at something: a wrong file must not make a search fall over later.
    fn checked(self) -> Result<Self, FileError> {
        let (arcs, stretches) = (self.arcs.len(), self.directions.len());
        let points = |mut numbers: &mut dyn Iterator<Item = u32>, n: usize| {
            Iterator::all(&mut numbers, |number| (number as usize) < n)
        };
        let rows = |first: &[u32], lists: usize, n: usize, least: u32| {
            first.len() == lists + 1
                && first.first() == Some(&0)
                && first.last().is_some_and(|last| *last as usize == n)
                && first.windows(2).all(|two| two[1] >= two[0].saturating_add(least))
        };
        let sensible = [
            ("lines", rows(&self.stretches, stretches, self.spots.len(), 2)),
            (
                "places",
                self.spots.iter().all(|[lat, lon]| {
                    lat.unsigned_abs() <= 900_000_000 && lon.unsigned_abs() <= 1_800_000_000
                }),
            ),
            (
                "directions",
                points(
                    &mut self.directions.iter().flatten().copied().filter(|arc| *arc != NONE),
                    arcs,
                ),
            ),
            ("arcs", points(&mut self.arcs.iter().map(|arc| arc.0 / 2), stretches)),
            ("turns", rows(&self.entries_first, arcs, self.entries.len(), 0)),
            ("turns", points(&mut self.entries.iter().map(|entry| entry.0), arcs)),
            ("cells", rows(&self.grid.first, self.grid.cells.len(), self.grid.stretches.len(), 0)),
            (
                "cells",
                self.grid.cells.is_sorted()
                    && points(&mut self.grid.stretches.iter().copied(), stretches),
            ),
        ];
        if let Some((what, _)) = sensible.iter().find(|(_, is)| !is) {
            return Err(FileError::Senseless(what));
        }
        for lists in [&self.hierarchy.up, &self.hierarchy.down] {
            let sensible = rows(&lists.first, arcs, lists.edges.len(), 0)
                && (0..arcs as u32).all(|vertex| {
                    // Edges climb and shortcuts pass below both their ends: no search and no unpacking goes round.
                    lists.of(vertex).iter().all(|edge| {
                        edge.other > vertex
                            && (edge.other as usize) < arcs
                            && (edge.middle == Edge::REAL || edge.middle < vertex)
                    })
                });
            if !sensible {
                return Err(FileError::Senseless("shortcuts"));
            }
        }
        Ok(self)
    }
}

/// The lists of a file that is what it says it is.
fn opened(bytes: &[u8]) -> Result<&[u8], FileError> {
    let (Some(name), Some(version), Some(length)) =
        (bytes.get(..8), bytes.get(8..12), bytes.get(16..HEADER))
    else {
        // Too short to tell: an empty file is cut short, anything else is foreign.
        return Err(match bytes {
            [] => FileError::Length { found: 0, wanted: (HEADER + CHECKSUM) as u64 },
            _ => FileError::Foreign,
        });
    };
    if name != NAME {
        return Err(FileError::Foreign);
    }
    let found = u32::from_le_bytes(four(version));
    if found != VERSION {
        return Err(FileError::Version { found });
    }
    let wanted = u64::from_le_bytes(eight(length));
    let found = bytes.len() as u64;
    if found != wanted || bytes.len() < HEADER + CHECKSUM {
        return Err(FileError::Length { found, wanted });
    }
    let (body, end) = bytes.split_at(bytes.len() - CHECKSUM);
    if checksum(body) != u64::from_le_bytes(eight(end)) {
        return Err(FileError::Damaged);
    }
    Ok(&body[HEADER..])
}

fn four(bytes: &[u8]) -> [u8; 4] {
    let mut array = [0; 4];
    array.copy_from_slice(&bytes[..4]);
    array
}

fn eight(bytes: &[u8]) -> [u8; 8] {
    let mut array = [0; 8];
    array.copy_from_slice(&bytes[..8]);
    array
}

/// Every step can be undone, so one changed word always changes the end.
fn checksum(bytes: &[u8]) -> u64 {
    let mut sum = 0xcbf2_9ce4_8422_2325_u64;
    let mut mix = |word: u64| {
        sum = (sum ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    };
    let mut words = bytes.chunks_exact(8);
    for word in &mut words {
        mix(u64::from_le_bytes(eight(word)));
    }
    let mut rest = [0; 8];
    rest[..words.remainder().len()].copy_from_slice(words.remainder());
    mix(u64::from_le_bytes(rest));
    mix(bytes.len() as u64);
    sum
}

fn with_cost(at: [u32; 1], cost: Cost) -> [u32; 4] {
    [at[0], cost.weight, cost.ms, cost.dm]
}

struct Writer(Vec<u8>);

impl Writer {
    /// A list: how many numbers, then the numbers.
    fn list(&mut self, numbers: impl Iterator<Item = u32>) {
        let at = self.0.len();
        self.0.extend_from_slice(&[0; 8]);
        let mut count = 0_u64;
        for number in numbers {
            self.0.extend_from_slice(&number.to_le_bytes());
            count += 1;
        }
        self.0[at..at + 8].copy_from_slice(&count.to_le_bytes());
    }
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    /// A list of things of `N` numbers each.
    fn many<const N: usize, T>(
        &mut self,
        made: impl Fn([u32; N]) -> T,
    ) -> Result<Vec<T>, FileError> {
        let senseless = FileError::Senseless("lists");
        let (count, rest) = self.0.split_at_checked(8).ok_or(senseless.clone())?;
        let count = usize::try_from(u64::from_le_bytes(eight(count)));
        let bytes =
            count.ok().filter(|count| count % N == 0).and_then(|count| count.checked_mul(4));
        let (list, rest) = bytes.and_then(|bytes| rest.split_at_checked(bytes)).ok_or(senseless)?;
        self.0 = rest;
        let numbers = |chunk: &[u8]| {
            let mut array = [0; N];
            for (number, bytes) in array.iter_mut().zip(chunk.chunks_exact(4)) {
                *number = u32::from_le_bytes(four(bytes));
            }
            array
        };
        Ok(list.chunks_exact(N * 4).map(|chunk| made(numbers(chunk))).collect())
    }

    fn edges(&mut self) -> Result<Lists, FileError> {
        let first = self.many(|[at]| at)?;
        let edges = self.many(|[other, middle, weight, ms, dm]| Edge {
            other,
            cost: Cost { weight, ms, dm },
            middle,
        })?;
        Ok(Lists { first, edges })
    }
}
