//! Memory against rows: what every awake actor knows must be what a fresh load of its rows gives.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actors::engine::component::Component;
use actors::engine::registry::Registry;
use actors::engine::shell::Loader;
use actors::technicians::Arithmetic;
use tournee::shelves::Shelves;

use super::house::{House, pause};

/// How long rows may lag behind memory.
const GRACE: Duration = Duration::from_secs(3);

/// Compares every awake actor of every room, and says how many there were.
pub async fn nothing_drifted(house: &House) -> usize {
    let inside = &house.inside;
    let shelves = Shelves {
        database: inside.journal.database().clone(),
        policy: inside.policy.clone(),
        arithmetic: Arithmetic {
            travel: Arc::new(inside.knowledge.clone()),
            durations: Arc::new(inside.knowledge.clone()),
        },
        wording: inside.words.clone(),
    };
    let rooms = &inside.rooms;
    compare(&rooms.technicians, &shelves).await
        + compare(&rooms.jobs, &shelves).await
        + compare(&rooms.board, &shelves).await
        + compare(&rooms.customers, &shelves).await
        + compare_but(&rooms.conversations, &shelves, |room| {
            // The courier's lease is the rows' alone; a commit that comes too late for it is refused there.
            room.messages.values_mut().for_each(|kept| kept.begun = false);
        })
        .await
        + compare(&rooms.auth, &shelves).await
        + compare(&rooms.tags, &shelves).await
        + compare(&rooms.presets, &shelves).await
        + compare(&rooms.templates, &shelves).await
        + compare(&rooms.zones, &shelves).await
        + compare(&rooms.materials, &shelves).await
        + compare(&rooms.sla, &shelves).await
}

async fn compare<C: Component + Debug>(registry: &Registry<C>, shelves: &Shelves) -> usize
where
    Shelves: Loader<C>,
{
    compare_but(registry, shelves, |_| {}).await
}

/// `level` makes alike what only the rows can know.
async fn compare_but<C: Component + Debug>(
    registry: &Registry<C>,
    shelves: &Shelves,
    level: impl Fn(&mut C),
) -> usize
where
    Shelves: Loader<C>,
{
    let mut compared = 0;
    if C::FRESH {
        return compared;
    }
    for key in registry.keys() {
        let began = Instant::now();
        loop {
            // Who has nothing in memory cannot have drifted.
            let Some(mut known) = registry.show(&key).await else { break };
            let (mut rows, _) = shelves.load(key.clone()).await.unwrap();
            level(&mut known);
            level(&mut rows);
            if known == rows {
                compared += 1;
                break;
            }
            // Positions reach their rows within a second.
            let room = C::ROOM.name();
            assert!(began.elapsed() < GRACE, "{room} {key}: {known:#?} is in its rows {rows:#?}");
            pause().await;
        }
    }
    compared
}
