//! Whether something else has touched what an act touched. What was done since and taken back again does not count, nor
//! what followed from the act itself.

use actors::engine::journal::{CommitError, Recorded, Seq};
use sqlx::AnyConnection;

use super::{self as store, Act};
use crate::journal::fault;

/// How many acts that were taken back, or causes, are looked through at most.
const STEPS_MAX: usize = 64;

/// The change that stands in the way of turning these acts round, if there is one; `more` are things that followed from
/// them and must be untouched as well.
pub async fn touched_since(
    connection: &mut AnyConnection,
    acts: &[Act],
    more: &[String],
) -> Result<Option<Recorded>, CommitError> {
    let mut moved = Vec::new();
    for act in acts {
        for (entity, version) in store::moved_on(connection, act).await.map_err(fault)? {
            moved.push((entity, version, act.first));
        }
    }
    let first = acts.first().map_or(0, |act| act.first);
    for entity in more {
        let version = store::version(connection, entity).await.map_err(fault)?;
        moved.push((entity.clone(), version, first));
    }
    for (entity, version, left) in moved {
        let now = stands_for(connection, &entity, version).await?;
        if now != stands_for(connection, &entity, left).await? {
            return Ok(store::events(connection, version, version).await?.pop());
        }
    }
    Ok(None)
}

/// The act that made a thing what it is at this version: acts that were taken back, and those that took them back, are
/// looked through, and what was done again counts as when it was done first.
async fn stands_for(
    connection: &mut AnyConnection,
    entity: &str,
    version: Seq,
) -> Result<Seq, CommitError> {
    let mut version = version;
    for _ in 0..STEPS_MAX {
        let Some(root) = root(connection, version).await? else { break };
        if let Some(first) = root.redoes {
            return Ok(first);
        }
        let Some(undone) = root.undoes else { return Ok(root.first) };
        match store::before(connection, undone, entity).await.map_err(fault)? {
            Some(before) => version = before,
            // It followed from what was undone, and so from what undid it.
            None => return Ok(root.first),
        }
    }
    Ok(version)
}

/// The act that an event belongs to or follows from.
async fn root(connection: &mut AnyConnection, seq: Seq) -> Result<Option<Act>, CommitError> {
    let mut seq = seq;
    for _ in 0..STEPS_MAX {
        if let Some(act) = store::containing(connection, seq).await.map_err(fault)? {
            return Ok(Some(act));
        }
        let entry = store::events(connection, seq, seq).await?.pop();
        let Some(cause) = entry.and_then(|entry| entry.cause) else { return Ok(None) };
        seq = cause.seq;
    }
    Ok(None)
}
