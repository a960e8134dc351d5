//! The registries of all rooms, each with what loads it, on the threads that actors share.

use std::sync::Arc;

use actix::Arbiter;
use actors::engine::clock::Clock;
use actors::engine::component::Component;
use actors::engine::journal::Journal;
use actors::engine::registry::Registry;
use actors::engine::shell::{Loader, Surroundings};
use actors::rooms::Rooms;

use crate::journal::SqlJournal;
use crate::shelves::Shelves;

/// Actors awake at once, per room that holds many.
const AWAKE_MAX: usize = 20_000;
/// How many threads the actors share.
const ARBITERS: usize = 2;

/// All rooms of a house.
pub(super) fn rooms(shelves: &Arc<Shelves>, journal: &SqlJournal, clock: &Clock) -> Rooms {
    let arbiters: Vec<_> = (0..ARBITERS).map(|_| Arbiter::new().handle()).collect();
    let journal: Arc<dyn Journal> = Arc::new(journal.clone());
    Rooms {
        technicians: registry(shelves, &journal, clock, &arbiters),
        jobs: registry(shelves, &journal, clock, &arbiters),
        board: registry(shelves, &journal, clock, &arbiters),
        customers: registry(shelves, &journal, clock, &arbiters),
        conversations: registry(shelves, &journal, clock, &arbiters),
        notifications: registry(shelves, &journal, clock, &arbiters),
        auth: registry(shelves, &journal, clock, &arbiters),
        tags: registry(shelves, &journal, clock, &arbiters),
        series: registry(shelves, &journal, clock, &arbiters),
        presets: registry(shelves, &journal, clock, &arbiters),
        templates: registry(shelves, &journal, clock, &arbiters),
        zones: registry(shelves, &journal, clock, &arbiters),
        materials: registry(shelves, &journal, clock, &arbiters),
        sla: registry(shelves, &journal, clock, &arbiters),
    }
}

fn registry<C: Component>(
    shelves: &Arc<Shelves>,
    journal: &Arc<dyn Journal>,
    clock: &Clock,
    arbiters: &[actix::ArbiterHandle],
) -> Registry<C>
where
    Shelves: Loader<C>,
{
    let around =
        Surroundings { loader: shelves.clone(), journal: journal.clone(), clock: clock.clone() };
    Registry::new(around, arbiters.to_vec(), AWAKE_MAX)
}
