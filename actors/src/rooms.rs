//! All rooms of the house, each found by its key: the one place that knows which registry belongs to which room.

use std::sync::Arc;

use crate::auth::Auth;
use crate::board::{self, Board};
use crate::conversations::Conversation;
use crate::customers::CustomerRoom;
use crate::engine::journal::Recorded;
use crate::engine::registry::Registry;
use crate::engine::shell::{Answer, Circumstances};
use crate::event::Room;
use crate::ids::{ConversationId, CustomerId, JobId, SeriesId, TechnicianId};
use crate::jobs::JobRoom;
use crate::materials::Materials;
use crate::notifications::JobNotices;
use crate::presets::Presets;
use crate::reactions::Order;
use crate::series::SeriesRoom;
use crate::sla::Sla;
use crate::tags::Tags;
use crate::technicians::TechnicianRoom;
use crate::templates::Templates;
use crate::zones::Zones;

/// The key of the room of tags.
pub const TAGS_KEY: &str = "tags";
/// The one actor of presets.
pub const PRESETS_KEY: &str = "presets";
/// The key of the room of templates.
pub const TEMPLATES_KEY: &str = "templates";
/// The key of the room of zones.
pub const ZONES_KEY: &str = "zones";
/// The key of the room of materials.
pub const MATERIALS_KEY: &str = "materials";

/// The key of the room of service levels.
pub const SLA_KEY: &str = "sla";

/// All rooms. Clones share them.
#[derive(Clone)]
pub struct Rooms {
    /// Technicians, by id.
    pub technicians: Registry<TechnicianRoom>,
    /// Jobs, by id.
    pub jobs: Registry<JobRoom>,
    /// The board.
    pub board: Registry<Board>,
    /// Customers, by id.
    pub customers: Registry<CustomerRoom>,
    /// Conversations, by id.
    pub conversations: Registry<Conversation>,
    /// Notifications, by job.
    pub notifications: Registry<JobNotices>,
    /// The door-keeper.
    pub auth: Registry<Auth>,
    /// Tags.
    pub tags: Registry<Tags>,
    /// Series, by id.
    pub series: Registry<SeriesRoom>,
    /// Presets.
    pub presets: Registry<Presets>,
    /// Templates.
    pub templates: Registry<Templates>,
    /// Zones.
    pub zones: Registry<Zones>,
    /// Materials.
    pub materials: Registry<Materials>,
    /// Service levels.
    pub sla: Registry<Sla>,
}

impl Rooms {
    /// Delivers an order.
    pub async fn carry(&self, order: Order, why: Circumstances) -> Answer {
        match order {
            Order::Technicians(id, command) => self.technicians.ask(id.key(), command, why).await,
            Order::Jobs(id, command) => self.jobs.ask(id.key(), command, why).await,
            Order::Board(command) => self.board.ask(board::KEY.into(), command, why).await,
            Order::Notifications(id, command) => {
                self.notifications.ask(id.key(), command, why).await
            }
            Order::Conversations(id, command) => {
                self.conversations.ask(id.key(), command, why).await
            }
            Order::Series(id, command) => self.series.ask(id.key(), command, why).await,
            Order::Sla(command) => self.sla.ask(SLA_KEY.into(), command, why).await,
            Order::Zones(command) => self.zones.ask(ZONES_KEY.into(), command, why).await,
        }
    }

    /// Lets an awake actor hear of another room's event.
    pub fn hear(&self, room: Room, key: &str, entry: &Arc<Recorded>) {
        match room {
            Room::Technicians => self.technicians.hear(key, entry),
            Room::Jobs => self.jobs.hear(key, entry),
            Room::Board => self.board.hear(key, entry),
            Room::Customers
            | Room::Conversations
            | Room::Notifications
            | Room::Auth
            | Room::Tags
            | Room::Series
            | Room::Presets
            | Room::Templates
            | Room::Zones
            | Room::Materials
            | Room::Sla => {}
        }
    }

    /// Asks a technician.
    pub async fn technician(
        &self,
        id: &TechnicianId,
        command: crate::technicians::protocol::Command,
        why: Circumstances,
    ) -> Answer {
        self.technicians.ask(id.key(), Arc::new(command), why).await
    }

