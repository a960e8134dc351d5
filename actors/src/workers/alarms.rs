//! Turns due times into commands: durable timers that rooms set in their commits, and the minute that passes for
//! every technician with a visit today. It decides nothing; a timer whose time has come is a command like any.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use crate::board;
use crate::conversations;
use crate::engine::clock::Clock;
use crate::engine::journal::CommitError;
use crate::engine::shell::{AskError, Circumstances};
use crate::event::Room;
use crate::ids::{ConversationId, JobId, SeriesId, TechnicianId};
use crate::notifications;
use crate::reactions::Order;
use crate::rooms::Rooms;
use crate::series;
use crate::technicians;

/// Timers rung at once; after downtime the rest follows in the next rounds.
const BATCH: usize = 200;
/// How often the wall is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// A timer whose time has come.
#[derive(Clone, Debug)]
pub struct Alarm {
    /// Whose.
    pub room: Room,
    /// Which actor's.
    pub key: Arc<str>,
    /// Which of its timers.
    pub name: Arc<str>,
    /// When it was due.
    pub due_at: Timestamp,
}

/// Where timers hang.
pub trait Wall: Send + Sync + 'static {
    /// Timers due at `now`, earliest first.
    fn due(&self, now: Timestamp, limit: usize) -> BoxFuture<'_, Result<Vec<Alarm>, CommitError>>;
    /// Takes a timer down that has rung, unless it was set anew.
    fn rung(&self, alarm: Alarm) -> BoxFuture<'_, Result<(), CommitError>>;
    /// Technicians with a visit that is not over between the two moments.
    fn busy_technicians(
        &self,
        from: Timestamp,
        to: Timestamp,
    ) -> BoxFuture<'_, Result<Vec<TechnicianId>, CommitError>>;
}

/// Rings timers and minutes until `stop` turns true.
pub async fn run(wall: Arc<dyn Wall>, rooms: Rooms, clock: Clock, mut stop: watch::Receiver<bool>) {
    let mut next_minute = clock.now();
    while !*stop.borrow() {
        let now = clock.now();
        ring(&*wall, &rooms, now).await;
        if now >= next_minute {
            next_minute = now + SignedDuration::from_mins(1);
            minute(&*wall, &rooms, now).await;
        }
        tokio::select! {
            () = clock.pause(LOOK_EVERY) => {}
            _ = stop.changed() => {}
        }
    }
}

async fn ring(wall: &dyn Wall, rooms: &Rooms, now: Timestamp) {
    let due = match wall.due(now, BATCH).await {
        Ok(due) => due,
        Err(error) => {
            tracing::warn!(%error, "timers cannot be read");
            return;
        }
    };
    for alarm in due {
        let Some(order) = order(&alarm) else {
            tracing::error!(room = alarm.room.name(), name = %alarm.name, "nobody knows this timer");
            let _ = wall.rung(alarm).await;
            continue;
        };
        match rooms.carry(order, Circumstances::by("house")).await {
            Ok(_) | Err(AskError::Refused(_)) => {
                if let Err(error) = wall.rung(alarm).await {
                    tracing::warn!(%error, "a timer that has rung could not be taken down");
                }
            }
            Err(error) => tracing::warn!(%error, "a timer waits for its room"),
        }
    }
}

fn order(alarm: &Alarm) -> Option<Order> {
    match (alarm.room, &*alarm.name) {
        (Room::Conversations, "wake") => Some(Order::Conversations(
            ConversationId::from_text(&alarm.key),
            Arc::new(conversations::protocol::Command::WakeUp),
        )),
        (Room::Notifications, "eta") => Some(Order::Notifications(
            JobId::from_text(&alarm.key),
            Arc::new(notifications::protocol::Command::Consider {
                trigger: notifications::protocol::Trigger::Eta,
            }),
        )),
        (Room::Board, board::holds::LAPSE) => {
            Some(Order::Board(Arc::new(board::protocol::Command::Lapse)))
        }
        (Room::Sla, crate::sla::RING) => {
            Some(Order::Sla(Arc::new(crate::sla::protocol::Command::Ring)))
        }
        (Room::Series, series::EXTEND) => Some(Order::Series(
            SeriesId::from_text(&alarm.key),
            Arc::new(series::protocol::Command::Extend),
        )),
        _ => None,
    }
}

async fn minute(wall: &dyn Wall, rooms: &Rooms, now: Timestamp) {
    let around = SignedDuration::from_hours(16);
    let Ok(busy) = wall.busy_technicians(now - around, now + around).await else { return };
    for id in busy {
        let order = Order::Technicians(id, Arc::new(technicians::protocol::Command::Tick));
        if let Err(error) = rooms.carry(order, Circumstances::by("house")).await {
            tracing::debug!(%error, "a technician's minute was skipped");
        }
    }
}
