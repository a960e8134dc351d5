//! VRPLIB's `.vrp`: capacitated routing, with time windows or without; `.sol` answers.
//!
//! `EUC_2D` distances are rounded to whole numbers as TSPLIB says; explicit ones are taken as they stand, and where
//! they have decimals everything is counted in thousandths. One second of the model is one unit, or a thousandth.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use crate::day::Span;
use crate::matrix::{POINTS_MAX, Table, UNREACHABLE};
use crate::optimise::refuse::LONGEST_S;
use crate::optimise::{Doing, Problem, Profile, Shift, Solution, Technician, Visit};

/// An instance: the problem, its travel table, its name. The depot is place 0.
#[derive(Clone, Debug)]
pub struct Instance {
    pub name: String,
    pub problem: Problem,
    pub table: Table,
    /// Units of the model per unit of the file.
    pub scale: i64,
}

/// Why a text is no instance.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VrplibError {
    #[error("line {line}: {what}")]
    Line { line: usize, what: String },
    #[error("{0} is missing")]
    Missing(&'static str),
    #[error("{0}")]
    Unsupported(String),
    #[error("more than {POINTS_MAX} places")]
    TooLarge,
}

/// Whether a text looks like VRPLIB's rather than Solomon's.
pub fn is_vrplib(text: &str) -> bool {
    let keys = ["DIMENSION", "EDGE_WEIGHT_TYPE", "TYPE", "NODE_COORD_SECTION", "CAPACITY"];
    text.lines().any(|line| {
        let key = line.split(':').next().unwrap_or("").trim();
        keys.contains(&key) && (line.contains(':') || key.ends_with("SECTION"))
    })
}

/// The words of a file, sections as lists of numbers with their lines.
#[derive(Default)]
struct Words<'a> {
    keys: BTreeMap<&'a str, (usize, &'a str)>,
    sections: BTreeMap<&'a str, Vec<(usize, f64)>>,
}

const SECTIONS: [&str; 6] = [
    "NODE_COORD_SECTION",
    "EDGE_WEIGHT_SECTION",
    "DEMAND_SECTION",
    "DEPOT_SECTION",
    "TIME_WINDOW_SECTION",
    "SERVICE_TIME_SECTION",
];

const KEYS: [&str; 10] = [
    "NAME",
    "COMMENT",
    "TYPE",
    "DIMENSION",
    "EDGE_WEIGHT_TYPE",
    "EDGE_WEIGHT_FORMAT",
    "CAPACITY",
    "VEHICLES",
    "SERVICE_TIME",
    "NODE_COORD_TYPE",
];

fn line_error(line: usize, what: impl Into<String>) -> VrplibError {
    VrplibError::Line { line, what: what.into() }
}

fn words(text: &str) -> Result<Words<'_>, VrplibError> {
    let mut words = Words::default();
    let mut section: Option<&str> = None;
    for (index, line) in text.lines().enumerate() {
        let (line, text) = (index + 1, line.trim());
        let name = text.trim_end_matches(':').trim();
        if text.is_empty() {
            continue;
        }
        if name == "EOF" {
            break;
        }
        if let Some(known) = SECTIONS.iter().find(|known| **known == name) {
            if words.sections.insert(known, Vec::new()).is_some() {
                return Err(line_error(line, format!("{known} is there twice")));
            }
            section = Some(known);
        } else if let Some((key, value)) = text.split_once(':') {
            let (key, value) = (key.trim(), value.trim());
            if !KEYS.contains(&key) {
                let what = format!("{} is not supported", key.escape_debug());
                return Err(line_error(line, what));
            }
            words.keys.insert(key, (line, value));
            section = None;
        } else if let Some(section) = section {
            let list = words.sections.entry(section).or_default();
            for word in text.split_whitespace() {
                list.push((line, number(line, word)?));
            }
        } else {
            return Err(line_error(line, format!("`{}` is not understood", name.escape_debug())));
        }
    }
    Ok(words)
}

fn number(line: usize, word: &str) -> Result<f64, VrplibError> {
    let number: Option<f64> = word.parse().ok();
    number
        .filter(|number| number.is_finite() && number.abs() < 1e9)
        .ok_or_else(|| line_error(line, format!("`{}` is no number", word.escape_debug())))
}