    /// Asks a job.
    pub async fn job(
        &self,
        id: &JobId,
        command: crate::jobs::protocol::Command,
        why: Circumstances,
    ) -> Answer {
        self.jobs.ask(id.key(), Arc::new(command), why).await
    }

    /// Asks the board.
    pub async fn board(&self, command: board::protocol::Command, why: Circumstances) -> Answer {
        self.board.ask(board::KEY.into(), Arc::new(command), why).await
    }

    /// Asks a customer.
    pub async fn customer(
        &self,
        id: &CustomerId,
        command: crate::customers::protocol::Command,
        why: Circumstances,
    ) -> Answer {
        self.customers.ask(id.key(), Arc::new(command), why).await
    }

    /// Asks a conversation.
    pub async fn conversation(
        &self,
        id: &ConversationId,
        command: crate::conversations::protocol::Command,
        why: Circumstances,
    ) -> Answer {
        self.conversations.ask(id.key(), Arc::new(command), why).await
    }

    /// Asks the door-keeper.
    pub async fn auth(
        &self,
        command: crate::auth::protocol::Command,
        why: Circumstances,
    ) -> Answer {
        self.auth.ask(crate::auth::KEY.into(), Arc::new(command), why).await
    }

    /// Asks the tags.
    pub async fn tags(&self, command: crate::tags::Command, why: Circumstances) -> Answer {
        self.tags.ask(TAGS_KEY.into(), Arc::new(command), why).await
    }

    /// Asks a series.
    pub async fn series(
        &self,
        id: &SeriesId,
        command: crate::series::protocol::Command,
        why: Circumstances,
    ) -> Answer {
        self.series.ask(id.key(), Arc::new(command), why).await
    }

    /// Asks the presets.
    pub async fn presets(&self, command: crate::presets::Command, why: Circumstances) -> Answer {
        self.presets.ask(PRESETS_KEY.into(), Arc::new(command), why).await
    }

    /// Asks the templates.
    pub async fn templates(
        &self,
        command: crate::templates::Command,
        why: Circumstances,
    ) -> Answer {
        self.templates.ask(TEMPLATES_KEY.into(), Arc::new(command), why).await
    }

    /// Asks the zones.
    pub async fn zones(
        &self,
        command: crate::zones::protocol::Command,
        why: Circumstances,
    ) -> Answer {
        self.zones.ask(ZONES_KEY.into(), Arc::new(command), why).await
    }

    /// Asks the materials.
    pub async fn materials(
        &self,
        command: crate::materials::Command,
        why: Circumstances,
    ) -> Answer {
        self.materials.ask(MATERIALS_KEY.into(), Arc::new(command), why).await
    }

    /// Asks the clocks of service levels.
    pub async fn sla(&self, command: crate::sla::protocol::Command, why: Circumstances) -> Answer {
        self.sla.ask(SLA_KEY.into(), Arc::new(command), why).await
    }

    /// How many actors are awake, by room.
    pub fn awake(&self) -> [(Room, usize); 14] {
        [
            (Room::Technicians, self.technicians.awake()),
            (Room::Jobs, self.jobs.awake()),
            (Room::Board, self.board.awake()),
            (Room::Customers, self.customers.awake()),
            (Room::Conversations, self.conversations.awake()),
            (Room::Notifications, self.notifications.awake()),
            (Room::Auth, self.auth.awake()),
            (Room::Tags, self.tags.awake()),
            (Room::Series, self.series.awake()),
            (Room::Presets, self.presets.awake()),
            (Room::Templates, self.templates.awake()),
            (Room::Zones, self.zones.awake()),
            (Room::Materials, self.materials.awake()),
            (Room::Sla, self.sla.awake()),
        ]
    }

    /// How often actors were put into quarantine.
    pub fn quarantines(&self) -> u64 {
        self.technicians.quarantines()
            + self.jobs.quarantines()
            + self.board.quarantines()
            + self.customers.quarantines()
            + self.conversations.quarantines()
            + self.notifications.quarantines()
            + self.auth.quarantines()
            + self.tags.quarantines()
            + self.series.quarantines()
            + self.presets.quarantines()
            + self.templates.quarantines()
            + self.zones.quarantines()
            + self.materials.quarantines()
            + self.sla.quarantines()
    }
}
