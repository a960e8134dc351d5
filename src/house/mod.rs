//! Every `new` in one place: the journal, the rooms, the workers, the integrations. The house stands without HTTP;
//! `serve.rs` puts the doors in front of it, tests put themselves there.

use std::collections::HashSet;
use std::sync::Arc;

use actors::engine::clock::Clock;
use actors::engine::journal::{Recorded, Seq};
use actors::engine::relay::{Progress, Relay};
use actors::event::Event;
use actors::policy::Policy;
use actors::rooms::Rooms;
use actors::technicians::Arithmetic;
use actors::workers::alarms;
use actors::workers::courier::Courier;
use actors::workers::hub::Hub;
use actors::workers::planner::Planner;
use jiff::{SignedDuration, Timestamp};
use rand::RngExt;
use tokio::sync::watch;

mod knowledge;
mod rooms;
mod routing;

pub use knowledge::{Knowledge, LEARNED_FOR};
pub use routing::RoutingError;

use crate::auth::keys::Keys;
use crate::auth::links::Links;
use crate::board::last_read::LastRead;
use crate::board::planner::DayPlanner;
use crate::board::planning::Planning;
use crate::calendars::outside::worker::OutsideReader;
use crate::config::{Language, Outbound, Settings};
use crate::errands::Errands;
use crate::fairness::recent::Recent;
use crate::integrations::nominatim;
use crate::integrations::twilio::client::{Client, Sender, Settings as TwilioSettings};
use crate::journal::SqlJournal;
use crate::journal::database::{Moment, OpenError, Opened, ReadError, Reader};
use crate::journal::past::Past;
use crate::notifications::wording::HouseWords;
use crate::shelves::Shelves;
use crate::technicians::trackers::Trackers;
use crate::tell::{JournalHistory, Teller};