impl Words<'_> {
    fn key(&self, name: &'static str) -> Result<(usize, &str), VrplibError> {
        self.keys.get(name).copied().ok_or(VrplibError::Missing(name))
    }

    fn whole(&self, name: &'static str) -> Result<Option<usize>, VrplibError> {
        let Some((line, value)) = self.keys.get(name).copied() else {
            return Ok(None);
        };
        let what = || line_error(line, format!("{name} must be a whole number"));
        value.parse().map(Some).map_err(|_| what())
    }

    /// Rows of `N` numbers by node, the node's number in front.
    fn rows<const N: usize>(
        &self,
        name: &'static str,
        count: usize,
    ) -> Result<Option<Vec<[f64; N]>>, VrplibError> {
        let Some(all) = self.sections.get(name) else {
            return Ok(None);
        };
        let mut rows: Vec<Option<[f64; N]>> = vec![None; count];
        for chunk in all.chunks(N + 1) {
            let (line, node) = chunk[0];
            if chunk.len() != N + 1 {
                return Err(line_error(line, format!("{name} ends in the middle of a row")));
            }
            let index = node as usize;
            if node.fract() != 0.0 || !(1..=count).contains(&index) || rows[index - 1].is_some() {
                let what = format!("{name}: a node between 1 and {count}, each once, is expected");
                return Err(line_error(line, what));
            }
            rows[index - 1] = Some(std::array::from_fn(|column| chunk[column + 1].1));
        }
        let all: Option<Vec<[f64; N]>> = rows.into_iter().collect();
        match all {
            Some(rows) => Ok(Some(rows)),
            None => {
                Err(VrplibError::Unsupported(format!("{name} does not have all {count} nodes")))
            }
        }
    }
}

/// Reads an instance.
///
/// # Errors
/// [`VrplibError`], with the line where there is one.
pub fn read(text: &str) -> Result<Instance, VrplibError> {
    let words = words(text)?;
    let (line, kind) = words.key("TYPE")?;
    if !["CVRP", "VRPTW", "CVRPTW"].contains(&kind) {
        return Err(line_error(line, "TYPE must be CVRP or VRPTW; others are not supported"));
    }
    let count = words.whole("DIMENSION")?.ok_or(VrplibError::Missing("DIMENSION"))?;
    if count > POINTS_MAX {
        return Err(VrplibError::TooLarge);
    }
    if count < 2 {
        return Err(VrplibError::Unsupported("DIMENSION must be 2 at least".to_owned()));
    }
    let (line, capacity) = words.key("CAPACITY")?;
    let capacity = number(line, capacity)?;
    if capacity < 0.0 {
        return Err(line_error(line, "CAPACITY cannot be negative"));
    }
    let depot = depot(&words, count)?;
    let (weights, scale) = weights(&words, count)?;
    // The depot first, the others in their order.
    let order: Vec<usize> =
        std::iter::once(depot).chain((0..count).filter(|node| *node != depot)).collect();
    let cells = order.iter().flat_map(|from| order.iter().map(move |to| (*from, *to)));
    let seconds =
        cells.map(|(from, to)| if from == to { 0 } else { weights[from * count + to] }).collect();
    let table =
        Table::new(count, seconds, vec![0; count * count]).map_err(|_| VrplibError::TooLarge)?;
    let problem = problem(&words, &order, capacity as i64, scale)?;
    let name = words.keys.get("NAME").map_or("", |(_, name)| *name).to_owned();
    Ok(Instance { name, problem, table, scale })
}

fn depot(words: &Words<'_>, count: usize) -> Result<usize, VrplibError> {
    let Some(section) = words.sections.get("DEPOT_SECTION") else {
        return Err(VrplibError::Missing("DEPOT_SECTION"));
    };
    let ends = |(_, number): &&(usize, f64)| *number >= 0.0;
    let depots: Vec<_> = section.iter().take_while(ends).collect();
    match depots[..] {
        [(_, node)] if node.fract() == 0.0 && (1..=count).contains(&(*node as usize)) => {
            Ok(*node as usize - 1)
        }
        [(line, _)] => Err(line_error(*line, format!("the depot must be 1 to {count}"))),
        [] => Err(VrplibError::Missing("the depot in DEPOT_SECTION")),
        _ => Err(VrplibError::Unsupported("several depots are not supported".to_owned())),
    }
}

/// All distances in units of the model, and how many of those make one of the file's.
fn weights(words: &Words<'_>, count: usize) -> Result<(Vec<u32>, i64), VrplibError> {
    let (line, kind) = words.key("EDGE_WEIGHT_TYPE")?;
    match kind {
        "EUC_2D" => {
            let places = words
                .rows::<2>("NODE_COORD_SECTION", count)?
                .ok_or(VrplibError::Missing("NODE_COORD_SECTION"))?;
            let cells = places.iter().flat_map(|[x, y]| {
                places.iter().map(move |[to_x, to_y]| ((x - to_x).hypot(y - to_y) + 0.5) as u32)
            });
            Ok((cells.collect(), 1))
        }
        "EXPLICIT" => explicit(words, count),
        _ => Err(line_error(line, "EDGE_WEIGHT_TYPE must be EUC_2D or EXPLICIT")),
    }
}

