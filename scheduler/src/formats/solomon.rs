//! Solomon's text format for vehicle routing with time windows (also Gehring and Homberger's), and `.sol` answers.
//!
//! Read by the DIMACS convention: a distance is ten times the Euclidean one, rounded down; times are multiplied by
//! ten; only total distance counts. So one second of the model is a tenth of the file's unit.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::day::Span;
use crate::matrix::Table;
use crate::optimise::{Doing, Problem, Profile, Shift, Solution, Technician, Visit};

/// More customers than this are refused: the table would not fit.
pub const MOST_CUSTOMERS: usize = crate::matrix::POINTS_MAX - 1;

/// An instance: the problem, its travel table, and its name.
#[derive(Clone, Debug)]
pub struct Instance {
    pub name: String,
    pub problem: Problem,
    pub table: Table,
}

/// Why a text is no instance.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SolomonError {
    #[error("line {line}: {what}")]
    Line { line: usize, what: String },
    #[error("the {0} section is missing")]
    Missing(&'static str),
    #[error("more than {MOST_CUSTOMERS} customers")]
    TooLarge,
}

/// One row of the customer section, in the file's units.
struct Row {
    line: usize,
    number: f64,
    x: f64,
    y: f64,
    demand: f64,
    ready: f64,
    due: f64,
    service: f64,
}

/// Reads an instance.
pub fn read(text: &str) -> Result<Instance, SolomonError> {
    let lines = || text.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
    let name = lines().find(|(_, line)| !line.is_empty()).map_or("", |(_, line)| line);
    let (mut section, mut fleet, mut rows) = ("", None, Vec::new());
    for (line, text) in lines() {
        let upper = text.to_ascii_uppercase();
        if upper.starts_with("NUMBER") {
            section = "vehicle";
        } else if upper.starts_with("CUST") {
            section = "customer";
        } else if section == "vehicle" && !text.is_empty() {
            let [number, capacity] = numbers::<2>(line, text)?;
            fleet = Some((line, number, capacity));
            section = "";
        } else if section == "customer" && !text.is_empty() {
            let [number, x, y, demand, ready, due, service] = numbers::<7>(line, text)?;
            rows.push(Row { line, number, x, y, demand, ready, due, service });
            if rows.len() > MOST_CUSTOMERS {
                return Err(SolomonError::TooLarge);
            }
        }
    }
    let fleet = fleet.ok_or(SolomonError::Missing("vehicle"))?;
    if rows.is_empty() {
        return Err(SolomonError::Missing("customer"));
    }
    for (index, row) in rows.iter().enumerate() {
        checked(row, index)?;
    }
    instance(name, fleet, &rows)
}

fn numbers<const N: usize>(line: usize, text: &str) -> Result<[f64; N], SolomonError> {
    let wrong = |what: String| SolomonError::Line { line, what };
    let mut numbers = [0.0; N];
    let mut words = text.split_whitespace();
    for (index, number) in numbers.iter_mut().enumerate() {
        let Some(word) = words.next() else {
            return Err(wrong(format!("{N} numbers are expected, {index} are there")));
        };
        *number = word
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite() && number.abs() < 1e8)
            .ok_or_else(|| wrong(format!("`{}` is no number", word.escape_debug())))?;
    }
    match words.next() {
        None => Ok(numbers),
        Some(_) => Err(wrong(format!("more than {N} numbers"))),
    }
}

fn checked(row: &Row, index: usize) -> Result<(), SolomonError> {
    let wrong = |what: &str| Err(SolomonError::Line { line: row.line, what: what.to_owned() });
    if row.number != index as f64 {
        return wrong("customers must be numbered 0, 1, 2 … in order");
    }
    if row.demand < 0.0 || row.service < 0.0 {
        return wrong("a demand and a service time cannot be negative");
    }
    if row.due < row.ready {
        return wrong("the window closes before it opens");
    }
    Ok(())
}

fn instance(
    name: &str,
    (line, vehicles, capacity): (usize, f64, f64),
    rows: &[Row],
) -> Result<Instance, SolomonError> {
    if !(1.0..=1e5).contains(&vehicles) || capacity < 0.0 {
        let what = "between 1 and 100000 vehicles with a capacity of 0 or more are expected";
        return Err(SolomonError::Line { line, what: what.to_owned() });
    }
    let tenths = |number: f64| (number * 10.0).round() as i64;
    let depot = &rows[0];
    let shift = Shift { span: Span::new(tenths(depot.ready), tenths(depot.due)), overtime_s: 0 };
    // Never more vehicles than customers: the others would stay at home.
    let vehicles = (vehicles as usize).min(rows.len());
    let technicians = (0..vehicles).map(|number| Technician {
        id: Arc::from(format!("{number:06}")),
        start: Some(0),
        end: Some(0),
        shifts: vec![shift],
        speed_permille: 1000,
        capacity: vec![capacity as i64],
        ..Technician::default()
    });
    let visits = rows.iter().enumerate().skip(1).map(|(number, row)| Visit {
        id: Arc::from(format!("{number:06}")),
        place: number,
        service_s: tenths(row.service),
        windows: vec![Span::new(tenths(row.ready), tenths(row.due))],
        delivery: vec![row.demand as i64],
        ..Visit::default()
    });
    let problem = Problem {
        technicians: technicians.collect(),
        visits: visits.collect(),
        profile: Profile::distance(),
        ..Problem::default()
    };
    let cells = rows.iter().flat_map(|from| rows.iter().map(move |to| (from, to)));
    let seconds = cells
        .map(|(from, to)| ((from.x - to.x).hypot(from.y - to.y) * 10.0).floor() as u32)
        .collect();
    let metres = vec![0; rows.len() * rows.len()];
    let table = Table::new(rows.len(), seconds, metres).map_err(|_| SolomonError::TooLarge)?;
    Ok(Instance { name: name.to_owned(), problem, table })
}

/// Writes a plan as `.sol`: customers by number, the cost in the file's unit.
pub fn write(solution: &Solution) -> String {
    let mut text = String::new();
    for (index, route) in solution.routes.iter().enumerate() {
        // Writing to a string cannot fail.
        let _ = write!(text, "Route #{}:", index + 1);
        for stop in &route.stops {
            if let Doing::Visit(visit) = stop.doing {
                let _ = write!(text, " {}", visit + 1);
            }
        }
        text.push('\n');
    }
    let tenths: i64 = solution.routes.iter().map(|route| route.driving_s).sum();
    let _ = writeln!(text, "Cost {}.{}", tenths / 10, tenths % 10);
    text
}
