//! Whether something else has touched what an act touched. What was done since and taken back again does not count, nor
//! what followed from the act itself.

use actors::board::protocol::BoardEvent;
use actors::engine::journal::{CommitError, Recorded, Seq};
use actors::event::Event;
use actors::jobs::protocol::JobEvent;
use sqlx::AnyConnection;

use super::{self as store, Act};
use crate::journal::fault;

/// How many acts that were taken back, or causes, are looked through at most.
const STEPS_MAX: usize = 64;

/// What of a job an act changes: its record, or where its visit stands. One person's acts of one nature stand in nobody's
/// way of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Nature {
    Record,
    Place,
}

/// What stands in the way of turning these acts round, if anything does: the events of the act that did it, so that nobody
/// reads of what the board only followed with; `more` are things that followed from them and must be untouched as well.
pub async fn touched_since(
    connection: &mut AnyConnection,
    acts: &[Act],
    more: &[String],
) -> Result<Option<Vec<Recorded>>, CommitError> {
    let Some(oldest) = acts.first() else { return Ok(None) };
    let mut moved = Vec::new();
    for act in acts {
        for (entity, version) in store::moved_on(connection, act).await.map_err(fault)? {
            moved.push((entity, version, act));
        }
    }
    for entity in more {
        let version = store::version(connection, entity).await.map_err(fault)?;
        moved.push((entity.clone(), version, oldest));
    }
    for (entity, version, act) in moved {
        let now = stands_for(connection, &entity, version, Some(act)).await?;
        if now != stands_for(connection, &entity, act.first, None).await? {
            return Ok(Some(blamed(connection, version).await?));
        }
    }
    Ok(None)
}

/// What a person did that made a thing this version; the event itself where nobody did.
async fn blamed(
    connection: &mut AnyConnection,
    version: Seq,
) -> Result<Vec<Recorded>, CommitError> {
    match root(connection, version).await? {
        Some(act) => store::events(connection, act.first, act.last).await,
        None => store::events(connection, version, version).await,
    }
}

/// The act that made a thing what it is at this version: acts that were taken back, and those that took them back, are
/// looked through, and what was done again counts as when it was done first. So are acts of another nature by the person who
/// did `own`, since then.
async fn stands_for(
    connection: &mut AnyConnection,
    entity: &str,
    version: Seq,
    own: Option<&Act>,
) -> Result<Seq, CommitError> {
    let mut version = version;
    let nature = match own {
        Some(own) => nature(connection, own, entity).await?,
        None => None,
    };
    for _ in 0..STEPS_MAX {
        let Some(root) = root(connection, version).await? else { break };
        let is_own = own.is_some_and(|own| own.by == root.by && own.first < root.first);
        let mut through = None;
        if is_own && nature.is_some() {
            let other = self::nature(connection, &root, entity).await?;
            through = other.filter(|other| Some(*other) != nature).map(|_| root.first);
        }
        if through.is_none() && root.redoes.is_some() {
            return Ok(root.redoes.unwrap_or(root.first));
        }
        let Some(through) = through.or(root.undoes) else { return Ok(root.first) };
        version = match store::before(connection, through, entity).await.map_err(fault)? {
            Some(before) => before,
            // It followed from what was undone, and so from what undid it: before both stands whatever touched it last.
            None => store::touched_before(connection, through, entity).await.map_err(fault)?,
        };
    }
    Ok(version)
}

/// What of this thing an act changes; none where it is neither or both.
async fn nature(
    connection: &mut AnyConnection,
    act: &Act,
    entity: &str,
) -> Result<Option<Nature>, CommitError> {
    let events = store::events(connection, act.first, act.last).await?;
    let about =
        events.iter().filter(|entry| entry.event.touches().iter().any(|id| **id == *entity));
    let mut all = about.map(|entry| match &entry.event {
        Event::Jobs(JobEvent::JobChanged { .. }) => Some(Nature::Record),
        Event::Board(
            BoardEvent::VisitPlanned { .. }
            | BoardEvent::VisitMoved { .. }
            | BoardEvent::VisitRemoved { .. },
        ) => Some(Nature::Place),
        _ => None,
    });
    let first = all.next().flatten();
    Ok(first.filter(|first| all.all(|other| other == Some(*first))))
}

/// The act that an event belongs to or follows from.
pub async fn root(connection: &mut AnyConnection, seq: Seq) -> Result<Option<Act>, CommitError> {
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