/// Why the house could not be built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The database.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database, once open.
    #[error("the database cannot be read: {0}")]
    Read(#[from] ReadError),
    /// Where travel times come from.
    #[error(transparent)]
    Routing(#[from] RoutingError),
    /// The address server's settings.
    #[error("the address server cannot be used: {0}")]
    Addresses(#[from] nominatim::Fault),
    /// Twilio's settings.
    #[error("twilio cannot be used: {0}")]
    Twilio(#[from] crate::integrations::twilio::client::Unusable),
}

/// The house.
#[derive(Clone)]
pub struct House {
    /// As read at start-up.
    pub settings: Arc<Settings>,
    /// What time it is.
    pub clock: Clock,
    /// The company's choices.
    pub policy: Arc<Policy>,
    /// Facts.
    pub journal: SqlJournal,
    /// Decisions.
    pub rooms: Rooms,
    /// Who watches.
    pub hub: Hub,
    /// What opens the door.
    pub keys: Keys,
    /// Signed links.
    pub links: Links,
    /// Trackers.
    pub trackers: Trackers,
    /// Tells screens; also how history is read as frames.
    pub teller: Teller,
    /// Driving and working times.
    pub knowledge: Knowledge,
    /// Reads outside calendars.
    pub outside: OutsideReader,
    /// Whose turn it is to plan a day.
    pub planning: Arc<Planning>,
    /// Everybody's plan as it was read last.
    pub last_read: Arc<LastRead>,
    /// Everybody's share as it was counted last.
    pub shares: Arc<Recent>,
    /// Where addresses are asked for that no file knows.
    pub elsewhere: Option<Arc<nominatim::Api>>,
    /// The store as it stood earlier.
    pub past: Arc<Past>,
    /// Makes texts.
    pub words: Arc<HouseWords>,
    /// Sends.
    pub courier: Courier,
    /// The relay's progress.
    pub relay: watch::Receiver<Progress>,
    /// Turns true when the house is to stop.
    pub stop: watch::Sender<bool>,
}

impl House {
    /// Builds the house and starts its workers. Must be called inside an actix system.
    ///
    /// # Errors
    /// See [`BuildError`].
    pub async fn build(settings: Settings, clock: Clock) -> Result<Self, BuildError> {
        let database = Opened::open(&settings.database).await?;
        let policy = Arc::new(policy(&settings));
        let knowledge = Knowledge::new(policy.zone.clone(), routing::ways(&settings.routing)?);
        let (links, keys) = door(&database, &settings).await?;
        let words = Arc::new(wording(&settings, &policy, &links, &keys));
        let journal = SqlJournal::start(database.clone(), clock.clone()).await?;
        let shelves = Arc::new(Shelves {
            database,
            policy: policy.clone(),
            arithmetic: arithmetic(&knowledge),
            wording: words.clone(),
        });
        let rooms = rooms::rooms(&shelves, &journal, &clock);
        let hub = Hub::new();
        let trackers = Trackers::new(hub.clone(), clock.clone(), policy.zone.clone());
        let teller = Teller {
            hub: hub.clone(),
            keys: keys.clone(),
            trackers: trackers.clone(),
            etas: Arc::default(),
            courier: Arc::default(),
            planner: Planner::new(policy.zone.clone()),
            knowledge: knowledge.clone(),
            sandbox: settings.outbound == Outbound::Sandbox,
        };
        remember(&journal, &trackers, &teller, &knowledge, clock.now()).await?;
        trackers.connect(rooms.clone());
        let errands = Errands {
            rooms: rooms.clone(),
            journal: journal.clone(),
            clock: clock.clone(),
            outbound: settings.outbound,
            allowed: Arc::new(settings.outbound_allow.iter().cloned().collect::<HashSet<_>>()),
            twilio: twilio(&settings)?,
        };
        let courier = Courier::new(Arc::new(journal.clone()), Arc::new(errands), clock.clone());
        *teller.courier.write() = Some(courier.clone());
        let relay = Relay::new(
            Arc::new(journal.clone()),
            rooms.clone(),
            Arc::new(teller.clone()),
            Arc::new(journal.clone()),
        );
        let house = Self {
            past: Arc::new(Past::new(&settings.data)),
            elsewhere: elsewhere(&settings)?,
            settings: Arc::new(settings),
            clock,
            policy,
            journal,
            rooms,
            hub,
            keys,
            links,
            trackers,
            teller,
            knowledge,
            outside: OutsideReader::default(),
            planning: Arc::default(),
            last_read: Arc::default(),
            shares: Arc::default(),
            words,
            courier,
            relay: relay.progress(),
            stop: watch::Sender::new(false),
        };
        house.start_workers(relay);
        Ok(house)
    }

    fn start_workers(&self, relay: Relay) {
        actix::spawn(relay.run());
        actix::spawn(self.courier.clone().run(self.stop.subscribe()));
        let planner = Box::new(DayPlanner::new(self.clone()));
        actix::spawn(self.teller.planner.clone().run(planner, self.stop.subscribe()));
        actix::spawn(self.trackers.clone().keep(self.journal.clone(), self.stop.subscribe()));
        actix::spawn(self.outside.clone().run(self.clone()));
        actix::spawn(alarms::run(
            Arc::new(self.journal.clone()),
            self.rooms.clone(),
            self.clock.clone(),
            self.stop.subscribe(),
        ));
        let (journal, clock) = (self.journal.clone(), self.clock.clone());
        let mut stop = self.stop.subscribe();
        actix::spawn(async move {
            while !*stop.borrow() {
                if let Err(error) = crate::journal::desk::prune(&journal, clock.now()).await {
                    tracing::warn!(%error, "old requests could not be forgotten");
                }
                tokio::select! {
                    () = tokio::time::sleep(std::time::Duration::from_secs(3600)) => {}
                    _ = stop.changed() => {}
                }
            }
        });
        let house = self.clone();
        actix::spawn(async move {
            if let Err(error) = crate::sla::catch_up::catch_up(&house).await {
                tracing::warn!(%error, "jobs without a clock could not be looked at");
            }
        });
        crate::inbound::traccar::start_following(self);
    }

    /// A connection for reading.
    ///
    /// # Errors
    /// When none is to be had.
    pub async fn read(&self) -> Result<Reader, ReadError> {
        self.journal.database().readers.acquire().await
    }

    /// A read transaction: everything in it is of one moment.
    ///
    /// # Errors
    /// When none is to be had.
    pub async fn moment(&self) -> Result<Moment, ReadError> {
        self.journal.database().moment().await
    }

    /// 64 bits for a new id.
    pub fn entropy(&self) -> u64 {
        rand::rng().random()
    }

    /// A fresh secret: 192 bits as text.
    pub fn secret(&self) -> String {
        secret()
    }

    /// Lets the key ring follow events at once, so that whoever made a key can use it with the next request.
    pub fn learn_keys(&self, recorded: &[Arc<Recorded>]) {
        for entry in recorded {
            if let Event::Auth(event) = &entry.event {
                self.keys.learn(event);
            }
        }
    }

    /// The journal as returning watchers see it.
    pub fn history(&self) -> JournalHistory {
        JournalHistory { journal: self.journal.clone(), teller: self.teller.clone() }
    }

    /// The head of the journal.
    pub fn head(&self) -> Seq {
        self.journal.head_now()
    }

    /// True when every event up to now has had its reactions, and no errand is under way.
    pub fn is_settled(&self) -> bool {
        let progress = *self.relay.borrow();
        progress.heard >= self.head()
            && progress.pending == 0
            && self.courier.in_hand() == 0
            && self.teller.planner.is_idle()
    }
}

/// A fresh secret, for whoever needs one before there is a house: 192 bits as text.
pub fn secret() -> String {
    let bytes: [u8; 24] = rand::rng().random();
    base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, bytes)
}

fn arithmetic(knowledge: &Knowledge) -> Arithmetic {
    Arithmetic { travel: Arc::new(knowledge.clone()), durations: Arc::new(knowledge.clone()) }
}

fn policy(settings: &Settings) -> Policy {
    Policy {
        zone: settings.timezone.tz.clone(),
        language: match settings.language {
            Language::Fr => actors::engine::refusal::Language::Fr,
            Language::En => actors::engine::refusal::Language::En,
        },
        company: settings.company.as_str().into(),
        undo: SignedDuration::from_secs(i64::from(settings.undo_s)),
        late_after: SignedDuration::from_mins(i64::from(settings.late_threshold_min)),
        holidays: settings.holidays.clone(),
        ..Policy::default()
    }
}

async fn door(database: &Opened, settings: &Settings) -> Result<(Links, Keys), ReadError> {
    let fresh: [u8; 32] = rand::rng().random();
    let mut writer = database.writer().await?;
    let secret = crate::auth::store::secret(&mut writer, "links", hex::encode(fresh)).await?;
    let everything = crate::auth::store::everything(&mut writer).await?;
    Ok((Links::new(secret.as_bytes()), Keys::new(everything, settings.admin_token.clone())))
}

/// Fills what follows the journal in memory with what the rows hold.
async fn remember(
    journal: &SqlJournal,
    trackers: &Trackers,
    teller: &Teller,
    knowledge: &Knowledge,
    now: Timestamp,
) -> Result<(), ReadError> {
    let mut connection = journal.database().readers.acquire().await?;
    let connection = &mut *connection;
    for known in crate::technicians::store::all(connection).await? {
        trackers.follow(&known.technician);
    }
    for (technician, position) in crate::technicians::store::positions(connection).await? {
        trackers.remember(&technician.as_str().into(), position);
    }
    let (day, far) = (SignedDuration::from_hours(24), SignedDuration::from_hours(24 * 366));
    for visit in crate::board::store::open_visits(connection, now - far, now + day).await? {
        trackers.note(&visit);
    }
    for (visit, eta) in crate::board::store::open_etas(connection).await? {
        teller.etas.insert(visit, eta);
    }
    for visit in crate::board::store::finished_since(connection, now - LEARNED_FOR).await? {
        knowledge.learn_whole(&visit);
    }
    Ok(())
}

fn wording(settings: &Settings, policy: &Policy, links: &Links, keys: &Keys) -> HouseWords {
    HouseWords {
        links: links.clone(),
        keys: keys.clone(),
        public_url: settings.public_url.clone(),
        company: settings.company.clone(),
        zone: policy.zone.clone(),
    }
}

fn elsewhere(settings: &Settings) -> Result<Option<Arc<nominatim::Api>>, nominatim::Fault> {
    let url = settings.nominatim_url.as_deref();
    Ok(url.map(nominatim::Api::new).transpose()?.map(Arc::new))
}

fn twilio(settings: &Settings) -> Result<Option<Client>, BuildError> {
    if settings.outbound == Outbound::Sandbox {
        return Ok(None);
    }
    let ours = &settings.twilio;
    let (Some(account_sid), Some(auth_token)) = (&ours.account_sid, &ours.auth_token) else {
        return Ok(None);
    };
    let sender = match (&ours.messaging_service_sid, &ours.from) {
        (Some(service), _) => Sender::Service(service.clone()),
        (None, Some(number)) => Sender::Number(number.clone()),
        (None, None) => return Ok(None),
    };
    crate::integrations::install_tls();
    Ok(Some(Client::new(TwilioSettings {
        account_sid: account_sid.clone(),
        auth_token: auth_token.expose().to_owned(),
        sender,
        api_base: ours.api_base.clone(),
        public_url: Some(settings.public_url.clone()),
    })?))
}
