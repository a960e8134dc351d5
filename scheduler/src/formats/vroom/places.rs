//! Where things are: one dense number per place, and a travel table per profile over those places.
//!
//! Only places that something refers to are kept, so that a large matrix costs no more than what is used of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::input::{Input, Location, Matrix};
use super::{Code, OwnTable, VroomError};
use crate::matrix::{Matrices, Table, guard};
use crate::travel::Point;

/// The profile of a vehicle that names none.
pub(super) const CAR: &str = "car";

/// The places of an input.
#[derive(Debug, Default)]
pub(super) struct Spread {
    /// By the file's own index; used when matrices are given.
    by_index: Option<HashMap<usize, usize>>,
    by_location: HashMap<[u64; 2], usize>,
    points: Vec<Point>,
}

impl Spread {
    /// The number of a place that [`spread`] has seen.
    pub fn place(&self, location: Option<Location>, index: Option<usize>) -> Option<usize> {
        match &self.by_index {
            Some(known) => index.and_then(|index| known.get(&index).copied()),
            None => location.and_then(|at| self.by_location.get(&bits(at)).copied()),
        }
    }
}

fn bits([lon, lat]: Location) -> [u64; 2] {
    // Adding nothing turns a negative zero into a zero.
    [(lon + 0.0).to_bits(), (lat + 0.0).to_bits()]
}

/// Finds every place of the input.
pub(super) fn spread(input: &mut Input) -> Result<Spread, VroomError> {
    if let Some(matrix) = input.matrix.take() {
        if !input.matrices.is_empty() {
            return Err(VroomError::input("Both matrix and matrices are given."));
        }
        let own = super::input::Matrices { durations: Some(matrix), ..Default::default() };
        input.matrices.insert(CAR.to_owned(), own);
    }
    let mut spread = Spread::default();
    let given = !input.matrices.is_empty();
    let mut indices = BTreeSet::new();
    for (what, location, index) in mentioned(input) {
        if let Some([lon, lat]) = location
            && !((-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat))
        {
            let said = format!("Invalid coordinates for {what}: [{lon}, {lat}] is not [lon, lat].");
            return Err(VroomError::input(said));
        }
        match (given, location, index) {
            (true, _, Some(index)) => {
                indices.insert(index);
            }
            (true, _, None) => {
                return Err(VroomError::input(format!("Missing location index for {what}.")));
            }
            (false, Some(at), _) => {
                let next = spread.points.len();
                if *spread.by_location.entry(bits(at)).or_insert(next) == next {
                    spread.points.push(Point::new(at[1], at[0]));
                }
            }
            (false, None, _) => {
                let said = format!("Missing location for {what}: no matrices are given.");
                return Err(VroomError::input(said));
            }
        }
    }
    if given {
        guard(indices.len()).map_err(|error| VroomError::input(format!("{error}.")))?;
        let dense = indices.into_iter().enumerate().map(|(dense, index)| (index, dense));
        spread.by_index = Some(dense.collect());
    } else {
        guard(spread.points.len()).map_err(|error| VroomError::input(format!("{error}.")))?;
    }
    Ok(spread)
}

/// Everything that is somewhere: what it is, and where.
fn mentioned(input: &Input) -> Vec<(String, Option<Location>, Option<usize>)> {
    let mut all = Vec::new();
    for vehicle in &input.vehicles.0 {
        let ends = [
            ("start", vehicle.start, vehicle.start_index),
            ("end", vehicle.end, vehicle.end_index),
        ];
        for (name, location, index) in ends {
            if location.is_some() || index.is_some() {
                all.push((format!("{name} of vehicle {}", vehicle.id), location, index));
            }
        }
    }
    for job in &input.jobs.0 {
        all.push((format!("job {}", job.id), job.location, job.location_index));
    }
    for shipment in &input.shipments.0 {
        for (name, end) in [("pickup", &shipment.pickup), ("delivery", &shipment.delivery)] {
            all.push((format!("{name} {}", end.id), end.location, end.location_index));
        }
    }
    all
}

/// A table for every profile that a vehicle drives by.
pub(super) fn tables(
    input: &mut Input,
    spread: &Spread,
    matrices: &dyn Matrices,
) -> Result<Vec<(String, OwnTable)>, VroomError> {
    let profile = |name: &Option<String>| name.clone().unwrap_or_else(|| CAR.to_owned());
    let wanted: BTreeSet<String> =
        input.vehicles.0.iter().map(|vehicle| profile(&vehicle.profile)).collect();
    let Some(by_index) = &spread.by_index else {
        let depart_s = input.vehicles.0.iter().filter_map(|one| one.time_window).map(|one| one[0]);
        let depart_s = i64::try_from(depart_s.min().unwrap_or(0)).unwrap_or(0);
        let table = matrices
            .table(&spread.points, depart_s)
            .map_err(|error| VroomError { code: Code::Routing, error: format!("{error}.") })?;
        let own = OwnTable { table, costs: None, has_distances: true, is_given: false };
        return Ok(wanted.into_iter().map(|name| (name, own.clone())).collect());
    };
    let mut all = Vec::new();
    for name in wanted {
        let Some(given) = input.matrices.remove(&name) else {
            let said = format!("No matrix for profile {name}, which a vehicle drives by.");
            return Err(VroomError::input(said));
        };
        let Some(durations) = given.durations else {
            return Err(VroomError::input(format!("Missing durations in matrices.{name}.")));
        };
        let cut = |matrix: &Matrix, of: &str| cut(matrix, by_index, &format!("{name}.{of}"));
        let seconds = cut(&durations, "durations")?;
        let metres = given.distances.as_ref().map(|own| cut(own, "distances")).transpose()?;
        let costs = given.costs.as_ref().map(|own| cut(own, "costs")).transpose()?;
        let has_distances = metres.is_some();
        let metres = metres.unwrap_or_else(|| vec![0; seconds.len()]);
        let table = Table::new(by_index.len(), seconds, metres)
            .map_err(|error| VroomError::input(format!("{error}.")))?;
        all.push((name, OwnTable { table, costs, has_distances, is_given: true }));
    }
    Ok(all)
}

/// The rows and columns that are used, row by row.
fn cut(
    matrix: &Matrix,
    by_index: &HashMap<usize, usize>,
    name: &str,
) -> Result<Vec<u32>, VroomError> {
    let rows = &matrix.0;
    if let Some(row) = rows.iter().position(|row| row.0.len() != rows.len()) {
        let said = format!(
            "Row {row} of matrices.{name} has {} numbers, {} rows are given: it is not square.",
            rows[row].0.len(),
            rows.len()
        );
        return Err(VroomError::input(said));
    }
    let ordered: BTreeMap<usize, usize> =
        by_index.iter().map(|(index, dense)| (*dense, *index)).collect();
    if let Some(index) = ordered.values().find(|index| **index >= rows.len()) {
        let said = format!("Location index {index} is outside matrices.{name}.");
        return Err(VroomError::input(said));
    }
    let mut cells = Vec::with_capacity(ordered.len() * ordered.len());
    for from in ordered.values() {
        cells.extend(ordered.values().map(|to| if from == to { 0 } else { rows[*from].0[*to] }));
    }
    Ok(cells)
}
