//! Instances of vehicle routing: VRPLIB and Solomon's text, answered as `.sol`.

use scheduler::formats::{solomon, vrplib};
use scheduler::optimise::{Priced, refuse, verify};

use super::{Failure, Search};

pub(super) fn solve(search: &Search<'_>, bytes: &[u8]) -> Result<String, Failure> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Failure::new(format!("is no text: byte {} is strange", error.valid_up_to()))
    })?;
    let (problem, table, scale) = if vrplib::is_vrplib(text) {
        let instance = vrplib::read(text)?;
        (instance.problem, instance.table, Some(instance.scale))
    } else {
        let instance = solomon::read(text)?;
        (instance.problem, instance.table, None)
    };
    let tables = vec![Priced { table: &table, costs: None }];
    refuse(&problem, &tables)?;
    let options = search.options;
    let solution =
        search.run(&problem, &tables, options.seconds, options.threads.into(), options.seed);
    if let Err(faults) = verify(&problem, &tables, &solution) {
        let first = faults.first().map_or_else(String::new, ToString::to_string);
        return Err(Failure::new(format!("the plan does not hold, which is a defect: {first}")));
    }
    if let [first, ..] = &solution.unserved[..] {
        let why = format!(
            "{} customers cannot be served, customer {} among them; no vehicle has time or room for it",
            solution.unserved.len(),
            first.visit + 1
        );
        return Err(Failure::new(why));
    }
    Ok(match scale {
        Some(scale) => vrplib::write(&solution, scale),
        None => solomon::write(&solution),
    })
}