fn explicit(words: &Words<'_>, count: usize) -> Result<(Vec<u32>, i64), VrplibError> {
    let (line, format) = words.key("EDGE_WEIGHT_FORMAT")?;
    let given = words
        .sections
        .get("EDGE_WEIGHT_SECTION")
        .ok_or(VrplibError::Missing("EDGE_WEIGHT_SECTION"))?;
    let expected = match format {
        "FULL_MATRIX" => count * count,
        "LOWER_ROW" => count * (count - 1) / 2,
        _ => {
            let what = "EDGE_WEIGHT_FORMAT must be FULL_MATRIX or LOWER_ROW";
            return Err(line_error(line, what));
        }
    };
    if given.len() != expected {
        let what = format!(
            "EDGE_WEIGHT_SECTION has {} numbers, {format} of {count} nodes has {expected}",
            given.len()
        );
        return Err(VrplibError::Unsupported(what));
    }
    if let Some((line, _)) = given.iter().find(|(_, number)| *number < 0.0) {
        return Err(line_error(*line, "a distance cannot be negative"));
    }
    let scale = if given.iter().any(|(_, number)| number.fract() != 0.0) { 1000 } else { 1 };
    let unit = |number: f64| {
        let scaled = (number * f64::from(scale)).round();
        if scaled >= f64::from(UNREACHABLE) { UNREACHABLE } else { scaled as u32 }
    };
    if format == "FULL_MATRIX" {
        return Ok((given.iter().map(|(_, number)| unit(*number)).collect(), i64::from(scale)));
    }
    let mut cells = vec![0; count * count];
    let mut numbers = given.iter();
    for from in 1..count {
        for to in 0..from {
            let number = numbers.next().map_or(0, |(_, number)| unit(*number));
            (cells[from * count + to], cells[to * count + from]) = (number, number);
        }
    }
    Ok((cells, i64::from(scale)))
}

fn problem(
    words: &Words<'_>,
    order: &[usize],
    capacity: i64,
    scale: i64,
) -> Result<Problem, VrplibError> {
    let count = order.len();
    let demands =
        words.rows::<1>("DEMAND_SECTION", count)?.ok_or(VrplibError::Missing("DEMAND_SECTION"))?;
    let windows = words.rows::<2>("TIME_WINDOW_SECTION", count)?;
    let per_node = words.rows::<1>("SERVICE_TIME_SECTION", count)?;
    let everywhere = match words.keys.get("SERVICE_TIME") {
        Some((line, value)) => number(*line, value)?,
        None => 0.0,
    };
    if demands.iter().any(|[demand]| *demand < 0.0)
        || per_node.iter().flatten().any(|[time]| *time < 0.0)
        || everywhere < 0.0
    {
        let what = "a demand and a service time cannot be negative";
        return Err(VrplibError::Unsupported(what.to_owned()));
    }
    if windows.iter().flatten().any(|[open, close]| close < open) {
        let what = "TIME_WINDOW_SECTION: a window closes before it opens";
        return Err(VrplibError::Unsupported(what.to_owned()));
    }
    let units = |number: f64| (number * scale as f64).round() as i64;
    let window = |node: usize| {
        let given = windows.as_ref().map(|windows| windows[node]);
        given.map(|[open, close]| Span::new(units(open), units(close)))
    };
    let hours = window(order[0]).unwrap_or(Span::new(0, LONGEST_S));
    let hours = Span::new(hours.start_s, hours.end_s.min(hours.start_s + LONGEST_S));
    let vehicles = words.whole("VEHICLES")?.unwrap_or(count - 1).clamp(1, count - 1);
    let technicians = (0..vehicles).map(|number| Technician {
        id: Arc::from(format!("{number:06}")),
        start: Some(0),
        end: Some(0),
        shifts: vec![Shift { span: hours, overtime_s: 0 }],
        speed_permille: 1000,
        capacity: vec![capacity],
        ..Technician::default()
    });
    let visits = order.iter().enumerate().skip(1).map(|(place, node)| Visit {
        id: Arc::from(format!("{place:06}")),
        place,
        service_s: units(per_node.as_ref().map_or(everywhere, |times| times[*node][0])),
        windows: window(*node).into_iter().collect(),
        delivery: vec![demands[*node][0] as i64],
        ..Visit::default()
    });
    Ok(Problem {
        technicians: technicians.collect(),
        visits: visits.collect(),
        profile: Profile::distance(),
        ..Problem::default()
    })
}

/// Writes a plan as `.sol`: customers numbered from 1 without the depot, the cost in the file's unit.
pub fn write(solution: &Solution, scale: i64) -> String {
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
    let cost: i64 = solution.routes.iter().map(|route| route.driving_s).sum();
    let _ = match scale {
        1 => writeln!(text, "Cost {cost}"),
        scale => writeln!(text, "Cost {}", cost as f64 / scale as f64),
    };
    text
}
