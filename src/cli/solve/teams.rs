//! Folders of the ROADEF challenge of 2007: three files in, two files in another folder out.

use std::fs;
use std::path::Path;

use scheduler::formats::roadef2007;
use scheduler::stop::Budget;
use scheduler::teams::{self, Run};

use super::{Failure, Search};

/// What is kept back for forming the last plan and writing it.
const FOR_THE_ANSWER: f64 = 0.03;

/// Plans the folder `from`; writes `interv_dates` and `tech_teams`.
pub(super) fn solve(search: &Search<'_>, from: &Path) -> Result<(), Failure> {
    let options = search.options;
    let Some(out) = &options.out else {
        return Err(Failure::new("the two files of the answer need a folder: -o FOLDER"));
    };
    let text = |name: &str| {
        fs::read_to_string(from.join(name))
            .map_err(|error| Failure::new(format!("{name}: {error}")))
    };
    let (instance, technicians, interventions) =
        (text("instance")?, text("tech_list")?, text("interv_list")?);
    let instance = roadef2007::read(&instance, &technicians, &interventions)
        .map_err(|error| Failure::new(error.to_string()))?;
    let seconds = options.seconds * (1.0 - FOR_THE_ANSWER);
    let spent = || search.begun.elapsed().as_secs_f64() / seconds;
    let budget = Budget::Share(&spent);
    let run = Run { seed: options.seed, threads: options.threads.into(), budget };
    let plan = teams::solve(&instance.problem, &run)
        .map_err(|refusal| Failure::new(refusal.to_string()))?;
    let written = roadef2007::write(&plan);
    fs::create_dir_all(out)?;
    fs::write(out.join("interv_dates"), written.interv_dates)?;
    fs::write(out.join("tech_teams"), written.tech_teams)?;
    Ok(())
}
