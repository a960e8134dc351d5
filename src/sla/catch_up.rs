//! Clocks for jobs that were there before a policy that is for them: when one is written down or edited, and at every start,
//! so that a start that was cut short goes on. The room decides which job gets one; to ask twice gives one once.

use actors::engine::shell::Circumstances;
use actors::ids::made_at;
use actors::jobs::protocol::Job;
use actors::sla::protocol::{Command, Older, Policy};

use crate::error::Problem;
use crate::house::House;
use crate::kept::store as kept;
use crate::sla::store;

/// Jobs that are looked at, and at most given a clock, in one commit.
const AT_ONCE: i64 = 500;

/// Starts what is missing.
///
/// # Errors
/// When the rows cannot be read or the room cannot be asked.
pub async fn catch_up(house: &House) -> Result<(), Problem> {
    let policies = kept::all::<Policy>(&mut *house.read().await?).await?;
    let fits = |job: &Job| policies.iter().any(|one| one.thing.fits(job).is_some());
    let mut after = String::new();
    while !policies.is_empty() {
        let page = store::without_clock(&mut *house.read().await?, &after, AT_ONCE).await?;
        let Some((last, _)) = page.last() else { break };
        after = last.id.to_string();
        let jobs: Vec<Older> = page
            .into_iter()
            .filter(|(job, _)| fits(job))
            .map(|(job, visit)| Older {
                since: made_at(job.id.as_str()),
                arrived_at: visit.and_then(|visit| visit.on_site_at),
                job: Box::new(job),
            })
            .collect();
        if !jobs.is_empty() {
            house.rooms.sla(Command::StartAll { jobs }, Circumstances::by("house")).await?;
        }
    }
    Ok(())
}
