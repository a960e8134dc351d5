//! Memory against rows: what every awake actor knows must be what a fresh load of its rows gives. That the rows are what
//! the journal tells is `retold.rs`; that stories make every event there is, `tests/it/stories/everything.rs`.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actors::engine::component::Component;
use actors::engine::registry::Registry;
use actors::engine::shell::Loader;
use actors::rooms::Rooms;
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
    // Named one by one: a room that is added does not compile here before it is compared.
    let Rooms {
        technicians,
        jobs,
        board,
        customers,
        conversations,
        notifications,
        auth,
        tags,
        series,
        presets,
        templates,
        zones,
        materials,
        sla,
    } = &inside.rooms;
    compare(technicians, &shelves).await
        + compare(jobs, &shelves).await
        + compare(board, &shelves).await
        + compare(customers, &shelves).await
        + compare_but(conversations, &shelves, |room| {
            // The courier's lease is the rows' alone; a commit that comes too late for it is refused there.
            room.messages.values_mut().for_each(|kept| kept.begun = false);
        })
        .await
        + compare(auth, &shelves).await
        + compare(tags, &shelves).await
        + compare(presets, &shelves).await
        + compare(templates, &shelves).await
        + compare(zones, &shelves).await
        + compare(materials, &shelves).await
        + compare(sla, &shelves).await
        // These two are read anew for each command: what they decided stands in the rows, or is lost at once.
        + compare(notifications, &shelves).await
        + compare(series, &shelves).await
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
            assert!(began.elapsed() < GRACE, "{room} {key}: {}", difference(&known, &rows));
            pause().await;
        }
    }
    compared
}

/// Where memory and rows first part, with what stands before: the whole of a day fills a thousand lines.
fn difference<C: Debug>(known: &C, rows: &C) -> String {
    let (known, rows) = (format!("{known:#?}"), format!("{rows:#?}"));
    let (known, rows): (Vec<&str>, Vec<&str>) = (known.lines().collect(), rows.lines().collect());
    let same = known.iter().zip(&rows).take_while(|(one, other)| one == other).count();
    let around = |lines: &[&str]| {
        let from = same.saturating_sub(40).min(lines.len());
        lines[from..(same + 12).min(lines.len())].join("\n")
    };
    format!("from line {same} on\n{}\nis in its rows\n{}", around(&known), around(&rows))
}
