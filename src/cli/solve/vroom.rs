//! VROOM's JSON, answered as VROOM does: the plan, or `{"code", "error"}` and a failure.

use jiff::tz::TimeZone;
use scheduler::formats::vroom::{ComputingTimes, Instance, VroomError, read};
use scheduler::travel::Estimate;

use super::{Failure, Search, write};

pub(super) fn solve(search: &Search<'_>, bytes: &[u8]) -> Result<String, Failure> {
    answer(search, bytes).or_else(|error| {
        // Programs that read the answer find the error there too, as with VROOM.
        write(search.options.out.as_deref(), &(error.json() + "\n"))?;
        Err(error.into())
    })
}

fn answer(search: &Search<'_>, bytes: &[u8]) -> Result<String, VroomError> {
    let input = read(bytes)?;
    let loading = search.elapsed_ms();
    let instance = Instance::new(input, &Estimate::new(TimeZone::UTC))?;
    let loaded = search.elapsed_ms();
    let times = ComputingTimes { loading, routing: loaded - loading, solving: 0 };
    let answer = if instance.is_plan() {
        instance.planned(times)?
    } else {
        let options = search.options;
        let tables = instance.tables();
        let (threads, seed) = (options.threads.into(), options.seed);
        let solution = search.run(&instance.problem, &tables, options.seconds, threads, seed);
        let solving = search.elapsed_ms() - loaded;
        instance.answer(&solution, ComputingTimes { solving, ..times })?
    };
    Ok(answer.json() + "\n")
}
